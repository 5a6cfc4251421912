# SPDX-License-Identifier: Apache-2.0
"""One receipt of each type: where its fields lie, what no card writes, and how it is put together from an answer."""

from __future__ import annotations

import datetime as dt

import pytest

from ssn_card.protocol.errors import InputError
from ssn_card.protocol.values import ReceiptType
from ssn_card.receipts import Receipt

SERIAL = bytes.fromhex("5353000000000042")
#: Hexadecimal, by the page's order: seq, movement, result, constants, tail, MAC.
RESULT = "000b1f2000032640112233445566778800000005000f4240"
MOVEMENTS = {
    1: "000326400001251003101530000000070000002aa0a1a2a3a4a5a6a7a8a9aaabacadaeaf",
    2: "000326400001251003101530000000070000002bc0c1c2c3c4c5c6c70000000000000000",
    3: "000326400002251003101530000000070000002c50442d30303030310000000000000000",
    4: "000f4240000186a0000927c0000493e00007a12000030d40007f251231080207e9251001",
}
TAILS = {1: "2510010000", 2: "2510020000", 3: "2510000000", 4: "2510030400"}


def made(kind: int, **parts: str) -> Receipt:
    whole = {"seq": "00000009", "movement": MOVEMENTS[kind], "result": RESULT, "tail": TAILS[kind]} | parts
    constants = f"{kind:02x}0101" + SERIAL.hex()
    text = whole["seq"] + whole["movement"] + whole["result"] + constants + whole["tail"] + "f0f1f2f3f4f5f6f7"
    return Receipt(bytes.fromhex(text))


@pytest.mark.parametrize("kind", ReceiptType)
def test_fields_that_every_receipt_has(kind: ReceiptType) -> None:
    one = made(kind)
    assert one.fault() is None
    assert (one.seq, one.type, one.layout_version, one.key_version, one.serial) == (9, kind, 1, 1, SERIAL)
    assert (one.balance_after, one.month_spent_after, one.update_seq) == (728_864, 206_400, 5)
    assert (one.granted_total, one.spent_total) == (1_000_000, 271_136)
    assert (one.previous_mac.hex(), one.mac.hex()) == ("1122334455667788", "f0f1f2f3f4f5f6f7")
    assert (one.month.hex(), one.movement.hex()) == ("2510", MOVEMENTS[kind])


def test_fields_of_movements() -> None:
    debit, cancel, override = (made(kind) for kind in (1, 2, 3))
    for one, txn in ((debit, 42), (cancel, 43), (override, 44)):
        assert (one.amount, one.terminal_id, one.terminal_txn) == (206_400, 7, txn)
        assert one.timestamp == dt.datetime(2025, 10, 3, 10, 15, 30)
    assert (debit.basket_digest.hex(), debit.pin_state, debit.moved) == ("a0a1a2a3a4a5a6a7a8a9aaabacadaeaf", 1, 206_400)
    assert (cancel.cancelled_mac.hex(), cancel.pin_state, cancel.moved) == ("c0c1c2c3c4c5c6c7", 2, -206_400)
    assert (override.companion_id, override.pin_state, override.moved) == (b"PD-00001", 0, 0)


def test_an_update_states_all_that_it_set() -> None:
    one = made(4)
    assert (one.loaded_total, one.expired_total, one.monthly_limit) == (1_000_000, 100_000, 600_000)
    assert (one.override_max, one.debit_max, one.pin_above) == (300_000, 500_000, 200_000)
    assert (one.allowed_categories, one.valid_until_bytes.hex(), one.key_selection) == (0x7F, "251231", 8)
    assert (one.state, one.policy_id, one.issued_on, one.moved) == (2, 2025, dt.date(2025, 10, 1), 0)
    assert (one.pin_count, one.mend_count) == (3, 4)


