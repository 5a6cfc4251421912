# SPDX-License-Identifier: Apache-2.0
"""Records which functions a call passes, by the interpreter's profiler.

A *stop* is a public function that is reached from another file for the first time. What goes to the card is a stop each
time, but for the same command in a row. Helpers behind an underscore and what only reads a value are counted, and are
no stops.
"""

from __future__ import annotations

import importlib
import inspect
import re
import sys
from dataclasses import dataclass, field
from types import CodeType, FrameType

from ssn_card.protocol.commands import BY_INS
from ssn_card.transport import CardConnection

_PACKAGE = "ssn_card."
_ROLE = re.compile(r":\w+:`~?(?:[\w.]*\.)?(\w+)`")
_TO_CARD = CardConnection.transmit.__code__


@dataclass(frozen=True)
class Stop:
    """One line of a journey.

    Args:
        module: without the namespace, such as ``"terminal.journal"``.
        name: such as ``"TerminalJournal.begin"``.
        says: first sentence of its docstring.
        depth: in how many stops it lies.
        command: name of the command that goes to the card here, or empty.
    """

    module: str
    name: str
    says: str
    depth: int
    command: str = ""

    @property
    def room(self) -> str:
        """Its package."""
        return self.module.partition(".")[0]


@dataclass(frozen=True)
class _Call:
    """One call that has not returned yet; ``stop``: it is one, or one that stood before."""

    code: CodeType
    module: str
    stop: bool


@dataclass
class Walk:
    """A recording: ``with Walk(counted, shown) as walk: …``.

    Args:
        counted: packages whose calls are counted.
        shown: those of them that have stops; what goes to the card is one anyhow.
        deepest: what lies in more stops than this is none.
    """

    counted: frozenset[str]
    shown: frozenset[str]
    deepest: int
    stops: list[Stop] = field(default_factory=list)
    calls: int = 0
    switches: int = 0  #: calls from one package into another
    functions: set[CodeType] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    _stack: list[_Call | None] = field(default_factory=list)

    def __enter__(self) -> Walk:
        sys.setprofile(self._profile)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _profile(self, frame: FrameType, event: str, _: object) -> None:
        if event == "return" and self._stack:
            self._stack.pop()
        elif event == "call":
            module = str(frame.f_globals.get("__name__", "")).removeprefix(_PACKAGE)
            ours = module.partition(".")[0] in self.counted and not frame.f_code.co_name.startswith("<")
            self._stack.append(self._called(frame, module) if ours else None)

    def _called(self, frame: FrameType, module: str) -> _Call:
        code = frame.f_code
        around = [one for one in self._stack if one is not None]
        caller = around[-1].module if around else ""
        first = code not in self.functions
        self.calls += 1
        self.switches += caller.partition(".")[0] != module.partition(".")[0]
        self.functions.add(code)
        self.files.add(module)
        depth = sum(one.stop for one in around)
        command = _command(frame) if code is _TO_CARD else ""
        found = _static(module, code.co_qualname)
        shown = module.partition(".")[0] in self.shown and caller != module and depth <= self.deepest
        stop = bool(command) or (shown and _is_public(code, found))
        if stop and (first or (command and not self._again(command))):
            self.stops.append(Stop(module, code.co_qualname, _first_sentence(found), depth, command))
        return _Call(code, module, stop)

    def _again(self, command: str) -> bool:
        return bool(self.stops) and self.stops[-1].command == command


def _is_public(code: CodeType, found: object) -> bool:
    return not any(part.startswith(("_", "<")) for part in code.co_qualname.split(".")) and not isinstance(
        found, property
    )


def _command(frame: FrameType) -> str:
    return BY_INS[bytes(frame.f_locals["apdu"])[1]].name


def _static(module: str, qualified: str) -> object:
    """What stands under that name in its module, unbound; ``None`` for what is inside a function."""
    found: object = importlib.import_module(_PACKAGE + module)
    for part in qualified.split("."):
        found = inspect.getattr_static(found, part, None)
    return found


def _first_sentence(found: object) -> str:
    paragraph = (inspect.getdoc(found) or "").split("\n\n")[0]
    sentence = " ".join(paragraph.split()).partition(". ")[0]
    return _ROLE.sub(r"\1", sentence).replace("``", "").rstrip(".:")
