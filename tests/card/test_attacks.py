# SPDX-License-Identifier: Apache-2.0
"""What worked against SELECT, sessions and recovery before the protocol was repaired, each played on the applet.

What the line does is done here by hand between :class:`Talk` and the card; a rogue terminal has the DEBIT key.
"""

from __future__ import annotations

import pytest
from tests.card.live_card import Talk, nonce
from tests.model import wire
from tests.model.wire import MAC, TYPE, entitlement, movement

PIN = wire.pin_block("482917")
OURS, ROGUE = 7, 666
#: What SELECT says, field by field: where it lies in the answer.
SAID = {
    "protocol version": slice(8, 9), "state class": slice(9, 10), "DEBIT version": slice(10, 11),
    "RECEIPT version": slice(11, 12), "UPDATE version": slice(12, 13), "OVERRIDE version": slice(13, 14),
    "number": slice(14, 18), "challenge": slice(18, 26),
}  # fmt: skip


def cut_off(talk: Talk, ins: int, body: bytes) -> tuple[int, bytes]:
    """A movement whose command the line swallows: the journalled number and body."""
    talk.select()
    talk.signed(ins, body)
    return talk.newest + 1, body


def done(talk: Talk, intent: tuple[int, bytes], kind: int) -> bool | None:
    """What the card's answer by number says of a journalled movement: ours, not ours or not made, or gone."""
    number, body = intent
    answer = talk.read(number)
    if isinstance(answer, int):
        return None if number <= answer else False
    assert answer[MAC:] == wire.receipt_mac(talk.keys.receipt, answer[:MAC])
    return (answer[4:40], answer[TYPE]) == (body, kind)


@pytest.mark.parametrize("field", SAID)
@pytest.mark.parametrize("ins", [*wire.MOVEMENTS, *wire.QUERIES])
def test_a_card_that_was_quoted_falsely_refuses(pin_talk: Talk, field: str, ins: int) -> None:
    """A receipt under a version that the card does not have verified nowhere: "Sold", and the auditor read "forged"."""
    pin_talk.load(entitlement(1, 900_000, pin_count=1))
    mac = pin_talk.debit(1000, txn=1)[MAC:]
    before = pin_talk.status()
    said = bytearray(pin_talk.select())
    for at in range(*SAID[field].indices(len(said))):
        said[at] ^= 0x03
    pin_talk.quote, pin_talk.challenge = bytes(said[8:18]), bytes(said[18:])
    body = {
        wire.CANCEL: movement(1000, txn=2, rest=mac), wire.READ_RECEIPT: wire.receipt_query(1),
        wire.STATUS: wire.query(),
    }.get(ins, movement(1000, txn=2))  # fmt: skip
    command = pin_talk.signed(ins, body)
    if ins in (wire.VERIFY, wire.CHANGE):
        command = pin_talk.pin_command(ins, PIN)
    assert pin_talk.raw(command) == (b"", 0x6988)
    pin_talk.challenge = None
    assert pin_talk.status() == before


def test_a_session_is_not_played_again(talk: Talk) -> None:
    """Query by query, each bound to the answer before it, and the debit at the end: of no use to who recorded it."""
    talk.load(entitlement(1, 900_000))
    talk.select()
    recorded = []
    for number in (1, 2):
        recorded.append(talk.signed(wire.READ_RECEIPT, wire.receipt_query(number, nonce())))
        talk.send(recorded[-1])
    recorded.append(talk.signed(wire.DEBIT, movement(1000)))
    talk.send(recorded[-1])
    before = talk.status()
    for command in recorded:
        talk.select()
        assert talk.raw(command) == (b"", 0x6988)
        assert talk.raw(command) == (b"", 0x6985)
    talk.challenge = None
    assert talk.status() == before


def test_an_answer_is_good_for_one_command_only(talk: Talk) -> None:
    """The answer to the same question is another one, be the question the same to the last byte but for its MAC."""
    talk.load(entitlement(1, 900_000))
    answers = set()
    for _ in range(3):
        talk.select()
        talk.send(talk.signed(wire.STATUS, wire.query()))
        answers.add(talk.challenge)
    assert len(answers) == 3


