# SPDX-License-Identifier: Apache-2.0
"""Judges many versions of the applet by the real tests of the card, in one pytest session and few simulators.

Collecting the tests and starting Java would cost more than most mutants live. So the session's loop goes over mutants,
and over tests until one fails; every card that a test makes gets the mutant's class file in place of the applet's own.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from unittest.mock import patch

import pytest
from hypothesis import Phase, settings

from ssn_card.simulator import SimulatedCard, Simulator

QUICK = (
    "tests/card",
    "--ignore=tests/card/test_rules_spoilt.py",
    "tests/simulator/test_freedoms.py::test_the_applet_leans_on_nothing",
)
THOROUGH = (
    "tests/card/test_rules_stateful.py::test_card_follows_the_model",
    "tests/simulator/test_tear_campaign.py::test_no_tear_costs_a_rupiah_or_a_card[usual]",
)
TIMEOUT = 60  #: seconds that a quick test may take; without a mutant all of them take less together
CARDS_OF_ONE_SIMULATOR = 60  #: mutants after which Java begins anew: not every test discards its cards

# A mutant that fails is not searched for its smallest example, and the same mutant fails at the same one.
settings.register_profile("mutants", deadline=None, phases=(Phase.explicit, Phase.generate), derandomize=True)
settings.register_profile("mutants-search", deadline=None, phases=(Phase.explicit, Phase.generate), database=None)


class Judged(Protocol):
    """What is judged: ``folder`` of its class file, and ``place``, where mutants tend to have the same killer."""

    @property
    def folder(self) -> Path: ...
    @property
    def place(self) -> str: ...


@dataclass(frozen=True)
class Verdict:
    """``killed``, ``timeout`` or ``survived``; ``by``: the test, in how many ``seconds`` in all."""

    status: str
    by: str
    seconds: float


class Judge:
    """A pytest plugin: its loop goes over ``mutants`` and hands each verdict to ``told`` at once.

    ``thorough``: which mutants that pass the quick tests the thorough ones are asked for. ``before``: place and killer
    of mutants that were killed before.
    """

    def __init__(
        self,
        mutants: Sequence[Any],
        thorough: Callable[[Any], bool],
        told: Callable[[Any, Verdict], None],
        before: Iterable[tuple[str, str]],
    ) -> None:
        self._mutants, self._is_thorough, self._told = mutants, thorough, told
        self._classes: Path | None = None
        self._failed = self._timed_out = False
        self.done = False
        self._killers: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for place, killer in before:
            self._remember(place, killer)

    def pytest_collection(self) -> None:
        """After conftest.py, which chooses another profile; before the test modules, whose settings build on it."""
        settings.load_profile("mutants")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._failed = True

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        thorough = [item for item in session.items if item.nodeid in THOROUGH]
        quick = _widely([item for item in session.items if item.nodeid not in THOROUGH])
        if len(thorough) != len(THOROUGH) or not quick:
            raise pytest.UsageError("the tests that judge are not all there")
        make = Simulator.create_card

        def create_card(
            simulator: Simulator, install: bytes, *, classes: Path | None = None, **more: Any
        ) -> SimulatedCard:
            return make(simulator, install, classes=classes or self._classes, **more)

        with patch.object(Simulator, "create_card", create_card):
            self._control(quick)
            for number, mutant in enumerate(self._mutants, start=1):
                self._classes = mutant.folder
                self._told(mutant, self._judge(mutant, quick, thorough))
                if number % CARDS_OF_ONE_SIMULATOR == 0:
                    self._end(quick[0], None)
            self._control(quick)
            self._end(quick[0], None)
        self.done = True
        return True

    def _control(self, quick: list[pytest.Item]) -> None:
        """The applet itself passes, before all mutants and after them: it is they that fail."""
        self._classes = None
        killer = self._first_to_fail(quick)
        if killer is not None:
            raise pytest.UsageError(f"fails without a mutant: {killer.nodeid}")

    def _judge(
        self, mutant: Judged, quick: list[pytest.Item], thorough: list[pytest.Item], *, again: bool = False
    ) -> Verdict:
        began = time.monotonic()
        killer = self._first_to_fail(self._by_promise(mutant, quick))
        if killer is None and self._is_thorough(mutant):
            settings.load_profile("mutants-search")
            killer = self._first_to_fail(thorough)
            settings.load_profile("mutants")
        seconds = time.monotonic() - began
        if killer is None:
            return Verdict("survived", "", seconds)
        if self._timed_out and killer not in thorough:
            # The simulator may still be at it.
            self._end(killer, None)
            return Verdict("timeout", killer.nodeid, seconds)
        if killer not in thorough and not self._passes_itself(killer, quick):
            # Not the mutant's doing: what went before has spoilt the simulator.
            self._end(killer, None)
            if again:
                raise pytest.UsageError(f"fails without a mutant: {killer.nodeid}")
            return self._judge(mutant, quick, thorough, again=True)
        self._remember(mutant.place, killer.nodeid)
        return Verdict("killed", killer.nodeid, seconds)

    def _passes_itself(self, killer: pytest.Item, items: list[pytest.Item]) -> bool:
        """Whether the applet as it is passes the test, here and now."""
        classes, self._classes = self._classes, None
        self._failed = False
        killer.ihook.pytest_runtest_protocol(item=killer, nextitem=_elsewhere(killer, items))
        self._classes = classes
        return not self._failed

    def _remember(self, place: str, killer: str) -> None:
        for key in _places(place):
            self._killers[key][killer] += 1

    def _by_promise(self, mutant: Judged, items: list[pytest.Item]) -> list[pytest.Item]:
        """First the tests that killed most in the same method, then in the same class, then anywhere."""
        keys = _places(mutant.place)
        return sorted(items, key=lambda item: [-self._killers[key][item.nodeid] for key in keys])

    def _first_to_fail(self, items: list[pytest.Item]) -> pytest.Item | None:
        """Leaves nothing but what belongs to the session: the simulator."""
        self._failed = self._timed_out = False
        for item, after in zip(items, [*items[1:], _elsewhere(items[-1], items)], strict=True):
            began = time.monotonic()
            item.ihook.pytest_runtest_protocol(item=item, nextitem=after)
            if self._failed:
                # The time is asked, not the report: without pytest's terminal, a time-out says nothing of itself.
                self._timed_out = time.monotonic() - began >= TIMEOUT
                self._end(item, _elsewhere(item, items))
                return item
        return None

    @staticmethod
    def _end(item: pytest.Item, nextitem: pytest.Item | None) -> None:
        item.ihook.pytest_runtest_teardown(item=item, nextitem=nextitem)


def _elsewhere(item: pytest.Item, items: list[pytest.Item]) -> pytest.Item | None:
    """A test of another module: before it, all fixtures of this one end."""
    return next((other for other in items if other.path != item.path), None)


def _widely(items: list[pytest.Item]) -> list[pytest.Item]:
    """First one case of every test, then a second one, and so on: what a test has to say it mostly says at once."""
    seen: Counter[str] = Counter()

    def case(item: pytest.Item) -> int:
        test = item.nodeid.split("[")[0]
        seen[test] += 1
        return seen[test]

    return sorted(items, key=case)


def _places(place: str) -> tuple[str, str, str]:
    """A method, its class, and anywhere."""
    return place, place.split(".")[0], ""


def judge(
    mutants: Sequence[Any],
    thorough: Callable[[Any], bool],
    told: Callable[[Any, Verdict], None],
    before: Iterable[tuple[str, str]] = (),
) -> bool:
    """Judge them, see :class:`Judge`; whether all were."""
    arguments = [
        *QUICK, *THOROUGH, "-m", "not pcsc and not slow", "-s", "-p", "no:terminal", "-p", "no:cacheprovider",
        "-p", "no:logging",  # of its own mind about tests that are torn down twice
        "-o", "addopts=--import-mode=importlib", "-o", f"timeout={TIMEOUT}",
    ]  # fmt: skip
    plugin = Judge(mutants, thorough, told, before)
    pytest.main(arguments, plugins=[plugin])
    return plugin.done
