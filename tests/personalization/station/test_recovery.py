# SPDX-License-Identifier: Apache-2.0
"""A card in doubt is believed only by proof: serial, number, person and key versions, each of them."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from tests.personalization.station.scene import KEYS, TODAY, Station, assert_one_card_each, held_by
from tests.personalization.station.support import CuttingFeeder, Noting, Rack, cut_at

from ssn_card.bank.secret import development_secret
from ssn_card.keys import KeyProvider
from ssn_card.personalization.card.groups import KeyVersions
from ssn_card.personalization.card.personalize import personalize
from ssn_card.personalization.intake.identity import identity_block
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.journal.records import Entry
from ssn_card.personalization.station.errors import SerialTaken
from ssn_card.personalization.station.feeder import Fate
from ssn_card.personalization.station.issuing import extract_rows
from ssn_card.personalization.station.report import Stop, Verdict
from ssn_card.personalization.station.run import run
from ssn_card.programme import Policy
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.errors import ConfigurationError, Text
from ssn_card.protocol.labels import KeyLabel
from ssn_card.transport import CardConnection, CardNotReachable, ConnectionLost, open_connection

pytestmark = pytest.mark.sim
COMMIT = 8  #: the last STORE DATA, the station's own SELECT included


@pytest.fixture
def station(tmp_path: Path, policy: Policy, header: str, good_rows: tuple[str, str]) -> Station:
    return Station(tmp_path, policy, [header, *good_rows])


#: What somebody has made of the card in doubt, given the journal's entry and the identities of the two rows.
Made = Callable[[Entry, bytes, bytes], tuple[bytes, bytes, KeyVersions]]
RIGHT = KeyVersions()
WRONG: dict[str, Made] = {
    "another person": lambda entry, own, other: (entry.beneficiary_id, other, RIGHT),
    "another number": lambda entry, own, other: (bytes(7) + b"\x63", own, RIGHT),
    "another card's person and number": lambda entry, own, other: (bytes(7) + b"\x63", other, RIGHT),
    "one letter of the name": lambda entry, own, other: (entry.beneficiary_id, own[:-1] + b"?", RIGHT),
    "another DEBIT key": lambda entry, own, other: (
        entry.beneficiary_id,
        own,
        KeyVersions(current={KeyLabel.DEBIT: 2}, following={KeyLabel.DEBIT: 1}),
    ),
}


@pytest.mark.parametrize("made", WRONG.values(), ids=WRONG)
def test_a_card_in_doubt_that_holds_something_else_stays_in_doubt(rack: Rack, station: Station, made: Made) -> None:
    first, second = rack.blanks(2)
    station.run(CuttingFeeder([first], cut_at(COMMIT, "before"), back=False), limit=1)
    with Journal.open(station.journal_path, read_only=True) as journal:
        (entry,) = journal.in_doubt()
    own, other = (identity_block(person) for person in station.people())
    beneficiary_id, identity, versions = made(entry, own, other)
    with open_connection(first) as connection:
        personalize(connection, KEYS, beneficiary_id, identity, versions)

    feeder = Noting([first, second])
    report = station.run(feeder)
    assert report.verdicts == {Verdict.IN_DOUBT: 1, Verdict.ISSUED: 1}
    assert feeder.fates[0] is Fate.SUSPECT
    assert station.cards("in_doubt")[-1]["reason"].startswith("verification-failed")
    assert [line["serial"] for line in station.cards()] != [(entry.serial or b"").hex()]
    with Journal.open(station.journal_path, read_only=True) as journal:
        assert [found.serial for found in journal.in_doubt()] == [entry.serial]


def test_a_card_in_doubt_that_holds_what_was_sent_is_the_rows_card(rack: Rack, station: Station) -> None:
    """The counterpart: nothing but the content made the difference above."""
    (first,) = rack.blanks(1)
    station.run(CuttingFeeder([first], cut_at(COMMIT, "before"), back=False), limit=1)
    with open_connection(first) as connection:
        personalize(connection, KEYS, bytes(7) + b"\x01", identity_block(station.people()[0]))
    feeder = Noting([first])
    assert station.run(feeder, limit=1).verdicts == {Verdict.RECOVERED: 1, Verdict.WAITING: 1}
    assert feeder.fates == [Fate.DONE]


def test_a_card_that_writes_something_else_than_it_was_sent_is_not_done(rack: Rack, station: Station) -> None:
    """Found at once, in the run that makes it: the read-back differs, and so does the second look."""
    first, second, third = rack.blanks(3)
    other = identity_block(station.people()[1])

    class Meddling(CuttingFeeder):
        """While the line is dead at the last moment, somebody makes the card another person's."""

        def again(self) -> AbstractContextManager[CardConnection]:
            with open_connection(first) as connection:
                personalize(connection, KEYS, bytes(7) + b"\x01", other)
            return super().again()

    feeder = Meddling([first, second, third], cut_at(COMMIT, "before"), back=True)
    report = station.run(feeder)
    assert report.verdicts == {Verdict.IN_DOUBT: 1, Verdict.ISSUED: 1}
    assert feeder.fates[0] is Fate.SUSPECT
    held = held_by(first)
    assert held is not None
    assert held[1] == other


