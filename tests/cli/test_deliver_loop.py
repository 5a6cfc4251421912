# SPDX-License-Identifier: Apache-2.0
"""``ssn entitlement deliver --loop``: card after card gets its update, whatever is presented, cut or repeated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.card.live_card import LiveCard
from tests.cli.conftest import Ran, Ssn
from tests.conftest import card_at
from tests.entitlement.test_update import changed
from tests.personalization.station.support import CuttableConnection, cut_at

from ssn_card.cli import card_presented
from ssn_card.entitlement import SignedUpdate, issue, write_updates
from ssn_card.keys import development_keyring
from ssn_card.protocol.values import LifeState
from ssn_card.simulator import Simulator
from ssn_card.simulator.pcscd import virtual_reader
from ssn_card.terminal import Reader, SoftwareTerminalKeys, Terminal, TerminalJournal
from ssn_card.transport import CardConnection, CardUrl, NoCard, open_connection, register

KEYS = development_keyring()


class Turnstile:
    """A reader: each look finds the next of what was planned, a card's URL, nothing, or something that happens."""

    def __init__(self) -> None:
        self.looks: list[str | Callable[[], CardConnection] | None] = []
        self.seen = 0

    def open(self, url: CardUrl, _: object) -> CardConnection:
        self.seen += 1
        look = self.looks.pop(0) if self.looks else None
        if look is None:
            raise NoCard(url.text)
        return look() if callable(look) else open_connection(look)


@pytest.fixture
def turnstile(monkeypatch: pytest.MonkeyPatch) -> Turnstile:
    monkeypatch.setattr(card_presented, "_LOOK_AGAIN_SECONDS", 0.01)
    turnstile = Turnstile()
    register("turnstile", turnstile.open)
    return turnstile


@pytest.fixture
def cards(new_card: Callable[[], LiveCard]) -> Iterator[list[LiveCard]]:
    cards = [new_card() for _ in range(3)]
    yield cards
    for card in cards:
        card.discard()


def update_for(card: LiveCard, update_seq: int = 1) -> SignedUpdate:
    return issue(changed(update_seq=update_seq, valid_until=dt.date(2079, 12, 31)), card.serial, KEYS)


@pytest.fixture
def folder(tmp_path: Path, cards: list[LiveCard]) -> Path:
    """Updates of the first two cards, each in a file of its own."""
    folder = tmp_path / "updates"
    folder.mkdir()
    for number, card in enumerate(cards[:2]):
        write_updates(folder / f"{number}.jsonl", [update_for(card)])
    return folder


@pytest.fixture
def delivering(ssn: Ssn, folder: Path, tmp_path: Path) -> Callable[..., Ran]:
    def call(*options: object, json: bool = True) -> Ran:
        common = ("--journal", tmp_path / "t7.db", "--terminal", 7, "--development", *(("--json",) if json else ()))
        return ssn("entitlement", "deliver", folder, "--card", "turnstile:", *common, *options)

    return call


def state(card: LiveCard) -> tuple[int, LifeState]:
    with card.connect() as line:
        status = Reader(SoftwareTerminalKeys(KEYS)).status(line)
    return status.update_seq, status.state


def results(ran: Ran) -> list[str]:
    return [card["result"] for card in ran.json["cards"]]


def test_whoever_comes_is_served_until_all_are(
    turnstile: Turnstile, cards: list[LiveCard], delivering: Callable[..., Ran]
) -> None:
    one, two, stranger = cards
    # The card that was served stays in the reader for a while.
    turnstile.looks = [None, one.url, one.url, one.url, None, None, stranger.url, None, two.url]
    ran = delivering("--loop")
    assert (ran.code, results(ran)) == (0, ["applied", "no_update", "applied"])
    assert (ran.json["delivered"], ran.json["left"], ran.json["stopped"]) == (2, 0, "complete")
    assert ran.err.count("Present the card") >= 1
    assert [state(card)[0] for card in cards] == [1, 1, 0]
    assert turnstile.looks == []
    again = delivering("--loop")
    assert (again.code, again.json["earlier"], again.json["delivered"], again.json["left"]) == (0, 2, 0, 0)
    assert turnstile.seen == 9  # no card was asked for


def test_one_card_after_the_other_without_a_gap(
    turnstile: Turnstile, cards: list[LiveCard], delivering: Callable[..., Ran]
) -> None:
    turnstile.looks = [cards[0].url, cards[1].url, cards[1].url]
    ran = delivering("--loop")
    assert (ran.code, results(ran)) == (0, ["applied", "applied"])


def test_what_is_left_is_told_and_the_next_run_goes_on(
    turnstile: Turnstile, cards: list[LiveCard], delivering: Callable[..., Ran]
) -> None:
    turnstile.looks = [cards[0].url, None]
    ran = delivering("--loop", "--wait", 0)
    assert (ran.code, ran.json["left"], ran.json["stopped"]) == (3, 1, "no_card")
    turnstile.looks = [cards[0].url, None, cards[1].url]
    ran = delivering("--loop", json=False)
    assert ran.code == 0
    assert "1 now, 1 earlier; left: 0" in ran.out
    # Once more to the first is no harm; it had it.
    assert f"{cards[0].serial.hex()}  had it already" in ran.out


