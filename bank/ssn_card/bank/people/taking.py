# SPDX-License-Identifier: Apache-2.0
"""Rows of an import into the store: new persons, corrections of those who are there, doubles and what is like one.

A NIK that is there is the same person, whatever file it comes in: never a second one. A family has one person who may
get a card. Who has the name and the birth date of somebody else waits for a decision. Nothing is deleted.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import insert, update

from .. import known
from ..store.tables.base import Base
from ..store.tables.cards import CardRow
from ..store.tables.people import (
    Alike,
    FamilyRow,
    ImportLineRow,
    NearDoubleRow,
    PersonRow,
    PersonState,
    PersonVersionRow,
    RowVerdict,
)
from ..store.work import StoreWork
from . import verdicts
from .incoming import IncomingPerson, IncomingRow, RowOutcome, RowReason
from .persons import place_of, sealed_fields
from .surroundings import KnownFamily, KnownPerson, Surroundings, asked
from .verdicts import StoreVerdict

CHUNK: Final = 1_000  #: rows that are best taken at once
_TOLD: Final = {
    PersonState.HELD: verdicts.PERSON_HELD,
    PersonState.REFUSED: verdicts.PERSON_REFUSED,
    PersonState.DEACTIVATED: verdicts.PERSON_DEACTIVATED,
}


@dataclass
class _Decided:
    """What a chunk of rows is to change; ids come when it is written."""

    lines: list[tuple[IncomingRow, RowVerdict, RowReason | None, KnownPerson | None]] = field(default_factory=list)
    families: dict[bytes, KnownFamily] = field(default_factory=dict)  #: new ones
    persons: list[KnownPerson] = field(default_factory=list)
    pairs: list[tuple[KnownPerson, KnownPerson]] = field(default_factory=list)
    versions: list[dict[str, Any]] = field(default_factory=list)
    changed: dict[bytes, KnownPerson] = field(default_factory=dict)
    moved: list[KnownPerson] = field(default_factory=list)  #: to another family

    def join(self, family: KnownFamily) -> None:
        """Somebody is of this family now."""
        if family.id is None:
            self.families[family.key] = family


class Taking:
    """One import, chunk by chunk, in one transaction."""

    def __init__(self, work: StoreWork, import_id: int, refuse: Collection[str] = ()) -> None:
        """``refuse``: programmes whose persons and families are not taken; those of others are taken with a note."""
        self._work = work
        self._import = import_id
        self._refuse = frozenset(refuse)

    def take(self, rows: Sequence[IncomingRow]) -> list[RowOutcome]:
        """What becomes of these rows, in order; it is written. A few thousand at a time."""
        around = Surroundings(self._work.session)
        secret = self._work.secret
        keys = {
            row.line: (
                known.person_key(row.found.nik, secret),
                known.family_key(row.found.no_kk, secret),
                known.likeness(row.found.name, row.found.birth_date, secret),
            )
            for row in rows
            if isinstance(row.found, IncomingPerson)
        }
        around.look(*({three[at] for three in keys.values()} for at in range(3)))
        decided = _Decided()
        for row in rows:
            if isinstance(row.found, RowReason):
                decided.lines.append((row, RowVerdict.REJECTED, row.found, None))
            else:
                decided.lines.append((row, *self._decide(row.found, keys[row.line], around, decided)))
        self._write(decided)
        return [
            RowOutcome(row.line, verdict, reason, person.id if person else None)
            for row, verdict, reason, person in decided.lines
        ]

    def _decide(
        self, person: IncomingPerson, keys: tuple[bytes, bytes, bytes], around: Surroundings, decided: _Decided
    ) -> tuple[RowVerdict, RowReason | None, KnownPerson | None]:
        key, family_key, likeness = keys
        family = around.family(family_key)
        if (there := around.persons.get(key)) is not None:
            return self._again(person, there, family, likeness, decided)
        if others := family.others(key):
            gone = all(one.state is PersonState.DEACTIVATED for one in others)
            why = verdicts.FAMILY_DEACTIVATED if gone else verdicts.FAMILY_IN_STORE
            return RowVerdict.REJECTED, _reason(why), None
        programmes = around.programmes[key] | around.programmes[family_key]
        if refusing := programmes & self._refuse:
            return RowVerdict.REJECTED, _listed(refusing), None
        new = KnownPerson(
            key=key,
            family=family,
            likeness=likeness,
            sealed=self._sealed(person, key),
            kode_kecamatan=person.kode_kecamatan,
            kelurahan=person.kelurahan,
            companion=person.companion,
            state=PersonState.READY,
        )
        alike = around.alike(new)
        if alike:
            new.state, new.reason = PersonState.HELD, verdicts.NEAR_DOUBLE.code
        decided.join(family)
        around.add(new)
        decided.persons.append(new)
        decided.pairs += [(new, other) for other in alike]
        if alike:
            return RowVerdict.HELD, _reason(verdicts.NEAR_DOUBLE), new
        return RowVerdict.ACCEPTED, _listed(programmes) if programmes else None, new

    def _again(
        self, person: IncomingPerson, there: KnownPerson, family: KnownFamily, likeness: bytes, decided: _Decided
    ) -> tuple[RowVerdict, RowReason | None, KnownPerson]:
        """A person who is there: the same data, or a correction."""
        told = _TOLD.get(there.state)
        said = _reason(told) if told else None
        if there.family is not family:
            if there.likeness != likeness:
                return RowVerdict.HELD, _reason(verdicts.NIK_OF_ANOTHER), there
            if family.others(there.key):
                return RowVerdict.HELD, _reason(verdicts.FAMILY_OF_ANOTHER), there
        fields = _fields(person)
        plain = (person.kode_kecamatan, person.kelurahan, person.companion)
        old = self._work.sealer.opened(there.sealed, place_of(there.key))
        if old == fields and plain == (there.kode_kecamatan, there.kelurahan, there.companion):
            return RowVerdict.KNOWN, said, there
        decided.versions.append(
            {
                "person": there,
                "version": there.version,
                "sealed": there.sealed,
                "kode_kecamatan": there.kode_kecamatan,
                "kelurahan": there.kelurahan,
                "companion": there.companion,
            }
        )
        there.version += 1
        there.sealed, there.likeness = self._sealed(person, there.key), likeness
        there.kode_kecamatan, there.kelurahan, there.companion = plain
        if there.family is not family:
            there.family.members.remove(there)
            decided.join(family)
            family.members.append(there)
            there.family = family
            decided.moved.append(there)
        decided.changed[there.key] = there
        return RowVerdict.CHANGED, said, there

    def _sealed(self, person: IncomingPerson, key: bytes) -> bytes:
        return self._work.sealer.seal(_fields(person), place_of(key))

    def _write(self, decided: _Decided) -> None:
        self._write_new(decided)
        self._write_changes(decided)
        self._add(
            NearDoubleRow,
            [{"person_id": person.id, "like_id": other.id, "state": Alike.OPEN} for person, other in decided.pairs],
        )
        self._add(ImportLineRow, [self._line(*line) for line in decided.lines])

    def _write_new(self, decided: _Decided) -> None:
        """Families and persons; their ids are asked for afterwards, for a row that returns its id is written alone."""
        self._add(FamilyRow, [{"key": key} for key in decided.families])
        for key, number in asked(self._work.session, (FamilyRow.key, FamilyRow.id), FamilyRow.key, decided.families):
            decided.families[key].id = number
        new = {person.key: person for person in decided.persons}
        rows = [
            _columns(one) | {"key": one.key, "state": one.state, "reason": one.reason, "since": self._work.at}
            for one in decided.persons
        ]
        self._add(PersonRow, rows)
        for key, number in asked(self._work.session, (PersonRow.key, PersonRow.id), PersonRow.key, new):
            new[key].id = number

    def _add(self, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
        if rows:
            self._work.session.connection().execute(insert(table.__table__), rows)  # type: ignore[arg-type]

    def _write_changes(self, decided: _Decided) -> None:
        session = self._work.session
        if not decided.changed:
            return
        kept = [
            {**row, "person_id": row["person"].id, "until": self._work.at, "import_id": self._import}
            for row in decided.versions
        ]
        self._add(PersonVersionRow, [{name: row[name] for name in row if name != "person"} for row in kept])
        changes = [_columns(person) | {"id": person.id} for person in decided.changed.values()]
        session.execute(update(PersonRow), changes)
        for person in decided.moved:
            session.execute(
                update(CardRow).where(CardRow.person_id == person.id).values(family_id=person.family.id),
                execution_options={"synchronize_session": False},
            )

    def _line(
        self, row: IncomingRow, verdict: RowVerdict, reason: RowReason | None, person: KnownPerson | None
    ) -> dict[str, Any]:
        open_ = verdict in (RowVerdict.REJECTED, RowVerdict.HELD)
        place = line_place(self._import, row.line)
        of = row.of or (None, None)
        corrects = (None, None) if verdict is RowVerdict.REJECTED else of
        return {
            "import_id": self._import,
            "line": row.line,
            "verdict": verdict,
            "code": reason.code if reason else None,
            "field": (reason.field or None) if reason else None,
            "reason_en": reason.text.en if reason else None,
            "reason_id": reason.text.id if reason else None,
            "person_id": person.id if person else None,
            "sealed": self._work.sealer.seal({"cells": list(row.cells)}, place) if open_ else None,
            "of_import": of[0],
            "of_line": of[1],
            "corrects_import": corrects[0],
            "corrects_line": corrects[1],
        }


def line_place(import_id: int, line: int) -> str:
    """By which the cells of a line are sealed."""
    return f"line:{import_id}:{line}"


def _fields(person: IncomingPerson) -> dict[str, Any]:
    return sealed_fields(person.nik, person.no_kk, person.name, person.birth_date, person.gender, person.decile)


def _columns(person: KnownPerson) -> dict[str, Any]:
    """What a correction may change."""
    return {
        "family_id": person.family.id,
        "likeness": person.likeness,
        "sealed": person.sealed,
        "version": person.version,
        "kode_kecamatan": person.kode_kecamatan,
        "kelurahan": person.kelurahan,
        "companion": person.companion,
    }


def _reason(verdict: StoreVerdict) -> RowReason:
    return RowReason(verdict.code, verdict.field, verdict.text)


def _listed(programmes: Collection[str]) -> RowReason:
    why = verdicts.OTHER_PROGRAMME
    return RowReason(why.code, why.field, why.text.filled(programmes=", ".join(sorted(programmes))))
