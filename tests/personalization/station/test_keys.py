# SPDX-License-Identifier: Apache-2.0
"""Wrong keys are the station's fault: no card is written off for them, and no number burnt."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.personalization.station.scene import KEYS, TODAY, Station, assert_one_card_each, held_by
from tests.personalization.station.support import CuttingFeeder, Noting, Rack, cut_at

from ssn_card.bank.secret import development_secret
from ssn_card.keys import KeyProvider
from ssn_card.personalization.card.groups import KeyVersions
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.station import run as station_module
from ssn_card.personalization.station.errors import StationKeysRefused
from ssn_card.personalization.station.feeder import Fate
from ssn_card.personalization.station.issuing import extract_rows
from ssn_card.personalization.station.report import BatchReport, Stop, Verdict
from ssn_card.programme import Policy
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.labels import KeyLabel

pytestmark = pytest.mark.sim


@pytest.fixture
def station(tmp_path: Path, policy: Policy, examples: Path) -> Station:
    return Station(tmp_path, policy, examples.joinpath("beneficiaries.csv").read_text().splitlines()[:7])


class Mixed(KeyProvider):
    """The development keyring, with one label's keys from another version: a keyring that is not this stock's."""

    def __init__(self, wrong: KeyLabel) -> None:
        self._wrong = wrong

    def labels(self) -> frozenset[KeyLabel]:
        return KEYS.labels()

    def versions(self, label: KeyLabel) -> tuple[int, ...]:
        return KEYS.versions(label)

    def close(self) -> None: ...

    def _diversify(self, label: KeyLabel, version: int, serial: bytes) -> SecretKey:
        return KEYS.diversify(label, 2 if label is self._wrong else version, serial)


def run_with(station: Station, provider: KeyProvider, feeder: Noting, **options: object) -> BatchReport:
    with Journal.open(station.journal_path, development_secret()) as journal:
        return station_module.run(
            extract_rows(station.extract, station.policy),
            station.policy,
            provider,
            [feeder],
            journal,
            station.results,
            clock=lambda: TODAY,
            **options,  # type: ignore[arg-type]
        )


@pytest.mark.parametrize("label", [KeyLabel.TRANSPORT_ENC, KeyLabel.TRANSPORT_MAC, KeyLabel.TRANSPORT_DEK])
def test_the_run_stops_at_the_first_card(rack: Rack, station: Station, label: KeyLabel) -> None:
    urls = rack.blanks(6)
    feeder = Noting(urls)
    report = run_with(station, Mixed(label), feeder)
    assert report.stop is Stop.KEYS
    assert isinstance(report.last_error, StationKeysRefused)
    assert "--use-key transport" in report.last_error.describe("en")
    assert (report.failed_cards, report.verdicts) == (0, {Verdict.WAITING: 6})
    assert feeder.fates == [Fate.UNUSED]
    assert [held_by(url) for url in urls] == [None] * 6
    with Journal.open(station.journal_path, read_only=True) as journal:
        assert journal.in_doubt() + journal.barred() == ()
    assert station.cards("failed") + station.cards("lost") + station.cards("in_doubt") == []

    assert station.run(urls).verdicts == {Verdict.ISSUED: 6}  # with the right keys: every card, from number 1
    assert [line["beneficiary_id"] for line in station.cards()] == [f"{number:016x}" for number in range(1, 7)]
    assert_one_card_each(station, urls)
    assert station.cards("failed") == []


def test_the_wrong_version_of_the_transport_keys(rack: Rack, station: Station) -> None:
    feeder = Noting(rack.blanks(2))
    report = run_with(station, KEYS, feeder, versions=KeyVersions(transport=2))
    assert (report.stop, feeder.fates) == (Stop.KEYS, [Fate.UNUSED])


def test_strangers_among_good_cards_are_put_aside_until_three_in_a_row(rack: Rack, station: Station) -> None:
    good = rack.blanks(4)
    strangers = [rack.blank(transport_version=2) for _ in range(5)]
    feeder = Noting([good[0], *strangers[:2], good[1], *strangers[2:], *good[2:]])
    report = station.run(feeder)
    aside = Fate.REJECTED
    assert feeder.fates == [Fate.DONE, aside, aside, Fate.DONE, aside, aside, aside]
    assert (report.stop, report.failed_cards) == (Stop.KEYS, 5)
    assert isinstance(report.last_error, StationKeysRefused)
    assert report.verdicts == {Verdict.ISSUED: 2, Verdict.WAITING: 4}
    assert station.cards("lost") == []
    assert {line["reason"].partition(":")[0] for line in station.cards("failed")} == {"card-not-ours"}
    station.run(good)
    assert [line["beneficiary_id"] for line in station.cards()] == [f"{number:016x}" for number in range(1, 5)]


def test_a_card_in_doubt_is_not_touched_by_wrong_keys(rack: Rack, station: Station) -> None:
    urls = rack.blanks(6)
    station.run(CuttingFeeder(urls[:1], cut_at(9, "after"), back=False))
    other: KeyProvider = Mixed(KeyLabel.ISSUER_MAC)
    feeder = Noting(urls)
    report = run_with(station, other, feeder)
    assert (report.stop, feeder.fates) == (Stop.KEYS, [Fate.SUSPECT])
    assert report.verdicts == {Verdict.IN_DOUBT: 1, Verdict.WAITING: 5}
    assert station.run(urls).verdicts == {Verdict.RECOVERED: 1, Verdict.ISSUED: 5}


def test_a_card_whose_last_answer_was_lost_has_taken_the_keys_too(rack: Rack, station: Station) -> None:
    first, good = rack.blanks(2)
    feeder = CuttingFeeder([first, rack.blank(transport_version=2), good], cut_at(9, "after"), back=True)
    report = station.run(feeder, limit=2)
    assert feeder.fates == [Fate.DONE, Fate.REJECTED, Fate.DONE]
    assert (report.verdicts[Verdict.ISSUED], report.stop) == (2, Stop.LIMIT)
