# SPDX-License-Identifier: Apache-2.0
"""What cards have forgotten: the bank's word is true, or open, and a lost receipt comes back whole."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from random import Random
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from tests.model import wire
from tests.receipts.histories import played
from tests.receipts.made import PROVIDER, SERIAL, forged, history, is_update, lines, new_card, replaced

from ssn_card.keys import CardKeyFile, export_receipt_keys
from ssn_card.protocol.errors import Text
from ssn_card.protocol.values import ReceiptType
from ssn_card.receipts import Line, Receipt
from ssn_card.receipts.errors import BadGone
from ssn_card.receipts.settle import Gone, Settled, Settlement, Verdict, read_gone

HISTORY = history()


def gone_of(raw: bytes, **change: Any) -> Gone:
    """The movement of this receipt, as its terminal has journalled it."""
    receipt = Receipt(raw)
    gone = Gone(receipt.serial, receipt.seq, ReceiptType(receipt.type), receipt.movement)
    return dataclasses.replace(gone, **change)


def settled(gone: Gone, receipts: list[bytes]) -> Settled:
    (one,) = Settlement(PROVIDER).settle([gone], lines(receipts))
    return one


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 1 << 32))
def test_every_lost_receipt_is_restored_and_nothing_else_is_taken_for_it(seed: int) -> None:
    """Whatever the PIN, the month or the key version, mended or not."""
    receipts, random = played(seed).receipts, Random(seed)
    for at, raw in enumerate(receipts[1:-1], start=1):
        beside = [receipts[at - 1], receipts[at + 1]]
        if is_update(raw):  # a movement was sent, but it was not what made this number
            other = gone_of(HISTORY[2], serial=SERIAL, seq=at + 1)
            assert settled(other, beside).verdict is Verdict.ANOTHERS
            continue
        found = settled(gone_of(raw), random.sample(beside, 2))
        assert (found.verdict, found.restored) == (Verdict.OURS, True)
        assert found.receipt == Receipt(raw)
        body = wire.movement(random.randint(1, 90_000), txn=99, rest=random.randbytes(16))
        assert settled(gone_of(raw, body=body), beside).verdict is Verdict.ANOTHERS
        kind = random.choice([one for one in (1, 2, 3) if one != raw[wire.TYPE]])
        assert settled(gone_of(raw, kind=ReceiptType(kind)), beside).verdict is Verdict.ANOTHERS


TOP = (1 << 31) - 1
#: From the largest amounts a card can hold down to nothing, and over the end of a month.
EDGES = [
    ("debit", wire.movement(TOP)),  # leaves nothing; the month holds the most it can
    ("cancel", wire.movement(TOP)),  # and nothing again
    ("override", wire.movement(1, when="251104080000", rest=b"PD-00001")),  # the card stays in its month
    ("debit", wire.movement(5, when="251031080000")),
    ("debit", wire.movement(7, when="251101080000")),  # a new month counts from nothing
    ("debit", wire.movement(TOP - 12, when="251201080000")),
]


@pytest.mark.parametrize("lost", range(1, 1 + len(EDGES)))
def test_a_lost_receipt_is_restored_at_every_edge(lost: int) -> None:
    card = new_card()
    terms = {"limit": TOP - 1, "override_max": 1, "debit_max": TOP}
    assert card.update(wire.entitlement(1, TOP, **terms), b"UPDATE-1").sw == wire.OK  # type: ignore[arg-type]
    raised = wire.movement(1, rest=b"PD-00001")
    assert card.override(raised).sw == wire.OK
    for kind, body in EDGES:
        last = body[:20] + card.last_mac + bytes(8) if kind == "cancel" else body
        assert getattr(card, kind)(last).sw == wire.OK
    assert card.override(wire.movement(1, when="251202080000", rest=b"PD-00001")).sw == wire.OK
    raw = card.receipts[1 + lost]
    gone = gone_of(raw)
    assert settled(gone, [card.receipts[lost], card.receipts[2 + lost]]) == Settled(
        gone, Verdict.OURS, Receipt(raw), restored=True
    )


@pytest.mark.parametrize("index", [1, 2, 4, 5])
def test_a_receipt_in_hand_decides_by_itself(index: int) -> None:
    raw = HISTORY[index]
    gone, other = gone_of(raw), gone_of(raw, body=HISTORY[6][4:40])
    assert settled(gone, [raw]) == Settled(gone, Verdict.OURS, Receipt(raw))
    assert settled(other, [raw]) == Settled(other, Verdict.ANOTHERS)
    # A rogue sent a cut-off cancellation's bytes as a purchase.
    assert settled(gone_of(raw, kind=ReceiptType(1 + raw[wire.TYPE] % 3)), [raw]).verdict is Verdict.ANOTHERS


@pytest.mark.parametrize(("left_out", "why"), [((1,), "2"), ((3,), "4"), ((1, 3), "2, 4")])
def test_without_a_neighbour_it_stays_open(left_out: tuple[int, ...], why: str) -> None:
    there = [raw for index, raw in enumerate(HISTORY) if index != 2 and index not in left_out]
    gone = gone_of(HISTORY[2])
    missing = Text(f"receipts missing: {why}", f"kuitansi yang belum ada: {why}")
    assert settled(gone, there) == Settled(gone, Verdict.OPEN, why=missing)


@pytest.mark.parametrize("index", [1, 3])
def test_a_neighbour_that_is_not_genuine_proves_nothing(index: int) -> None:
    """Nor what no card writes under a stolen key, nor what cannot be read."""
    wrong = [replaced(HISTORY[index], balance_after=1), forged(HISTORY[index], categories=0)]
    settlement = Settlement(PROVIDER)
    there = [Line(1, None, fault="json"), *lines([*wrong, HISTORY[4 - index]])]
    (found,) = settlement.settle([gone_of(HISTORY[2])], there)
    assert (found.verdict, settlement.rejected) == (Verdict.OPEN, 3)


def test_a_receipt_in_several_files_is_no_copied_card() -> None:
    """Both shops have handed in the receipts on either side: the movement did not happen, and nothing is open."""
    other = gone_of(HISTORY[2], body=HISTORY[6][4:40])
    there = [HISTORY[1], HISTORY[3], HISTORY[3], HISTORY[1]]
    assert settled(other, there).verdict is Verdict.ANOTHERS
    assert settled(other, [HISTORY[2], HISTORY[2]]).verdict is Verdict.ANOTHERS


def test_twins_of_a_copied_card_settle_what_they_prove_and_no_more() -> None:
    twin = forged(HISTORY[3], terminal_txn=99, previous_mac=bytes(8))
    there = [HISTORY[1], twin, HISTORY[3]]
    assert settled(gone_of(HISTORY[2]), there).verdict is Verdict.OURS
    found = settled(gone_of(HISTORY[2], body=HISTORY[6][4:40]), there)
    copied = Text("two receipts of number 4: a copied card", "dua kuitansi bernomor 4: kartu disalin")
    assert found == Settled(found.gone, Verdict.OPEN, why=copied)
    assert found.gone.body == HISTORY[6][4:40]


def test_the_first_number_of_a_card_is_an_updates() -> None:
    first = gone_of(HISTORY[1], seq=1)
    assert settled(first, HISTORY[1:2]).verdict is Verdict.ANOTHERS
    assert settled(first, []).why.en == "receipts missing: 2"


def test_the_key_moves_on_just_before_the_lost_receipt(tmp_path: Path) -> None:
    """It is under the next version, as the receipt behind it; an auditor's file of keys serves as well."""
    card = new_card()
    for body in (wire.entitlement(1, 900_000), wire.entitlement(2, 900_000, keys=8)):
        assert card.update(body, body[:8]).sw == wire.OK
    for txn in (1, 2):
        assert card.debit(wire.movement(1_000, txn=txn)).sw == wire.OK
    path = tmp_path / "keys.jsonl"
    export_receipt_keys(PROVIDER, [SERIAL], [1, 2], path, "a long password")
    with CardKeyFile.open(path, "a long password") as keys:
        (found,) = Settlement(keys).settle([gone_of(card.receipts[2])], lines([card.receipts[1], card.receipts[3]]))
    assert found.receipt == Receipt(card.receipts[2])
    assert found.receipt.key_version == 2


