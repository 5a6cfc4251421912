# SPDX-License-Identifier: Apache-2.0
"""Each row has the key that the provider gives for its card and key version, or none."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from ssn_card.audit.keys import BatchKeys
from ssn_card.audit.records import first_rows
from ssn_card.keys import development_keyring
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.layouts import RECEIPT

PROVIDER = development_keyring()
HELD = PROVIDER.versions(KeyLabel.RECEIPT)


def key(serial: bytes, version: int) -> SecretKey | None:
    return PROVIDER.diversify(KeyLabel.RECEIPT, version, serial) if version in HELD else None


@pytest.mark.parametrize("count", [0, 1, 2, 300])
@pytest.mark.parametrize("versions", [HELD[:1], HELD, (*HELD, 0, 255), (255,)])
def test_keys_of_rows_are_the_providers(count: int, versions: tuple[int, ...]) -> None:
    random = Random(count)
    at_version, at_serial = RECEIPT.offset("key_version"), RECEIPT.offset("serial")
    rows = sorted((random.randrange(1 + count // 9).to_bytes(8, "big"), random.choice(versions)) for _ in range(count))
    raw = np.zeros((count, RECEIPT.size), np.uint8)
    for row, (serial, version) in zip(raw, rows, strict=True):
        row[at_version], row[at_serial : at_serial + 8] = version, np.frombuffer(serial, np.uint8)
    for cards in (None, first_rows(raw)):
        keys, number = BatchKeys(PROVIDER).of(raw, cards)
        for (serial, version), which in zip(rows, number.tolist(), strict=True):
            due = key(serial, version)
            assert (due is None) == (which < 0)
            assert due is None or keys[which].tobytes() == due.value()
