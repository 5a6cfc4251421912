# SPDX-License-Identifier: Apache-2.0
"""One card's receipts lie in many shops' files: joined in any way, honest ones are clean and money counts once."""

from __future__ import annotations

import dataclasses

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from tests.model.wire import MAC
from tests.receipts.made import PROVIDER, RICE, SERIAL, forged, history, lines, rechained, replaced, tip

from ssn_card.protocol.errors import NO_TEXT, SsnCardError
from ssn_card.receipts import Basket, Finding, Line, Problem, Receipt, ReceiptVerifier, Report, Tip
from ssn_card.receipts.errors import LinesLost, NoRoom
from ssn_card.receipts.findings import Findings, place
from ssn_card.receipts.spool import _SETTINGS

OTHER = bytes.fromhex("5353000000000043")
HISTORY, OTHERS = history(), history(OTHER)
MOVED = [0, 55_500, 162_000, 10_000, -10_000, 0, 400_000, 0, 70_000, 0, 0, 1_000]  #: by each receipt of a history
DEBITED = sum(amount for amount in MOVED if amount > 0)


def of_shops(*files: list[bytes]) -> list[Line]:
    """Each list is the file of a shop of its own: shop-1, shop-2 and so on."""
    return [
        dataclasses.replace(line, file=f"shop-{shop}")
        for shop, receipts in enumerate(files, start=1)
        for line in lines(receipts)
    ]


def report(*files: list[bytes], tips: dict[bytes, Tip] | None = None, whole: bool = False) -> Report:
    return ReceiptVerifier(PROVIDER).verify_lines(of_shops(*files), tips, whole=whole)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_exports_that_overlap_in_any_order_are_clean(data: st.DataObject) -> None:
    everything = HISTORY + OTHERS
    holders = [data.draw(st.sets(st.integers(0, 4), min_size=1)) for _ in everything]
    files = [
        data.draw(st.permutations([raw for raw, shops in zip(everything, holders, strict=True) if shop in shops]))
        for shop in range(5)
    ]
    found = report(*files, tips=tip(HISTORY) | tip(OTHERS), whole=True)
    copies = sum(map(len, files))
    assert (found.findings, found.gaps) == ([], [])
    assert (found.lines, found.genuine, found.repeated) == (copies, len(everything), copies - len(everything))
    assert (found.debited, found.cancelled) == (2 * DEBITED, 2 * 10_000)
    assert (found.cards, found.ends_checked) == (2, 2)


@settings(max_examples=40, deadline=None)
@given(st.sets(st.integers(0, len(HISTORY) - 1), min_size=1))
def test_a_shops_own_file_has_gaps_and_no_findings(kept: set[int]) -> None:
    """What is missing of the numbers below the newest is told; what lies above it only a tip tells."""
    found = report([HISTORY[index] for index in kept])
    assert found.clean
    assert found.not_handed_in == max(kept) + 1 - len(kept)
    assert found.spent_unseen == sum(MOVED[index] for index in range(max(kept)) if index not in kept)
    assert found.missing == 0
    assert all(one.problem is Problem.NOT_HANDED_IN for one in found.gaps)
    whole = report([HISTORY[index] for index in kept], whole=True)
    assert (whole.missing, whole.not_handed_in) == (found.not_handed_in, 0)
    assert [one.seq for one in whole.findings] == [one.seq for one in found.gaps]


@pytest.mark.parametrize("copies", [1, 2, 5])
def test_money_counts_once_however_often_it_is_handed_in(copies: int) -> None:
    for found in (report(HISTORY * copies), report(*[HISTORY] * copies)):
        assert (found.debited, found.cancelled) == (DEBITED, 10_000)
        assert (found.genuine, found.repeated) == (len(HISTORY), (copies - 1) * len(HISTORY))


def test_a_receipt_twice_in_one_file_is_a_finding_and_in_two_files_none() -> None:
    assert report(HISTORY, HISTORY, [HISTORY[3]], whole=True).clean
    (finding,) = report(HISTORY, [HISTORY[3], HISTORY[3]], whole=True).findings
    assert finding == Finding(Problem.DUPLICATE, 2, None, SERIAL, 4, place(1), "shop-2")


def test_a_basket_that_is_another_is_told_where_it_stands() -> None:
    debit = Receipt(HISTORY[2])
    other = Basket.of(("BERAS", 9, 162_000))
    found = ReceiptVerifier(PROVIDER).verify_lines([Line(7, debit, other, None, "shop-3")])
    assert found.findings == [Finding(Problem.BASKET, 7, "basket_digest", SERIAL, 3, file="shop-3")]
    unread = ReceiptVerifier(PROVIDER).verify_lines([Line(8, debit, None, "basket", "shop-4")])
    assert unread.findings == [Finding(Problem.BASKET, 8, "basket", SERIAL, 3, file="shop-4")]


