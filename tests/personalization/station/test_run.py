# SPDX-License-Identifier: Apache-2.0
"""The station over the real applet: every row gets one card or a reason, whatever cards the feeder holds."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import signal
from collections.abc import Collection
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from tests.personalization.station.scene import TODAY, Station, assert_one_card_each, held_by
from tests.personalization.station.support import PRIVATE, CuttingFeeder, Noting, Rack, cut_at

from ssn_card.bank.secret import development_secret
from ssn_card.keys import KeyMissing, development_keyring
from ssn_card.personalization.card.personalize import personalize
from ssn_card.personalization.intake.identity import identity_block
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.journal.records import NumberState
from ssn_card.personalization.station.errors import BatchRefused
from ssn_card.personalization.station.feeder import Fate
from ssn_card.personalization.station.issuing import extract_rows
from ssn_card.personalization.station.report import Progress, Stop, Verdict
from ssn_card.personalization.station.run import run
from ssn_card.programme import Policy, PolicyExpired, load_regions
from ssn_card.transport import CardConnection, open_connection

pytestmark = pytest.mark.sim
KEYS = development_keyring()
LAST_STORE_DATA = 8  #: the station's own SELECT included


@pytest.fixture
def station(tmp_path: Path, policy: Policy, header: str, good_rows: tuple[str, str]) -> Station:
    return Station(tmp_path, policy, [header, *good_rows])


def test_a_card_for_each_row(rack: Rack, station: Station) -> None:
    urls = rack.blanks(3)
    feeder = Noting(urls)
    steps: list[Progress] = []
    report = station.run(feeder, progress=steps.append)
    assert report.verdicts == {Verdict.ISSUED: 2}
    assert (report.complete, report.stop, report.cards) == (True, None, 2)
    assert 0 < report.seconds < 300
    assert feeder.fates == [Fate.DONE, Fate.DONE]
    assert [(step.position, step.lines, step.line, step.verdict) for step in steps] == [
        (1, 2, 2, Verdict.ISSUED),
        (2, 2, 3, Verdict.ISSUED),
    ]
    assert_one_card_each(station, urls)
    first, second, totals = station.lines()
    assert [line["line"] for line in (first, second)] == [2, 3]
    assert first["seconds"] > 0
    assert totals["schema"] == "ssn-card/batch/1"
    assert totals["entitlement_sum"] == 2 * station.policy.entitlement_total
    everything = b"".join(file.read_bytes() for file in station.extract.parent.iterdir() if file != station.extract)
    assert not any(word.encode() in everything for word in PRIVATE)


def test_the_same_extract_again_issues_nothing(rack: Rack, station: Station) -> None:
    station.run(rack.blanks(2))
    urls = rack.blanks(2)
    report = station.run(urls)
    assert report.verdicts == {Verdict.ALREADY: 2}
    assert report.changed == {}
    assert [held_by(url) for url in urls] == [None, None]
    assert len(station.cards()) == 2


def test_a_corrected_extract_issues_the_new_rows_only(
    rack: Rack, station: Station, header: str, good_rows: tuple[str, str]
) -> None:
    one, two = good_rows
    station.write([header, one.replace("Rahmah Pratama", "Rahma Pratama"), two.replace(",2,PD-001", ",9,PD-001")])
    steps: list[Progress] = []
    report = station.run(rack.blanks(2), progress=steps.append)
    assert [(step.line, step.verdict) for step in steps] == [(2, Verdict.ISSUED), (3, Verdict.REJECTED)]
    assert report.verdicts == {Verdict.ISSUED: 1, Verdict.REJECTED: 1}
    assert station.lines()[-1]["rejected_lines"][0]["line"] == 3
    station.write([header, one, two])
    report = station.run(rack.blanks(2))
    assert report.verdicts == {Verdict.ALREADY: 1, Verdict.ISSUED: 1}
    (done,) = [card for card in station.cards() if card["line"] == 2]
    assert report.changed == {2: bytes.fromhex(done["serial"])}
    assert report.complete


def test_a_second_card_for_a_family_is_refused(
    rack: Rack, station: Station, header: str, good_rows: tuple[str, str]
) -> None:
    station.run(rack.blanks(2))
    other_member = good_rows[0].replace("6472017105639001", "6472017105639002")
    station.write([header, other_member])
    report = station.run(rack.blanks(1))
    assert report.verdicts == {Verdict.REFUSED: 1}
    assert report.refused[0].code == "family-has-card"
    told = station.lines()[-1]["refused_lines"][0]
    assert (told["line"], told["field"], told["code"]) == (2, "no_kk", "family-has-card")


def test_out_of_cards_then_more(rack: Rack, station: Station) -> None:
    urls = rack.blanks(3)
    report = station.run(urls[:1])
    assert report.verdicts == {Verdict.ISSUED: 1, Verdict.WAITING: 1}
    assert (report.stop, report.complete) == (Stop.OUT_OF_CARDS, False)
    feeder = Noting(urls)
    report = station.run(feeder)
    assert report.verdicts == {Verdict.ALREADY: 1, Verdict.ISSUED: 1}
    assert feeder.fates == [Fate.KNOWN, Fate.DONE]
    assert_one_card_each(station, urls)


def test_limit(rack: Rack, station: Station) -> None:
    urls = rack.blanks(2)
    report = station.run(urls, limit=1)
    assert (report.verdicts, report.stop) == ({Verdict.ISSUED: 1, Verdict.WAITING: 1}, Stop.LIMIT)
    assert held_by(urls[1]) is None
    assert station.run(urls, limit=0).stop is Stop.LIMIT


def test_prepare_only_writes_the_plan_and_touches_no_card(rack: Rack, station: Station) -> None:
    feeder = Noting(rack.blanks(2))
    report = station.run(feeder, prepare_only=True)
    assert (report.verdicts, report.stop) == ({Verdict.WAITING: 2}, Stop.PREPARED)
    assert feeder.fates == []
    with Journal.open(station.journal_path, development_secret()) as journal:
        assert journal.batches()[0].states == {"planned": 2}
    station.run(feeder)
    assert [line["beneficiary_id"] for line in station.cards()] == ["0000000000000001", "0000000000000002"]


def test_prepare_only_touches_no_card_for_a_row_in_doubt_either(rack: Rack, station: Station) -> None:
    (first,) = rack.blanks(1)
    station.run(CuttingFeeder([first], cut_at(LAST_STORE_DATA, "after"), back=False))
    feeder = Noting([first])
    report = station.run(feeder, prepare_only=True)
    assert (report.verdicts, report.stop) == ({Verdict.IN_DOUBT: 1, Verdict.WAITING: 1}, Stop.PREPARED)
    assert feeder.fates == []


def test_bad_cards_are_put_aside_and_the_row_gets_the_next(rack: Rack, station: Station) -> None:
    personalized, dead, one, two = rack.blank(), "vpcd:127.0.0.1:9", *rack.blanks(2)
    with open_connection(personalized) as connection:
        personalize(connection, KEYS, bytes(8), identity_block(station.people()[0]))
    stranger = rack.blank(transport_version=2)
    feeder = Noting([personalized, dead, one, stranger, two])
    report = station.run(feeder)
    assert report.verdicts == {Verdict.ISSUED: 2}
    assert feeder.fates == [Fate.REJECTED, Fate.REJECTED, Fate.DONE, Fate.REJECTED, Fate.DONE]
    reasons = [line["reason"].partition(":")[0] for line in station.cards("failed")]
    assert reasons == ["already-personalized", "card-not-reachable", "card-not-ours"]
    assert [line["beneficiary_id"] for line in station.cards()] == ["0000000000000001", "0000000000000002"]
    assert_one_card_each(station, [one, two])


def test_too_many_bad_cards_in_a_row_stop_the_run(rack: Rack, station: Station) -> None:
    feeder = Noting(["vpcd:127.0.0.1:9"] * 4 + rack.blanks(2))
    report = station.run(feeder, max_bad=3)
    assert (report.stop, report.failed_cards, len(feeder.fates)) == (Stop.BAD_CARDS, 3, 3)
    assert report.last_error is not None
    assert report.verdicts == {Verdict.WAITING: 2}


def test_what_is_wrong_with_the_station_stops_it_before_a_card_is_touched(rack: Rack, station: Station) -> None:
    feeder = Noting(rack.blanks(1))
    with Journal.open(station.journal_path, development_secret()) as journal, pytest.raises(KeyMissing) as caught:
        run(
            extract_rows(station.extract, station.policy),
            station.policy,
            development_keyring([1]),
            [feeder],
            journal,
            station.results,
            clock=lambda: TODAY,
        )
    assert "version 2" in caught.value.text.en
    assert feeder.fates == []


def test_a_suspicious_file_is_not_started_unless_forced(
    rack: Rack, station: Station, header: str, good_rows: tuple[str, str]
) -> None:
    station.write([header, good_rows[0].replace(",1,PD-001", ",9,PD-001")])
    with pytest.raises(BatchRefused):
        station.run(rack.blanks(1))
    assert station.run(rack.blanks(1), force=True).verdicts == {Verdict.REJECTED: 1}


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(1, 13))
def test_a_removed_card_that_comes_back(rack: Rack, station: Station, number: int, when: str) -> None:
    """Blank for sure: the number goes to the next card. Complete: it is the row's card after all."""
    urls = rack.blanks(3)
    feeder = CuttingFeeder(urls, cut_at(number, when), back=True)
    report = station.run(feeder)
    assert report.verdicts == {Verdict.ISSUED: 2}
    assert report.lost_cards == 0
    complete = number > LAST_STORE_DATA or (number == LAST_STORE_DATA and when == "after")
    assert feeder.fates == ([Fate.DONE, Fate.DONE] if complete else [Fate.REJECTED, Fate.DONE, Fate.DONE])
    assert [line["beneficiary_id"] for line in station.cards()] == ["0000000000000001", "0000000000000002"]
    assert_one_card_each(station, urls)


