# SPDX-License-Identifier: Apache-2.0
"""Our own terminal against the vectors: its keys, its conclusions, and whole transcripts that play the card to it."""

from __future__ import annotations

import secrets
from typing import Any

import pytest
from tests.model import wire
from tests.protocol.scripted_card import ScriptedCard
from tests.protocol.vector_files import FILES, TRANSCRIPTS, raw

from ssn_card.keys import development_keyring
from ssn_card.keys.development import development_master
from ssn_card.protocol import commands, status
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.layouts import MOVEMENT, SELECT_ANSWER
from ssn_card.protocol.selection import CardInfo
from ssn_card.protocol.values import ReceiptType
from ssn_card.terminal.journal import Entry, MovementState
from ssn_card.terminal.keys import SoftwareCompanionKeys, SoftwareTerminalKeys
from ssn_card.terminal.recovery import judged
from ssn_card.terminal.session import CardSession, receipt_answer

SERIAL = bytes.fromhex(FILES["journey"]["serial"])
PROVIDER = development_keyring((1, 2))
KEYS, COMPANION = SoftwareTerminalKeys(PROVIDER), SoftwareCompanionKeys(PROVIDER)
TERMINAL = 0x12345
_QUOTE = SELECT_ANSWER.offset("protocol_version")
_GENUINE = [one for one in FILES["conclusions"]["terminal"] if one["conclusion"] != "not genuine"]
_UNDER_DEBIT = [one for one in FILES["commands"]["cases"] if one["key_label"] == "DEBIT"]


def told(case: dict[str, Any]) -> CardInfo:
    """The card as a command's MAC covers it."""
    return CardInfo(SERIAL, raw(case, "quote"))


@pytest.mark.parametrize("case", FILES["select"]["cases"], ids=lambda c: str(c["newest_seq"]))
def test_numbers_are_unmasked(case: dict[str, Any]) -> None:
    assert KEYS.number(CardInfo(SERIAL, raw(case, "answer")[_QUOTE:18])) == case["newest_seq"]


@pytest.mark.parametrize("case", _UNDER_DEBIT, ids=lambda c: c["command"])
def test_commands_get_their_macs(case: dict[str, Any]) -> None:
    sent = raw(case, "header_and_body")
    assert KEYS.command_mac(told(case), sent[1], sent[5:], raw(case, "challenge")) == raw(case, "mac")


@pytest.mark.parametrize("case", FILES["answers"]["cases"], ids=lambda c: c["command"])
def test_genuine_answers_are(case: dict[str, Any]) -> None:
    request = next(one for one in FILES["commands"]["cases"] if one["mac"] == case["command_mac"])
    card = CardInfo(SERIAL, b"\1\1\1\1\1\1\0\0\0\0") if "quote" not in request else told(request)
    ins = int(case["ins"], 16)
    assert KEYS.is_genuine(card, ins, raw(case, "logical_answer"), raw(case, "command_mac"), raw(case, "mac"))


@pytest.mark.parametrize("case", FILES["answers"]["not_genuine"], ids=lambda c: c["why"])
def test_others_are_not(case: dict[str, Any]) -> None:
    request = next(one for one in FILES["commands"]["cases"] if one["mac"] == case["command_mac"])
    data = raw(case, "data")
    logical = raw(case, "body") + data[:-8]
    assert not KEYS.is_genuine(told(request), wire.DEBIT, logical, raw(case, "command_mac"), data[-8:])


@pytest.mark.parametrize("case", FILES["pin_blocks"]["cases"], ids=lambda c: c["pin"])
def test_pins_are_masked(case: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "token_bytes", lambda _: raw(case, "terminal_nonce"))
    body = KEYS.pin_query(CardInfo(SERIAL, b"\1" * 6 + bytes(4)), TERMINAL, case["pin"], raw(case, "challenge"))
    wanted = raw(case, "terminal_nonce") + TERMINAL.to_bytes(4, "big") + raw(case, "masked_pin_block")
    assert body == wanted


@pytest.mark.parametrize(
    "case",
    [one for one in FILES["conclusions"]["terminal"] if one["conclusion"] != "not genuine"],
    ids=lambda c: c["why"],
)
def test_doubts_are_judged(case: dict[str, Any]) -> None:
    states = {"charged": MovementState.DONE, "not charged": MovementState.VOID, "gone": MovementState.GONE}
    attempt = case["attempt"]
    entry = Entry(
        1, None, ReceiptType(attempt["type"]), raw(attempt, "serial"), attempt["seq"], raw(attempt, "body"), None,
        MovementState.VOID, None,  # type: ignore[arg-type]  # no day: nothing here asks for it
    )  # fmt: skip
    assert judged(entry, receipt_answer(raw(case, "answer")[:-8])) is states[case["conclusion"]]


