# SPDX-License-Identifier: Apache-2.0
"""One entitlement and its authorised form (docs/protocol.md, UPDATE)."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass

from ssn_card.keys import KeyProvider
from ssn_card.protocol import bcd
from ssn_card.protocol.commands import UPDATE
from ssn_card.protocol.errors import InputError, Text
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.layout import month_of
from ssn_card.protocol.layouts import ENTITLEMENT, UPDATE_RECEIPT
from ssn_card.protocol.messages import update_message
from ssn_card.protocol.values import MAX_AMOUNT, NEVER, KeySelection, LifeState

_NO_MONTH = bytes(2)
_FIRST_DAY = b"\x01"
_COUNT = 0xFF
_RANGES = (
    ("update_seq", 1, MAX_AMOUNT),
    ("loaded_total", 0, MAX_AMOUNT),
    ("expired_total", 0, MAX_AMOUNT),
    ("monthly_limit", 0, MAX_AMOUNT),
    ("override_max", 0, MAX_AMOUNT),
    ("debit_max", 0, MAX_AMOUNT),
    ("pin_above", 0, MAX_AMOUNT),
    ("pin_count", 0, _COUNT),
    ("mend_count", 0, _COUNT),
)


@dataclass(frozen=True)
class Entitlement:
    """What a card may do, as a whole. Amounts in rupiah, below 2^31.

    Args:
        update_seq: grows with every update of a card, from 1.
        loaded_total: all that was ever loaded; never shrinks.
        monthly_limit, override_max, debit_max: limits of a month, of what companions may add to it, of one debit.
        allowed_categories: bit mask.
        valid_until: last day of use; never behind the next expiry (docs/bank.md).
        state: life state from now on.
        policy_id: policy followed.
        issued_at: bank's local time.
        expired_total: how much of the loads has expired, oldest first; never shrinks. What is left of it is withdrawn.
        reference: 8 bytes naming the verification done at hand-over, or zero.
        pin_above: most that may be spent in sum without the PIN; ``NEVER`` by default.
        key_selection: keys that are in their next version from now on; a key never goes back.
        pin_count: never shrinks; where it grows, the holder may choose a PIN.
        mend_count: never shrinks; where it grows, a later month of the card goes back to ``mended_to``.
        mended_to: first day of the month mended to; ``None`` while there was no mending.

    Raises:
        InputError: a value out of range; names the field.
    """

    update_seq: int
    loaded_total: int
    monthly_limit: int
    override_max: int
    debit_max: int
    allowed_categories: int
    valid_until: dt.date
    state: LifeState
    policy_id: int
    issued_at: dt.datetime
    expired_total: int = 0
    reference: bytes = bytes(8)
    pin_above: int = NEVER
    key_selection: KeySelection = KeySelection.NONE
    pin_count: int = 0
    mend_count: int = 0
    mended_to: dt.date | None = None

    def __post_init__(self) -> None:
        for name, lowest, highest in _RANGES:
            value = getattr(self, name)
            if not lowest <= value <= highest:
                raise InputError(
                    Text(f"{name} must be {lowest} to {highest}.", f"{name} harus {lowest} sampai {highest}."),
                    where=name,
                )
        if self.monthly_limit + self.override_max > MAX_AMOUNT:
            raise InputError(
                Text(
                    "The monthly limit with all that companions may add must stay below 2^31 rupiah.",
                    "Batas bulanan ditambah kelonggaran pendamping harus di bawah 2^31 rupiah.",
                ),
                where="override_max",
            )
        if self.expired_total > self.loaded_total:
            raise InputError(
                Text(
                    "No more can expire than was loaded (loaded_total).",
                    "Yang hangus tidak boleh melebihi yang pernah dimuat (loaded_total).",
                ),
                where="expired_total",
            )
        if (self.mended_to is None) != (self.mend_count == 0) or (self.mended_to and self.mended_to.day != 1):
            raise InputError(
                Text(
                    "mended_to is the first day of a month where mend_count is above 0, else nothing.",
                    "mended_to adalah hari pertama suatu bulan bila mend_count di atas 0, selain itu kosong.",
                ),
                where="mended_to",
            )

    def encode(self) -> bytes:
        """The body of the UPDATE command. Raises :class:`InputError`."""
        values = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        values["mended_to"] = _NO_MONTH if self.mended_to is None else month_of(self.mended_to)
        return ENTITLEMENT.encode(values)

    def as_receipted(self) -> bytes:
        """What the receipt of this update has in a movement's place, 36 bytes (layout ``update_receipt``)."""
        start = ENTITLEMENT.offset(UPDATE_RECEIPT.fields[0].name)
        return self.encode()[start : start + UPDATE_RECEIPT.size]

    @classmethod
    def decode(cls, body: bytes) -> Entitlement:
        """The inverse of :meth:`encode`. Raises :class:`InputError`."""
        values = ENTITLEMENT.decode(body)
        if values["state"] not in LifeState._value2member_map_:
            raise InputError(Text("state must be 1 to 4.", "state harus 1 sampai 4."), where="state")
        return cls(
            **values
            | {
                "state": LifeState(values["state"]),
                "key_selection": KeySelection(values["key_selection"]),
                "mended_to": _month(values["mended_to"]),
            }
        )


def _month(month: bytes) -> dt.date | None:
    """First day of a BCD month. Raises :class:`InputError`."""
    try:
        return None if month == _NO_MONTH else bcd.to_date(month + _FIRST_DAY)
    except bcd.BcdError as error:
        raise InputError(error.text, where="mended_to") from None


@dataclass(frozen=True)
class SignedUpdate:
    """An entitlement that the bank has authorised for one card; holds no secret.

    Args:
        serial: 8 bytes.
        entitlement: what it sets.
        key_version: version of the UPDATE key.
        mac: 8 bytes.
    """

    serial: bytes
    entitlement: Entitlement
    key_version: int
    mac: bytes

    def command(self) -> bytes:
        """The whole UPDATE command APDU."""
        return UPDATE.header_and_body(self.entitlement.encode()) + self.mac


def issue(entitlement: Entitlement, serial: bytes, provider: KeyProvider, key_version: int = 1) -> SignedUpdate:
    """Authorise an entitlement for the card ``serial``. Raises what the provider raises, such as ``KeyMissing``."""
    key = provider.diversify(KeyLabel.UPDATE, key_version, serial)
    message = update_message(UPDATE.header_and_body(entitlement.encode()), serial)
    return SignedUpdate(serial, entitlement, key_version, key.mac8(message))
