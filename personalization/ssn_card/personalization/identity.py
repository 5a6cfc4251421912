# SPDX-License-Identifier: Apache-2.0
"""The identity block on the card: whose card it is, readable only over the REGISTRY or ISSUER channel.

========  =====  =======================================================================================
offset    bytes  field
========  =====  =======================================================================================
0         8      NIK, BCD, 16 digits
8         8      no_kk, BCD, 16 digits
16        3      kecamatan, BCD, 6 digits of the Kemendagri code: 64 72 01
19        2      kelurahan, BCD, 4 digits: 1-based place in the kecamatan's list of regions.csv
21        1      length of the name in bytes, 1-40
22        1-40   name, UTF-8 in normal form C
========  =====  =======================================================================================
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Protocol

from ssn_card.personalization.nik import FamilyNumber, Nik
from ssn_card.protocol.errors import InputError, Text

NAME_MAX = 40  #: bytes of UTF-8
HEAD = 22  #: bytes before the name
BLOCK_MIN = HEAD + 1
BLOCK_MAX = HEAD + NAME_MAX

_WORD_MIN = 20  #: bytes that must be left for a cut at a word; else a long last word is cut inside


class IdentityError(InputError):
    """Bytes that are no identity block, or a person that does not fit one. The text never holds their content."""

    code = "identity"


class Person(Protocol):
    """What the block needs to know; :class:`~ssn_card.personalization.rows.Beneficiary` is one."""

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
    digits = f"{person.nik.digits}{person.kk.digits}{code}{person.kelurahan_ordinal:04d}"
    return bytes.fromhex(digits) + bytes([len(name)]) + name


def parse_identity_block(block: bytes) -> Identity:
    """Inverse of :func:`identity_block`: accepts exactly what that makes. Raises ``InputError``."""
    if not BLOCK_MIN <= len(block) <= BLOCK_MAX or len(block) != HEAD + block[HEAD - 1]:
        raise _error("its length does not match", "panjangnya tidak cocok")
    digits = block[: HEAD - 1].hex()
    if not digits.isdecimal():
        raise _error("a number is not BCD", "ada bilangan yang bukan BCD")
    # Not by a caught UnicodeDecodeError: that would keep the block in the new error's context.
    name = block[HEAD:].decode("utf-8", errors="replace")
    if name.encode("utf-8") != block[HEAD:]:
        raise _error("the name is not UTF-8", "nama bukan UTF-8")
    if name_on_card(name) != name:
        raise _error("the name is not in the form that cards carry", "bentuk nama tidak seperti pada kartu")
    ordinal = int(digits[38:42])
    if not ordinal:
        raise _error("the kelurahan's place is 0", "urutan kelurahan adalah 0")
    code = digits[32:38]
    return Identity(
        nik=Nik(digits[:16]),
        kk=FamilyNumber(digits[16:32]),
        region_code=f"{code[:2]}.{code[2:4]}.{code[4:]}",
        kelurahan_ordinal=ordinal,
        name=name,
    )


def name_on_card(name: str) -> str:
    """The name as the card carries it: blanks trimmed, normal form C, at most 40 bytes of UTF-8.

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
    word = end if name[end] == " " else name.rfind(" ", 0, end)
    if word > 0 and len(name[:word].encode("utf-8")) >= _WORD_MIN:
        return name[:word].rstrip()
    whole = end
    while whole and unicodedata.combining(name[whole]):
        whole -= 1
    return name[: whole or end].rstrip()


def _error(en: str, indonesian: str) -> IdentityError:
    return IdentityError(Text(f"identity block: {en}", f"blok identitas: {indonesian}"))
