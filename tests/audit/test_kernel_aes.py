# SPDX-License-Identifier: Apache-2.0
"""The kernel's MACs are those of ``cryptography``, whatever keys the rows beside each other have."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

aes = pytest.importorskip("ssn_card.audit.kernel.aes")
pytestmark = pytest.mark.skipif(aes.available() is not None, reason="no AES-NI")
RANDOM = Random(12)
KEYS = [RANDOM.randbytes(16) for _ in range(40)]


def cmac(key: bytes, message: bytes) -> bytes:
    mac = CMAC(AES(key))
    mac.update(message)
    return mac.finalize()


@pytest.mark.parametrize(
    "numbers",
    [
        [],
        [3],
        [3] * 7,
        [3] * 8,
        [3] * 30,
        [3] * 5 + [4] * 30,
        list(range(40)),
        [0, 0, 0, 5, 0, 0, 0, 0],  # the same at both ends, as where keys in the middle are missing
        [*range(8), *[7] * 8, *range(8)],
        [RANDOM.randrange(40) for _ in range(200)],
    ],
    ids=lambda numbers: f"{len(numbers)}-{len(set(numbers))}",
)
def test_macs_are_those_of_a_library(numbers: list[int]) -> None:
    messages = [RANDOM.randbytes(88) for _ in numbers]
    rows = np.frombuffer(b"".join(messages), np.uint8).reshape(-1, 88)
    schedules = aes.expanded(np.frombuffer(b"".join(KEYS), np.uint8).reshape(-1, 16).copy())
    found = aes.macs(rows.copy(), schedules, np.array(numbers, np.int64))
    assert [mac.tobytes() for mac in found] == [
        cmac(KEYS[number], message[:80]) for number, message in zip(numbers, messages, strict=True)
    ]
