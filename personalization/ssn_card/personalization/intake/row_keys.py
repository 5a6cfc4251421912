# SPDX-License-Identifier: Apache-2.0
"""Keys under which a station's journal recognises a person and a family, without keeping their numbers.

Key = AES-CMAC under a secret of the station over a purpose and the number (SP 800-38B used as PRF), 16 bytes. A plain
hash would not do: there are only a few billion plausible NIK of one city, so anyone with the journal could try them
all. With the secret the keys leak only that two rows mean the same person, and nothing across stations that hold
different secrets. The price: a station that loses its secret no longer recognises its own journal, so the secret is
backed up like the journal, and never beside it. Stations that share one register must share one secret.

Both keys depend on the number alone, not on the row's other columns or the file: a corrected or repeated extract finds
the same keys, and a second card for one family is seen even under another member's NIK.
"""

from __future__ import annotations

from ssn_card.protocol.crypto import SecretKey

from .rows import Beneficiary

_PERSON = b"SSN row key: NIK\x00"
_FAMILY = b"SSN row key: KK \x00"


def row_key(beneficiary: Beneficiary, secret: SecretKey) -> bytes:
    """16 bytes that stand for the person's NIK in this station's journal."""
    return secret.cmac(_PERSON + beneficiary.nik.digits.encode("ascii"))


def family_key(beneficiary: Beneficiary, secret: SecretKey) -> bytes:
    """16 bytes that stand for the family's no_kk in this station's journal."""
    return secret.cmac(_FAMILY + beneficiary.kk.digits.encode("ascii"))
