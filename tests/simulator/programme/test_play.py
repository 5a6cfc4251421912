# SPDX-License-Identifier: Apache-2.0
"""A plan is played: by numpy and by the applet alike, and an auditor finds what was planted and nothing else."""

from __future__ import annotations

import calendar
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from tests.simulator.programme.by_hand import DAY, SHOPS, by_hand

from ssn_card.keys import development_keyring
from ssn_card.protocol.values import ReceiptType
from ssn_card.receipts import Finding, Problem, Receipt, ReceiptVerifier, Report, read_lines
from ssn_card.simulator.programme.plan import plan
from ssn_card.simulator.programme.plan.events import Fault, Step
from ssn_card.simulator.programme.play import by_applet, by_deck, truth, uploads
from ssn_card.simulator.programme.play.order import served
from ssn_card.simulator.programme.play.played import Played
from ssn_card.simulator.programme.play.script import YearScript, script_of
from ssn_card.simulator.programme.play.turns import CardTurns, GivenUp
from ssn_card.simulator.programme.sets import SchemeSet, schemes_of
from ssn_card.terminal import TerminalJournal

PROVIDER = development_keyring()


@pytest.fixture(scope="module")
def script() -> YearScript:
    return by_hand(60)


@pytest.fixture(scope="module")
def played(script: YearScript) -> Played:
    return by_deck.play(script, PROVIDER)


