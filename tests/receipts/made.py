# SPDX-License-Identifier: Apache-2.0
"""Genuine receipts made by the reference card of tests/model, and forged ones made with a stolen key."""

from __future__ import annotations

from tests.model import wire
from tests.model.reference_card import ReferenceCard
from tests.model.wire import MAC, T_CANCEL, T_UPDATE, TYPE, entitlement, movement

from ssn_card.keys import development_keyring
from ssn_card.keys.development import development_master
from ssn_card.protocol.labels import KeyLabel
from ssn_card.receipts import Basket, Line, Receipt, Tip

PROVIDER = development_keyring()
SERIAL = bytes.fromhex("5353000000000042")
RICE = Basket.of(("BERAS", 10, 162_000))
SIZE, AT_SERIAL = 88, slice(67, 75)

_RESULT = {
    "balance_after": (40, 4), "month_spent_after": (44, 4), "previous_mac": (48, 8), "update_seq": (56, 4),
    "granted_total": (60, 4), "type": (64, 1), "layout_version": (65, 1), "key_version": (66, 1), "serial": (67, 8),
    "month": (75, 2),
}  # fmt: skip
_MOVEMENT = {
    "amount": (4, 4), "timestamp": (10, 6), "terminal_id": (16, 4), "terminal_txn": (20, 4),
}  # fmt: skip
_GOODS, _REASON = {"categories": (8, 2)}, {"reason": (8, 2)}
_TAIL = {"pin_state": (77, 1), "reserved": (78, 2), "mac": (80, 8)}
_SEQ = {"seq": (0, 4)}
#: Offsets and sizes in a receipt of each type (docs/protocol.md, receipts).
BY_TYPE = {
    1: _SEQ | _MOVEMENT | _GOODS | {"basket_digest": (24, 16)} | _RESULT | _TAIL,
    2: _SEQ | _MOVEMENT | _GOODS | {"cancelled_mac": (24, 8), "padding": (32, 8)} | _RESULT | _TAIL,
    3: _SEQ | _MOVEMENT | _REASON | {"companion_id": (24, 8), "padding": (32, 8)} | _RESULT | _TAIL,
    4: _SEQ
    | {
        "loaded_total": (4, 4), "expired_total": (8, 4), "monthly_limit": (12, 4), "override_max": (16, 4),
        "debit_max": (20, 4), "pin_above": (24, 4), "allowed_categories": (28, 2), "valid_until": (30, 3),
        "key_selection": (33, 1), "state": (34, 1), "policy_id": (35, 2), "issued_on": (37, 3),
    }
    | _RESULT
    | {"pin_count": (77, 1), "mend_count": (78, 1), "reserved": (79, 1), "mac": (80, 8)},
}  # fmt: skip


def receipt_key(serial: bytes = SERIAL, version: int = 1) -> bytes:
    return wire.derive(development_master(KeyLabel.RECEIPT, version).value(), b"RECEIPT", serial)


def new_card(serial: bytes = SERIAL, pin: str | None = None) -> ReferenceCard:
    """A personalized card with both versions of RECEIPT."""
    keys = (receipt_key(serial), receipt_key(serial, 2))
    return ReferenceCard(serial, keys, pin=None if pin is None else wire.pin_block(pin))


def history(serial: bytes = SERIAL) -> list[bytes]:
    """Every type of receipt, over two months: 12 in all, the third a debit of a basket of rice."""
    card = new_card(serial)
    outcomes = [
        card.update(entitlement(1, 900_000), b"UPDATE-1"),
        card.debit(movement(55_500, txn=1, categories=2)),
        card.debit(movement(RICE.total, txn=2, categories=RICE.categories, rest=RICE.digest())),
        card.debit(movement(10_000, txn=3, terminal=8)),
    ]
    outcomes.append(card.cancel(movement(10_000, txn=4, terminal=8, rest=card.last_mac)))
    outcomes += [
        card.override(movement(100_000, txn=5, rest=b"PD-00001")),
        card.debit(movement(400_000, txn=6)),
        card.update(entitlement(3, 1_000_000), b"UPDATE-3"),
        card.debit(movement(70_000, txn=7, when="251101080000")),
        card.update(entitlement(4, 1_000_000, state=3, expired=1_000_000), b"UPDATE-4"),
        card.update(entitlement(5, 1_200_000, expired=1_000_000), b"UPDATE-5"),
        card.debit(movement(1_000, txn=8, when="251102080000")),
    ]
    receipts = [outcome.receipt for outcome in outcomes if outcome.receipt is not None]
    if len(receipts) != len(outcomes):
        raise ValueError("the reference card refused a step of the history")
    return receipts


def lines(receipts: list[bytes]) -> list[Line]:
    return [Line(number, Receipt(raw)) for number, raw in enumerate(receipts, start=1)]


def tip(receipts: list[bytes]) -> dict[bytes, Tip]:
    """What the card of these receipts would state."""
    return {receipts[-1][AT_SERIAL]: Tip(len(receipts), receipts[-1][MAC:])}


def fields_of(raw: bytes) -> dict[str, tuple[int, int]]:
    """Offset and size of each field of this receipt."""
    return BY_TYPE.get(raw[TYPE], BY_TYPE[1])


def replaced(raw: bytes, **values: int | bytes) -> bytes:
    """A receipt with some fields replaced; its MAC as it was."""
    names = fields_of(raw)
    for name, value in values.items():
        at, size = names[name]
        data = value.to_bytes(size, "big") if isinstance(value, int) else value
        raw = raw[:at] + data + raw[at + size :]
    return raw


def forged(raw: bytes, **values: int | bytes) -> bytes:
    """As :func:`replaced`, with a right MAC under the stolen RECEIPT key."""
    raw = replaced(raw, **values)[:MAC]
    return raw + wire.receipt_mac(receipt_key(raw[AT_SERIAL], raw[66]), raw)


def rechained(receipts: list[bytes]) -> list[bytes]:
    """The receipts with every link after a forged one made anew, also under the stolen key."""
    out: list[bytes] = []
    for raw in receipts:
        before = out[-1][MAC:] if out else bytes(8)
        follows = {"previous_mac": before}
        # A cancellation names the debit before it, unless it was altered to name another.
        if raw[TYPE] == T_CANCEL and out and raw[24:32] == raw[48:56]:
            follows["cancelled_mac"] = before
        out.append(forged(raw, **follows))
    return out


def flip(raw: bytes, bit: int) -> bytes:
    """``bit`` counts from the first bit."""
    at = bit // 8
    return raw[:at] + bytes((raw[at] ^ 0x80 >> bit % 8,)) + raw[at + 1 :]


def field_of(raw: bytes, bit: int) -> str:
    """The field of this receipt that holds a bit."""
    return next(name for name, (at, size) in fields_of(raw).items() if at <= bit // 8 < at + size)


def is_update(raw: bytes) -> bool:
    return raw[TYPE] == T_UPDATE
