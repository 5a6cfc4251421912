# SPDX-License-Identifier: Apache-2.0
"""A person of the extract as the content of an identity block (:mod:`ssn_card.identity`), with checked numbers.

The kelurahan is the 1-based place in the kecamatan's list of regions.csv.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from ssn_card.identity import IdentityBlock

from .nik import FamilyNumber, Nik


class Person(Protocol):
    """What the block needs to know; :class:`~ssn_card.personalization.intake.rows.Beneficiary` is one."""

    @property
    def nik(self) -> Nik: ...
    @property
    def kk(self) -> FamilyNumber: ...
    @property
    def name(self) -> str: ...
    @property
    def region_code(self) -> str: ...
    @property
    def kelurahan_ordinal(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Identity:
    """The content of an identity block; ``repr`` shows the kecamatan only."""

    nik: Nik = field(repr=False)
    kk: FamilyNumber = field(repr=False)
    region_code: str  #: Kemendagri, with dots
    kelurahan_ordinal: int = field(repr=False)  #: 1-based
    name: str = field(repr=False)  #: as on the card, at most 40 bytes of UTF-8


def identity_block(person: Person) -> bytes:
    """The block of a person, 23 to 62 bytes, the name shortened where needed. Raises ``IdentityError``."""
    return IdentityBlock(
        person.nik.digits, person.kk.digits, person.region_code, person.kelurahan_ordinal, person.name
    ).encode()


def parse_identity_block(block: bytes) -> Identity:
    """Inverse of :func:`identity_block`: accepts exactly what that makes. Raises ``InputError``."""
    read = IdentityBlock.decode(block)
    return Identity(Nik(read.nik), FamilyNumber(read.no_kk), read.kecamatan, read.kelurahan, read.name)
