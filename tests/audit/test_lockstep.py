# SPDX-License-Identifier: Apache-2.0
"""The numpy engine's parts, each held to what it does for many at once."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.audit.spoilt import honest
from tests.receipts.made import SIZE, fields_of, history, replaced

from ssn_card.audit.lockstep.fields import Fields
from ssn_card.audit.lockstep.macs import genuine
from ssn_card.audit.lockstep.malformed import malformed
from ssn_card.audit.lockstep.scan import OPEN, settled
from ssn_card.protocol.crypto import SecretKey
from ssn_card.receipts.faults import fault_of

HISTORY = history()
ONE_OF_EACH = (HISTORY[2], HISTORY[4], HISTORY[5], HISTORY[7])


def as_rows(receipts: Iterable[bytes]) -> NDArray[np.uint8]:
    return np.frombuffer(b"".join(receipts), np.uint8).reshape(-1, SIZE)


def agrees(receipts: list[bytes]) -> None:
    found = malformed(Fields.of(as_rows(receipts)))
    wrong = [raw.hex() for raw, is_found in zip(receipts, found, strict=True) if is_found != bool(fault_of(raw))]
    assert not wrong


@pytest.mark.parametrize("raw", ONE_OF_EACH, ids=["debit", "cancel", "override", "update"])
def test_every_value_of_every_byte_is_judged_as_the_judge_does(raw: bytes) -> None:
    agrees([raw[:at] + bytes((value,)) + raw[at + 1 :] for at in range(SIZE) for value in range(256)])


@pytest.mark.parametrize(
    ("raw", "name"), [(HISTORY[2], "timestamp"), (HISTORY[7], "valid_until"), (HISTORY[7], "issued_on")]
)
def test_days_are_judged_as_the_judge_does(raw: bytes, name: str) -> None:
    at, size = fields_of(raw)[name]
    time = raw[at + 3 : at + size]
    years = [b"\x00", b"\x23", b"\x24", b"\x79", b"\x80", b"\x99", b"\x0a"]
    days = [year + bytes((month, day)) for year in years for month in (*range(0x14), 0x20, 0x21) for day in range(256)]
    agrees([replaced(raw, **{name: day + time}) for day in days])


@pytest.mark.parametrize("raw", ONE_OF_EACH, ids=["debit", "cancel", "override", "update"])
def test_months_are_judged_as_the_judge_does(raw: bytes) -> None:
    agrees([replaced(raw, month=bytes((year, month))) for year in range(256) for month in range(0x24)])


def test_macs_are_those_of_the_library() -> None:
    """Of keys in one run, in several, and in turns; wrong in each byte of the MAC, and right."""
    random = Random(5)
    keys = [random.randbytes(16) for _ in range(9)]
    for turns in (1, 2, 9):
        key_of = np.array([key for _ in range(turns) for key in range(9) for _ in range(9)], np.int32)
        receipts = []
        for row, key in enumerate(key_of):
            message = random.randbytes(80)
            mac = bytearray(SecretKey(keys[key]).mac8(message))
            if row % 9 < 8:
                mac[row % 9] ^= 1 << random.randrange(8)
            receipts.append(message + bytes(mac))
        found = genuine(as_rows(receipts), np.frombuffer(b"".join(keys), np.uint8).reshape(-1, 16), key_of)
        assert np.flatnonzero(found).tolist() == list(range(8, len(receipts), 9))


def test_fields_of_every_place_and_size_are_read() -> None:
    raw = Random(6).randbytes(SIZE)
    fields = Fields.of(as_rows([raw]))
    for offset in range(SIZE):
        for size in range(1, min(8, SIZE - offset) + 1):
            value = int.from_bytes(raw[offset : offset + size], "big", signed=size == 8)
            assert fields.at(offset, size)[0] == value, (offset, size)


def test_before_the_first_receipt_there_is_nothing_but_an_issued_card() -> None:
    fields = Fields.of(as_rows(honest(1)))
    assert (fields("type")[-1], fields("state")[-1]) == (4, 1)
    assert fields("serial")[-1] == fields("seq")[-1] == fields("mac")[-1] == fields("spent_total")[-1] == 0


def test_steps_settle_to_what_they_come_to_one_by_one() -> None:
    random = Random(7)
    for length in (0, 1, 2, 3, 31, 32, 33, 1000):
        steps = [_step(random, first=not place) for place in range(length)]
        value, due = 0, []
        for add, least, most in steps:
            value = min(max(value + add, least), most)
            due.append(value)
        columns = np.array(steps, np.int64).reshape(-1, 3).T
        assert settled(*columns).tolist() == due


def _step(random: Random, *, first: bool) -> tuple[int, int, int]:
    amount = random.randint(-1000, 1000)
    known = (0, amount, amount)
    kinds = (known, (amount, -OPEN, OPEN), (0, amount, OPEN), (0, -OPEN, amount), (amount, -500, 500))
    return known if first else random.choices(kinds, weights=(1, 40, 5, 5, 5))[0]
