# SPDX-License-Identifier: Apache-2.0
"""Baskets as people type them, and the terminal's number."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Ssn

from ssn_card.cli.goods import parse_basket
from ssn_card.protocol.errors import InputError


def test_items_with_and_without_price() -> None:
    basket = parse_basket(["BERAS=10@162000", "TELUR=30"])
    assert basket.as_list() == [["BERAS", 10, 162_000], ["TELUR", 30, 55_500]]


@pytest.mark.parametrize(
    "text",
    ["BERAS", "BERAS=", "BERAS=0", "BERAS=-1", "BERAS=1@0", "BERAS=1@", "beras=1", "ROKOK=1", "BERAS=1.5", "BERAS=٣"],
)
def test_what_is_no_item(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_basket([text])
    assert caught.value.where


def test_total_out_of_range() -> None:
    with pytest.raises(InputError, match="total"):
        parse_basket(["BERAS=1@2147483647", "GULA=1@1"])


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ((), "bad-argument"),
        (("--shop", "EW-999"), "unknown-shop"),
        (("--shop", "EW-007", "--terminal", 8), "bad-argument"),
    ],
)
def test_the_terminals_number(ssn: Ssn, tmp_path: Path, options: tuple[object, ...], code: str) -> None:
    journal = tmp_path / "t.db"
    ran = ssn("terminal", "sell", "--item", "GULA=1", "--journal", journal, *options, "--development", "--json")
    assert ran.error["code"] == code
    assert not journal.exists()


def test_reading_makes_no_journal(ssn: Ssn, tmp_path: Path) -> None:
    journal = tmp_path / "t.db"
    for command in (("pending",), ("receipts", "--out", tmp_path / "r.jsonl")):
        ran = ssn("terminal", *command, "--journal", journal, "--json")
        assert ran.error["where"] == str(journal)
    assert list(tmp_path.iterdir()) == []


def test_a_companions_id_fits_the_card(ssn: Ssn, tmp_path: Path) -> None:
    common = (
        "--journal",
        tmp_path / "t.db",
        "--terminal",
        7,
        "--amount",
        1,
        "--reason-code",
        1,
        "--development",
        "--json",
    )
    for who in ("", "NINE-CHAR", "naïve"):
        assert ssn("terminal", "override", "--companion", who, *common).error["where"] == "--companion"