# ---------------------------------------------------------------- the transcripts as a card

_KINDS = {0x40: ReceiptType.DEBIT, 0x42: ReceiptType.CANCEL, 0x4A: ReceiptType.OVERRIDE}
#: Those whose commands are all such as a terminal sends of itself; the others hold altered ones.
PLAYED = (
    "journey", "active", "active, and bought for 100000", "debits refused", "issued", "blocked", "terminated",
    "cancellations refused", "active, with a PIN", "contactless", "contacts again", "the floor",
    "what ends 'given'", "blocked PIN", "the choice closed", "active, without a PIN", "no PIN", "a month mended",
    "expiry", "updates lost", "rotation of RECEIPT", "rotation of UPDATE", "rotation of all keys",
    "the same update behind a rotation of DEBIT", "the former UPDATE key", "an update under the next UPDATE key",
    "another's number", "gone", "numbers asked for",
)  # fmt: skip


class OwnTerminal:
    """Our terminal's session with a card that a transcript plays: asks for what comes next, and checks what it gets."""

    def __init__(self, card: ScriptedCard) -> None:
        self.card = card
        self.session: CardSession | None = None

    def ask(self, exchange: dict[str, Any]) -> None:
        """One exchange, in the words of the session."""
        ins = int(exchange["command"][2:4], 16)
        if ins == commands.SELECT.ins:
            if self.session is None:
                self.session = CardSession(self.card, KEYS, TERMINAL)
            else:
                self.session.select()
            return
        assert self.session is not None
        fields, told = exchange.get("fields", {}), exchange.get("answer_fields", {})
        if ins in _KINDS:
            body = bytes.fromhex(exchange["command"])[5 : 5 + MOVEMENT.size]
            companion = COMPANION if ins == commands.OVERRIDE.ins else None
            receipt = self.session.move(self.session.prepare(_KINDS[ins], body, companion))
            assert receipt.mac.hex() == told["mac"]
            assert receipt.movement == body
        elif ins == commands.UPDATE.ins:
            assert self.session.deliver(bytes.fromhex(exchange["command"])[:-1]).mac.hex() == told["mac"]
        elif ins == commands.GET_STATUS.ins:
            assert _plain(vars(self.session.status())) == {"serial": SERIAL.hex(), **told}
        elif ins == commands.READ_RECEIPT.ins:
            found = self.session.read_receipt(fields["seq"])
            assert getattr(found, "newest_seq", None) == told.get("newest_seq")
            assert getattr(found, "seq", None) == told.get("seq")
        else:
            ask = self.session.verify_pin if ins == commands.VERIFY.ins else self.session.set_pin
            ask(self._pin(exchange))

    def _pin(self, exchange: dict[str, Any]) -> str:
        """The digits under the mask of this session."""
        assert self.session is not None
        version = self.session.info.debit_key_version
        key = wire.derive(development_master(KeyLabel.DEBIT, version).value(), b"DEBIT", SERIAL)
        nonce, masked = raw(exchange["fields"], "terminal_nonce"), raw(exchange["fields"], "masked_pin_block")
        block = wire.masked_pin(key, nonce, self.card.last[-8:], masked)
        return block.hex()[2 : 2 + block[0] % 16]


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    plain = {name: value.hex() if isinstance(value, bytes) else value for name, value in values.items()}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in plain.items()}


@pytest.mark.parametrize("name", PLAYED)
def test_a_transcript_plays_the_card_to_our_terminal(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Our terminal, given the transcript's random numbers, sends its commands byte for byte, and believes it."""
    card = ScriptedCard(TRANSCRIPTS[name])
    terminal = OwnTerminal(card)
    monkeypatch.setattr(secrets, "token_bytes", card.nonce)
    while (exchange := card.next) is not None:
        if "event" in exchange:
            card.reset()
        elif exchange["sw"] == "9000":
            terminal.ask(exchange)
        else:
            with pytest.raises(status.CardStatusError) as caught:
                terminal.ask(exchange)
            assert f"{caught.value.sw:04x}" == exchange["sw"]
    card.close()