def test_a_serial_that_is_in_use_is_not_made_twice(rack: Rack, station: Station) -> None:
    station.run([rack.blank(bytes(8)), *rack.blanks(1)], limit=1)
    twin = rack.blank(bytes(8))
    feeder = Noting([twin, *rack.blanks(1)])
    report = station.run(feeder)
    assert feeder.fates == [Fate.SUSPECT, Fate.DONE]
    reason = station.cards("failed")[0]["reason"]
    assert reason.startswith("serial-taken")
    assert f"'{NumberState.DONE.text.en}'" in reason
    assert report.complete
    assert held_by(twin) is None


class Pressing(Noting):
    """Ctrl-C while the first card is made, or while the operator is asked for it."""

    def __init__(self, urls: list[str], *, while_waiting: bool) -> None:
        super().__init__(urls)
        self._while_waiting = while_waiting

    def next(self) -> AbstractContextManager[CardConnection]:
        coming = super().next()
        if self._while_waiting:
            os.kill(os.getpid(), signal.SIGINT)
        return coming

    def press(self, step: Progress) -> None:
        if not self._while_waiting and step.position == 1:
            os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.parametrize(("while_waiting", "issued"), [(False, 1), (True, 0)])
def test_ctrl_c_ends_the_run_after_a_whole_card(rack: Rack, station: Station, while_waiting: bool, issued: int) -> None:
    handler = signal.getsignal(signal.SIGINT)
    urls = rack.blanks(2)
    feeder = Pressing(urls, while_waiting=while_waiting)
    report = station.run(feeder, progress=feeder.press)
    assert (report.stop, report.verdicts[Verdict.ISSUED]) == (Stop.INTERRUPTED, issued)
    assert report.verdicts[Verdict.WAITING] == 2 - issued
    assert signal.getsignal(signal.SIGINT) is handler
    assert station.lines()[-1]["stopped"] == "interrupted"
    station.run(urls)
    assert_one_card_each(station, urls)


