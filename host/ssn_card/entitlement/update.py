# SPDX-License-Identifier: Apache-2.0
"""One entitlement and its authorised form (docs/protocol.md, UPDATE)."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass

from ssn_card.keys import KeyProvider
from ssn_card.protocol.commands import UPDATE
from ssn_card.protocol.errors import InputError, Text
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.layouts import ENTITLEMENT
from ssn_card.protocol.messages import update_message
from ssn_card.protocol.values import MAX_AMOUNT, NEVER, KeySelection, LifeState, UpdateFlag


@dataclass(frozen=True)
class Entitlement:
    """What a card may do, as a whole. Amounts in rupiah, below 2^31.

    Args:
        update_seq: grows with every update of a card, from 1.
        loaded_total: all that was ever loaded; never shrinks.
        monthly_limit, override_max, debit_max: limits of a month, of what companions may add to it, of one debit.
        allowed_categories: bit mask.
        valid_until: last day of use.
        state: life state from now on.
        policy_id: policy followed.
        issued_at: bank's local time.
        flags: FORFEIT withdraws what is left; UNBLOCK_PIN gives the PIN its tries anew, once.
        pin_above: a debit above it needs the PIN; ``NEVER`` by default.
        key_selection: keys that are in their next version from now on; a key never goes back.
        reference: 8 bytes naming the verification done at hand-over, or zero.

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
    flags: UpdateFlag = UpdateFlag.NONE
    reference: bytes = bytes(8)
    pin_above: int = NEVER
    key_selection: KeySelection = KeySelection.NONE

    def __post_init__(self) -> None:
        for name, lowest in (
            ("update_seq", 1), ("loaded_total", 0), ("monthly_limit", 0), ("override_max", 0), ("debit_max", 0),
            ("pin_above", 0),
        ):  # fmt: skip
            value = getattr(self, name)
            if not lowest <= value <= MAX_AMOUNT:
                raise InputError(
                    Text(f"{name} must be {lowest} to {MAX_AMOUNT}.", f"{name} harus {lowest} sampai {MAX_AMOUNT}."),
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

    def encode(self) -> bytes:
        """The body of the UPDATE command. Raises :class:`InputError`."""
        return ENTITLEMENT.encode({field.name: getattr(self, field.name) for field in dataclasses.fields(self)})

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
                "flags": UpdateFlag(values["flags"]),
                "key_selection": KeySelection(values["key_selection"]),
            }
        )


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
