# SPDX-License-Identifier: Apache-2.0
"""Which cards get which entitlement: policy data and options become one :class:`Entitlement` for each card."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ssn_card.entitlement import Entitlement
from ssn_card.programme import Policy
from ssn_card.protocol.errors import Text, rupiah
from ssn_card.protocol.values import NEVER, KeySelection, LifeState, UpdateFlag

from .errors import BadArgument, BadFile
from .files import SERIAL, hexadecimal, json_lines, member, read_serials, serial_of, whole

_REFERENCE = 8  #: bytes


@dataclass(frozen=True)
class Target:
    """A card to issue for. ``place``: where it was named; the two others as the card stated them, if it was asked."""

    serial: bytes
    place: str
    update_seq: int | None = None
    loaded_total: int | None = None


@dataclass(frozen=True)
class Wishes:
    """What the options ask for; ``None`` where the policy decides. Amounts in rupiah."""

    tranche: int
    state: LifeState
    update_seq: int | None
    forfeit: bool = False
    reference: str | None = None
    loaded_before: int = 0
    monthly_limit: int | None = None
    override_max: int | None = None
    debit_max: int | None = None
    pin_above: int | None = None
    unblock_pin: bool = False
    next_keys: KeySelection = KeySelection.NONE
    valid_until: dt.date | None = None


def targets(serials: Iterable[str], serial_file: Path | None, status_file: Path | None) -> list[Target]:
    """The cards that the options name, each once. Raises :class:`BadArgument`, :class:`BadFile`."""
    found = [Target(serial_of(text, text), text) for text in serials]
    if serial_file is not None:
        found += [Target(serial, f"{serial_file} {serial.hex()}") for serial in read_serials(serial_file)]
    if status_file is not None:
        found += _from_status(status_file)
    if not found:
        raise BadArgument(
            Text("No card is named.", "Belum ada kartu yang disebut."),
            remedy=Text(
                "Give serials, --serials FILE or --from-status FILE.",
                "Berikan nomor seri, --serials BERKAS, atau --from-status BERKAS.",
            ),
        )
    seen: set[bytes] = set()
    for target in found:
        if target.serial in seen:
            raise BadArgument(
                Text(f"Card {target.serial.hex()} is named twice.", f"Kartu {target.serial.hex()} disebut dua kali."),
                where=target.place,
            )
        seen.add(target.serial)
    return found


def _from_status(path: Path) -> Iterator[Target]:
    """Cards as ``ssn card status --json`` printed them, one in each line."""
    for place, data in json_lines(path):
        if data.get("schema") != "ssn-card/card-status/1":
            raise BadFile(
                Text("This is no output of 'ssn card status --json'.", "Ini bukan hasil 'ssn card status --json'."),
                where=f"{place} schema",
            )
        serial = member(place, "serial", hexadecimal(data.get("serial"), SERIAL))
        update_seq = member(place, "update_seq", whole(data.get("update_seq")))
        loaded_total = member(place, "loaded_total", whole(data.get("loaded_total")))
        yield Target(serial, place, update_seq, loaded_total)


def entitlement_for(target: Target, policy: Policy, wishes: Wishes, issued_at: dt.datetime) -> Entitlement:
    """The entitlement of one card.

    Raises:
        BadArgument, UnknownPolicyError: an option that does not fit; InputError: a value out of range.
    """
    loaded = wishes.loaded_before + (policy.loaded_after(wishes.tranche) if wishes.tranche else 0)
    if target.loaded_total is not None and loaded < target.loaded_total:
        raise BadArgument(
            Text(
                f"The card has had {rupiah(target.loaded_total)} loaded in all, more than {rupiah(loaded)}.",
                f"Kartu sudah menerima {rupiah(target.loaded_total)}, lebih dari {rupiah(loaded)}.",
            ),
            where=target.place,
            remedy=Text(
                "Totals never shrink: give a later --tranche, or earlier policies' loads as --loaded-before.",
                "Total tidak boleh turun: beri --tranche berikutnya, atau dana kebijakan lama sebagai --loaded-before.",
            ),
        )
    entitlement = Entitlement(
        update_seq=_update_seq(target, wishes),
        loaded_total=loaded,
        monthly_limit=policy.monthly_limit,
        override_max=policy.override_max,
        debit_max=policy.debit_max,
        allowed_categories=policy.category_mask(),
        valid_until=policy.valid_until,
        state=wishes.state,
        policy_id=policy.id,
        issued_at=issued_at,
        flags=(UpdateFlag.FORFEIT if wishes.forfeit else UpdateFlag.NONE)
        | (UpdateFlag.UNBLOCK_PIN if wishes.unblock_pin else UpdateFlag.NONE),
        reference=_reference(wishes.reference),
        pin_above=NEVER if policy.pin_above is None else policy.pin_above,
        key_selection=wishes.next_keys,
    )
    chosen = {
        name: getattr(wishes, name)
        for name in ("monthly_limit", "override_max", "debit_max", "pin_above", "valid_until")
        if getattr(wishes, name) is not None
    }
    return dataclasses.replace(entitlement, **chosen)


def _update_seq(target: Target, wishes: Wishes) -> int:
    if wishes.update_seq is None:
        if target.update_seq is None:
            raise BadArgument(
                Text("The number of the update is missing.", "Nomor pembaruan belum diberikan."),
                where="--update-seq",
                remedy=Text(
                    "Give --update-seq N, above the card's newest; only --from-status knows it by itself.",
                    "Berikan --update-seq N di atas nomor terakhir kartu; hanya --from-status yang mengetahuinya.",
                ),
            )
        return target.update_seq + 1
    if target.update_seq is not None and wishes.update_seq <= target.update_seq:
        raise BadArgument(
            Text(
                f"The card has update {target.update_seq} already; {wishes.update_seq} would be refused as stale.",
                f"Kartu sudah memuat pembaruan {target.update_seq}; {wishes.update_seq} akan ditolak karena usang.",
            ),
            where=target.place,
        )
    return wishes.update_seq


def _reference(text: str | None) -> bytes:
    if text is None:
        return bytes(_REFERENCE)
    reference = hexadecimal(text, _REFERENCE)
    if reference is None:
        raise BadArgument(
            Text(
                f"A reference is {2 * _REFERENCE} hexadecimal digits.",
                f"Referensi {2 * _REFERENCE} digit heksadesimal.",
            ),
            where="--verification",
        )
    return reference
