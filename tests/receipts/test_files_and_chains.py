# SPDX-License-Identifier: Apache-2.0
"""Whole files of receipts: what is left out, doubled, mixed up, forged with the real key, or unreadable."""

from __future__ import annotations

import json
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from tests.model.wire import MAC
from tests.receipts.made import (
    PROVIDER,
    RICE,
    SERIAL,
    forged,
    history,
    is_update,
    lines,
    receipt_key,
    rechained,
    replaced,
    tip,
)

from ssn_card.keys import CardKeyFile, export_receipt_keys
from ssn_card.protocol.errors import InputError
from ssn_card.protocol.values import ReceiptType
from ssn_card.receipts import (
    Basket,
    Finding,
    Line,
    Problem,
    Receipt,
    ReceiptVerifier,
    Tip,
    chain,
    line_of,
    parse_line,
)
from ssn_card.receipts.errors import NoReceipts

OTHER = bytes.fromhex("5353000000000043")
HISTORY, OTHERS = history(), history(OTHER)
COUNT = len(HISTORY)


def findings(receipts: list[bytes], tips: dict[bytes, Tip] | None = None) -> list[Finding]:
    return ReceiptVerifier(PROVIDER).verify_lines(lines(receipts), tips).findings


def problems(receipts: list[bytes], tips: dict[bytes, Tip] | None = None) -> list[tuple[Problem, int, str | None]]:
    return [(one.problem, one.line, one.field) for one in findings(receipts, tips)]


def test_a_whole_history_is_clean() -> None:
    report = ReceiptVerifier(PROVIDER).verify_lines(lines(HISTORY + OTHERS), tip(HISTORY) | tip(OTHERS))
    assert report.clean
    assert (report.lines, report.receipts, report.genuine, report.cards) == (2 * COUNT, 2 * COUNT, 2 * COUNT, 2)
    debited = 55_500 + 162_000 + 10_000 + 400_000 + 70_000 + 1_000
    assert (report.debits, report.debited, report.cancelled) == (12, 2 * debited, 2 * 10_000)


@pytest.mark.parametrize("left_out", range(COUNT))
def test_one_receipt_left_out(left_out: int) -> None:
    (finding,) = findings(HISTORY[:left_out] + HISTORY[left_out + 1 :], tip(HISTORY))
    assert (finding.problem, finding.seq, finding.serial) == (Problem.MISSING, left_out + 1, SERIAL)
    assert finding.line == (left_out + 1 if left_out < COUNT - 1 else 0)


def test_a_missing_end_is_seen_by_the_tip_only() -> None:
    assert findings(HISTORY[:-2]) == []
    (finding,) = findings(HISTORY[:-2], tip(HISTORY))
    assert (finding.problem, finding.detail.en) == (Problem.MISSING, f"{COUNT - 1} to {COUNT}")
    (finding,) = findings([], tip(HISTORY))
    assert (finding.problem, finding.detail.en) == (Problem.MISSING, f"1 to {COUNT}")


def test_a_tip_with_another_mac() -> None:
    assert problems(HISTORY, {SERIAL: Tip(COUNT, bytes(8))}) == [(Problem.BROKEN_CHAIN, COUNT, "mac")]


@settings(max_examples=40, deadline=None)
@given(st.sets(st.integers(0, COUNT - 1), min_size=1, max_size=COUNT - 1))
def test_whatever_is_left_out_is_numbered(left_out: set[int]) -> None:
    kept = [raw for index, raw in enumerate(HISTORY) if index not in left_out]
    missing: set[int] = set()
    for one in findings(kept, tip(HISTORY)):
        assert one.problem is Problem.MISSING
        assert one.seq is not None
        missing |= set(range(one.seq - 1, one.seq - 1 + one.receipts))
    assert missing == left_out


@pytest.mark.parametrize("index", range(COUNT))
def test_a_receipt_twice(index: int) -> None:
    assert problems([*HISTORY, HISTORY[index]], tip(HISTORY)) == [(Problem.DUPLICATE, COUNT + 1, None)]
    report = ReceiptVerifier(PROVIDER).verify_lines(lines([*HISTORY, HISTORY[index]]))
    assert report.findings[0].detail.en == f"line {index + 1}"


