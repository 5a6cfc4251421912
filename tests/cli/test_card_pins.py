# SPDX-License-Identifier: Apache-2.0
"""PINs, numbers, clocks and retired keys through the command line, over the real applet."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.card.live_card import LiveCard, Talk
from tests.cli.conftest import Ran, Ssn
from tests.conftest import BENEFICIARY, IDENTITY
from tests.model import wire
from tests.terminal.test_sales import signed
from tests.terminal.written import intended

from ssn_card.entitlement import issue, write_updates
from ssn_card.keys import development_keyring
from ssn_card.personalization.card.personalize import personalize
from ssn_card.protocol.values import KeySelection
from ssn_card.receipts import Basket
from ssn_card.receipts.settle import read_gone
from ssn_card.terminal import TerminalJournal, now
from ssn_card.transport import ConnectionLost
from ssn_card.transport.vpcd import VpcdConnection

PIN, NEW = "482917", "7391"
RICE = Basket.of(("BERAS", 1, 16_200))
Typed = Callable[..., None]


@pytest.fixture
def card(new_blank: Callable[[], LiveCard]) -> LiveCard:
    """Active for decades, with a PIN; Rp100,000 may be spent without it."""
    card = new_blank()
    with card.connect() as connection:
        personalize(connection, development_keyring(), BENEFICIARY, IDENTITY, pin=PIN)
    updated(card, 1)
    return card


def updated(card: LiveCard, number: int, **changes: int) -> None:
    talk = Talk(card)
    talk.load(wire.entitlement(number, 900_000, until="791231", pin_above=100_000, **changes))  # type: ignore[arg-type]
    talk.close()


def newest(card: LiveCard, folder: Path, **changes: object) -> Path:
    """A file with update 5 of the card."""
    path = folder / "updates.jsonl"
    until = {"valid_until": dt.date(2079, 12, 31)}
    write_updates(path, [issue(signed(card, 5, 900_000, **(until | changes)), card.serial, development_keyring())])
    return path


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Typed:
    """What the holder types, one after another."""

    def set_up(*words: str) -> None:
        left = list(words)
        monkeypatch.setattr("sys.stdin.isatty", lambda: True)
        monkeypatch.setattr("getpass.getpass", lambda _: left.pop(0))

    return set_up


@pytest.fixture
def at_card(ssn: Ssn, card: LiveCard) -> Callable[..., Ran]:
    return lambda *arguments: ssn(*arguments, "--card", card.url, "--development", "--json")


@pytest.fixture
def at_terminal(at_card: Callable[..., Ran], tmp_path: Path) -> Callable[..., Ran]:
    return lambda *arguments: at_card(*arguments, "--journal", tmp_path / "t7.db", "--terminal", 7)


def test_a_sale_asks_for_the_pin_when_it_is_due(
    at_card: Callable[..., Ran], at_terminal: Callable[..., Ran], typed: Typed
) -> None:
    sell = ("terminal", "sell", "--item", "GULA=1@100000")
    assert at_terminal(*sell).json["receipt"]["pin_state"] == 0
    due = at_terminal(*sell)
    assert (due.code, due.error["code"]) == (1, "pin-required")
    assert "Rp0 at most" in due.error["message_en"]
    unattended = at_terminal(*sell, "--ask-pin")
    assert (unattended.error["code"], unattended.error["where"]) == ("bad-argument", "PIN")
    typed("0000")
    wrong = at_terminal(*sell, "--ask-pin")
    assert (wrong.error["code"], wrong.error["details"]) == ("wrong-pin", {"tries": 2})
    typed(PIN)
    assert at_terminal(*sell, "--ask-pin").json["receipt"]["pin_state"] == 1
    status = at_card("card", "status").json
    assert (status["without_pin"], status["pin_tries"], status["pin_choice"]) == (100_000, 3, False)


def test_a_terminal_that_ends_before_the_pin(at_card: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    def ends(_: str) -> str:
        raise EOFError

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("getpass.getpass", ends)
    ran = at_card("card", "pin")
    assert (ran.code, ran.error["code"], ran.error["where"]) == (1, "no-answer", "stdin")


def test_a_holder_changes_the_pin(card: LiveCard, at_card: Callable[..., Ran], typed: Typed) -> None:
    typed(PIN, NEW, NEW)
    ran = at_card("card", "pin")
    assert (ran.code, ran.json["serial"], ran.json["chosen"]) == (0, card.serial.hex(), False)
    for words, code in (
        ((PIN, NEW, NEW), "wrong-pin"),
        ((NEW, "1111", "1112"), "bad-argument"),
        ((NEW, "12"), "input"),
    ):
        typed(*words)
        ran = at_card("card", "pin")
        assert (ran.code, ran.error["code"]) == (1, code)
        assert all(word not in ran.out + ran.err for word in words if len(word) > 2)
    typed(NEW, PIN, PIN)
    assert at_card("card", "pin").code == 0


def test_a_holder_chooses_a_pin_where_the_bank_lets_him(
    ssn: Ssn, card: LiveCard, at_card: Callable[..., Ran], typed: Typed
) -> None:
    typed(NEW, NEW)
    closed = at_card("card", "pin", "--choose")
    assert (closed.code, closed.error["code"]) == (1, "pin-choice-closed")
    updated(card, 2, pin_count=1)
    assert at_card("card", "status").json["pin_choice"] is True
    typed(NEW, NEW)
    assert at_card("card", "pin", "--choose").json["chosen"] is True
    assert at_card("card", "status").json["pin_choice"] is False
    typed(NEW, PIN, PIN)
    assert "new PIN" in ssn("card", "pin", "--card", card.url, "--development").out


def test_a_receipt_is_read_by_its_number(
    ssn: Ssn, card: LiveCard, at_card: Callable[..., Ran], at_terminal: Callable[..., Ran], tmp_path: Path
) -> None:
    for _ in range(2):
        assert at_terminal("terminal", "sell", "--item", "BERAS=1@16200").code == 0
    whole = at_card("card", "log").json["receipts"]
    assert [one["seq"] for one in whole] == [3, 2, 1]
    out = tmp_path / "one.jsonl"
    assert at_card("card", "log", "--number", 2, "--out", out).json["receipts"] == [whole[1]]
    assert len(out.read_text().splitlines()) == 1
    missing = at_card("card", "log", "--number", 4)
    assert (missing.code, missing.error["code"]) == (1, "no-such-receipt")
    assert missing.error["details"] == {"number": 4, "newest": 3}
    assert "Receipt 2" in ssn("card", "log", "--number", 2, "--card", card.url, "--development").out


def test_a_clock_behind_the_journal_is_confirmed(ssn: Ssn, at_terminal: Callable[..., Ran], tmp_path: Path) -> None:
    path = tmp_path / "t7.db"
    with TerminalJournal(path, 7) as journal:
        intended(journal, moment=now() + dt.timedelta(days=3))
    sell = ("terminal", "sell", "--item", "BERAS=1@16200")
    for command in (sell, ("terminal", "override", "--amount", 1, "--companion", "PD-1", "--reason-code", 1)):
        behind = at_terminal(*command)
        assert (behind.code, behind.error["code"]) == (1, "clock-behind-journal")
        assert "--confirm-clock" in behind.error["remedy_en"]
    confirmed = at_terminal(*sell, "--confirm-clock")
    assert confirmed.code == 0
    assert "confirmed" in confirmed.err
    assert at_terminal(*sell).code == 0
    events = ssn("terminal", "events", "--journal", path, "--json").json["events"]
    assert [one["event"] for one in events] == ["clock_confirmed"]


def test_what_a_card_has_forgotten_goes_to_the_bank(
    ssn: Ssn,
    card: LiveCard,
    at_card: Callable[..., Ran],
    at_terminal: Callable[..., Ran],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """From the lost answer to the bank's settlement, which restores the receipt."""
    log, gone, rest = (tmp_path / name for name in ("log.jsonl", "gone.jsonl", "rest.jsonl"))
    assert at_card("card", "log", "--out", log).code == 0
    exchange = VpcdConnection._exchange

    def losing(self: VpcdConnection, command: bytes) -> bytes:
        answer = exchange(self, command)
        if command[1] == wire.DEBIT:
            raise ConnectionLost(self.url, "cut", in_flight=True)
        return answer

    monkeypatch.setattr(VpcdConnection, "_exchange", losing)
    sell = ("terminal", "sell", "--item", "BERAS=1@16200", "--reference", "17")
    assert at_terminal(*sell).error["code"] == "in-doubt"
    monkeypatch.setattr(VpcdConnection, "_exchange", exchange)
    moment = now().strftime("%y%m%d%H%M%S")
    talk = Talk(card)
    receipts = [talk.debit(1, txn=number, when=moment, terminal=9) for number in range(1, 32)]
    talk.close()
    rest.write_text(json.dumps({"schema": "ssn-card/receipt/1", "receipt": receipts[0].hex()}) + "\n")

    recovered = at_terminal("card", "recover")
    assert recovered.json["settled"] == 0
    assert recovered.json["for_the_bank"] == [1]
    assert "ssn terminal doubts" in recovered.err
    again = at_terminal(*sell)
    assert (again.code, again.error["code"]) == (1, "recovery-uncertain")
    assert at_terminal("terminal", "sell", "--item", "BERAS=1@16200", "--reference", "18").code == 0
    common = ("--journal", tmp_path / "t7.db", "--json")
    assert ssn("terminal", "pending", *common).json["pending"] == []
    told = ssn("terminal", "doubts", *common, "--out", gone).json
    assert [(one["seq"], one["amount"], one["reference"]) for one in told["doubts"]] == [(2, 16_200, "17")]

    (movement,) = read_gone([gone])
    assert (movement.serial, movement.seq) == (card.serial, 2)
    settled = ssn("receipts", "settle", gone, log, rest, "--development", "--json")
    assert settled.code == 0
    (one,) = settled.json["movements"]
    assert (one["verdict"], one["restored"], one["receipt"]["amount"]) == ("ours", True, 16_200)


