# SPDX-License-Identifier: Apache-2.0
"""What the card says where it does what it is told: the MAC of its answer, its receipts, its number, by what the honest
side keeps account of.
"""

from __future__ import annotations

from collections.abc import Iterator

from ssn_card.protocol import commands
from ssn_card.protocol.commands import Command
from ssn_card.protocol.crypto import MAC_LENGTH
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.layout import Layout
from ssn_card.protocol.layouts import (
    MOVEMENT,
    MOVEMENT_ANSWER,
    NO_RECEIPT_ANSWER,
    RECEIPT,
    RECEIPT_QUERY,
    SELECT_ANSWER,
    UPDATE_RECEIPT,
)
from ssn_card.protocol.life import MOVEMENTS, QUERIES
from ssn_card.protocol.messages import answer_message
from ssn_card.protocol.selection import QUOTE
from ssn_card.protocol.values import LOG_ENTRIES, PROTOCOL_VERSION, KeySelection, PinState, StateClass

from .fault import Fault
from .forms import data_of
from .purse import Purse
from .witness import Proof, Witness

#: Key versions in the order of the SELECT answer.
_TOLD = (KeySelection.DEBIT, KeySelection.RECEIPT, KeySelection.UPDATE, KeySelection.OVERRIDE)


def judge(witness: Witness, apdu: bytes, answer: bytes, proof: Proof) -> Iterator[Fault]:
    """All that is wrong with an answer of status word 9000; ``witness``: as it was before the command."""
    if apdu[1:2] == bytes((commands.SELECT.ins,)):
        yield from _selected(witness, answer)
    command = witness.command_of(apdu)
    if command is None or proof is Proof.NONE or command not in (*QUERIES, *MOVEMENTS, commands.UPDATE):
        return
    data = data_of(apdu) or b""
    said = (data[: MOVEMENT.size] if command in MOVEMENTS else b"") + answer[:-MAC_LENGTH]
    message = answer_message(command.ins, said, data[-MAC_LENGTH:])
    if not witness.key(KeyLabel.DEBIT).verify_mac8(message, answer[-MAC_LENGTH:]):
        yield Fault("answer's MAC", command.name, answer.hex())
    elif command is commands.READ_RECEIPT:
        yield from _by_number(witness.purse, data, answer[:-MAC_LENGTH])
    elif command not in QUERIES:
        yield from _receipt(witness, command, apdu, answer[:-MAC_LENGTH])


def _selected(witness: Witness, answer: bytes) -> Iterator[Fault]:
    """SELECT tells serial, key versions and number of the card as it is."""
    if len(answer) != SELECT_ANSWER.size or witness.doubt is not None:
        return
    after = witness.copied()
    after.quote = answer[QUOTE]
    due = bytes((PROTOCOL_VERSION, StateClass.BLANK if witness.blank else StateClass.PERSONALIZED))
    if not witness.blank:
        selection = witness.purse.rule("key_selection")
        due += bytes(2 if selection & key else 1 for key in _TOLD)
    if not answer.startswith(witness.serial + due):
        yield Fault("SELECT", "quote", f"{answer.hex()}, not {witness.serial.hex()} {due.hex()}")
    elif not witness.blank and after.number_told != witness.purse.seq:
        yield Fault("SELECT", "number", f"{after.number_told}, not {witness.purse.seq}")


def _by_number(purse: Purse, data: bytes, answer: bytes) -> Iterator[Fault]:
    """A receipt is there where its number is among the last 30, and only there."""
    asked = _number(RECEIPT_QUERY, "seq", data)
    kept = max(purse.seq - LOG_ENTRIES, 0) < asked <= purse.seq
    layout, name, due = (RECEIPT, "seq", asked) if kept else (NO_RECEIPT_ANSWER, "newest_seq", purse.seq)
    if len(answer) != layout.size or _number(layout, name, answer) != due:
        yield Fault("receipt by number", str(kept), f"{asked} of {purse.seq}: {answer.hex()}")
    elif asked == purse.seq and kept and answer[-MAC_LENGTH:] != purse.last_mac:
        yield Fault("receipt by number", "MAC", answer.hex())


def _receipt(witness: Witness, command: Command, apdu: bytes, answer: bytes) -> Iterator[Fault]:
    """The receipt of a movement or update says what the honest side computes."""
    before, due = witness.purse, witness.purse_after(command, apdu)
    if due is before:
        return
    layout = RECEIPT if command is commands.UPDATE else MOVEMENT_ANSWER
    expected = {
        "balance_after": due.balance.to_bytes(4, signed=due.balance < 0),
        "month_spent_after": due.month_spent.to_bytes(4, signed=due.month_spent < 0),
        "previous_mac": before.last_mac,
        "update_seq": due.field("update_seq"),
        "granted_total": due.granted.to_bytes(4, signed=due.granted < 0),
        "month": due.month,
    }
    if command is commands.UPDATE:
        expected["seq"] = due.seq.to_bytes(4)
        stated = answer[RECEIPT.offset("amount") : RECEIPT.offset("balance_after")]
        if stated != due.entitlement[4 : 4 + UPDATE_RECEIPT.size]:
            yield Fault("money", command.name, "the receipt states another update")
    else:
        expected["pin_state"] = bytes((witness.pin_state,))
    for name, value in expected.items():
        at = layout.offset(name)
        if answer[at : at + len(value)] != value:
            yield Fault("money", command.name, f"{name} {answer[at : at + len(value)].hex()}, not {value.hex()}")
    yield from _allowed(witness, command, due)


def _allowed(witness: Witness, command: Command, due: Purse) -> Iterator[Fault]:
    """Nothing is spent that is not there, nor without the PIN where it is due."""
    if min(due.balance, due.month_spent, due.granted) < 0:
        yield Fault("money", f"{command.name} negative", f"{due.balance} {due.month_spent} {due.granted}")
    without_pin = command is commands.DEBIT and witness.pin_state is PinState.NOT_DUE
    if without_pin and due.balance < witness.purse.floor:
        yield Fault("PIN rule", command.name, f"{due.balance} left without the PIN, which is due below {due.floor}")


def _number(layout: Layout, name: str, data: bytes) -> int:
    at = layout.offset(name)
    return int.from_bytes(data[at : at + 4])