def test_what_no_balance_pays_did_not_happen() -> None:
    body = wire.movement(2_000_000)
    assert settled(gone_of(HISTORY[2], body=body), [HISTORY[1], HISTORY[3]]).verdict is Verdict.ANOTHERS


LINE = {
    "schema": "ssn-card/terminal-gone/1",
    "terminal_id": 7,
    "serial": SERIAL.hex(),
    "seq": 3,
    "type": 1,
    "body": HISTORY[2][4:40].hex(),
    "terminal_txn": 2,
}


def test_terminals_files_are_read_each_movement_once(tmp_path: Path) -> None:
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    one.write_text(json.dumps(LINE) + "\n\n" + json.dumps(LINE | {"seq": 4}) + "\n")
    two.write_text(json.dumps(LINE | {"more": 1}) + "\n")
    found = read_gone([one, two])
    assert found == [gone_of(HISTORY[2], place=f"{one}:1"), gone_of(HISTORY[2], seq=4, place=f"{one}:3")]


@pytest.mark.parametrize("seq", [1, TOP])
def test_the_least_and_the_most_that_a_line_may_say(tmp_path: Path, seq: int) -> None:
    """With the mark of byte order that some editors put before a text."""
    body = wire.movement(1, terminal=0, txn=0)
    change = {"terminal_id": 0, "terminal_txn": 0, "body": body.hex(), "seq": seq}
    path = tmp_path / "gone.jsonl"
    path.write_text(json.dumps(LINE | change), "utf-8-sig")
    assert read_gone([path]) == [gone_of(HISTORY[2], body=body, seq=seq, place=f"{path}:1")]