def test_every_line_is_in_one_count() -> None:
    wrong_mac, impossible = replaced(HISTORY[3], amount=1), replaced(HISTORY[4], type=9)
    handed_in = [*of_shops([*HISTORY, HISTORY[0], wrong_mac, wrong_mac, impossible]), Line(99, None, None, "json")]
    found = ReceiptVerifier(PROVIDER).verify_lines(handed_in)
    assert (found.lines, found.genuine, found.repeated, found.rejected, found.unreadable) == (17, 12, 1, 3, 1)
    assert (found.receipts, found.wrong_macs) == (16, 2)


def test_a_tip_covers_what_lies_below_it() -> None:
    """The card was read after its sixth receipt; it has gone on since, and of that other shops may hold some."""
    early = {SERIAL: Tip(6, HISTORY[5][MAC:])}
    found = report([*HISTORY[:3], *HISTORY[4:6], *HISTORY[8:]], tips=early)
    assert [(one.problem, one.detail.en) for one in found.findings] == [(Problem.MISSING, "4; Rp10.000 spent")]
    assert [(one.problem, one.detail.en) for one in found.gaps] == [(Problem.NOT_HANDED_IN, "7 to 8; Rp400.000 spent")]
    over_it = report([*HISTORY[:4], *HISTORY[8:]], tips=early)
    assert [(one.problem, one.detail.en, one.receipts) for one in (*over_it.findings, *over_it.gaps)] == [
        (Problem.MISSING, "5 to 6", 2),
        (Problem.NOT_HANDED_IN, "7 to 8; Rp390.000 spent in 5 to 8", 2),
    ]


def test_a_tip_that_the_card_has_gone_beyond_is_held_to_its_receipt() -> None:
    (finding,) = report(HISTORY, tips={SERIAL: Tip(6, bytes(8))}).findings
    assert (finding.problem, finding.line, finding.field) == (Problem.BROKEN_CHAIN, 6, "mac")


@pytest.mark.parametrize("swapped", [False, True])
def test_a_clone_is_found_in_whatever_order_it_is_handed_in(swapped: bool) -> None:
    """Original and copy go on from the same receipt, each with a whole and right history."""
    copy = rechained([*HISTORY[:6], forged(HISTORY[6], terminal_txn=77), *HISTORY[7:]])
    files = (copy, HISTORY) if swapped else (HISTORY, copy)
    found = report(*files, tips=tip(HISTORY), whole=True)
    assert {one.problem for one in found.findings} == {Problem.BROKEN_CHAIN}
    assert [(one.seq, one.field, one.file) for one in found.findings] == [
        (seq, "seq", "shop-2") for seq in range(7, len(HISTORY) + 1)
    ]
    details = [one.detail for one in found.findings]
    assert all(en.startswith("line ") and en.endswith(" of shop-1") for en, _ in details)
    assert [f"baris {en.split()[1]} pada shop-1" for en, _ in details] == [indonesian for _, indonesian in details]
    assert found.findings[0].detail == place(7, "shop-1")


def test_a_sum_is_wrong_on_the_clones_side_only() -> None:
    copy = rechained([*HISTORY[:6], forged(HISTORY[6], balance_after=1), *HISTORY[7:]])
    found = report(HISTORY, copy, whole=True).findings
    sums = [(one.problem, one.file, one.seq, one.field) for one in found if one.problem is Problem.WRONG_ARITHMETIC]
    assert sums[0] == (Problem.WRONG_ARITHMETIC, "shop-2", 7, "balance_after")
    assert {file for _, file, _, _ in sums} == {"shop-2"}


def test_a_basket_counts_from_whichever_copy_has_it() -> None:
    bare, full = Line(1, Receipt(HISTORY[2]), None, None, "card"), Line(1, Receipt(HISTORY[2]), RICE, None, "shop")
    other = Line(2, Receipt(HISTORY[1]), None, None, "card")
    for handed_in, without in (
        ([bare, full], 0), ([full, bare], 0), ([bare], 1), ([bare, bare], 1), ([bare, other], 2),
    ):  # fmt: skip
        found = ReceiptVerifier(PROVIDER).verify_lines(handed_in, baskets=True)
        assert (found.without_basket, found.counts[Problem.NO_BASKET]) == (without, without)
        told = [(one.line, one.file) for one in found.findings if one.problem is Problem.NO_BASKET]
        assert told == [(1, "card"), (2, "card")][:without]
        assert ReceiptVerifier(PROVIDER).verify_lines(handed_in).without_basket == without


def test_nothing_is_not_clean_but_a_card_without_receipts_may_be() -> None:
    assert not report().clean
    assert report(tips={SERIAL: Tip(0, bytes(8))}).clean
    assert not report(tips=tip(HISTORY)).clean


def test_a_disk_without_room_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    small = ("PRAGMA page_size=512", "PRAGMA max_page_count=4", *_SETTINGS)
    monkeypatch.setattr("ssn_card.receipts.spool._SETTINGS", small)
    with pytest.raises(NoRoom) as caught:
        ReceiptVerifier(PROVIDER).verify_lines(lines(HISTORY))
    assert isinstance(caught.value, SsnCardError)
    assert "TMPDIR" in caught.value.remedy.en
    assert caught.value.text == (
        "Receipts cannot be sorted: database or disk is full.",
        "Kuitansi tidak dapat diurutkan: ruang disk habis.",
    )


