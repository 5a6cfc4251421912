# SPDX-License-Identifier: Apache-2.0
"""How tests are shared among workers (``-n``): a file is one worker's, and what took longest begins first.

What a file's tests have in common (a year, a store, a server) is then made once and not by every worker. What each file
took is kept in pytest's cache for the next run and told at the end, for whoever wants ``make test`` to be faster.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadGroupScheduling
from xdist.workermanage import WorkerController

_KEPT = "ssn/seconds"  #: where in the cache
_TOLD = 12  #: files
_WORTH_TELLING = 60.0  #: seconds of all tests together


def unit_of(nodeid: str) -> str:
    """What is one worker's: a group that was asked for (``@pcsc``), else the file."""
    # A parameter may hold a @ too, and pytest-xdist puts the group behind it.
    return nodeid.rpartition("@")[2] if nodeid.rfind("@") > nodeid.rfind("]") else nodeid.partition("::")[0]


class Sharing(LoadGroupScheduling):  # type: ignore[misc]  # no type information
    """pytest-xdist's groups, where a file is one as well, in the order of what each took at the last run."""

    def __init__(self, config: pytest.Config, log: Producer | None, seconds: Mapping[str, float]) -> None:
        config.option.loadscopereorder = False  # by number of tests, which says nothing of their time
        super().__init__(config, log)
        self._seconds = seconds

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)

    def _assign_work_unit(self, node: WorkerController) -> None:
        self.workqueue.move_to_end(first(self.workqueue, self._seconds), last=False)
        super()._assign_work_unit(node)


def first(units: Mapping[str, Any], seconds: Mapping[str, float]) -> str:
    """Which is begun first: what is not known yet, in the order given; then what took longest."""
    return max(units, key=lambda unit: seconds.get(unit, math.inf))


class Seconds:
    """A plugin of the process that shares the tests out: adds up what each file took."""

    def __init__(self, config: pytest.Config) -> None:
        self._cache: pytest.Cache | None = getattr(config, "cache", None)  # none with -p no:cacheprovider
        self._spent: dict[str, float] = defaultdict(float)

    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Producer) -> Sharing:
        return Sharing(config, log, self._cache.get(_KEPT, {}) if self._cache is not None else {})

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._spent[unit_of(report.nodeid)] += report.duration

    def pytest_sessionfinish(self) -> None:
        if self._cache is not None and self._many():
            now = {unit: round(seconds, 2) for unit, seconds in self._spent.items()}
            self._cache.set(_KEPT, self._cache.get(_KEPT, {}) | now)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._many():
            terminalreporter.section(f"{sum(self._spent.values()):.0f} s in tests, most of them in")
            for seconds, unit in sorted(((s, unit) for unit, s in self._spent.items()), reverse=True)[:_TOLD]:
                terminalreporter.write_line(f"{seconds:7.1f} s  {unit}")

    def _many(self) -> bool:
        return sum(self._spent.values()) > _WORTH_TELLING
