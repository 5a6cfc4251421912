# SPDX-License-Identifier: Apache-2.0
"""Which functions of the host run while something is done: counted by the interpreter's own profiler hook."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from inspect import CO_GENERATOR
from itertools import pairwise
from pathlib import Path
from types import CodeType, FrameType

import ssn_card.terminal

HOST = Path(ssn_card.terminal.__file__).parents[1]


@dataclass
class Calls:
    """What was called in ``host/``, in order. A generator counts where it begins, a comprehension as a call."""

    codes: list[CodeType] = field(default_factory=list)

    @property
    def functions(self) -> set[CodeType]:
        """Each function once."""
        return set(self.codes)

    @property
    def files(self) -> set[str]:
        """Each file once, as ``package/file.py``."""
        return {_file(code) for code in self.codes}

    @property
    def switches(self) -> int:
        """How often a call is in another package than the one before it."""
        rooms = [_file(code).partition("/")[0] for code in self.codes]
        return sum(before != after for before, after in pairwise(rooms))

    def of(self, name: str) -> int:
        """Calls of one function, by its qualified name."""
        return sum(code.co_qualname == name for code in self.codes)


def traced(act: Callable[[], object]) -> Calls:
    """The calls of ``act`` in this thread."""
    calls = Calls()
    begun: set[FrameType] = set()

    def notice(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event != "call" or not code.co_filename.startswith(f"{HOST}/") or frame in begun:
            return
        if code.co_flags & CO_GENERATOR:
            begun.add(frame)
        calls.codes.append(code)

    sys.setprofile(notice)
    try:
        act()
    finally:
        sys.setprofile(None)
    return calls


def _file(code: CodeType) -> str:
    return str(Path(code.co_filename).relative_to(HOST))
