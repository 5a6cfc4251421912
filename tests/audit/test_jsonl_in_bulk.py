# SPDX-License-Identifier: Apache-2.0
"""JSON Lines in bulk say what the judge's own reading says, line by line, however hostile they are."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.audit.readings import in_bulk, of_judge
from tests.receipts.made import RICE, history

from ssn_card.audit.rows import Goods
from ssn_card.audit.sources import find_sources, read
from ssn_card.audit.sources import lines as lines_module
from ssn_card.receipts import Basket, Receipt, line_of
from ssn_card.receipts.sources import LONGEST

HISTORY = [Receipt(raw) for raw in history()]
BASKETS = [
    RICE,
    Basket.of(("BERAS", 1, 1)),
    Basket.of(("TELUR", 12, 22_200), ("BERAS", 2, 33_300)),
    Basket.from_list([["KERUPUK", 2, 5_000]]),  # never on the list
    Basket.from_list([["BERAS", 1, 2**31 - 1]]),
]


def paid(basket: Basket, amount: int, categories: int) -> Receipt:
    """A debit whose digest is that basket's."""
    return HISTORY[2].altered(
        basket_digest=basket.digest(), amount=amount.to_bytes(4, "big"), categories=categories.to_bytes(2, "big")
    )


#: Debits that agree with a basket in all, or in all but one.
PAID = [
    paid(basket, basket.total - less, categories) for basket in BASKETS for less in (0, 1) for categories in (1, 2, 3)
]
#: Baskets that are none, or are written otherwise than we do.
TEXTS = [
    "null", "[]", "[[]]", "{}", '""', '[["BERAS",0,5]]', '[["BERAS",1,5.0]]', '[["BERAS",1,true]]', '[["BERAS",01,5]]',
    '[["BERAS",1,2147483648]]', '[["BERAS",1,2147483647],["BERAS",1,1]]', '[["BERAS",1]]', '[["beras",1,1]]',
    '[ ["BERAS",10,162000]]', '[["BERAS",10,162000]],"basket":[["BERAS",1,1]]', '[["B\\u0045RAS",10,162000]]',
    '[["BERAS",10,162000]],"receipt":null', '[["BERAS",10,162000],["BERAS",10,162000]]', '[["BERAS",10,162000]],"x":1',
    '[["BERAS",1e1,162000]]', '[["BERAS",+1,1]]', '[["BERAS",1,1]],["BERAS",1,1]]', "[" * 2000 + "]" * 2000,
    '[["BERAS",1_0,1]]', '[["BERAS",١,1]]',
]  # fmt: skip
ENDS = [b"\n", b"\r\n", b" \n", b"\n\n", b"\r", b"\n \t\n", b"\x0b\n", b"\x00\n"]


@st.composite
def lines(draw: st.DrawFn) -> bytes:
    receipt = draw(st.sampled_from(HISTORY + PAID))
    basket = draw(st.none() | st.sampled_from(BASKETS))
    line = line_of(receipt, basket)
    change = draw(st.integers(0, 7))
    if change == 0:
        line = line_of(receipt)[:-1] + f',"basket":{draw(st.sampled_from(TEXTS))}}}'
    elif change == 1:
        line = json.dumps(json.loads(line), indent=draw(st.sampled_from([None, 0])))
    elif change == 2:
        line = line.upper() if draw(st.booleans()) else line.replace(receipt.raw.hex(), receipt.raw.hex(" ").upper())
    raw = line.encode()
    if change == 3:
        place = draw(st.integers(0, len(raw)))
        raw = raw[:place] + draw(st.binary(max_size=3)) + raw[place + draw(st.integers(0, 3)) :]
    elif change == 4:
        raw = draw(st.sampled_from([b"", b"{}", b"[]", b"7", b"\xff", b"\xef\xbb\xbf" + raw, raw + raw, raw[:-1]]))
    return raw + draw(st.sampled_from(ENDS))


@settings(max_examples=400, deadline=None)
@given(written=st.lists(lines(), max_size=8), torn=st.integers(0, 3))
def test_any_lines_read_as_the_judge_reads_them(
    tmp_path_factory: pytest.TempPathFactory, written: list[bytes], torn: int
) -> None:
    path = tmp_path_factory.mktemp("lines") / "any.jsonl"
    data = b"".join(written)
    path.write_bytes(data[: len(data) - torn])
    assert in_bulk(path) == of_judge(path)


def test_each_way_in_which_a_basket_can_be_wrong(tmp_path: Path) -> None:
    path = tmp_path / "baskets.jsonl"
    path.write_text("".join(f"{line_of(receipt, basket)}\n" for receipt in PAID for basket in (*BASKETS, None)))
    readings = of_judge(path)
    assert in_bulk(path) == readings
    assert {one.goods for one in readings} == set(Goods) - {Goods.BASKET}
    text = path.read_text()
    path.write_text(text.replace(",", ", "))  # read by the judge's own code
    assert in_bulk(path) == readings


def test_each_byte_of_a_line_counts(tmp_path: Path) -> None:
    line = line_of(HISTORY[2], RICE).encode()
    changed = [line[:at] + bytes((line[at] ^ bit,)) + line[at + 1 :] for at in range(len(line)) for bit in (1, 2, 32)]
    path = tmp_path / "changed.jsonl"
    path.write_bytes(b"\n".join([line, *changed]))
    readings = of_judge(path)
    assert in_bulk(path) == readings
    assert len({(one.goods, one.fault) for one in readings}) > 5


@pytest.mark.parametrize("chunk", [64, 1000, 1 << 21])
def test_where_what_is_read_at_once_ends_is_no_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(lines_module, "CHUNK", chunk)
    monkeypatch.setattr(lines_module, "BATCH", 7)
    random = Random(chunk)
    path = tmp_path / "many.jsonl"
    texts = [line_of(random.choice(HISTORY), random.choice([None, *BASKETS])) for _ in range(200)]
    path.write_text("".join(text + random.choice(["\n", "\n", "\r\n", "\n\n", "x\n"]) for text in texts))
    assert in_bulk(path) == of_judge(path)


@pytest.mark.parametrize("over", [-2, -1, 0, 1, LONGEST, 3 * LONGEST])
@pytest.mark.parametrize("end", [b"\n", b""])
def test_a_line_that_is_too_long_costs_itself_alone(tmp_path: Path, over: int, end: bytes) -> None:
    line = line_of(HISTORY[0]).encode()
    path = tmp_path / "long.jsonl"
    path.write_bytes(line + b"\n" + line[:-1].ljust(LONGEST + over - 1) + b"}" + end + (line if end else b""))
    assert in_bulk(path) == of_judge(path)


def test_a_basket_that_cannot_be_read_is_kept_as_it_came(tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(line_of(HISTORY[2])[:-1] + ',"basket":[["BERAS", 0, 5]]}\n')
    (source,) = find_sources([path]).files
    (batch,) = read(source, 0)
    assert batch.rows.goods.tolist() == [Goods.BASKET]
    assert batch.baskets is not None
    assert batch.baskets.to_pylist() == [b'[["BERAS", 0, 5]]']