@pytest.mark.parametrize(
    ("change", "member"),
    [
        ({"schema": "ssn-card/receipt/1"}, "schema"),
        ({"serial": "5353"}, "serial"),
        ({"serial": "zz" * 8}, "serial"),
        ({"serial": 5353}, "serial"),
        ({"serial": None}, "serial"),
        ({"seq": 0}, "seq"),
        ({"seq": TOP + 1}, "seq"),
        ({"seq": "3"}, "seq"),
        ({"type": 4}, "type"),
        ({"type": True}, "type"),
        ({"body": "00"}, "body"),
        ({"terminal_id": 8}, "terminal_id"),
        ({"terminal_txn": 3}, "terminal_txn"),
        ({"terminal_txn": None}, "terminal_txn"),
    ],
)
def test_a_line_of_another_form_is_named(tmp_path: Path, change: dict[str, object], member: str) -> None:
    path = tmp_path / "gone.jsonl"
    path.write_text(json.dumps(LINE) + "\n" + json.dumps(LINE | change) + "\n")
    with pytest.raises(BadGone) as caught:
        read_gone([path])
    assert caught.value.where == f"{path}:2 {member}"
    assert all(text.startswith(f"{member} ") for text in caught.value.text)


@pytest.mark.parametrize(("text", "where"), [("", ""), ("\n", ""), ("[]\n", ":1 json"), (None, "")])
def test_nothing_to_settle_is_no_success(tmp_path: Path, text: str | None, where: str) -> None:
    path = tmp_path / "gone.jsonl"
    if text is not None:
        path.write_text(text)
    with pytest.raises(BadGone) as caught:
        read_gone([path])
    assert caught.value.where == f"{path}{where}"
    assert caught.value.remedy.id
    assert ("permissions" in caught.value.remedy.en) == (text is None)


def test_every_file_in_which_nothing_is_to_be_settled_is_named(tmp_path: Path) -> None:
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    for path in (one, two):
        path.touch()
    with pytest.raises(BadGone) as caught:
        read_gone([one, two])
    assert caught.value.where == f"{one}, {two}"