def test_a_card_of_retired_keys_gets_its_update_and_nothing_else(
    ssn: Ssn,
    card: LiveCard,
    at_card: Callable[..., Ran],
    at_terminal: Callable[..., Ran],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    updates = newest(card, tmp_path, key_selection=KeySelection.DEBIT)
    monkeypatch.setenv("SSN_MIN_DEBIT_VERSION", "2")
    for reading in (("card", "status"), ("card", "log")):
        assert at_card(*reading).error["code"] == "keys-retired"
    for command in (("card", "recover"), ("terminal", "sell", "--item", "BERAS=1"), ("terminal", "cancel")):
        TerminalJournal(tmp_path / "t7.db", 7).close()
        assert at_terminal(*command).error["code"] == "keys-retired"
    first = at_terminal("entitlement", "deliver", updates)
    assert (first.code, first.json["result"]) == (0, "handed_over")
    assert at_terminal("entitlement", "deliver", updates).json["result"] == "already_applied"
    assert at_card("card", "status").json["key_selection"] == 4


def test_a_card_is_delivered_to_in_a_row_of_cards_of_retired_keys(
    ssn: Ssn, card: LiveCard, at_terminal: Callable[..., Ran], tmp_path: Path
) -> None:
    """Handed over counts for this run; the next one, which may not believe the first one's receipt, does it again."""
    updates = newest(card, tmp_path)
    for _ in range(2):
        ran = at_terminal("entitlement", "deliver", updates, "--loop", "--wait", 5, "--min-debit-version", 2)
        assert [one["result"] for one in ran.json["cards"]] == ["handed_over"]
        assert (ran.json["earlier"], ran.json["left"]) == (0, 0)
    ran = at_terminal("entitlement", "deliver", updates, "--loop", "--wait", 5)
    assert [one["result"] for one in ran.json["cards"]] == ["already_applied"]
    ran = at_terminal("entitlement", "deliver", updates, "--loop", "--wait", 5)
    assert (ran.json["cards"], ran.json["earlier"]) == ([], 1)
