# SPDX-License-Identifier: Apache-2.0
"""A person's data out of the store: unsealed for as long as they are needed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..sealing import FieldSealer
from ..store.tables.people import PersonRow, PersonState


@dataclass(frozen=True, slots=True)
class StoredPerson:
    """A beneficiary; ``repr`` shows nothing that names him."""

    id: int
    family_id: int
    version: int
    state: PersonState
    kode_kecamatan: str
    kelurahan: int  #: 1-based place in the kecamatan's list
    companion: str | None
    nik: str = field(repr=False)
    no_kk: str = field(repr=False)
    name: str = field(repr=False)
    birth_date: dt.date = field(repr=False)
    gender: Literal["L", "P"] = field(repr=False)
    decile: int | None = field(repr=False)


def place_of(key: bytes) -> str:
    """By which a person's data are sealed."""
    return f"person:{key.hex()}"


def sealed_fields(
    nik: str, no_kk: str, name: str, birth_date: dt.date, gender: str, decile: int | None
) -> dict[str, Any]:
    """What of a person is sealed."""
    return {
        "nik": nik,
        "no_kk": no_kk,
        "name": name,
        "birth_date": birth_date.isoformat(),
        "gender": gender,
        "decile": decile,
    }


def opened(row: PersonRow, sealer: FieldSealer) -> StoredPerson:
    """A row, unsealed. Raises ``BankStoreDamaged``."""
    fields = sealer.opened(row.sealed, place_of(row.key))
    return StoredPerson(
        id=row.id,
        family_id=row.family_id,
        version=row.version,
        state=PersonState(row.state),
        kode_kecamatan=row.kode_kecamatan,
        kelurahan=row.kelurahan,
        companion=row.companion,
        nik=fields["nik"],
        no_kk=fields["no_kk"],
        name=fields["name"],
        birth_date=dt.date.fromisoformat(fields["birth_date"]),
        gender=fields["gender"],
        decile=fields["decile"],
    )


def persons(session: Session, sealer: FieldSealer, ids: Iterable[int] | None = None) -> Iterator[StoredPerson]:
    """Those persons, or all, in the order of their ids. Raises ``BankStoreDamaged``."""
    wanted = select(PersonRow).order_by(PersonRow.id)
    if ids is not None:
        wanted = wanted.where(PersonRow.id.in_(list(ids)))
    for row in session.scalars(wanted.execution_options(yield_per=1000)):
        yield opened(row, sealer)
