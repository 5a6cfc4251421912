# SPDX-License-Identifier: Apache-2.0
"""Findings to the last member, as an auditor's program reads them, and which field the neighbours prove altered."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.model.reference_card import ReferenceCard
from tests.model.wire import MAC, TYPE, entitlement, movement
from tests.receipts.made import (
    PROVIDER,
    SERIAL,
    fields_of,
    forged,
    history,
    is_update,
    lines,
    receipt_key,
    rechained,
    replaced,
    tip,
)

from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.errors import Text
from ssn_card.receipts import (
    Basket,
    Finding,
    Problem,
    Receipt,
    ReceiptVerifier,
    Tip,
    line_of,
)
from ssn_card.receipts.diagnosis import altered_field
from ssn_card.receipts.findings import expected, numbers, place

HISTORY = history()
TOP = (1 << 31) - 1


def test_a_finding_for_programs() -> None:
    finding = Finding(Problem.MISSING, 4, "seq", SERIAL, 3, numbers(3, 5), "shop.jsonl", 3, 55_500)
    assert finding.as_dict() == {
        "problem": "missing",
        "file": "shop.jsonl",
        "line": 4,
        "field": "seq",
        "serial": SERIAL.hex(),
        "seq": 3,
        "receipts": 3,
        "spent": 55_500,
        "detail": "3 to 5",
        "detail_id": "3 sampai 5",
        "message_en": Problem.MISSING.value.en,
        "message_id": Problem.MISSING.value.id,
    }
    assert Finding(Problem.UNREADABLE, 1).as_dict()["serial"] is None


def every(receipts: list[bytes], tips: dict[bytes, Tip] | None = None) -> list[Finding]:
    """Of a set that is declared whole."""
    return ReceiptVerifier(PROVIDER).verify_lines(lines(receipts), tips, whole=True).findings


def spent(en: str, id_: str, rupiah: str) -> Text:
    """The detail of a gap that is followed by a receipt."""
    return Text(f"{en}; Rp{rupiah} spent", f"{id_}; belanja Rp{rupiah}")


def test_findings_say_card_number_and_figures() -> None:
    """Whole findings, as an auditor's program reads them."""
    doubled = [HISTORY[0], HISTORY[1], HISTORY[0], HISTORY[0], HISTORY[2]]
    assert every(doubled) == [Finding(Problem.DUPLICATE, at, None, SERIAL, 1, place(1)) for at in (3, 4)]
    assert every([*HISTORY[:2], *HISTORY[3:]]) == [
        Finding(Problem.MISSING, 3, "seq", SERIAL, 3, spent("3", "3", "162.000"), None, 1, 162_000)
    ]
    assert every([*HISTORY[:2], *HISTORY[4:]]) == [
        Finding(Problem.MISSING, 3, "seq", SERIAL, 3, spent("3 to 4", "3 sampai 4", "172.000"), None, 2, 172_000)
    ]
    assert every(HISTORY[:-3], tip(HISTORY)) == [
        Finding(Problem.MISSING, 0, "seq", SERIAL, 10, numbers(10, 12), None, 3)
    ]
    assert every([], tip(HISTORY)) == [Finding(Problem.MISSING, 0, "seq", SERIAL, 1, numbers(1, 12), None, 12)]
    assert every([], {SERIAL: Tip(0, bytes(8))}) == []
    forged = replaced(HISTORY[2], categories=0x0055)
    assert every([*HISTORY[:2], forged])[0] == Finding(Problem.FORGED, 3, "categories", SERIAL, 3)


def test_findings_without_a_line_come_last_and_the_others_in_order() -> None:
    found = every([HISTORY[1], HISTORY[0], HISTORY[1], b"".join((HISTORY[2][:MAC], bytes(8)))], tip(HISTORY))
    assert [(one.problem, one.line) for one in found] == [
        (Problem.DUPLICATE, 3),
        (Problem.FORGED, 4),
        (Problem.MISSING, 0),
    ]


def test_findings_of_one_receipt_say_card_and_number() -> None:
    verifier = ReceiptVerifier(PROVIDER)
    other = Basket.of(("BERAS", 9, 162_000))
    assert verifier.verify(Receipt(HISTORY[2]), other) == Finding(Problem.BASKET, 0, "basket_digest", SERIAL, 3)
    strange = replaced(HISTORY[2], serial=b"\xff" * 8, key_version=9)
    assert verifier.verify(Receipt(strange)) == Finding(Problem.UNKNOWN_KEY, 0, "serial", b"\xff" * 8, 3)


def test_a_file_is_verified_up_to_the_tips(tmp_path: Path) -> None:
    path = tmp_path / "receipts.jsonl"
    path.write_text("".join(f"{line_of(Receipt(raw))}\n" for raw in HISTORY[:-1]))
    assert ReceiptVerifier(PROVIDER).verify_files([path], baskets=False).clean
    (finding,) = ReceiptVerifier(PROVIDER).verify_files([path], tip(HISTORY), baskets=False).findings
    assert finding == Finding(Problem.MISSING, 0, "seq", SERIAL, 12, numbers(12, 12))
    assert finding in ReceiptVerifier(PROVIDER).verify_file(path, tip(HISTORY)).findings


