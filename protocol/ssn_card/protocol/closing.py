# SPDX-License-Identifier: Apache-2.0
"""What is open until it is closed: ``with`` closes it."""

from __future__ import annotations

from types import TracebackType
from typing import Self


class Closing:
    """A base of whatever has a ``close()``."""

    __slots__ = ()

    def close(self) -> None:
        """Let go of what is held; again does nothing."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
