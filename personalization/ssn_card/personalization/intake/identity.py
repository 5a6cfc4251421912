# SPDX-License-Identifier: Apache-2.0
"""The identity block on the card: whose card it is, readable only over the REGISTRY or ISSUER channel.

The fixed part is :data:`~ssn_card.protocol.layouts.IDENTITY_FIXED`; the name follows, UTF-8 in normal form C. The
kelurahan is the 1-based place in the kecamatan's list of regions.csv.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Protocol

from ssn_card.protocol.errors import InputError, Text
from ssn_card.protocol.layouts import IDENTITY_FIXED, MAX_IDENTITY
from ssn_card.protocol.values import MAX_NAME

from .nik import FamilyNumber, Nik

NAME_MAX = MAX_NAME  #: bytes of UTF-8
BLOCK_MAX = MAX_IDENTITY

_HEAD = IDENTITY_FIXED.size  #: bytes before the name

_WORD_MIN = 20  #: bytes that must be left for a cut at a word; else a long last word is cut inside


class IdentityError(InputError):
    """Bytes that are no identity block, or a person that does not fit one. The text never holds their content."""

    code = "identity"


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
    """The block of a person, 23 to 62 bytes, the name shortened where needed. Raises :class:`IdentityError`."""
    code = person.region_code.replace(".", "")
    if not re.fullmatch("[0-9]{6}", code):
        raise _error("the kecamatan code must have 6 digits", "kode kecamatan harus 6 angka")
    if not 1 <= person.kelurahan_ordinal <= 9999:
        raise _error("the kelurahan's place must be 1-9999", "urutan kelurahan harus 1-9999")
    if any("\ud800" <= character <= "\udfff" for character in person.name):
        raise _error("the name holds half a character", "nama berisi setengah huruf")
    name = name_on_card(person.name).encode("utf-8")
    if not name:
        raise _error("the name is empty", "nama kosong")
    fixed = {
        "nik": bytes.fromhex(person.nik.digits),
        "no_kk": bytes.fromhex(person.kk.digits),
        "kecamatan": bytes.fromhex(code),
        "kelurahan": bytes.fromhex(f"{person.kelurahan_ordinal:04d}"),
        "name_length": len(name),
    }
    return IDENTITY_FIXED.encode(fixed) + name


def parse_identity_block(block: bytes) -> Identity:
    """Inverse of :func:`identity_block`: accepts exactly what that makes. Raises ``InputError``."""
    fixed = IDENTITY_FIXED.decode(block[:_HEAD]) if _HEAD < len(block) <= BLOCK_MAX else None
    if fixed is None or len(block) != _HEAD + fixed["name_length"]:
        raise _error("its length does not match", "panjangnya tidak cocok")
    nik, kk, code, ordinal = (fixed[name].hex() for name in ("nik", "no_kk", "kecamatan", "kelurahan"))
    if not (nik + kk + code + ordinal).isdecimal():
        raise _error("a number is not BCD", "ada bilangan yang bukan BCD")
    # Not by a caught UnicodeDecodeError: that would keep the block in the new error's context.
    name = block[_HEAD:].decode("utf-8", errors="replace")
    if name.encode("utf-8") != block[_HEAD:]:
        raise _error("the name is not UTF-8", "nama bukan UTF-8")
    if name_on_card(name) != name:
        raise _error("the name is not in the form that cards carry", "bentuk nama tidak seperti pada kartu")
    if not int(ordinal):
        raise _error("the kelurahan's place is 0", "urutan kelurahan adalah 0")
    return Identity(
        nik=Nik(nik),
        kk=FamilyNumber(kk),
        region_code=f"{code[:2]}.{code[2:4]}.{code[4:]}",
        kelurahan_ordinal=int(ordinal),
        name=name,
    )


def name_on_card(name: str) -> str:
    """The name as the card carries it: blanks trimmed, normal form C, at most :data:`NAME_MAX` bytes of UTF-8.

    A longer name ends after its last whole word that fits; where that would leave less than 20 bytes, after the last
    whole letter with all its accents. Applied twice it changes nothing.
    ``name`` must be free of lone surrogates.
    """
    name = unicodedata.normalize("NFC", " ".join(name.split()))
    if len(name.encode("utf-8")) <= NAME_MAX:
        return name
    end = 0
    size = 0
    for character in name:
        size += len(character.encode("utf-8"))
        if size > NAME_MAX:
            break
        end += 1
    words = name[:end] if name[end] == " " else name[:end].rpartition(" ")[0]
    if len(words.encode("utf-8")) >= _WORD_MIN:
        return words
    whole = end
    while whole and unicodedata.combining(name[whole]):
        whole -= 1
    return name[: whole or end].rstrip()


def _error(en: str, indonesian: str) -> IdentityError:
    return IdentityError(Text(f"identity block: {en}", f"blok identitas: {indonesian}"))
