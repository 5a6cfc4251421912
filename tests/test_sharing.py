# SPDX-License-Identifier: Apache-2.0
"""A file's tests are one worker's, what took longest begins first, and all of them are run once."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.sharing import first, unit_of

_FILE = """
import os, pathlib, pytest
@pytest.mark.parametrize("number", range(3))
def test_one(number, worker_id):
    with open(os.environ["WHO"], "a") as who:
        print(worker_id, pathlib.Path(__file__).name, file=who)
    if number == 2 and __file__.endswith("c.py"):
        pytest.fail("on purpose")
"""

pytest_plugins = ["pytester"]


def test_a_file_or_a_group_is_a_unit() -> None:
    assert unit_of("tests/a/test_b.py::TestC::test_d[x@y]") == "tests/a/test_b.py"
    assert unit_of("tests/a/test_b.py::test_d[x@y]@pcsc") == unit_of("tests/a/test_c.py::test_d@pcsc") == "pcsc"


def test_what_is_not_known_begins_and_then_what_took_longest() -> None:
    units = dict.fromkeys(("known", "new", "long", "newer"))
    seconds = {"known": 1.0, "long": 2.0, "gone": 9.0}
    begun = []
    while units:
        begun.append(first(units, seconds))
        del units[begun[-1]]
    assert begun == ["new", "newer", "long", "known"]


def test_workers_share_files_and_nothing_is_lost(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    pytester.makepyfile(**{f"test_{name}": _FILE for name in "abcdef"})
    pytester.makeconftest(
        "from tests.sharing import Seconds\n"
        "def pytest_configure(config):\n"
        "    if not hasattr(config, 'workerinput'):\n"
        "        config.pluginmanager.register(Seconds(config))\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    monkeypatch.setenv("WHO", str(pytester.path / "who"))
    outcome = pytester.runpytest_subprocess("-n", "2", "--dist=loadgroup")
    outcome.assert_outcomes(passed=17, failed=1)
    whose = [line.split() for line in (pytester.path / "who").read_text().splitlines()]
    assert len(whose) == 18
    assert len({(worker, file) for worker, file in whose}) == 6, "two workers had the same file"