def test_fields_for_programs() -> None:
    assert made(2).fields() == {
        "type": "CANCEL", "serial": SERIAL.hex(), "seq": 9, "amount": 206_400, "categories": 1,
        "timestamp": "2025-10-03T10:15:30", "terminal_id": 7, "terminal_txn": 43, "cancelled_mac": "c0c1c2c3c4c5c6c7",
        "balance_after": 728_864, "month_spent_after": 206_400, "previous_mac": "1122334455667788", "update_seq": 5,
        "granted_total": 1_000_000, "key_version": 1, "month": "2510", "pin_state": 2, "mac": "f0f1f2f3f4f5f6f7",
    }  # fmt: skip
    update = made(4).fields()
    assert (update["valid_until"], update["issued_on"], update["mend_count"]) == ("2025-12-31", "2025-10-01", 4)
    assert "reserved" not in update
    assert made(1, seq="00000000").fields() == {"raw": made(1, seq="00000000").raw.hex()}


#: A field, its offset in the receipt, bytes that no card writes there, and the types that have the field.
IMPOSSIBLE = [
    ("seq", 0, "00000000", (1, 2, 3, 4)),
    ("seq", 0, "80000000", (1, 2, 3, 4)),
    ("amount", 4, "00000000", (1, 2, 3)),
    ("amount", 4, "80000000", (1, 2, 3)),
    ("categories", 8, "0000", (1, 2)),
    ("timestamp", 10, "251003240000", (1, 2, 3)),
    ("timestamp", 10, "2510031015ff", (1, 2, 3)),
    ("padding", 32, "0000000000000001", (2, 3)),
    ("loaded_total", 4, "80000000", (4,)),
    ("expired_total", 8, "80000000", (4,)),
    ("pin_above", 24, "ffffffff", (4,)),
    ("valid_until", 30, "251232", (4,)),
    ("key_selection", 33, "10", (4,)),
    ("state", 34, "00", (4,)),
    ("state", 34, "05", (4,)),
    ("issued_on", 37, "000000", (4,)),
    ("balance_after", 40, "80000000", (1, 2, 3, 4)),
    ("month_spent_after", 44, "80000000", (1, 2, 3, 4)),
    ("update_seq", 56, "00000000", (1, 2, 3, 4)),
    ("granted_total", 60, "80000000", (1, 2, 3, 4)),
    ("layout_version", 65, "02", (1, 2, 3, 4)),
    ("type", 64, "00", (1, 2, 3, 4)),
    ("type", 64, "05", (1, 2, 3, 4)),
    ("month", 75, "2513", (1, 2, 3, 4)),
    ("month", 75, "0000", (1, 2)),
    ("pin_state", 77, "03", (1, 2, 3)),
    ("reserved", 79, "01", (1, 2, 3, 4)),
]


@pytest.mark.parametrize(
    ("kind", "field", "at", "value"), [(kind, *case) for *case, kinds in IMPOSSIBLE for kind in kinds]
)
def test_what_no_card_writes(kind: int, field: str, at: int, value: str) -> None:
    data = bytes.fromhex(value)
    raw = made(kind).raw
    assert Receipt(raw[:at] + data + raw[at + len(data) :]).fault() == field


@pytest.mark.parametrize("kind", [3, 4])
def test_a_card_without_a_month_yet(kind: int) -> None:
    assert made(kind, tail="0000" + TAILS[kind][4:]).fault() is None


@pytest.mark.parametrize("kind", [1, 2, 3])
def test_a_movement_is_put_together_from_what_was_sent_and_the_answer(kind: int) -> None:
    whole = made(kind)
    answer = bytes.fromhex(RESULT + TAILS[kind][:6] + "f0f1f2f3f4f5f6f7")
    built = Receipt.built(9, whole.movement, answer, kind=ReceiptType(kind), key_version=1, serial=SERIAL)
    assert built == whole
    with pytest.raises(InputError):
        Receipt.built(9, whole.movement, answer[:-1], kind=ReceiptType(kind), key_version=1, serial=SERIAL)


@pytest.mark.parametrize(("kind", "field"), [(1, "basket_digest"), (2, "cancelled_mac"), (3, "companion_id")])
def test_a_field_is_replaced_by_the_name_of_its_type(kind: int, field: str) -> None:
    one = made(kind)
    changed = one.altered(**{field: bytes(len(getattr(one, field)))})
    assert not any(getattr(changed, field))
    assert changed.raw[:24] == one.raw[:24]
    assert changed.mac == one.mac