@pytest.fixture(scope="module")
def exports(script: YearScript, played: Played, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("exports")
    uploads.write(script, played, folder)
    return sorted(folder.iterdir())


@dataclass(frozen=True)
class Year:
    """A script, what came of it, and what was handed in."""

    script: YearScript
    played: Played
    exports: list[Path]


@pytest.fixture(scope="module", params=["by hand", "planned"])
def any_year(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Year:
    script = by_hand(60) if request.param == "by hand" else planned()
    played, folder = by_deck.play(script, PROVIDER), tmp_path_factory.mktemp("exports")
    uploads.write(script, played, folder)
    return Year(script, played, sorted(folder.iterdir()))


@cache
def planned() -> YearScript:
    """A whole year with everything that plans have, of fewer families."""
    return script_of(plan(3, 420))


def verified(exports: list[Path]) -> Report:
    return ReceiptVerifier(PROVIDER).verify_files(exports, baskets=True)


def events(script: YearScript, played: Played, fault: Fault) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    rows: np.ndarray[tuple[int], np.dtype[np.void]] = script.events[
        played.receipted(script) & (script.events["fault"] == fault)
    ]
    return rows


def test_the_plan_by_hand_has_all_that_happens(script: YearScript, played: Played) -> None:
    seen = Counter((Step(event["step"]), bool(done)) for event, done in zip(script.events, played.done, strict=True))
    refusable = (Step.DEBIT, Step.CANCEL, Step.OVERRIDE, Step.CHOOSE_PIN)
    assert all(seen[step, True] for step in Step)
    assert all(seen[step, False] for step in refusable)
    assert all(len(events(script, played, fault)) for fault in Fault if fault is not Fault.TORN)
    assert not len(events(script, played, Fault.TORN))


def test_an_auditor_finds_what_was_planted_and_nothing_else(any_year: Year) -> None:
    script, played, exports = any_year.script, any_year.played, any_year.exports
    report = verified(exports)
    assert found(report.findings) == Counter(numbers(script, played, Fault.DOUBLE_UPLOAD))
    assert {one.problem for one in report.findings} == {Problem.DUPLICATE}
    assert report.without_basket == 0
    withheld = numbers(script, played, Fault.NEVER_UPLOADED)
    assert report.genuine == int(played.receipted(script).sum()) - len(withheld)
    known = set(numbers(script, played)) - set(withheld)
    newest = dict(sorted(known))
    inner = [(card, number) for card, number in withheld if number < newest[card]]
    assert sorted(each_missing(report)) == inner
    assert set(found(report.backdated)) == set(backdated(script, played))


def numbers(script: YearScript, played: Played, fault: Fault | None = None) -> list[tuple[bytes, int]]:
    """Cards and numbers of the receipts, or of those with a fault."""
    which = played.receipted(script)
    if fault is not None:
        which = which & (script.events["fault"] == fault)
    serials = [serial.tobytes() for serial in script.serials[script.events["card"][which]]]
    return list(zip(serials, played.numbers()[which].tolist(), strict=True))


def found(findings: list[Finding]) -> Counter[tuple[bytes, int]]:
    return Counter((one.serial or b"", one.seq or 0) for one in findings)


def each_missing(report: Report) -> Iterator[tuple[bytes, int]]:
    """The card and number of each receipt in a gap."""
    for gap in report.gaps:
        first = gap.seq or 0
        yield from ((gap.serial or b"", number) for number in range(first, first + gap.receipts))


def backdated(script: YearScript, played: Played) -> Iterator[tuple[bytes, int]]:
    """Uploaded movements on an earlier day than one of their card before them that was uploaded too."""
    moved = played.receipted(script) & (script.events["step"] != Step.UPDATE)
    moved &= script.events["fault"] != Fault.NEVER_UPLOADED
    latest: dict[int, int] = {}
    for place in np.flatnonzero(moved).tolist():
        card, day = int(script.events["card"][place]), int(script.events["at"][place]) // 86_400
        if day < latest.get(card, 0):
            yield script.serials[card].tobytes(), int(played.numbers()[place])
        latest[card] = max(day, latest.get(card, 0))


def test_money_is_conserved(any_year: Year) -> None:
    """What was loaded was spent, has expired or is left: from receipts alone, and beside what cards told."""
    script, played = any_year.script, any_year.played
    last: dict[bytes, Receipt] = {}
    loaded: Counter[bytes] = Counter()
    spent: Counter[bytes] = Counter()
    for place in np.flatnonzero(played.receipted(script)).tolist():
        receipt = Receipt(played.raw[place].tobytes())
        last[receipt.serial] = receipt
        if receipt.type == ReceiptType.UPDATE:
            loaded[receipt.serial] = receipt.loaded_total
        elif receipt.type != ReceiptType.OVERRIDE:
            spent[receipt.serial] += receipt.amount if receipt.type == ReceiptType.DEBIT else -receipt.amount
    assert spent.total() > 0
    expired = {serial: loaded[serial] - receipt.granted_total for serial, receipt in last.items()}
    assert len(script.actors) > 1 or sum(expired.values()) > 0  # a plan withdraws nothing before its year is over
    for serial, receipt in last.items():
        assert loaded[serial] == spent[serial] + receipt.balance_after + expired[serial]
    made = played.receipted(script)
    for place in np.flatnonzero(script.events["step"] == Step.READ).tolist():
        before = place - 1 - int(np.argmax(made[:place][::-1]))
        receipt = Receipt(played.raw[before].tobytes())
        assert (played.seq[place], played.balance[place]) == (receipt.seq, receipt.balance_after)


def test_each_terminal_counts_what_it_is_asked(script: YearScript, played: Played) -> None:
    newest: Counter[int] = Counter()
    for place in served(script).tolist():
        receipt = Receipt(played.raw[place].tobytes())
        if played.receipted(script)[place] and receipt.type != ReceiptType.UPDATE:
            assert receipt.terminal_id == script.events["terminal"][place]
            assert receipt.terminal_txn > newest[receipt.terminal_id]
            newest[receipt.terminal_id] = receipt.terminal_txn
    attempts = Counter(script.events["terminal"][np.isin(script.events["step"], (Step.DEBIT, Step.OVERRIDE))].tolist())
    assert all(newest[terminal] > attempts[terminal] // 2 for terminal in range(1, SHOPS + 1))


def test_shops_have_a_file_each_and_late_ones_of_an_outage(
    script: YearScript, played: Played, exports: list[Path]
) -> None:
    assert sorted(path.stem for path in exports) == sorted(
        [f"EW-{number:03}" for number in range(1, SHOPS + 1)] + ["EW-002-late"]
    )
    late = script.outages[0]
    for path in exports:
        for line in read_lines(path):
            assert line.receipt is not None
            if line.receipt.type != ReceiptType.UPDATE:
                assert path.stem.startswith(f"EW-{line.receipt.terminal_id:03}")
                day = calendar.timegm(line.receipt.timestamp.timetuple()) // DAY
                offline = line.receipt.terminal_id == late.terminal and late.first <= day <= late.last
                assert path.stem.endswith("-late") == offline


def test_many_shops_hand_in_tables(
    script: YearScript, played: Played, tmp_path: Path, exports: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "FEW_CARDS", 10)
    count = uploads.write(script, played, tmp_path)
    paths = sorted(tmp_path.iterdir())
    assert [path.name for path in paths] == ["EW-0001-0064-late.parquet", "EW-0001-0064.parquet"]
    raws = [raw for path in paths for raw in pq.read_table(path)["receipt"].to_pylist()]
    lines = [line.receipt.raw for path in exports for line in read_lines(path) if line.receipt]
    assert (count, Counter(raws)) == (len(lines), Counter(lines))


def test_the_truth_tells_every_receipt(script: YearScript, played: Played) -> None:
    table = truth.events(script, played)
    rows = {(bytes.fromhex(row["serial"]), row["seq"]): row for row in table.to_pylist()}
    assert set(rows) == set(numbers(script, played))
    overrides = [row for row in rows.values() if row["class"] == "fraud-override"]
    assert {(row["actor"], row["rule"]) for row in overrides} == {("companion-1", "A11")}
    assert {row["actor"] for row in rows.values() if row["class"] == "honest"} == {None}


# ---------------------------------------------------------------- the real applet


def some_of(script: YearScript, cards: Sequence[int]) -> YearScript:
    """The same year of a few cards alone."""
    kept = np.isin(script.events["card"], cards)
    events = script.events[kept]
    events["card"] = np.searchsorted(cards, events["card"])
    return replace(
        script,
        serials=script.serials[cards],
        pins=script.pins[cards],
        events=events,
        true_at=script.true_at[kept],
    )


def telling(script: YearScript) -> list[int]:
    """Cards that together have every label, every step and every fault of the year."""
    events = script.events
    signs = zip(events["label"].tolist(), events["step"].tolist(), events["fault"].tolist(), strict=True)
    wanted: dict[tuple[str, int], int] = {}
    for card, (label, step, fault) in zip(events["card"].tolist(), signs, strict=True):
        for sign in (("label", label), ("step", step), ("fault", fault)):
            wanted.setdefault(sign, card)
    return sorted(set(wanted.values()))


@pytest.mark.sim
def test_the_applet_makes_the_same(tmp_path: Path) -> None:
    assert_same(by_hand(20, seed=9), tmp_path)


@pytest.mark.sim
@pytest.mark.parametrize(
    "which",
    [pytest.param(one, marks=[] if one is SchemeSet.PROGRAMME else pytest.mark.slow) for one in SchemeSet],
)
def test_the_applet_makes_the_same_of_a_plan_with_faults_and_fraud(which: SchemeSet, tmp_path: Path) -> None:
    script = planned() if which is SchemeSet.PROGRAMME else script_of(plan(4, 420, schemes_of(which)))
    cards = telling(script)
    assert 12 < len(cards) < 50
    told = {label.kind.partition("-")[0] for label in script.labels}
    assert told - {"petty"} == {"honest", "fault", "lookalike", "fraud"}
    assert_same(some_of(script, cards), tmp_path)


@pytest.mark.sim
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_applet_makes_the_same_of_many(tmp_path: Path) -> None:
    assert_same(planned(), tmp_path)


def assert_same(script: YearScript, folder: Path) -> None:
    due, made = by_deck.play(script, PROVIDER), by_applet.play(script, PROVIDER, folder / "checkpoint", folder)
    for name, column in due.columns.items():
        assert np.array_equal(column, made.columns[name]), name
    order = served(script)
    for number in np.unique(script.events["terminal"][script.events["terminal"] > 0]).tolist():
        kept = order[(script.events["terminal"][order] == number) & due.receipted(script)[order]]
        with TerminalJournal(folder / f"{number}.sqlite") as journal:
            assert [one.raw for one, _ in journal.receipts()] == [raw.tobytes() for raw in due.raw[kept]]
            assert journal.in_doubt() == []


_KILLED = """
import os, signal, sys
from pathlib import Path
from tests.simulator.programme.by_hand import by_hand
from ssn_card.keys import development_keyring
from ssn_card.simulator.programme.play import by_applet

done = 0

def progress(events):
    global done
    done += events
    if done >= int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)

by_applet.play(by_hand(8), development_keyring(), Path(sys.argv[1]), Path(sys.argv[2]), progress, every=25)
"""


@pytest.mark.sim
def test_killed_and_run_again_it_makes_the_same(tmp_path: Path) -> None:
    script, checkpoint = by_hand(8), tmp_path / "checkpoint"
    journals = [tmp_path / name for name in ("first", "second", "last", "other")]
    for folder in journals:
        folder.mkdir()
    for folder, at in zip(journals[:2], (60, 110), strict=True):  # the second goes on from the first one's checkpoint
        arguments = (sys.executable, "-c", _KILLED, str(checkpoint), str(folder), str(at))
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        assert subprocess.run(arguments, env=environment, check=False).returncode == -signal.SIGKILL
    told: list[int] = []
    made = by_applet.play(script, PROVIDER, checkpoint, journals[2], told.append, every=25)
    assert told[0] in (75, 100)  # events played before the two were killed
    assert sum(told) == len(script.events)
    due = by_deck.play(script, PROVIDER)
    assert all(np.array_equal(column, made.columns[name]) for name, column in due.columns.items())
    told.clear()
    by_applet.play(some_of(script, [0, 1]), PROVIDER, checkpoint, journals[3], told.append)
    assert told[0] == 0  # the checkpoint is another year's


class Stop(Exception):
    """Ends a run from within."""


def test_who_fails_stops_all_at_once() -> None:
    """Before whoever waits for the threads has heard of it."""

    def progress(done: int) -> None:
        raise Stop

    within, told = CardTurns(2, lambda _: None), CardTurns(2, progress)
    with pytest.raises(Stop), within.of(0, 0):
        raise Stop
    with pytest.raises(Stop), told.of(0, 0):
        pass
    for turns in (within, told):
        with pytest.raises(GivenUp), turns.of(1, 0):
            pass


@pytest.mark.sim
@pytest.mark.parametrize("workers", [1, 3])
def test_what_stops_one_thread_stops_all(workers: int, tmp_path: Path) -> None:
    told: list[int] = []

    def progress(done: int) -> None:
        told.append(done)
        if len(told) == 20:
            raise Stop

    with pytest.raises(Stop):
        by_applet.play(by_hand(8), PROVIDER, tmp_path / "checkpoint", tmp_path, progress, workers=workers)
    assert len(told) <= 20 + workers
