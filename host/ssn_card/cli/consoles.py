# SPDX-License-Identifier: Apache-2.0
"""Rich's consoles on streams that may be closed, full or without a reader."""

from __future__ import annotations

import contextlib
from typing import Any

from rich.console import Console


class Results(Console):
    """On standard output; that nobody reads it is told to the caller, where Rich would end the program."""

    def on_broken_pipe(self) -> None:
        raise


class Messages(Console):
    """On standard error. That a message cannot be shown must not stop a sale."""

    def print(self, *args: Any, **more: Any) -> None:
        """As Rich does, or nothing."""
        with contextlib.suppress(OSError):
            super().print(*args, **more)

    def on_broken_pipe(self) -> None:
        """Go on without a word."""
