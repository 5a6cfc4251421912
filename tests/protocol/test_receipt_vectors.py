# SPDX-License-Identifier: Apache-2.0
"""The verifier finds in the receipts and chains of the vectors what they say is to be found."""

from __future__ import annotations

from typing import Any

import pytest
from tests.protocol.vector_files import FILES, raw

from ssn_card.keys import development_keyring
from ssn_card.protocol.errors import InputError
from ssn_card.receipts import Line, Receipt, ReceiptVerifier, Tip
from ssn_card.receipts.findings import Finding, Problem

RECEIPTS = FILES["receipts"]
CHAIN = [raw(entry, "receipt") for entry in RECEIPTS["chain"]]
#: Of a receipt whose MAC is wrong the verifier says what was altered, where it can find out.
_KEYED = {"mac": Problem.FORGED, "serial": Problem.FORGED, "key_version": Problem.FORGED}


@pytest.fixture(scope="module")
def verifier() -> ReceiptVerifier:
    return ReceiptVerifier(development_keyring((1, 2)))


def found(
    verifier: ReceiptVerifier, receipts: list[bytes], tips: dict[bytes, Tip] | None = None, *, whole: bool = True
) -> list[Finding]:
    """All findings, and what was not handed in."""
    lines = [Line(number, Receipt(receipt)) for number, receipt in enumerate(receipts, start=1)]
    report = verifier.verify_lines(lines, tips, whole=whole, first=None)
    return report.findings + report.gaps


ALONE = [case for case in RECEIPTS["invalid"] if not case["previous"]]
CHAINED = [case for case in RECEIPTS["invalid"] if case["previous"]]


@pytest.mark.parametrize("case", ALONE, ids=lambda c: f"{c['first_wrong']}: {c['why']}")
def test_receipts_that_are_wrong_alone(verifier: ReceiptVerifier, case: dict[str, Any]) -> None:
    if case["first_wrong"] == "size":
        with pytest.raises(InputError):
            Receipt(raw(case, "receipt"))
        return
    finding = verifier.verify(Receipt(raw(case, "receipt")))
    assert finding is not None
    if case["first_wrong"] in _KEYED:
        assert finding.problem is _KEYED[case["first_wrong"]]
    else:
        assert (finding.problem, finding.field) == (Problem.MALFORMED, case["first_wrong"])


@pytest.mark.parametrize("case", CHAINED, ids=lambda c: f"{c['first_wrong']}: {c['why']}")
def test_receipts_that_do_not_follow(verifier: ReceiptVerifier, case: dict[str, Any]) -> None:
    before = CHAIN[: CHAIN.index(raw(case, "previous")) + 1]
    assert found(verifier, before) == []
    wrong = Receipt(raw(case, "receipt"))
    assert verifier.verify(wrong) is None, "alone it is genuine"
    findings = found(verifier, [*before, wrong.raw])
    assert findings[0].field == case["first_wrong"], "the first, in the order of the page"
    assert {one.seq for one in findings} == {wrong.seq}
    assert {one.problem for one in findings} <= {Problem.BROKEN_CHAIN, Problem.WRONG_ARITHMETIC}


def _told(finding: Finding) -> dict[str, Any]:
    told: dict[str, Any] = {"problem": finding.problem.name.lower(), "seq": finding.seq}
    if finding.field is not None:
        told["field"] = finding.field
    if finding.problem in (Problem.MISSING, Problem.NOT_HANDED_IN):
        told["receipts"] = finding.receipts
    if finding.spent is not None:
        told["spent"] = finding.spent
    return told


def _in_order(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(findings, key=lambda one: (one["seq"], one["problem"], one.get("field", "")))


@pytest.mark.parametrize("case", RECEIPTS["chains"], ids=lambda c: c["name"])
def test_chains(verifier: ReceiptVerifier, case: dict[str, Any]) -> None:
    tips = None
    if "tip" in case:
        tips = {raw(RECEIPTS, "serial"): Tip(case["tip"]["seq"], raw(case["tip"], "last_mac"))}
    receipts = [bytes.fromhex(receipt) for receipt in case["receipts"]]
    findings = found(verifier, receipts, tips, whole=case.get("whole", True))
    assert _in_order([_told(one) for one in findings]) == _in_order(case["findings"])
