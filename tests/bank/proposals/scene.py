# SPDX-License-Identifier: Apache-2.0
"""Persons of a store, invented; and what a test asks of its batches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import insert, select

from ssn_card.bank.known import family_key, likeness, person_key
from ssn_card.bank.people.persons import place_of, sealed_fields
from ssn_card.bank.proposals import batches
from ssn_card.bank.proposals.batches import BatchChoice
from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.tables.batches import BatchItemRow, ProposalRow
from ssn_card.bank.store.tables.people import FamilyRow, PersonRow, PersonState
from ssn_card.bank.store.work import SignedIn, StoreWork

POLICY = 2025
RUPIAH = 900_000
KECAMATAN = ("64.72.01", "64.72.02", "64.72.03")
BORN = dt.date(1980, 5, 4)
_GENDER = "P"


def nik(number: int) -> str:
    """Of an invented person, in a way that the intake takes."""
    return f"{KECAMATAN[number % 3].replace('.', '')}440580{number + 1:04d}"


def no_kk(family: int) -> str:
    return f"647201010120{family + 1:04d}"


def add_persons(work: StoreWork, count: int, *, families: Sequence[int] | None = None, first: int = 0) -> list[int]:
    """Ready persons ``first`` and on, each of a family of its own where nothing else is said; their ids."""
    made: list[int] = []
    for number in range(first, first + count):
        family = number if families is None else families[number - first]
        group = work.session.scalar(select(FamilyRow).where(FamilyRow.key == family_key(no_kk(family), work.secret)))
        if group is None:
            group = FamilyRow(key=family_key(no_kk(family), work.secret))
            work.session.add(group)
            work.session.flush()
        key = person_key(nik(number), work.secret)
        name = f"Warga {chr(65 + number % 26)}{chr(65 + number // 26)}"
        values = {
            "key": key,
            "family_id": group.id,
            "likeness": likeness(name, BORN, work.secret),
            "sealed": work.sealer.seal(
                sealed_fields(nik(number), no_kk(family), name, BORN, _GENDER, 1), place_of(key)
            ),
            "version": 1,
            "kode_kecamatan": KECAMATAN[number % 3],
            "kelurahan": 1,
            "companion": f"PD-{number % 4 + 1:03d}",
            "state": PersonState.READY.value,
            "since": work.at,
        }
        made.append(work.session.execute(insert(PersonRow).values(values).returning(PersonRow.id)).scalar_one())
    return made


def new_batch(bank: Bank, actor: SignedIn, name: str = "first", choice: BatchChoice = BatchChoice()) -> ProposalRow:  # noqa: B008
    with bank.work(actor) as work:
        return batches.new(work, name, POLICY, RUPIAH, choice)


def people_in(bank: Bank, row: ProposalRow) -> list[int]:
    """Ids of the persons of a batch, by line."""
    with bank.reading() as session:
        listed = select(BatchItemRow.person_id).where(BatchItemRow.proposal_id == row.id).order_by(BatchItemRow.place)
        return list(session.scalars(listed))