def test_sums_that_do_not_follow_say_what_was_expected() -> None:
    for field, right in (("balance_after", 682_500), ("month_spent_after", 217_500)):
        receipts = rechained([*HISTORY[:2], forged(HISTORY[2], **{field: 1})])
        assert every(receipts) == [Finding(Problem.WRONG_ARITHMETIC, 3, field, SERIAL, 3, expected(right))]


def test_a_twin_does_not_hide_what_comes_behind_it() -> None:
    """Two genuine receipts with one number, and two more left out further on."""
    twin = forged(HISTORY[3], terminal_txn=99)
    assert every([*HISTORY[:4], twin, *HISTORY[4:6], *HISTORY[8:]]) == [
        Finding(Problem.BROKEN_CHAIN, 5, "seq", SERIAL, 4, Text("line 4", "baris 4")),
        Finding(Problem.MISSING, 8, "seq", SERIAL, 7, spent("7 to 8", "7 sampai 8", "400.000"), None, 2, 400_000),
    ]


RECEIPT_KEY = SecretKey(receipt_key(), "RECEIPT")
WHOLE = b"\x01\x02\x03\x04"


def named(raw: bytes, previous: bytes | None, following: bytes | None) -> str | None:
    """The field found altered, by these neighbours alone."""
    beside = [None if one is None else Receipt(one) for one in (previous, following)]
    return altered_field(Receipt(raw), RECEIPT_KEY, beside[0], beside[1])


@pytest.mark.parametrize("index", [2, 4])
@pytest.mark.parametrize("field", ["amount", "balance_after", "seq"])
def test_the_receipt_before_names_a_field_changed_whole(index: int, field: str) -> None:
    """A debit lowers the balance by its amount, a cancellation raises it."""
    assert named(replaced(HISTORY[index], **{field: WHOLE}), HISTORY[index - 1], None) == field


OF_ALL = ("seq", "previous_mac", "balance_after", "month_spent_after", "month")
BESIDE = ("update_seq", "granted_total")
#: What the receipt before says of a receipt of each type, so that it is known however much of it was changed.
KNOWN_BEFORE = {
    1: (*OF_ALL, *BESIDE, "amount"),
    2: (*OF_ALL, *BESIDE, "amount", "cancelled_mac", "categories", "terminal_id"),
    3: (*OF_ALL, *BESIDE),
    4: (*OF_ALL, "granted_total"),
}


def changed_whole(raw: bytes, name: str) -> bytes:
    return replaced(raw, **{name: (WHOLE * 2)[: fields_of(raw)[name][1]]})


@pytest.mark.parametrize("index", range(1, len(HISTORY)))
def test_what_the_receipt_before_says_is_named(index: int) -> None:
    for name in KNOWN_BEFORE[HISTORY[index][TYPE]]:
        assert named(changed_whole(HISTORY[index], name), HISTORY[index - 1], None) == name, name


@pytest.mark.parametrize("index", range(len(HISTORY) - 1))
def test_what_the_receipt_behind_says_is_named(index: int) -> None:
    """An update may have changed the rest."""
    names = ("seq", "mac") if is_update(HISTORY[index + 1]) else ("seq", "mac", "balance_after", *BESIDE)
    for name in names:
        assert named(changed_whole(HISTORY[index], name), None, HISTORY[index + 1]) == name, name


def test_a_debit_says_its_month_itself() -> None:
    assert named(changed_whole(HISTORY[2], "month"), None, None) == "month"
    assert named(changed_whole(HISTORY[5], "month"), None, None) is None


def test_the_receipt_behind_names_the_number_and_the_mac() -> None:
    assert named(replaced(HISTORY[2], seq=WHOLE), None, HISTORY[3]) == "seq"
    assert named(replaced(HISTORY[2], mac=bytes(8)), None, HISTORY[3]) == "mac"
    assert named(replaced(HISTORY[2], seq=WHOLE), None, None) is None


def test_a_balance_of_nothing_is_named() -> None:
    card = ReferenceCard(SERIAL, (receipt_key(),) * 2)
    before = card.update(entitlement(1, 500_000), b"UPDATE-1").receipt
    last = card.debit(movement(500_000)).receipt
    assert before is not None
    assert last is not None
    assert named(replaced(last, balance_after=WHOLE), before, None) == "balance_after"


@pytest.mark.parametrize(("bytes_changed", "field"), [(1, "mac"), (2, None)])
def test_a_mac_without_a_receipt_behind_it(bytes_changed: int, field: str | None) -> None:
    raw = bytearray(HISTORY[2])
    for at in range(MAC, MAC + bytes_changed):
        raw[at] ^= 0x40
    assert named(bytes(raw), None, None) == field


def test_figures_near_the_cards_largest_do_not_stop_the_search() -> None:
    """The altered amount may be anything; what neighbours would make of it may not fit a field."""
    rich = forged(HISTORY[1], balance_after=TOP, month_spent_after=TOP)
    assert named(replaced(HISTORY[2], amount=b"\xff" * 4, categories=WHOLE[:2]), rich, HISTORY[3]) is None
