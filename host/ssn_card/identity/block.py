# SPDX-License-Identifier: Apache-2.0
"""The identity block on the card: whose card it is, readable only over the REGISTRY or ISSUER channel.

The fixed part is :data:`~ssn_card.protocol.layouts.IDENTITY_FIXED`; the name follows, UTF-8 in normal form C. The
kelurahan is the 1-based place in the kecamatan's list of regions.csv. No error here ever holds a byte of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ssn_card.protocol.errors import InputError, Text
from ssn_card.protocol.layouts import IDENTITY_FIXED, MAX_IDENTITY

from .names import name_on_card

_HEAD = IDENTITY_FIXED.size  #: bytes before the name


class IdentityError(InputError):
    """Bytes that are no identity block, or a person that does not fit one. The text never holds their content."""

    code = "identity"


@dataclass(frozen=True, slots=True)
class IdentityBlock:
    """The content of an identity block; ``repr`` shows nothing of it.

    Args:
        nik, no_kk: 16 digits.
        kecamatan: Kemendagri code with dots.
        kelurahan: 1 to 9999.
        name: shortened where it is longer than a card carries.
    """

    nik: str = field(repr=False)
    no_kk: str = field(repr=False)
    kecamatan: str = field(repr=False)
    kelurahan: int = field(repr=False)
    name: str = field(repr=False)

    def encode(self) -> bytes:
        """The block, 23 to 62 bytes. Raises :class:`IdentityError`."""
        code = self.kecamatan.replace(".", "")
        if not re.fullmatch("[0-9]{6}", code):
            raise _error("the kecamatan code must have 6 digits", "kode kecamatan harus 6 angka")
        if not 1 <= self.kelurahan <= 9999:
            raise _error("the kelurahan's place must be 1-9999", "urutan kelurahan harus 1-9999")
        if any("\ud800" <= character <= "\udfff" for character in self.name):
            raise _error("the name holds half a character", "nama berisi setengah huruf")
        name = name_on_card(self.name).encode("utf-8")
        if not name:
            raise _error("the name is empty", "nama kosong")
        fixed = {
            "nik": bytes.fromhex(self.nik),
            "no_kk": bytes.fromhex(self.no_kk),
            "kecamatan": bytes.fromhex(code),
            "kelurahan": bytes.fromhex(f"{self.kelurahan:04d}"),
            "name_length": len(name),
        }
        return IDENTITY_FIXED.encode(fixed) + name

    @classmethod
    def decode(cls, block: bytes) -> IdentityBlock:
        """Inverse of :meth:`encode`: accepts exactly what that makes. Raises :class:`IdentityError`."""
        fixed = IDENTITY_FIXED.decode(block[:_HEAD]) if _HEAD < len(block) <= MAX_IDENTITY else None
        if fixed is None or len(block) != _HEAD + fixed["name_length"]:
            raise _error("its length does not match", "panjangnya tidak cocok")
        nik, no_kk, code, place = (fixed[name].hex() for name in ("nik", "no_kk", "kecamatan", "kelurahan"))
        if not (nik + no_kk + code + place).isdecimal():
            raise _error("a number is not BCD", "ada bilangan yang bukan BCD")
        # Not by a caught UnicodeDecodeError: that would keep the block in the new error's context.
        name = block[_HEAD:].decode("utf-8", errors="replace")
        if name.encode("utf-8") != block[_HEAD:]:
            raise _error("the name is not UTF-8", "nama bukan UTF-8")
        if name_on_card(name) != name:
            raise _error("the name is not in the form that cards carry", "bentuk nama tidak seperti pada kartu")
        if not int(place):
            raise _error("the kelurahan's place is 0", "urutan kelurahan adalah 0")
        return cls(nik, no_kk, f"{code[:2]}.{code[2:4]}.{code[4:]}", int(place), name)


def _error(en: str, indonesian: str) -> IdentityError:
    return IdentityError(Text(f"identity block: {en}", f"blok identitas: {indonesian}"))