def test_a_select_in_between_makes_the_command_void(talk: Talk) -> None:
    """A silent SELECT, then the command: refused, not made, and its number says so."""
    talk.load(entitlement(1, 900_000))
    talk.select()
    command, intent = talk.signed(wire.DEBIT, movement(1000)), (talk.newest + 1, movement(1000))
    talk.raw(wire.SELECT)
    assert talk.raw(command) == (b"", 0x6988)
    talk.challenge = None
    assert done(talk, intent, wire.T_DEBIT) is False


def test_thirty_back_dated_debits_prove_nothing(talk: Talk) -> None:
    """By another terminal, of Rp1, stamped before ours, which was cut off: "not charged", at the first and the last."""
    talk.load(entitlement(1, 900_000))
    intent = cut_off(talk, wire.DEBIT, movement(50_000, when="251003100000"))
    for txn in range(30):
        assert done(talk, intent, wire.T_DEBIT) is False
        talk.debit(1, txn=txn, when="251001000000", terminal=ROGUE)
    assert done(talk, intent, wire.T_DEBIT) is False


def test_thirty_debits_do_not_hide_one_that_was_made(talk: Talk) -> None:
    """Its answer was lost: ours as long as the card has it, then gone, and never "not charged"."""
    talk.load(entitlement(1, 900_000))
    talk.select()
    body = movement(50_000)
    intent = (talk.newest + 1, body)
    assert talk.move(wire.DEBIT, body)[1] == wire.OK
    for txn in range(30):
        assert done(talk, intent, wire.T_DEBIT) is True
        talk.debit(1, txn=txn, when="251001000000", terminal=ROGUE)
    assert done(talk, intent, wire.T_DEBIT) is None


@pytest.mark.parametrize("was_ours", [True, False])
def test_what_is_gone_is_proven_by_its_neighbours(pin_talk: Talk, was_ours: bool) -> None:
    """Receipt n, the journalled body, and the MAC that receipt n + 2 names: the lost receipt whole, or not ours."""
    pin_talk.load(entitlement(1, 900_000))
    before = pin_talk.debit(1000, txn=1)
    body = movement(50_000, txn=2)
    if was_ours:
        assert pin_talk.verify(PIN) == wire.OK
        lost, _ = pin_talk.move(wire.DEBIT, body)
    else:
        lost = pin_talk.debit(1, txn=2, terminal=ROGUE)
    after = wire.receipt(pin_talk.debit(1000, txn=3))
    rebuilt = []
    old = wire.receipt(before)
    for pin_state in (wire.NOT_GIVEN, wire.GIVEN, wire.NO_PIN):
        result = (old["balance"] - 50_000, old["month_spent"] + 50_000)
        signed = (
            (old["seq"] + 1).to_bytes(4, "big") + body + b"".join(value.to_bytes(4, "big") for value in result)
            + before[MAC:] + before[56:TYPE] + before[TYPE:75] + b"\x25\x10" + bytes((pin_state, 0, 0))
        )  # fmt: skip
        rebuilt.append(signed + wire.receipt_mac(pin_talk.keys.receipt, signed))
    named = [one for one in rebuilt if wire.number(one, MAC, 8) == after["previous"]]
    assert named == ([lost] if was_ours else [])


def test_a_planted_transaction_number_stops_no_sale(talk: Talk) -> None:
    """A debit of Rp1 in our name, under our next number: ours is made all the same, and both are told apart."""
    talk.load(entitlement(1, 900_000))
    planted = talk.debit(1, txn=5, terminal=OURS)
    talk.select()
    body = movement(50_000, txn=5, terminal=OURS)
    intent = (talk.newest + 1, body)
    ours, sw = talk.move(wire.DEBIT, body)
    assert sw == wire.OK
    assert done(talk, intent, wire.T_DEBIT) is True
    assert done(talk, (2, body), wire.T_DEBIT) is False
    assert talk.read(2) == planted
    assert talk.read(3) == ours


def test_a_cut_off_cancel_sent_as_a_debit_is_no_cancel(talk: Talk) -> None:
    """The same number, the same 36 bytes: only the type tells that the family paid twice."""
    talk.load(entitlement(1, 900_000))
    debit = talk.debit(50_000, txn=1)
    body = movement(50_000, txn=2, rest=debit[MAC:])
    intent = cut_off(talk, wire.CANCEL, body)
    paid_twice, sw = talk.move(wire.DEBIT, body)  # by the rogue, who has the DEBIT key
    assert sw == wire.OK
    assert paid_twice[4:40] == body
    assert done(talk, intent, wire.T_CANCEL) is False
    assert done(talk, intent, wire.T_DEBIT) is True