def test_ctrl_c_ends_it_with_the_report(
    turnstile: Turnstile, cards: list[LiveCard], delivering: Callable[..., Ran]
) -> None:
    def pressed() -> CardConnection:
        raise KeyboardInterrupt

    turnstile.looks = [cards[0].url, None, pressed]
    ran = delivering("--loop")
    assert (ran.code, results(ran), ran.json["stopped"], ran.json["left"]) == (130, ["applied"], "interrupted", 1)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("command", range(1, 5))
def test_a_cut_line_is_tried_again_at_once(
    turnstile: Turnstile, cards: list[LiveCard], delivering: Callable[..., Ran], command: int, when: str
) -> None:
    """Before or after each of SELECT, GET STATUS, SELECT, UPDATE."""
    one, two = cards[0].url, cards[1].url
    turnstile.looks = [lambda: CuttableConnection(one, cut_at(command, when)), one, two, two]
    ran = delivering("--loop")
    landed = (command, when) == (4, "after")
    assert (ran.code, results(ran)) == (0, ["failed", "already_applied" if landed else "applied", "applied"])
    assert ran.json["cards"][0]["error"]["code"] == "connection-lost"
    assert [state(card)[0] for card in cards[:2]] == [1, 1]


def test_a_card_that_never_answers_does_not_stop_the_line(
    turnstile: Turnstile, cards: list[LiveCard], delivering: Callable[..., Ran]
) -> None:
    def mute() -> CardConnection:
        return CuttableConnection(cards[0].url, cut_at(2, "before"))

    turnstile.looks = [mute, mute, mute, cards[0].url, None, cards[1].url, None]
    ran = delivering("--loop", "--wait", 0)
    assert results(ran) == ["failed", "failed", "failed"]
    turnstile.looks = [mute, mute, mute, None, cards[1].url, None, cards[0].url]
    ran = delivering("--loop")
    assert results(ran) == ["failed", "failed", "failed", "applied", "applied"]


def test_cards_that_are_ahead_or_refuse_or_are_none(
    turnstile: Turnstile,
    cards: list[LiveCard],
    delivering: Callable[..., Ran],
    folder: Path,
    new_blank: Callable[[], LiveCard],
) -> None:
    one, two, _ = cards
    with one.connect() as line:
        Terminal(SoftwareTerminalKeys(KEYS), TerminalJournal(":memory:", 1)).deliver(line, update_for(one, 5))
    altered = update_for(two, 2)
    write_updates(folder / "altered.jsonl", [SignedUpdate(two.serial, altered.entitlement, 1, bytes(8))])
    blank = new_blank()
    turnstile.looks = [one.url, blank.url, blank.url, None, two.url, None]
    ran = delivering("--loop", "--wait", 0.05)
    assert results(ran) == ["newer_on_card", "not_our_card", "refused"]
    assert (ran.code, ran.json["left"], ran.json["cards"][2]["error"]["code"]) == (3, 1, "wrong-mac")
    assert [state(one)[0], state(two)[0]] == [5, 0]


def test_strangers_only_stop_it(
    turnstile: Turnstile, delivering: Callable[..., Ran], new_blank: Callable[[], LiveCard]
) -> None:
    turnstile.looks = [look for _ in range(6) for look in (new_blank().url, None)]
    ran = delivering("--loop")
    assert (ran.code, len(turnstile.looks)) == (1, 3)
    assert "not_our_card" in ran.out
    assert "ssn perso run" in ran.err


def test_one_card_is_waited_for(turnstile: Turnstile, cards: list[LiveCard], delivering: Callable[..., Ran]) -> None:
    turnstile.looks = [None, None, cards[1].url]
    assert delivering().json["result"] == "applied"
    ran = delivering("--wait", 0.05)
    assert (ran.code, ran.error["code"]) == (1, "no-card")
    turnstile.looks = [cards[2].url]
    assert delivering().error["code"] == "no-update"


def test_a_bad_folder_delivers_nothing(turnstile: Turnstile, delivering: Callable[..., Ran], folder: Path) -> None:
    (folder / "z.jsonl").write_text("x\n")
    assert delivering("--loop").error["where"] == f"{folder / 'z.jsonl'}:1 json"
    assert turnstile.seen == 0


@pytest.mark.pcsc
def test_a_real_reader(
    ssn: Ssn,
    pcscd: Any,
    simulator: Simulator,
    cards: list[LiveCard],
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Cards are put in and taken out of a real PC/SC reader while the loop looks at it."""
    pcscd.start()
    simulated = [card_at(simulator, card.url) for card in cards[:2]]
    simulator.insert(simulated[0], 0)
    waited = card_presented.CardPlace.wait_for_another

    def swap(place: card_presented.CardPlace, serial: bytes) -> None:
        simulator.eject(simulated[0])
        waited(place, serial)
        simulator.insert(simulated[1], 0)

    monkeypatch.setattr(card_presented.CardPlace, "wait_for_another", swap)
    common = ("--journal", tmp_path / "t7.db", "--terminal", 7, "--development", "--json", "--wait", 30)
    try:
        ran = ssn("entitlement", "deliver", folder, "--card", f"pcsc:{virtual_reader(0)}", "--loop", *common)
    finally:
        simulator.eject(simulated[1])
    assert (ran.code, results(ran)) == (0, ["applied", "applied"])
