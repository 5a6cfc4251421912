# SPDX-License-Identifier: Apache-2.0
"""Baskets as people type them, and the terminal's number."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.cli.conftest import Ssn

from ssn_card.cli.goods import parse_basket
from ssn_card.protocol.errors import InputError
from ssn_card.terminal import TerminalJournal

TODAY = dt.date(2025, 10, 3)


def test_items_with_and_without_price() -> None:
    basket = parse_basket(["BERAS=10@162000", "TELUR=30"], TODAY)
    assert basket.as_list() == [["BERAS", 10, 162_000], ["TELUR", 30, 55_500]]


@pytest.mark.parametrize(
    "text",
    ["BERAS", "BERAS=", "BERAS=0", "BERAS=-1", "BERAS=1@0", "BERAS=1@", "beras=1", "ROKOK=1", "BERAS=1.5", "BERAS=٣"],
)
def test_what_is_no_item(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_basket([text], TODAY)
    assert caught.value.where


def test_total_out_of_range() -> None:
    with pytest.raises(InputError, match="total"):
        parse_basket(["BERAS=1@2147483647", "GULA=1@1"], TODAY)


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


@pytest.mark.parametrize("reference", ["", " ", "17 "])
def test_a_reference_that_finds_nothing_again_is_refused_first(ssn: Ssn, tmp_path: Path, reference: str) -> None:
    journal = tmp_path / "t.db"
    options = ("--journal", journal, "--terminal", 7, "--reference", reference, "--development", "--json")
    ran = ssn("terminal", "sell", "--item", "GULA=1", *options)
    assert (ran.code, ran.error["code"], ran.error["where"]) == (1, "bad-reference", "reference")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [("terminal", "pending"), ("terminal", "receipts", "--out", "r.jsonl")])
def test_looking_into_a_journal_needs_no_ownership(
    ssn: Ssn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    with TerminalJournal("t.db", 7):
        assert ssn(*command, "--journal", "t.db", "--json").json["terminal"] == 7