@settings(max_examples=40, deadline=None)
@given(st.permutations(HISTORY + OTHERS))
def test_order_in_the_file_is_no_evidence(receipts: list[bytes]) -> None:
    report = ReceiptVerifier(PROVIDER).verify_lines(lines(receipts), tip(HISTORY) | tip(OTHERS))
    assert report.clean
    assert report.cards == 2


def test_cards_may_be_interleaved() -> None:
    mixed = [raw for pair in zip(HISTORY, OTHERS, strict=True) for raw in pair]
    assert findings(mixed, tip(HISTORY) | tip(OTHERS)) == []


@pytest.mark.parametrize("index", [0, 2, COUNT - 1])
def test_a_receipt_of_another_card_put_in_its_place(index: int) -> None:
    """Relabelled with the serial it should have: forged. As it is: missing here, doubled there."""
    relabelled = replaced(OTHERS[index], serial=SERIAL)
    found = problems([*HISTORY[:index], relabelled, *HISTORY[index + 1 :]], tip(HISTORY))
    assert (Problem.FORGED, index + 1) in [one[:2] for one in found]
    swapped = [*HISTORY[:index], OTHERS[index], *HISTORY[index + 1 :]]
    kinds = {one.problem for one in findings(swapped + OTHERS, tip(HISTORY) | tip(OTHERS))}
    assert Problem.MISSING in kinds
    assert Problem.DUPLICATE in kinds


LIES: list[tuple[int, dict[str, int], str, str]] = [
    (1, {"amount": 5_550}, "balance_after", "expected 894450"),
    (1, {"balance_after": 900_000}, "balance_after", "expected 844500"),
    (1, {"amount": 5_550, "balance_after": 894_450}, "month_spent_after", "expected 5550"),
    (2, {"month_spent_after": 0}, "month_spent_after", "expected 217500"),
    (4, {"amount": 20_000}, "balance_after", "expected 692500"),
    (4, {"amount": 20_000, "balance_after": 702_500}, "month_spent_after", "expected 207500"),
    (5, {"balance_after": 782_500}, "balance_after", "expected 682500"),
    (5, {"month_spent_after": 0}, "month_spent_after", "expected 217500"),
    (7, {"loaded_total": 2_000_000}, "balance_after", "expected 1382500"),
    (7, {"month_spent_after": 0}, "month_spent_after", "expected 617500"),
    (8, {"month_spent_after": 687_500}, "month_spent_after", "expected 70000"),
    (9, {"balance_after": 1}, "balance_after", "at most 0"),
    (10, {"balance_after": 1_200_000}, "balance_after", "at most 887500"),
    (0, {"balance_after": 900_001}, "balance_after", "at most 900000"),
    (0, {"month_spent_after": 1}, "month_spent_after", "expected 0"),
]


@pytest.mark.parametrize(("index", "lie", "field", "right"), LIES)
def test_lies_under_a_stolen_receipt_key(index: int, lie: dict[str, int], field: str, right: str) -> None:
    """The MAC is right and so is every link, made anew: only the sums betray the forger."""
    receipts = rechained([*HISTORY[:index], forged(HISTORY[index], **lie), *HISTORY[index + 1 :]])
    found = problems(receipts, tip(receipts))
    assert (Problem.WRONG_ARITHMETIC, index + 1, field) in found
    assert {one[0] for one in found} == {Problem.WRONG_ARITHMETIC}
    told = [one.detail.en for one in findings(receipts) if (one.line, one.field) == (index + 1, field)]
    assert told == [right]


def other_goods(index: int) -> dict[str, int]:
    """Or, of an overriding, another reason."""
    if is_update(HISTORY[index]):
        return {"allowed_categories": 0x7E}
    return {"reason" if Receipt(HISTORY[index]).type == ReceiptType.OVERRIDE else "categories": 0x55}


