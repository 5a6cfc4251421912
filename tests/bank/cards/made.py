# SPDX-License-Identifier: Apache-2.0
"""Families, cards and receipts for tests of the store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from ssn_card.bank.cards.proof import GenuineReceipt, require_genuine
from ssn_card.bank.life import LifePhase
from ssn_card.bank.people.persons import place_of, sealed_fields
from ssn_card.bank.store.tables.cards import CardRow
from ssn_card.bank.store.tables.people import FamilyRow, PersonRow, PersonState
from ssn_card.bank.store.tables.printing import JobState, PrintItemRow, PrintJobRow, PrintKind
from ssn_card.bank.store.work import StoreWork
from ssn_card.entitlement import Entitlement
from ssn_card.keys import development_keyring
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.values import LifeState, ReceiptType
from ssn_card.receipts import Receipt

KEYS = development_keyring()
FIRST = Entitlement(
    update_seq=1,
    loaded_total=900_000,
    monthly_limit=600_000,
    override_max=600_000,
    debit_max=600_000,
    allowed_categories=0x7F,
    valid_until=dt.date(2025, 12, 31),
    state=LifeState.ACTIVE,
    policy_id=2025,
    issued_at=dt.datetime(2025, 10, 1, 8, 0),
)


def serial(number: int) -> str:
    return f"{0x5353000000000000 + number:016x}"


def family(work: StoreWork, number: int, kecamatan: str = "64.72.01") -> PersonRow:
    """A family of one person."""
    home = FamilyRow(key=b"FAM!" + number.to_bytes(12, "big"))
    work.session.add(home)
    work.session.flush()
    key = b"WHO!" + number.to_bytes(12, "big")
    fields = sealed_fields(
        f"99010141019{number:05}", f"99010101019{number:05}", "Siti Uji", dt.date(1991, 1, 1), "P", 1
    )
    person = PersonRow(
        key=key,
        family_id=home.id,
        likeness=key,
        sealed=work.sealer.seal(fields, place_of(key)),
        kode_kecamatan=kecamatan,
        kelurahan=1,
        companion=f"companion-{number % 2}",
        state=PersonState.READY,
        since=work.at,
    )
    work.session.add(person)
    work.session.flush()
    return person


def card(
    work: StoreWork, number: int, state: LifePhase = LifePhase.IN_STOCK, person: PersonRow | None = None
) -> CardRow:
    """A card; of ``person``, or blank."""
    row = CardRow(
        serial=serial(number),
        beneficiary_id=None if person is None else f"{number:016x}",
        person_id=None if person is None else person.id,
        family_id=None if person is None else person.family_id,
        keys="1:2",
        state=state,
        since="2025-10-01T00:00:00Z",
    )
    work.session.add(row)
    work.session.flush()
    return row


def printed(work: StoreWork, serials: Iterable[str]) -> None:
    """Confirmed faces and letters."""
    for kind in (PrintKind.FACE, PrintKind.LETTER):
        job = PrintJobRow(
            kind=kind,
            title="faces",
            printer="file",
            state=JobState.CONFIRMED,
            pages=1,
            created_by=work.actor.name,
            created_at=work.at,
            changed_at=work.at,
        )
        work.session.add(job)
        work.session.flush()
        work.session.add_all(
            PrintItemRow(job_id=job.id, place=place, serial=one) for place, one in enumerate(serials, start=1)
        )
    work.session.flush()


def receipt_of(entitlement: Entitlement, number: int, seq: int = 1, spent: int = 0, month: bytes = bytes(2)) -> Receipt:
    """Of an update, as a card that has spent so much makes it."""
    granted = entitlement.loaded_total - entitlement.expired_total
    answer = (
        (granted - spent).to_bytes(4, "big")
        + (spent if month != bytes(2) else 0).to_bytes(4, "big")
        + bytes(8)
        + entitlement.update_seq.to_bytes(4, "big")
        + granted.to_bytes(4, "big")
        + month
        + b"\x02"
        + bytes(8)
    )
    bare = Receipt.built(
        seq,
        entitlement.as_receipted(),
        answer,
        kind=ReceiptType.UPDATE,
        key_version=1,
        serial=bytes.fromhex(serial(number)),
    )
    key = KEYS.diversify(KeyLabel.RECEIPT, 1, bare.serial)
    return Receipt(bare.raw[:-8] + key.mac8(bare.raw[:-8]))


def proof(number: int, entitlement: Entitlement = FIRST, **changes: object) -> GenuineReceipt:
    """That the card has the entitlement."""
    changed = replace(entitlement, **changes)  # type: ignore[arg-type]
    return require_genuine(KEYS, serial(number), receipt_of(changed, number).raw)
