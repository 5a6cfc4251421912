# SPDX-License-Identifier: Apache-2.0
"""Fields read out of the bytes that hold them, each with its type: a misspelt use of one is a type checker's to find.

When it runs, a field is a plain ``property``, which Python reads faster than any descriptor of ours.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar, cast, overload

_T_co = TypeVar("_T_co", covariant=True)


class View(Generic[_T_co]):
    """A property of this type, as type checkers see it."""

    @overload
    def __get__(self, holder: None, owner: type) -> View[_T_co]: ...
    @overload
    def __get__(self, holder: object, owner: type | None = None) -> _T_co: ...
    def __get__(self, holder: object, owner: type | None = None) -> Any:
        raise NotImplementedError  # a property is what is there


def uint(where: slice) -> View[int]:
    """The unsigned big-endian integer in these bytes of ``raw``."""
    if where.stop == where.start + 1:
        return cast(View[int], property(lambda self: self.raw[where.start]))
    return cast(View[int], property(lambda self: int.from_bytes(self.raw[where], "big")))


def octets(where: slice) -> View[bytes]:
    """These bytes of ``raw``."""
    return cast(View[bytes], property(lambda self: self.raw[where]))