def test_a_line_that_is_in_no_count_is_told_and_never_passed_over() -> None:
    found = report(HISTORY)
    found.rejected += 3
    with pytest.raises(LinesLost) as caught:
        found.balance()
    assert caught.value.text == (
        "12 lines were read, but 15 are accounted for.",
        "12 baris dibaca, tetapi 15 yang tercatat.",
    )


def test_the_first_of_each_kind_are_kept_and_all_are_counted() -> None:
    """Gaps too, which are no findings."""
    one_each = [*HISTORY[1::2], *OTHERS[1::2]]
    for first in (0, 1, 3):
        found = ReceiptVerifier(PROVIDER).verify_lines(lines(one_each), first=first)
        assert (len(found.gaps), found.gap_count, found.not_handed_in) == (first, 12, 12)
        found = ReceiptVerifier(PROVIDER).verify_lines(lines(one_each), first=first, whole=True)
        assert (len(found.findings), found.found, found.missing) == (first, 12, 12)


def test_findings_come_by_file_as_given_and_by_line_and_what_no_line_shows_last() -> None:
    findings = Findings()
    for file, line in (("a", 3), ("b", 9), (None, 0), ("a", 1), ("b", 2), ("c", 5), (None, 4)):
        findings.add(Finding(Problem.FORGED, line, file=file))
    # What has no file, as of a card, stands with the first.
    for files, order in (("bac", "b2 None4 b9 a1 a3 c5"), ("cab", "None4 c5 a1 a3 b2 b9")):
        told = [f"{one.file}{one.line}" for one in findings.in_order(list(files))]
        assert told == [*order.split(), "None0"]


def test_what_is_wrong_is_told_with_its_file_and_every_line_of_each_is_counted() -> None:
    """An auditor with the files of many shops goes where the finding says."""
    malformed = [replaced(raw, type=9) for raw in HISTORY[:2]]
    broken = forged(HISTORY[4], previous_mac=bytes(8))
    altered = replaced(HISTORY[5], amount=99_999)
    unreadable = Line(7, None, None, "length", "shop-3")
    of_other_goods = Line(8, Receipt(HISTORY[8]), RICE, None, "shop-3")
    found = ReceiptVerifier(PROVIDER).verify_lines(
        [*of_shops(HISTORY[:4], [*malformed, broken, HISTORY[7], altered]), unreadable, of_other_goods], first=None
    )
    assert found.files == {"shop-1": 4, "shop-2": 5, "shop-3": 2}
    assert found.spent_unseen == MOVED[6]
    assert [(one.problem, one.field, one.line, one.file, one.detail) for one in (*found.findings, *found.gaps)] == [
        (Problem.MALFORMED, "type", 1, "shop-2", NO_TEXT),
        (Problem.MALFORMED, "type", 2, "shop-2", NO_TEXT),
        (Problem.BROKEN_CHAIN, "previous_mac", 3, "shop-2", place(4, "shop-1")),
        (Problem.FORGED, "amount", 5, "shop-2", NO_TEXT),
        (Problem.UNREADABLE, "length", 7, "shop-3", NO_TEXT),
        (Problem.BASKET, "basket_digest", 8, "shop-3", NO_TEXT),
        (Problem.NOT_HANDED_IN, "seq", 4, "shop-2", found.gaps[0].detail),
    ]


@pytest.mark.parametrize("first", [None, 0, 1, 7])
@pytest.mark.parametrize("whole", [False, True])
def test_what_is_found_of_two_cards_apart_is_what_is_found_of_them_together(first: int | None, whole: bool) -> None:
    def verified(*cards: list[bytes]) -> Report:
        handed_in = [line for card in cards for line in [*lines(card[1::2]), Line(99, None, None, "json")]]
        tips = {serial: end for card in cards for serial, end in tip(card).items()}
        return ReceiptVerifier(PROVIDER).verify_lines(handed_in, tips, first=first, whole=whole)

    together, apart, other = verified(HISTORY, OTHERS), verified(HISTORY), verified(OTHERS)
    apart.merge(other)
    assert (apart.lines, apart.tips) == (7, 1)  # the caller's to add
    apart.lines, apart.tips = together.lines, together.tips
    assert apart.figures == together.figures
    assert apart.all_counts == together.all_counts
    assert (apart.gap_count, apart.debits, apart.wrong_keys) == (together.gap_count, together.debits, False)
    assert (apart.gaps, set(apart.findings)) == (together.gaps, set(together.findings))
    assert len(apart.kept) == len(together.kept)


def test_findings_that_nobody_has_put_into_words_are_counted_and_none_is_kept() -> None:
    found = Report(None)
    for _ in range(2):
        found.add_unworded(Problem.FORGED, 3)
        found.add_unworded(Problem.NOT_HANDED_IN, 2)
    assert (found.found, found.counts[Problem.FORGED], found.gap_count, found.not_handed_in) == (6, 6, 4, 4)
    assert found.kept == []