@pytest.mark.parametrize("index", range(COUNT))
def test_a_forged_receipt_that_is_not_linked_on(index: int) -> None:
    """With a right MAC but the old links: the receipt behind it, or the card's tip, does not follow."""
    receipts = [*HISTORY[:index], forged(HISTORY[index], **other_goods(index)), *HISTORY[index + 1 :]]
    found = problems(receipts, tip(HISTORY))
    assert found[-1] == (
        (Problem.BROKEN_CHAIN, index + 2, "previous_mac") if index < COUNT - 1 else (Problem.BROKEN_CHAIN, COUNT, "mac")
    )
    # A cancellation repeats its debit's goods.
    assert found[:-1] == [(Problem.WRONG_ARITHMETIC, 5, "categories")] * (index == 4)


def test_two_genuine_receipts_with_one_number() -> None:
    """A copied card: both are right, so neither may be chosen silently."""
    twin = forged(HISTORY[3], terminal_txn=99)
    assert (Problem.BROKEN_CHAIN, "seq") in [(one.problem, one.field) for one in findings([*HISTORY[:4], twin])]


def test_so_many_twins_are_followed_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept of one number is bounded: who floods an auditor with copies fills no memory."""
    twins = [HISTORY[3], forged(HISTORY[3], terminal_txn=98), forged(HISTORY[3], terminal_txn=99)]
    behind = [[*HISTORY[:3], *twins, forged(HISTORY[4], previous_mac=one[MAC:])] for one in twins]
    for limit, followed in ((1, [True, False, False]), (2, [True, True, False]), (3, [True, True, True])):
        monkeypatch.setattr(chain, "_TWINS", limit)
        assert [(Problem.BROKEN_CHAIN, 7, "previous_mac") not in problems(one) for one in behind] == followed


def test_an_inserted_receipt() -> None:
    invented = forged(HISTORY[-1], seq=COUNT + 1, previous_mac=HISTORY[-1][MAC:], balance_after=198_000, terminal_txn=9)
    (finding,) = findings([*HISTORY, invented], tip(HISTORY))
    assert finding.problem is not None
    assert finding.line == COUNT + 1


@pytest.mark.parametrize(
    ("basket", "field"),
    [
        (Basket.of(("BERAS", 9, 162_000)), "basket_digest"),
        (Basket.of(("BERAS", 10, 161_999)), "basket_digest"),
        (Basket.of(("BERAS", 10, 162_000), ("GULA", 1, 1)), "basket_digest"),
        (RICE, None),
    ],
)
def test_baskets(basket: Basket, field: str | None) -> None:
    verifier = ReceiptVerifier(PROVIDER)
    finding = verifier.verify(Receipt(HISTORY[2]), basket)
    assert (finding and finding.field) == field
    report = verifier.verify_lines([*lines(HISTORY[:2]), Line(3, Receipt(HISTORY[2]), basket)])
    assert [(one.problem, one.line) for one in report.findings] == ([(Problem.BASKET, 3)] if field else [])


@pytest.mark.parametrize(("change", "field"), [({"amount": 150_000}, "amount"), ({"categories": 2}, "categories")])
def test_a_basket_that_costs_something_else(change: dict[str, int], field: str) -> None:
    """A terminal that debits another sum than that of the basket whose digest it gives."""
    finding = ReceiptVerifier(PROVIDER).verify(Receipt(forged(HISTORY[2], **change)), RICE)
    assert finding is not None
    assert (finding.problem, finding.field) == (Problem.BASKET, field)


@pytest.mark.parametrize("index", [0, 4, 5])
def test_a_basket_beside_what_is_no_debit_says_nothing(index: int) -> None:
    """Where a debit has its basket's digest, other receipts hold a MAC or a companion."""
    assert ReceiptVerifier(PROVIDER).verify(Receipt(HISTORY[index]), RICE) is None


