# SPDX-License-Identifier: Apache-2.0
"""A city's cards on the command line: loaded, lost, found, blocked at once, replaced, by two people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.bank.cli.conftest import BankCommand
from tests.bank.conftest import PASSWORD, Clock
from tests.bank.updates.scene import POLICIES, Scene
from tests.card.live_card import LiveCard
from tests.cli.conftest import Ran
from tests.cli.shown import check_languages, check_widths

from ssn_card.bank.store.bank import Bank
from ssn_card.programme import WITA
from ssn_card.protocol.values import LifeState
from ssn_card.receipts import Receipt
from ssn_card.receipts.jsonl import line_of

OURS = (
    POLICIES
    + """
[[policy]]
id = 3
name = "three"
valid_from = 2026-04-01
valid_until = 2079-12-31
entitlement_total = 900_000
tranches = [300_000, 600_000]
monthly_limit = 300_000
shops = 51
categories = ["BERAS", "TELUR"]
"""
)


@pytest.fixture
def scene(bank: Bank, clock: Clock, tmp_path: Path, new_card: Callable[[], LiveCard]) -> Iterator[Scene]:
    made = Scene(bank, clock, tmp_path, new_card)
    made.decided(OURS)
    made.at(dt.datetime.now(WITA))
    yield made
    made.journal.close()
    for card in made.cards.values():
        card.discard()


@pytest.fixture
def city(scene: Scene, as_user: BankCommand) -> City:
    return City(scene, as_user)


class City:
    """Two people at the command line."""

    def __init__(self, scene: Scene, as_user: BankCommand) -> None:
        self.scene = scene
        self.as_user = as_user
        self.into = ("--register", scene.register, "--policies", scene.folder / "policies.toml")

    def operator(self, *arguments: object) -> Ran:
        return self.as_user("operator", "bank", *arguments)

    def second(self, *arguments: object) -> Ran:
        return self.as_user("second", "bank", *arguments)

    def run(self, name: str, kind: str, *options: object) -> Ran:
        """Planned, looked at, approved, issued."""
        new = self.operator("runs", "new", name, "--kind", kind, *options, *self.into)
        assert new.code == 0, new.error
        assert self.operator("runs", "submit", name).json["stage"] == "submitted"
        assert self.operator("runs", "approve", name).error["code"] == "not-allowed"
        assert self.second("runs", "show", name).json["unchanged"]
        assert self.second("runs", "approve", name).json["stage"] == "approved"
        return self.issue(name)

    def issue(self, name: str) -> Ran:
        return self.operator("runs", "issue", name, "--out-dir", self.scene.folder / "out", *self.into)

    def hand_in(self, *receipts: Receipt) -> Ran:
        path = self.scene.folder / f"{receipts[0].seq}-{receipts[0].serial.hex()}.jsonl"
        path.write_text("".join(f"{line_of(one)}\n" for one in receipts))
        return self.operator("import-receipts", path, "--register", self.scene.register)


def test_a_city_is_loaded_by_two_people(city: City) -> None:
    scene = city.scene
    cards = [scene.card() for _ in range(3)]
    assert city.operator("runs", "new", "x", "--kind", "load", *city.into).error["code"] == "run-order"
    assert city.operator("runs", "new", "x", "--kind", "gift", *city.into).error["code"] == "bad-argument"
    issued = city.run("first", "load", "--policy", 3, "--tranche", 1)
    assert (issued.json["updates"], issued.json["stage"]) == (3, "done")
    shown = city.second("runs", "show", "first").json
    assert (shown["rupiah"], shown["cards"]) == (900_000, 3)
    assert city.operator("runs", "list").json["runs"][0]["stage"] == "done"
    bundles = city.operator("bundles", "--out-dir", scene.folder / "bundles").json
    assert bundles["updates"] == 3
    told = city.hand_in(scene.deliver(cards[0]))
    assert told.json["moved"] == {cards[0]: "activate"}
    assert city.operator("bundles", "--out-dir", scene.folder / "bundles").json["updates"] == 2
    assert city.operator("cards", "list").json["states"] == {"activated": 1, "delivered": 2}
    shown = city.operator("cards", "show", cards[0]).json
    assert (shown["update"]["loaded_total"], shown["newest_receipt"]["balance"]) == (300_000, 300_000)


def test_a_lost_card_is_blocked_at_once_and_looked_at_afterwards(city: City) -> None:
    scene = city.scene
    card = scene.card()
    city.run("first", "load", "--policy", 3, "--tranche", 1)
    city.hand_in(scene.deliver(card))
    told = city.operator(
        "cards", "report-lost", card, "--reason", "by telephone", "--out-dir", scene.folder, *city.into
    )
    assert told.code == 0, told.error
    assert told.json["state"] == "temporarily-lost"
    run = told.json["run"]
    receipt = scene.deliver(card)
    assert scene.status(card).state is LifeState.BLOCKED
    assert city.second("runs", "show", run).json["stage"] == "submitted"
    assert city.second("runs", "approve", run).code == 0
    assert city.issue(run).json["stage"] == "done"
    # Found after all.
    assert city.operator("cards", "find", card, "--reason", "in a pocket").json["state"] == "found"
    assert city.hand_in(receipt).json["moved"] == {}
    opened = city.operator("cards", "unblock", card, *city.into).json["run"]
    assert city.second("runs", "approve", opened).code == 0
    assert city.issue(opened).code == 0
    assert city.hand_in(scene.deliver(card)).json["moved"] == {card: "activate"}
    assert scene.status(card).balance == 300_000


def test_a_replacement_from_the_first_word_to_the_new_card(city: City) -> None:
    scene = city.scene
    card = scene.card()
    city.run("first", "load", "--policy", 3, "--tranche", 1)
    city.hand_in(scene.deliver(card))
    scene.buy(card, 100_000)
    assert city.operator("cards", "replace", card, "--reason", "unreadable").error["code"] == "move-refused"
    city.operator("cards", "block", card, "--reason", "unreadable", "--out-dir", scene.folder, *city.into)
    receipt = scene.folder / "stopped.jsonl"
    receipt.write_text(line_of(scene.deliver(card)) + "\n")
    money = city.operator("cards", "replace", card, "--reason", "unreadable", "--stopped-by", receipt)
    assert (money.json["balance"], money.json["held_back"], money.json["carried"]) == (200_000, 0, 200_000)
    scene.at(dt.datetime.now(WITA) + dt.timedelta(minutes=1))
    new = scene.card(scene.person_of(card), replaces=card)
    assert city.operator("cards", "settle", card).json["successor"] == new
    assert city.run("carry", "carry", "--policy", 3).json["updates"] == 1
    scene.deliver(new)
    assert scene.status(new).balance == 200_000
    assert city.second("cards", "terminate", card, "--reason", "over").error["code"] == "move-refused"
    assert city.run("close", "terminate", card).json["updates"] == 1


def test_a_deactivated_holder_keeps_his_rights(city: City) -> None:
    scene = city.scene
    one, other = scene.card(), scene.card()
    city.run("first", "load", "--policy", 3, "--tranche", 1)
    assert city.operator("cards", "deactivate", one, "--reason", "moved away").code == 0
    assert city.operator("cards", "deactivate", one, "--reason", "again").error["code"] == "right-unchanged"
    city.run("second", "load", "--policy", 3, "--tranche", 2)
    missed = city.operator("cards", "show", one).json["missed"]
    assert [(row["tranche"], row["amount"]) for row in missed] == [(2, 600_000)]
    assert city.operator("cards", "reactivate", one, "--reason", "visited").code == 0
    city.run("missed", "carry", "--policy", 3)
    assert city.operator("cards", "show", one).json["missed"] == []
    for card in (one, other):
        scene.deliver(card)
        assert scene.status(card).balance == 900_000


@pytest.mark.parametrize("kind", ["sqlite"])
def test_what_people_read(
    city: City, ssn: Callable[..., Ran], bank_place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = city.scene.card()
    city.run("r-1", "load", "--policy", 3, "--tranche", 1)
    city.operator("cards", "damage", card, "--reason", "x")
    city.operator("cards", "replace", card, "--reason", "x")
    monkeypatch.setenv("SSN_BANK_PASSWORD", PASSWORD)
    commands = (("runs", "list"), ("runs", "show", "r-1"), ("cards", "list"), ("cards", "show", card))
    for command in commands:

        def show(language: str, width: int, command: tuple[str, ...] = command) -> str:
            monkeypatch.setenv("COLUMNS", str(width))
            monkeypatch.setenv("SSN_LANG", language)
            found = ssn("bank", *command, "--bank", bank_place, "--user", "operator", "--development")
            assert found.code == 0
            return str(found.out)

        check_widths(show)
        check_languages(show)
