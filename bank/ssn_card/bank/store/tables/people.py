# SPDX-License-Identifier: Apache-2.0
"""Persons and families, the files that they came from, and who may be the same as whom."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Hash, Key, Moment, Sealed, Serial, UserName, one_of


class PersonState(StrEnum):
    """Whether a person can be put into a batch."""

    READY = "ready"
    HELD = "held"  #: may be the same as another: a person decides
    REFUSED = "refused"  #: decided to be the same as another
    DEACTIVATED = "deactivated"  #: no longer entitled for now; loses nothing that was due


class RowVerdict(StrEnum):
    """What became of a line of an imported file."""

    ACCEPTED = "accepted"  #: a new person
    KNOWN = "known"  #: a person who is there already, unchanged
    CHANGED = "changed"  #: corrected data of a person who is there already
    HELD = "held"
    REJECTED = "rejected"


class Alike(StrEnum):
    """What was decided of two persons who look the same."""

    OPEN = "open"
    SAME = "same"
    DIFFERENT = "different"


class ImportRow(Base):
    """One file that was taken in. The same bytes for the same purpose are taken in once."""

    __tablename__ = "import"
    __table_args__ = (UniqueConstraint("kind", "sha256", "scope"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]  #: extract, exceptions, other-programme, station, updates, field
    sha256: Mapped[Hash]
    scope: Mapped[str] = mapped_column(default="")  #: policy, programme or place that it was taken in for
    file: Mapped[str]
    at: Mapped[Moment]
    actor: Mapped[UserName] = mapped_column(ForeignKey("users.name"))
    control: Mapped[str]  #: control totals and what was guessed, JSON; no personal data


class FamilyRow(Base):
    """A family, known by its no_kk."""

    __tablename__ = "family"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[Key] = mapped_column(unique=True)


class PersonRow(Base):
    """A beneficiary.

    ``sealed``, for ``person:<key, hex>``: nik, no_kk, name, birth_date, gender, decile (:mod:`...people`).
    """

    __tablename__ = "person"
    __table_args__ = (one_of("state", PersonState),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[Key] = mapped_column(unique=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    likeness: Mapped[Key] = mapped_column(index=True)
    sealed: Mapped[Sealed]
    version: Mapped[int] = mapped_column(default=1)  #: counts corrections
    kode_kecamatan: Mapped[str]
    kelurahan: Mapped[int]  #: 1-based place in the kecamatan's list (regions.csv)
    companion: Mapped[str | None] = mapped_column(index=True)
    state: Mapped[str]
    reason: Mapped[str | None]  #: why it is not ready; no personal data
    since: Mapped[Moment]


class PersonVersionRow(Base):
    """What a person's data were before a correction."""

    __tablename__ = "person_version"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    sealed: Mapped[Sealed]
    kode_kecamatan: Mapped[str]
    kelurahan: Mapped[int]
    companion: Mapped[str | None]
    until: Mapped[Moment]
    import_id: Mapped[int | None] = mapped_column(ForeignKey("import.id"))


class CardIdentityRow(Base):
    """Which version of its person's data a card holds since it was corrected; before, that of its batch."""

    __tablename__ = "card_identity"

    serial: Mapped[Serial] = mapped_column(ForeignKey("card.serial"), primary_key=True)
    version: Mapped[int]
    at: Mapped[Moment]
    actor: Mapped[UserName] = mapped_column(ForeignKey("users.name"))


class ImportLineRow(Base):
    """One line of an imported file, and what became of it. ``sealed``, for ``line:<import>:<line>``: its cells."""

    __tablename__ = "import_line"
    __table_args__ = (one_of("verdict", RowVerdict), UniqueConstraint("corrects_import", "corrects_line"))

    import_id: Mapped[int] = mapped_column(ForeignKey("import.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    verdict: Mapped[str]
    code: Mapped[str | None]  #: of the reason
    field: Mapped[str | None]
    reason_en: Mapped[str | None]
    reason_id: Mapped[str | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    sealed: Mapped[Sealed | None]  #: of lines that were not accepted, for the exceptions workbook
    of_import: Mapped[int | None]  #: in a workbook of exceptions: the line of the extract that it is about
    of_line: Mapped[int | None]
    corrects_import: Mapped[int | None]  #: the same where the line was taken: so each is corrected once
    corrects_line: Mapped[int | None]


class OtherProgrammeRow(Base):
    """A person or a family on another programme's list (PKH, KKS)."""

    __tablename__ = "other_programme"
    __table_args__ = (UniqueConstraint("programme", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme: Mapped[str]
    key: Mapped[Key] = mapped_column(index=True)  #: of a NIK or a no_kk
    import_id: Mapped[int] = mapped_column(ForeignKey("import.id"))


class NearDoubleRow(Base):
    """Two persons with the same name and birth date, and what somebody decided."""

    __tablename__ = "near_double"
    __table_args__ = (UniqueConstraint("person_id", "like_id"), one_of("state", Alike))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)  #: the later one
    like_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    state: Mapped[str]
    actor: Mapped[UserName | None] = mapped_column(ForeignKey("users.name"))
    at: Mapped[Moment | None]
    reason: Mapped[str | None]
