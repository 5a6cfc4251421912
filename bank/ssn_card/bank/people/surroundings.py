# SPDX-License-Identifier: Apache-2.0
"""What the store knows around a chunk of rows: the same persons, families, and whoever is like them. One question each.

Objects, because a row may be about somebody whom a row before it in the chunk has brought.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from ..store.tables.people import FamilyRow, OtherProgrammeRow, PersonRow, PersonState

_AT_ONCE: Final = 500  #: values in one question

_PERSON: Final = (
    PersonRow.id,
    PersonRow.key,
    PersonRow.family_id,
    PersonRow.likeness,
    PersonRow.sealed,
    PersonRow.version,
    PersonRow.kode_kecamatan,
    PersonRow.kelurahan,
    PersonRow.companion,
    PersonRow.state,
)


@dataclass(eq=False)
class KnownFamily:
    """A family; without an id while it is only in the chunk."""

    key: bytes = field(repr=False)
    id: int | None = None
    members: list[KnownPerson] = field(default_factory=list, repr=False)

    def others(self, key: bytes) -> list[KnownPerson]:
        """Its persons but that one, without those who were decided to be doubles."""
        return [one for one in self.members if one.key != key and one.state is not PersonState.REFUSED]


@dataclass(eq=False)
class KnownPerson:
    """A person; without an id while only in the chunk."""

    key: bytes = field(repr=False)
    family: KnownFamily = field(repr=False)
    likeness: bytes = field(repr=False)
    sealed: bytes = field(repr=False)
    kode_kecamatan: str
    kelurahan: int
    companion: str | None
    state: PersonState
    version: int = 1
    id: int | None = None
    reason: str | None = None


class Surroundings:
    """The persons, families and lists around some rows."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.persons: dict[bytes, KnownPerson] = {}
        self.families: dict[bytes, KnownFamily] = {}
        self.programmes: defaultdict[bytes, set[str]] = defaultdict(set)  #: by key of a person or a family
        self._alike: defaultdict[bytes, list[KnownPerson]] = defaultdict(list)
        self._by_id: dict[int, KnownFamily] = {}

    def look(self, persons: Collection[bytes], families: Collection[bytes], likenesses: Collection[bytes]) -> None:
        """Fill in what there is of these keys."""
        for key, id_ in asked(self._session, (FamilyRow.key, FamilyRow.id), FamilyRow.key, families):
            self._family(id_, key)
        for column, wanted in (
            (PersonRow.key, persons),
            (PersonRow.likeness, likenesses),
            (PersonRow.family_id, list(self._by_id)),
        ):
            self._persons(column, wanted)
        for key, programme in asked(
            self._session,
            (OtherProgrammeRow.key, OtherProgrammeRow.programme),
            OtherProgrammeRow.key,
            {*persons, *families},
        ):
            self.programmes[key].add(programme)

    def alike(self, person: KnownPerson) -> list[KnownPerson]:
        """Others of the same likeness who were not decided to be doubles."""
        return [
            one
            for one in self._alike[person.likeness]
            if one.key != person.key and one.state is not PersonState.REFUSED
        ]

    def add(self, person: KnownPerson) -> None:
        """Somebody whom a row has brought."""
        self.persons[person.key] = person
        self._alike[person.likeness].append(person)
        person.family.members.append(person)

    def family(self, key: bytes) -> KnownFamily:
        """The family of that key, perhaps a new one."""
        return self.families.setdefault(key, KnownFamily(key))

    def _persons(self, column: Any, wanted: Collection[Any]) -> None:
        rows = [row for row in asked(self._session, _PERSON, column, wanted) if row.key not in self.persons]
        strange = {row.family_id for row in rows} - self._by_id.keys()
        for key, id_ in asked(self._session, (FamilyRow.key, FamilyRow.id), FamilyRow.id, strange):
            self._family(id_, key)
        for row in rows:
            self.add(
                KnownPerson(
                    key=row.key,
                    family=self._by_id[row.family_id],
                    likeness=row.likeness,
                    sealed=row.sealed,
                    kode_kecamatan=row.kode_kecamatan,
                    kelurahan=row.kelurahan,
                    companion=row.companion,
                    state=PersonState(row.state),
                    version=row.version,
                    id=row.id,
                )
            )

    def _family(self, id_: int, key: bytes) -> None:
        self._by_id[id_] = self.families[key] = KnownFamily(key, id_)


def asked(
    session: Session, columns: Sequence[Any], by: Any, values: Iterable[Any], *also: ColumnElement[bool]
) -> Iterator[Any]:
    """Rows of these columns, where ``by`` is one of the values, however many they are, and ``also`` holds."""
    listed = sorted(values)
    for start in range(0, len(listed), _AT_ONCE):
        yield from session.execute(select(*columns).where(by.in_(listed[start : start + _AT_ONCE]), *also))
