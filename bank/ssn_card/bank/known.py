# SPDX-License-Identifier: Apache-2.0
"""Keys under which persons and families are recognised, without keeping their numbers.

Key = AES-CMAC under the secret over a purpose and the number (SP 800-38B used as PRF), 16 bytes. A plain hash would not
do: there are only a few billion plausible NIK of one city, so anyone with the store or a journal could try them all.
With the secret the keys leak only that two rows mean the same person, and nothing across places that hold different
secrets. The price: who loses the secret no longer recognises anybody, so it is backed up, and never beside the store.

A key depends on the number alone, not on other columns or the file: a corrected or repeated extract finds the same
keys, and a second card for one family is seen even under another member's NIK.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from ssn_card.protocol.crypto import SecretKey

_PERSON = b"SSN row key: NIK\x00"
_FAMILY = b"SSN row key: KK \x00"
_LIKENESS = b"SSN row key: like\x00"
_NO_LETTER = re.compile("[^a-z]+")


def person_key(nik: str, secret: SecretKey) -> bytes:
    """16 bytes that stand for the person with this NIK (16 digits)."""
    return secret.cmac(_PERSON + nik.encode("ascii"))


def family_key(no_kk: str, secret: SecretKey) -> bytes:
    """16 bytes that stand for the family with this no_kk (16 digits)."""
    return secret.cmac(_FAMILY + no_kk.encode("ascii"))


def likeness(name: str, birth_date: dt.date, secret: SecretKey) -> bytes:
    """16 bytes that two rows share whose names, but for case, marks and blanks, and birth dates are the same."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return secret.cmac(_LIKENESS + _NO_LETTER.sub("", plain).encode("ascii") + birth_date.isoformat().encode("ascii"))


def store_check(secret: SecretKey) -> bytes:
    """16 bytes by which a store or a backup tells another secret from its own."""
    return secret.cmac(b"SSN bank store check")


def sealing_key(secret: SecretKey) -> bytes:
    """The 32-byte key that personal data in the store is sealed with."""
    return _derived(secret, b"SSN bank sealing")


def backup_key(secret: SecretKey, salt: bytes) -> bytes:
    """The 32-byte key of one backup file."""
    return _derived(secret, b"SSN bank backup", salt)


def _derived(secret: SecretKey, label: bytes, context: bytes = b"") -> bytes:
    """SP 800-108 in counter mode, with CMAC; 256 bits."""
    fixed = label + b"\x00" + context + (256).to_bytes(4, "big")
    return b"".join(secret.cmac(count.to_bytes(4, "big") + fixed) for count in (1, 2))
