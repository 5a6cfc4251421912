# SPDX-License-Identifier: Apache-2.0
"""Check values of masters: by which people compare two copies of a key over the telephone.

The first three bytes of AES-CMAC over a block of zeros (ANSI X9.24-1:2017 annex A): a master may do nothing but
AES-CMAC, in a token least of all, and is checked by what it does. A card's keys have GlobalPlatform's instead.
"""

from __future__ import annotations

from cryptography.hazmat.primitives import cmac
from cryptography.hazmat.primitives.ciphers import algorithms

from ssn_card.protocol.crypto import BLOCK

CHECKED = bytes(BLOCK)  #: what the CMAC is over
KCV_LENGTH = 3  #: bytes


def check_value(key: bytes) -> bytes:
    """Of an AES key of 16, 24 or 32 bytes."""
    mac = cmac.CMAC(algorithms.AES(key))
    mac.update(CHECKED)
    return mac.finalize()[:KCV_LENGTH]
