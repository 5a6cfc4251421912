# SPDX-License-Identifier: Apache-2.0
"""A plugin of pytest that lets the engines mark whatever a test hands to the judge, and compares: see
``test_judges_cases.py``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from tests.audit.oracle import differences, expected
from tests.audit.test_engines import ENGINES
from tests.receipts.made import SIZE

from ssn_card.audit.rows import Rows
from ssn_card.receipts import Line, Receipt, ReceiptVerifier, Report
from ssn_card.receipts.genuine import ReceiptKeys

MARKED = pytest.StashKey[int]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[MARKED] = 0
    judged = ReceiptVerifier.verify_lines

    def verify_lines(self: ReceiptVerifier, lines: Iterable[Line], *args: Any, **kwargs: Any) -> Report:
        given = list(lines)
        config.stash[MARKED] += _mark([line.receipt for line in given if line.receipt], self._keys)
        return judged(self, given, *args, **kwargs)

    ReceiptVerifier.verify_lines = verify_lines  # type: ignore[method-assign]


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    terminalreporter.write_line(f"receipts marked: {config.stash[MARKED]}")


def _mark(receipts: list[Receipt], held: ReceiptKeys) -> int:
    receipts = sorted(receipts, key=lambda one: (one.serial, one.raw))
    raw = np.frombuffer(b"".join(one.raw for one in receipts), np.uint8).reshape(-1, SIZE).copy()
    found = [held.of(receipt.serial, receipt.key_version) for receipt in receipts]
    values = [key.value() for key in found if key is not None]
    keys = np.frombuffer(b"".join(values), np.uint8).reshape(-1, 16).copy()
    known = np.array([key is not None for key in found], np.bool_)
    key_of = np.where(known, np.cumsum(known) - 1, -1).astype(np.int32)
    rows = Rows(raw, np.zeros(len(raw), np.int32), np.arange(1, len(raw) + 1), np.zeros(len(raw), np.uint8))
    due = expected(rows, keys, key_of)
    for engine in ENGINES:
        different = list(differences(engine(rows, keys, key_of), due))
        assert not different, different[:5]
    return len(raw)
