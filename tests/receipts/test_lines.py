# SPDX-License-Identifier: Apache-2.0
"""What programs read: JSON Lines, baskets' errors, fields of receipts."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given
from tests.model.wire import MAC
from tests.receipts.made import PROVIDER, RICE, SERIAL, forged, history, replaced

from ssn_card.programme import UnknownStapleError
from ssn_card.protocol.errors import InputError
from ssn_card.receipts import (
    Basket,
    Finding,
    Item,
    Problem,
    Receipt,
    ReceiptVerifier,
    line_of,
    parse_line,
    read_lines,
    write_line,
)

HISTORY = history()
TOP = (1 << 31) - 1


def refused(*items: tuple[object, object, object]) -> InputError:
    with pytest.raises(InputError) as caught:
        Basket(tuple(Item(*item) for item in items))  # type: ignore[arg-type]
    assert all(caught.value.text)  # something in either language
    return caught.value


@pytest.mark.parametrize("value", [0, -1, TOP + 1, 1.0, True, "1", None])
def test_the_item_and_its_wrong_figure_are_named(value: object) -> None:
    good = ("BERAS", 1, 1)
    assert refused(good, ("BERAS", value, 1)).where == "basket item 2 quantity"
    assert refused(good, ("BERAS", 1, value)).where == "basket item 2 rupiah"


def test_an_unknown_staple_is_named_with_its_remedy() -> None:
    error = refused(("BERAS", 1, 1), ("KAVIAR", 1, 1))
    assert error.where == "basket item 2 staple"
    assert "KAVIAR" in error.text.en
    with pytest.raises(InputError) as caught:
        Basket.of(("KAVIAR", 1, 1))
    assert caught.value.remedy.en


def test_figures_reach_the_bounds_of_the_card() -> None:
    assert Basket.of(("BERAS", TOP, TOP)).total == TOP
    assert Basket.of(("BERAS", 1, TOP - 1), ("GULA", 1, 1)).total == TOP
    assert Basket.of(("BERAS", 1, 1)).total == 1
    assert refused(("BERAS", 1, TOP), ("GULA", 1, 1)).where == "basket"
    assert refused().where == "basket"


@pytest.mark.parametrize("data", [5, "BERAS", b"BERAS", {"BERAS": 1}, None])
def test_a_basket_that_is_no_list(data: object) -> None:
    with pytest.raises(InputError) as caught:
        Basket.from_list(data)
    assert caught.value.where == "basket"


@pytest.mark.parametrize("entry", [["BERAS", 1], ["BERAS", 1, 1, 1], ("BERAS", 1, 1), [1, 1, 1], "BERAS", None])
def test_an_item_of_another_form_is_named(entry: object) -> None:
    with pytest.raises(InputError) as caught:
        Basket.from_list([["BERAS", 1, 1], entry])
    assert caught.value.where == "basket item 2"


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000])
def test_a_basket_that_is_no_json(text: str) -> None:
    with pytest.raises(InputError) as caught:
        Basket.from_json(text)
    assert caught.value.where == "basket"


@given(
    st.lists(st.tuples(st.sampled_from(["BERAS", "GULA", "TELUR"]), st.integers(1, 99), st.integers(1, 99)), min_size=1)
)
def test_the_digest_is_that_of_the_canonical_text(items: list[tuple[str, int, int]]) -> None:
    """Written anew here: other implementations have to come to the same bytes."""
    basket = Basket.of(*items)
    text = "[" + ",".join(f'["{staple}",{quantity},{price}]' for staple, quantity, price in items) + "]"
    assert basket.as_json() == text
    assert basket.digest() == hashlib.sha256(text.encode()).digest()[:16]
    assert Basket.from_json(text) == basket


@pytest.mark.parametrize("basket", [None, RICE])
def test_lines_are_written_without_spaces_and_read_again(tmp_path: Path, basket: Basket | None) -> None:
    receipt = Receipt(HISTORY[2])
    text = line_of(receipt, basket)
    more = ',"basket":[["BERAS",10,162000]]' if basket else ""
    assert text == f'{{"schema":"ssn-card/receipt/1","receipt":"{HISTORY[2].hex()}"{more}}}'
    file = io.StringIO()
    write_line(file, receipt, basket)
    write_line(file, receipt)
    assert file.getvalue() == f"{text}\n{line_of(receipt)}\n"
    path = tmp_path / "receipts.jsonl"
    path.write_text("\n" + file.getvalue())
    first, second = read_lines(path)
    assert (first.number, first.receipt, first.basket, first.fault) == (2, receipt, basket, None)
    assert (second.number, second.receipt, second.basket) == (3, receipt, None)


def test_a_basket_that_cannot_be_read_leaves_the_receipt() -> None:
    for wrong in ([["KAVIAR", 1]], []):
        data = {"schema": "ssn-card/receipt/1", "receipt": HISTORY[2].hex(), "basket": wrong}
        line = parse_line(7, json.dumps(data))
        assert (line.number, line.receipt, line.basket, line.fault) == (7, Receipt(HISTORY[2]), None, "basket")


@pytest.mark.parametrize("text", ["{", line_of(Receipt(HISTORY[2]), RICE)])
def test_a_line_says_where_it_stands_whether_or_not_it_can_be_read(text: str) -> None:
    line = parse_line(7, text, "shop.jsonl")
    assert (line.number, line.file) == (7, "shop.jsonl")
    assert parse_line(7, text).file is None


def test_a_basket_is_read_as_it_was_whatever_today_sells() -> None:
    """New goods come from the list; goods sold once are read, even where the list no longer has them."""
    basket = Basket.from_list([["KAVIAR", 2, 90_000], ["BERAS", 1, 16_200]])
    assert (basket.total, basket.as_list()) == (106_200, [["KAVIAR", 2, 90_000], ["BERAS", 1, 16_200]])
    assert Basket.from_json(basket.as_json()) == basket
    line = parse_line(7, line_of(Receipt(HISTORY[2]), basket))
    assert (line.basket, line.fault) == (basket, None)
    with pytest.raises(UnknownStapleError):
        _ = basket.categories


def test_an_auditor_is_told_of_goods_that_no_list_has() -> None:
    basket = Basket.from_list([["KAVIAR", 10, 162_000]])
    genuine = Receipt(forged(HISTORY[2], basket_digest=basket.digest()))
    assert ReceiptVerifier(PROVIDER).verify(genuine, basket) == Finding(Problem.BASKET, 0, "staple", SERIAL, 3)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "none.jsonl"
    with pytest.raises(InputError) as caught:
        list(read_lines(path))
    assert caught.value.where == str(path)
    assert "No such file" in caught.value.text.en
    assert "tidak ada" in caught.value.text.id
    assert caught.value.remedy.en
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("size", [0, 87, 89])
def test_a_receipt_of_another_size(size: int) -> None:
    with pytest.raises(InputError) as caught:
        Receipt(bytes(size))
    assert caught.value.where == "receipt"
    for text in caught.value.text:
        assert " 88 " in text
        assert f" {size}." in text


def test_fields_have_the_names_of_the_receipts_type() -> None:
    assert Receipt(HISTORY[2]).fields() == {
        "type": "DEBIT", "serial": SERIAL.hex(), "seq": 3, "amount": 162_000, "categories": RICE.categories,
        "timestamp": "2025-10-03T10:00:00", "terminal_id": 7, "terminal_txn": 2,
        "basket_digest": RICE.digest().hex(), "balance_after": 682_500, "month_spent_after": 217_500,
        "previous_mac": HISTORY[1][MAC:].hex(), "update_seq": 1, "granted_total": 900_000,
        "key_version": 1, "month": "2510", "pin_state": 2, "mac": HISTORY[2][MAC:].hex(),
    }  # fmt: skip
    names = {kind: set(Receipt(HISTORY[at]).fields()) for kind, at in (("UPDATE", 0), ("CANCEL", 4), ("OVERRIDE", 5))}
    assert {"loaded_total", "expired_total", "issued_on", "mend_count"} <= names["UPDATE"]
    assert "cancelled_mac" in names["CANCEL"]
    assert "companion_id" in names["OVERRIDE"]
    impossible = replaced(HISTORY[2], type=9)
    assert Receipt(impossible).fields() == {"raw": impossible.hex()}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"type": 0}, "type"),
        ({"type": 5}, "type"),
        ({"layout_version": 0}, "layout_version"),
        ({"layout_version": 2}, "layout_version"),
        ({"reserved": b"\0\1"}, "reserved"),
        ({"seq": 0}, "seq"),
        ({"timestamp": bytes.fromhex("251332100000")}, "timestamp"),
    ],
)
def test_what_no_card_writes_is_named(change: dict[str, int | bytes], fault: str) -> None:
    """Whatever the key says: the fault comes before the MAC."""
    raw = replaced(HISTORY[2], **change)
    assert Receipt(raw).fault() == fault
    finding = ReceiptVerifier(PROVIDER).verify(Receipt(raw))
    assert finding == Finding(Problem.MALFORMED, 0, fault, SERIAL, 3 if fault != "seq" else 0)