def test_ctrl_c_while_the_last_card_is_waited_for(
    rack: Rack, station: Station, header: str, good_rows: tuple[str, str]
) -> None:
    station.write([header, good_rows[0]])
    report = station.run(Pressing(rack.blanks(1), while_waiting=True))
    assert (report.stop, report.verdicts) == (Stop.INTERRUPTED, {Verdict.WAITING: 1})


def test_lost_later_and_replaced(rack: Rack, station: Station) -> None:
    station.run(rack.blanks(2))
    first = station.cards()[0]
    with Journal.open(station.journal_path) as journal:
        entry = journal.by_serial(bytes.fromhex(first["serial"]))
        assert entry is not None
        journal.lose(entry, "declared: stolen")
    report = station.run(rack.blanks(2))
    assert report.verdicts == {Verdict.ISSUED: 1, Verdict.ALREADY: 1}
    assert [line["beneficiary_id"] for line in station.cards("lost")] == [first["beneficiary_id"]]
    assert station.cards()[-1]["row_key"] == first["row_key"]


def test_a_policy_that_is_over_touches_nothing(rack: Rack, station: Station) -> None:
    feeder = Noting(rack.blanks(1))

    def late() -> dt.datetime:
        return dt.datetime(2026, 1, 1)

    with pytest.raises(PolicyExpired):
        station.run(feeder, clock=late)
    assert feeder.fates == []
    with Journal.open(station.journal_path, read_only=True) as journal:
        assert journal.batches() == ()
    assert station.run(feeder, allow_expired=True, limit=1, clock=late).cards == 1


