# SPDX-License-Identifier: Apache-2.0
"""The verifier does every check that the document declares: each bad receipt of the vectors fails at its field."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.receipts.made import PROVIDER

from ssn_card.protocol.errors import InputError
from ssn_card.receipts import Line, Problem, Receipt, ReceiptVerifier

VECTORS = json.loads((Path(__file__).parents[2] / "protocol" / "vectors" / "receipts.json").read_text())
#: What a verifier can only tell by trying: the fields that choose the key, and those behind a wrong MAC.
TRIED = {"serial", "key_version", "mac"}


def bad() -> list[Any]:
    return [
        pytest.param(case, id=f"{case['first_wrong']}: {case['why']}")
        for case in next(value for value in VECTORS.values() if isinstance(value, list) and "first_wrong" in value[0])
    ]


@pytest.mark.parametrize("case", bad())
def test_a_bad_receipt_fails_at_the_field_that_the_document_names(case: dict[str, str]) -> None:
    raw, before = bytes.fromhex(case["receipt"]), bytes.fromhex(case["previous"])
    if case["first_wrong"] == "size":
        with pytest.raises(InputError):
            Receipt(raw)
        return
    handed_in = [Line(number, Receipt(one)) for number, one in enumerate((before, raw), start=1) if one]
    found = [
        one
        for one in ReceiptVerifier(PROVIDER).verify_lines(handed_in, whole=True).findings
        # The vectors begin in the middle of the card's life.
        if not (one.problem is Problem.MISSING and one.seq == 1)
    ]
    assert found
    if case["first_wrong"] in TRIED:
        assert found[0].problem in (Problem.FORGED, Problem.UNKNOWN_KEY)
    else:
        assert found[0].field == case["first_wrong"]
