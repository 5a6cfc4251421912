# SPDX-License-Identifier: Apache-2.0
"""A temporary file without a name, which vanishes with the process, whatever becomes of that."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssn_card.protocol.closing import Closing
from ssn_card.protocol.system import system_reason
from ssn_card.receipts.errors import NoRoom


class Room(Closing):
    """Bytes set down, and given back by place; no other user can read them. Every method raises :class:`NoRoom`."""

    def __init__(self) -> None:
        with _errors():
            self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 closed by close()
        self._end = 0

    def append(self, data: Any) -> int:
        """Set a buffer down; returns its place."""
        at, rest = self._end, memoryview(data).cast("B")
        self._end += len(rest)
        with _errors():
            while rest:
                rest = rest[self._file.write(rest) :]
        return at

    def fetch(self, at: int, into: NDArray[Any]) -> None:
        """Fill a contiguous array with what lies there."""
        rest = memoryview(into.view(np.uint8).data)
        with _errors():
            while rest:
                count = os.preadv(self._file.fileno(), [rest], at)
                if not count:
                    raise EOFError
                rest, at = rest[count:], at + count

    def close(self) -> None:
        """Give the space back."""
        self._file.close()


@contextmanager
def _errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NoRoom(system_reason(error)) from None