GOOD = line_of(Receipt(HISTORY[0]))
UNREADABLE = [
    ("", None),
    ("   \r", None),
    ("{", "json"),
    ("[1]", "json"),
    ("null", "json"),
    ("\ud83d".encode("utf-8", "surrogatepass").decode("latin-1"), "json"),
    ("[" * 100_000, "json"),
    ('{"receipt": "00"}', "schema"),
    (GOOD.replace("receipt/1", "receipt/2"), "schema"),
    ('{"schema": "ssn-card/receipt/1"}', "receipt"),
    ('{"schema": "ssn-card/receipt/1", "receipt": 5}', "receipt"),
    (GOOD.replace(HISTORY[0].hex(), HISTORY[0].hex()[:-2]), "receipt"),
    (GOOD.replace(HISTORY[0].hex(), HISTORY[0].hex() + "00"), "receipt"),
    (GOOD.replace(HISTORY[0].hex(), "zz" * 88), "receipt"),
]


@pytest.mark.parametrize(("text", "fault"), UNREADABLE)
def test_unreadable_lines(tmp_path: Path, text: str, fault: str | None) -> None:
    """Named by physical line; the good ones around it are verified all the same. Blank lines are no findings."""
    path = tmp_path / "receipts.jsonl"
    path.write_bytes(f"{GOOD}\n\n".encode() + text.encode("latin-1") + f"\n{line_of(Receipt(HISTORY[1]))}\n".encode())
    report = ReceiptVerifier(PROVIDER).verify_files([path], baskets=False)
    assert (report.genuine, report.unreadable, report.lines) == (2, bool(fault), 2 + bool(fault))
    expected = [(Problem.UNREADABLE, 3, fault)] if fault else []
    assert [(one.problem, one.line, one.field) for one in report.findings] == expected


@pytest.mark.parametrize(
    "basket", [[], 5, "BERAS", {}, [["BERAS", 1]], [["KAVIAR", 1, 1]], [["BERAS", 0, 1]], [["BERAS", 1.5, 1]],
               [["BERAS", True, 1]], [["BERAS", 1, 1 << 31]], [[1, 1, 1]]],
)  # fmt: skip
def test_unreadable_baskets(basket: object) -> None:
    text = json.dumps({"schema": "ssn-card/receipt/1", "receipt": HISTORY[2].hex(), "basket": basket})
    report = ReceiptVerifier(PROVIDER).verify_lines([parse_line(1, text)])
    assert (report.genuine, report.findings[0].problem) == (1, Problem.BASKET)


def test_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        ReceiptVerifier(PROVIDER).verify_file(tmp_path / "none.jsonl")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.binary(max_size=40), st.sampled_from([GOOD.encode()])), max_size=6))
def test_any_bytes_in_a_file_are_survived(tmp_path_factory: pytest.TempPathFactory, rows: list[bytes]) -> None:
    path = tmp_path_factory.mktemp("noise") / "noise.jsonl"
    path.write_bytes(b"\n".join(rows))
    there = [row.strip() for row in b"\n".join(rows).split(b"\n") if row.strip()]
    if not there:
        with pytest.raises(NoReceipts):
            ReceiptVerifier(PROVIDER).verify_file(path)
        return
    report = ReceiptVerifier(PROVIDER).verify_file(path)
    assert (report.lines, report.genuine + report.repeated) == (len(there), there.count(GOOD.encode()))


def test_an_auditor_verifies_the_cards_of_his_file_only(tmp_path: Path) -> None:
    path = tmp_path / "keys.jsonl"
    export_receipt_keys(PROVIDER, [SERIAL], [1], path, "a long password")
    with CardKeyFile.open(path, "a long password") as keys:
        report = ReceiptVerifier(keys).verify_lines(lines(HISTORY + OTHERS[:1]), tip(HISTORY))
    assert [(one.problem, one.line) for one in report.findings] == [(Problem.UNKNOWN_KEY, COUNT + 1)]


def test_key_versions_are_told_apart() -> None:
    """A receipt under version 2 is genuine by version 2's key, and not by relabelling one of version 1."""
    first = replaced(HISTORY[0], key_version=2)
    assert findings([first])[0].problem is Problem.FORGED
    assert findings([forged(first)]) == []
    assert receipt_key(version=2) != receipt_key()