def test_a_failure_counter_begins_anew_with_each_card_that_succeeds(
    rack: Rack, station: Station, examples: Path
) -> None:
    dead = "vpcd:127.0.0.1:9"
    station.write(examples.joinpath("beneficiaries.csv").read_text().splitlines()[:4])
    one, two, three = rack.blanks(3)
    report = station.run([dead, dead, one, dead, dead, two, dead, dead, three], max_bad=3)
    assert (report.verdicts, report.stop, report.failed_cards) == ({Verdict.ISSUED: 3}, None, 6)


class Failing(KeyProvider):
    """The development keyring on a machine that fails when a key of this label is asked for."""

    def __init__(self, label: KeyLabel) -> None:
        self._label = label

    def labels(self) -> frozenset[KeyLabel]:
        return KEYS.labels()

    def versions(self, label: KeyLabel) -> tuple[int, ...]:
        return KEYS.versions(label)

    def close(self) -> None: ...

    def _diversify(self, label: KeyLabel, version: int, serial: bytes) -> SecretKey:
        if label is self._label:
            raise ConfigurationError(Text("The HSM is gone.", "HSM hilang."))
        return KEYS.diversify(label, version, serial)


@pytest.mark.parametrize("label", [KeyLabel.TRANSPORT_ENC, KeyLabel.DEBIT, KeyLabel.ISSUER_MAC])
def test_a_station_without_keys_leaves_its_card_blank(rack: Rack, station: Station, label: KeyLabel) -> None:
    urls = rack.blanks(2)
    feeder = Noting(urls)
    with Journal.open(station.journal_path, development_secret()) as journal, pytest.raises(ConfigurationError):
        run(
            extract_rows(station.extract, station.policy),
            station.policy,
            Failing(label),
            [feeder],
            journal,
            station.results,
            clock=lambda: TODAY,
        )
    assert feeder.fates == [Fate.UNUSED]
    assert held_by(urls[0]) is None
    with Journal.open(station.journal_path, read_only=True) as journal:
        assert journal.in_doubt() == ()
    assert station.cards("failed") == []
    assert station.run(urls).complete


@pytest.mark.parametrize(("number", "doubt"), [(7, False), (8, True), (9, True)])
def test_a_station_that_fails_after_the_commit_leaves_a_doubt(
    rack: Rack, station: Station, number: int, doubt: bool
) -> None:
    def fail(at: int) -> None:
        if at == number:
            raise ConfigurationError(Text("The station fails.", "Stasiun gagal."))

    urls = rack.blanks(3)
    feeder = CuttingFeeder(urls, fail, back=True)
    with pytest.raises(ConfigurationError):
        station.run(feeder)
    assert feeder.fates == [Fate.SUSPECT if doubt else Fate.UNUSED]
    with Journal.open(station.journal_path, read_only=True) as journal:
        assert len(journal.in_doubt()) == doubt
    assert station.run(urls).complete
    assert_one_card_each(station, urls)
    assert [line["beneficiary_id"] for line in station.cards()] == ["0000000000000001", "0000000000000002"]


def test_a_station_that_fails_over_a_card_in_doubt_keeps_it(rack: Rack, station: Station) -> None:
    urls = rack.blanks(2)
    station.run(CuttingFeeder(urls[:1], cut_at(COMMIT, "after"), back=False))
    feeder = Noting(urls)
    provider: KeyProvider = Failing(KeyLabel.ISSUER_MAC)
    with Journal.open(station.journal_path, development_secret()) as journal, pytest.raises(ConfigurationError):
        run(
            extract_rows(station.extract, station.policy),
            station.policy,
            provider,
            [feeder],
            journal,
            station.results,
            clock=lambda: TODAY,
        )
    assert feeder.fates == [Fate.SUSPECT]
    assert station.run(urls).verdicts == {Verdict.RECOVERED: 1, Verdict.ISSUED: 1}


def test_a_machine_without_a_reader_puts_no_card_aside(station: Station) -> None:
    class Broken(Noting):
        def next(self) -> AbstractContextManager[CardConnection]:
            @contextmanager
            def context() -> Iterator[CardConnection]:
                raise ConfigurationError(Text("No service.", "Tidak ada layanan."))
                yield

            return context()

    feeder = Broken([])
    with pytest.raises(ConfigurationError):
        station.run(feeder)
    assert feeder.fates == [Fate.UNUSED]
    with Journal.open(station.journal_path, read_only=True) as journal:
        assert journal.unreported() == ()


def test_a_batch_is_finished_when_every_row_has_its_card(rack: Rack, station: Station) -> None:
    def finished() -> bool:
        with Journal.open(station.journal_path, read_only=True) as journal:
            return journal.batches()[0].finished is not None

    urls = rack.blanks(2)
    station.run(urls, limit=1)
    assert not finished()
    station.run(urls)
    assert finished()


