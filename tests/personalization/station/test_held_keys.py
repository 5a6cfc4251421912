# SPDX-License-Identifier: Apache-2.0
"""Which cards have which version of a key: what the station wrote of them, held against the cards and the register."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.personalization.conftest import HEADER
from tests.personalization.station.scene import KEYS, Station
from tests.personalization.station.support import Rack
from tests.personalization.station.test_crew import people
from typer.testing import CliRunner

from ssn_card.cli import entitlement
from ssn_card.personalization.card.groups import KeyVersions
from ssn_card.personalization.card.personalize import inspect
from ssn_card.personalization.cli.main import app
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.station.held_keys import KeyCount, held_keys, key_counts
from ssn_card.programme import Policy
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.values import KeySelection
from ssn_card.transport import open_connection

FAMILIES = 3
NEWER = KeyVersions(current={KeyLabel.DEBIT: 2}, following={KeyLabel.DEBIT: 1})


@pytest.fixture
def station(tmp_path: Path, policy: Policy) -> Station:
    return Station(tmp_path, policy, [HEADER, *people(FAMILIES)])


@pytest.mark.parametrize(
    "versions", [KeyVersions(), NEWER, KeyVersions(3, 4, 5, {KeyLabel.UPDATE: 9}, {KeyLabel.RECEIPT: 250})]
)
def test_versions_are_read_as_they_were_written(versions: KeyVersions) -> None:
    again = KeyVersions.parse(str(versions))
    assert str(again) == str(versions)
    for label, version in versions.required():
        if not label.name.startswith("TRANSPORT"):
            assert (label, version) in again.required()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "issuer=1",
        "issuer=1 registry=1 debit=1",
        "issuer=x registry=1",
        "issuer=1 registry=1 no=1:2",
        "issuer=1:2 registry=1",
    ],
)
def test_other_text_is_no_versions(text: str) -> None:
    with pytest.raises(ValueError, match="versions"):
        KeyVersions.parse(text)


@pytest.mark.sim
def test_the_journal_says_what_the_cards_say(rack: Rack, station: Station) -> None:
    urls = rack.blanks(FAMILIES)
    station.run(urls[:1], versions=NEWER)
    station.run(urls[1:])
    with Journal.open(station.journal_path, read_only=True) as journal:
        held = {card.serial: card for card in held_keys(journal)}
        journal.check_log()
    assert len(held) == FAMILIES
    for url in urls:
        with open_connection(url) as connection:
            state = inspect(connection)
        for label, version in state.key_versions.items():
            assert held[state.serial].versions.of(label) == version
            assert held[state.serial].in_force(label) is None  # no register says so
    counts = {(one.purpose, one.version): one for one in key_counts(held.values(), registered=False)}
    assert counts["debit", 1] == KeyCount("debit", 1, FAMILIES, None)
    assert counts["debit", 2].cards == FAMILIES
    assert ("debit", 3) not in counts
    moved = key_counts(
        (type(card)(card.serial, card.versions, KeySelection.DEBIT) for card in held.values()), registered=True
    )
    forces = {(one.purpose, one.version): one.in_force for one in moved}
    assert (forces["debit", 1], forces["debit", 2], forces["update", 2]) == (1, FAMILIES - 1, 0)
    assert forces["issuer", 1] == FAMILIES


@pytest.mark.sim
def test_a_card_that_was_blank_again_has_no_keys(rack: Rack, station: Station) -> None:
    with Journal.open(station.journal_path) as journal:
        assert held_keys(journal) == ()
    urls = [rack.blank(), rack.blank(transport_version=3)]
    station.run(urls)
    with Journal.open(station.journal_path, read_only=True) as journal:
        assert [entry.keys != "" for entry in journal.cards()] == [True, False]


@pytest.mark.sim
def test_as_an_operator_asks(rack: Rack, station: Station, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSN_LANG", "en")
    station.run(rack.blanks(FAMILIES))
    serial = station.cards()[0]["serial"]
    register = tmp_path / "register.sqlite"
    issue = ("issue", serial, "--policy", 2025, "--tranche", 1, "--development", "--allow-expired")
    more = ("--valid-until", "2079-12-31", "--next-key", "debit", "--out", tmp_path / "u.jsonl")
    issued = [*issue, *more, "--register", register, "--new-register"]
    assert CliRunner().invoke(entitlement.app, [str(one) for one in issued]).exit_code == 0
    command = ["keys", "--journal", str(station.journal_path), "--register", str(register)]
    told = json.loads(CliRunner().invoke(app, [*command, "--json"]).stdout)
    counts = {(one["purpose"], one["version"]): (one["cards"], one["in_force"]) for one in told["counts"]}
    assert counts["debit", 1] == (FAMILIES, 0)
    assert counts["debit", 2] == (FAMILIES, 1)
    (card,) = [card for card in told["cards"] if card["debit"]["in_force"] == 2]
    assert (card["serial"], card["debit"]["made_with"], card["update"]["in_force"]) == (serial, [1, 2], 1)
    assert "Finished cards: 3" in CliRunner().invoke(app, command[:3]).stdout


def test_the_development_keys_have_these_versions() -> None:
    assert all(version in KEYS.versions(label) for label, version in NEWER.required())