def test_the_files_own_findings_stop_the_run_before_a_card(
    rack: Rack, station: Station, header: str, good_rows: tuple[str, str]
) -> None:
    nik, kk, rest = good_rows[0].split(",", 2)
    rounded = [f"{nik[:12]}{10 * number:04},{kk[:12]}{number:04},{rest}" for number in range(1, 9)]
    station.write([header, *rounded])
    feeder = Noting(rack.blanks(1))
    with pytest.raises(BatchRefused) as caught:
        station.run(feeder)
    assert "every nik ends in 0" in caught.value.text.en
    assert "semua nik berakhiran 0" in caught.value.text.id
    assert caught.value.where == "x.csv"
    assert feeder.fates == []


def test_several_findings_are_all_told(station: Station, header: str, good_rows: tuple[str, str]) -> None:
    nik, _, rest = good_rows[0].split(",", 2)
    station.write(
        [header, *(f"{nik[:12]}{10 * number:04},{nik[:12]}{10 * number:04},{rest}" for number in range(1, 9))]
    )
    with pytest.raises(BatchRefused) as caught:
        station.run([])
    for text, words in (
        (caught.value.text.en, ("no row was accepted; every nik ends in 0", "are NIK of this file")),
        (
            caught.value.text.id,
            ("tidak ada baris yang diterima; semua nik berakhiran 0", "adalah NIK dalam berkas ini"),
        ),
    ):
        assert all(word in text for word in words)


def test_rows_are_judged_by_the_regions_that_are_given(station: Station) -> None:
    elsewhere = dataclasses.replace(load_regions(), entries=(), city="Bontang")
    report = station.run([], regions=elsewhere, force=True)
    assert report.verdicts == {Verdict.REJECTED: 2}
    assert "Bontang" in report.summary.rejected[0].reason.en


def test_the_feeder_is_told_which_cards_are_in_doubt(rack: Rack, station: Station) -> None:
    class Told(Noting):
        def expect(self, serials: Collection[bytes], /) -> None:
            self.expected = serials

    (first,) = rack.blanks(1)
    feeder = Told([])
    station.run(CuttingFeeder([first], cut_at(LAST_STORE_DATA, "after"), back=False))
    station.run(feeder)
    assert feeder.expected == {bytes.fromhex(station.cards("in_doubt")[0]["serial"])}
    station.run([first])
    station.run(feeder)
    assert feeder.expected == frozenset()


@pytest.mark.parametrize(("prepare_only", "states"), [(False, {"done": 1}), (True, {})])
def test_a_plan_is_one_step_and_each_card_is_its_own(
    rack: Rack, station: Station, prepare_only: bool, states: dict[str, int]
) -> None:
    """The program fails after the first row: a card that was made is in the journal, half a plan is not."""

    def fail(_: Progress) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        station.run(rack.blanks(2), progress=fail, prepare_only=prepare_only)
    with Journal.open(station.journal_path, read_only=True) as journal:
        assert journal.batches()[0].states == states


def test_a_row_in_doubt_is_told_by_its_line(rack: Rack, station: Station) -> None:
    first, second = rack.blanks(2)
    station.run(CuttingFeeder([first], cut_at(LAST_STORE_DATA, "after"), back=False))
    steps: list[Progress] = []
    report = station.run([second], progress=steps.append)
    assert report.in_doubt == [2]
    assert station.lines()[-1]["in_doubt_lines"] == [2]
    assert [(step.line, step.verdict) for step in steps] == [(3, Verdict.ISSUED), (2, Verdict.IN_DOUBT)]
    report = station.run([first])
    assert (report.verdicts, report.in_doubt) == ({Verdict.RECOVERED: 1, Verdict.ALREADY: 1}, [])
    assert report.stop is None