def test_the_rows_own_card_ends_the_search_for_it(rack: Rack, station: Station) -> None:
    """Nobody is asked for another card once the one in doubt is settled and no row needs one."""
    first, second, spare = rack.blanks(3)
    station.run(CuttingFeeder([first, second], cut_at(COMMIT, "after"), back=False))
    feeder = Noting([first, spare])
    report = station.run(feeder)
    assert (report.verdicts, report.stop) == ({Verdict.RECOVERED: 1, Verdict.ALREADY: 1}, None)
    assert feeder.fates == [Fate.DONE]


def test_a_lost_card_is_counted_in_its_extracts_totals(rack: Rack, station: Station) -> None:
    station.run(rack.blanks(2))
    with Journal.open(station.journal_path) as journal:
        entry = journal.by_serial(bytes.fromhex(station.cards()[0]["serial"]))
        assert entry is not None
        journal.lose(entry, "declared: stolen")
    assert station.run(rack.blanks(1)).lost_cards == 1
    assert station.lines()[-1]["lost_cards"] == 1


def test_the_station_says_how_many_cards_failed_and_why(rack: Rack, station: Station) -> None:
    report = station.run(["vpcd:127.0.0.1:9"] * 3, max_bad=2)
    assert report.stop is Stop.BAD_CARDS
    assert report.failed_cards == 2
    assert isinstance(report.last_error, CardNotReachable)
    assert station.cards("failed")[0]["reason"].startswith("card-not-reachable: No card answers at vpcd:127.0.0.1:9")


class PressingAtTheCard(Noting):
    """Ctrl-C while the station connects to the first card."""

    def next(self) -> AbstractContextManager[CardConnection]:
        coming = super().next()

        @contextmanager
        def context() -> Iterator[CardConnection]:
            signal.raise_signal(signal.SIGINT)
            with coming as connection:
                yield connection

        return context()


def test_a_card_in_doubt_that_is_blank_goes_back_to_the_stock(rack: Rack, station: Station) -> None:
    (first,) = rack.blanks(1)
    station.run(CuttingFeeder([first], cut_at(COMMIT, "before"), back=False))
    feeder = PressingAtTheCard([first])
    assert station.run(feeder).verdicts == {Verdict.WAITING: 2}
    assert feeder.fates == [Fate.UNUSED]
    assert station.run([first]).verdicts[Verdict.ISSUED] == 1


def test_a_station_that_fails_over_a_lost_card_keeps_it_apart(rack: Rack, station: Station) -> None:
    urls = rack.blanks(2)
    station.run(CuttingFeeder(urls[:1], cut_at(COMMIT, "after"), back=False))
    with Journal.open(station.journal_path) as journal:
        (entry,) = journal.in_doubt()
        journal.lose(entry, "declared: gone")
    feeder = Noting(urls)
    provider: KeyProvider = Failing(KeyLabel.ISSUER_MAC)
    with Journal.open(station.journal_path, development_secret()) as journal, pytest.raises(ConfigurationError):
        run(
            extract_rows(station.extract, station.policy),
            station.policy,
            provider,
            [feeder],
            journal,
            station.results,
            clock=lambda: TODAY,
        )
    assert feeder.fates == [Fate.SUSPECT]


def test_what_is_told_of_a_card_that_is_kept_apart(rack: Rack, station: Station) -> None:
    (first,) = rack.blanks(1)
    report = station.run(CuttingFeeder([first], cut_at(COMMIT, "before"), back=False))
    assert isinstance(report.last_error, ConnectionLost)
    with Journal.open(station.journal_path) as journal:
        (entry,) = journal.in_doubt()
        journal.lose(entry, "declared: gone")
    report = station.run([first])  # blank, but declared lost
    assert isinstance(report.last_error, SerialTaken)
    assert "'lost'" in station.cards("failed")[-1]["reason"]
    assert station.cards("failed")[-1]["serial"] == (entry.serial or b"").hex()


@pytest.mark.parametrize(("when", "verdict"), [("before", Verdict.ISSUED), ("after", Verdict.RECOVERED)])
def test_a_card_in_doubt_is_looked_at_with_the_keys_of_the_run(
    rack: Rack, station: Station, when: str, verdict: Verdict
) -> None:
    versions = KeyVersions(issuer=2, transport=2)
    first = rack.blank(transport_version=2)
    station.run(CuttingFeeder([first], cut_at(COMMIT, when), back=False), versions=versions)
    feeder = Noting([first])
    assert station.run(feeder, versions=versions).verdicts[verdict] == 1
    assert feeder.fates == [Fate.DONE]


def test_a_line_that_cannot_be_closed_well_does_not_stop_the_run(rack: Rack, station: Station) -> None:
    """The card is made and in the journal by then: the next rows get theirs."""

    class Sticking(Noting):
        def next(self) -> AbstractContextManager[CardConnection]:
            coming = super().next()

            @contextmanager
            def context() -> Iterator[CardConnection]:
                with coming as connection:
                    yield connection
                raise ConnectionLost(self._last, "it was dead already", in_flight=False)

            return context()

    urls = rack.blanks(2)
    feeder = Sticking(urls)
    assert station.run(feeder).verdicts == {Verdict.ISSUED: 2}
    assert feeder.fates == [Fate.DONE, Fate.DONE]
    assert_one_card_each(station, urls)
