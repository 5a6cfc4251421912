# SPDX-License-Identifier: Apache-2.0
"""A basket's text is read once, in whatever file it comes again, and what is forgotten is read again as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.receipts.made import RICE, history

from ssn_card.audit.rows import Goods
from ssn_card.audit.sources import baskets, find_sources, read
from ssn_card.receipts import Basket, Receipt, line_of

OTHER = Basket.of(("TELUR", 3, 6_000))


def goods_of(path: Path) -> list[int]:
    return [int(one) for batch in read(find_sources([path]).files[0], 0) for one in batch.rows.goods]


def written(path: Path, basket: Basket) -> Path:
    debit = next(raw for raw in history() if raw[64] == 1 and raw[24:40] == RICE.digest())
    path.write_text(line_of(Receipt(debit), basket) + "\n")
    return path


def test_files_share_what_was_read_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bytes] = []
    honest = baskets._of_canonical
    monkeypatch.setattr(baskets, "_held", type(baskets._held)())

    def counted(text: bytes) -> tuple[int, bytes, int, int] | None:
        asked.append(text)
        return honest(text)

    monkeypatch.setattr(baskets, "_of_canonical", counted)
    right, wrong = (written(tmp_path / f"{number}.jsonl", one) for number, one in enumerate((RICE, OTHER)))
    assert [goods_of(path) for path in (right, wrong, right, wrong)] == 2 * [[Goods.FITS], [Goods.BASKET_DIGEST]]
    assert asked == [one.as_json().encode() for one in (RICE, OTHER)]


def test_what_was_forgotten_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baskets, "_held", type(baskets._held)())
    monkeypatch.setattr(baskets, "_CAPACITY", 1)
    right, wrong = (written(tmp_path / f"{number}.jsonl", one) for number, one in enumerate((RICE, OTHER)))
    assert [goods_of(path) for path in (right, wrong) * 3] == 3 * [[Goods.FITS], [Goods.BASKET_DIGEST]]
