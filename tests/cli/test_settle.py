# SPDX-License-Identifier: Apache-2.0
"""``ssn receipts settle``: the bank's word on what cards have forgotten, its exit codes, and what it writes."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest
from tests.cli.conftest import Ssn
from tests.receipts.made import SERIAL, history
from tests.terminal.written import intended

from ssn_card.cli.errors import EXIT_FINDINGS
from ssn_card.receipts import Receipt, line_of, read_lines
from ssn_card.terminal import TerminalJournal

HISTORY = history()


@pytest.fixture
def gone(tmp_path: Path) -> Path:
    """Two purchases of terminal 7: one that made receipt 3, and one that did not."""
    path = tmp_path / "gone.jsonl"
    path.write_text(_line(HISTORY[2][4:40], 2) + _line(HISTORY[1][4:40], 1))
    return path


def _line(body: bytes, txn: int, seq: int = 3) -> str:
    data = {"schema": "ssn-card/terminal-gone/1", "terminal_id": 7, "serial": SERIAL.hex(), "seq": seq, "type": 1}
    return json.dumps(data | {"body": body.hex(), "terminal_txn": txn}) + "\n"


def _receipts(path: Path, receipts: list[bytes]) -> Path:
    path.write_text("".join(line_of(Receipt(raw)) + "\n" for raw in receipts))
    return path


def test_a_lost_receipt_is_restored_and_written(ssn: Ssn, tmp_path: Path, gone: Path) -> None:
    shop = _receipts(tmp_path / "shop.jsonl", [*HISTORY[:2], *HISTORY[3:]])
    out = tmp_path / "restored.jsonl"
    ran = ssn("receipts", "settle", gone, shop, "--development", "--out", out, "--json")
    assert ran.code == 0
    data = ran.json
    assert data["schema"] == "ssn-card/receipts-settle/1"
    assert data["counts"] == {"ours": 1, "anothers": 1, "open": 0}
    assert (data["restored"], data["rejected"], data["out"]) == (1, 0, str(out))
    ours, other = data["movements"]
    assert (ours["verdict"], ours["restored"], ours["receipt"]["mac"]) == ("ours", True, HISTORY[2][80:].hex())
    assert (ours["place"], ours["terminal_id"], ours["terminal_txn"], ours["seq"]) == (f"{gone}:1", 7, 2, 3)
    assert (other["verdict"], other["restored"], other["receipt"]) == ("anothers", False, None)
    assert [line.receipt for line in read_lines(out)] == [Receipt(HISTORY[2])]
    # With it the sequence is whole again.
    assert ssn("receipts", "verify", shop, out, "--whole", "--no-baskets", "--development").code == 0
    text = ssn("receipts", "settle", gone, shop, "--development").out
    for told in ("1 happened, 1 did not, 0 open", "it happened, receipt restored", "Rp162.000"):
        assert told in text


@pytest.mark.parametrize("happened", [True, False])
def test_from_the_terminals_journal_to_the_banks_word(ssn: Ssn, tmp_path: Path, happened: bool) -> None:
    """Terminal 7 lost the answer of a purchase, and the card has forgotten it since."""
    journal, gone, out = (tmp_path / name for name in ("t7.sqlite", "gone.jsonl", "restored.jsonl"))
    sold = HISTORY[2] if happened else HISTORY[1]
    with TerminalJournal(journal, 7) as book:
        for _ in range(Receipt(sold).terminal_txn):
            entry = intended(book, SERIAL, seq=3, body=sold[4:40])
        book.gone(entry, 40)
    assert ssn("terminal", "doubts", "--journal", journal, "--out", gone).code == 0
    shop = _receipts(tmp_path / "shop.jsonl", [*HISTORY[:2], *HISTORY[3:]])
    ran = ssn("receipts", "settle", gone, shop, "--development", "--out", out, "--json")
    assert ran.code == 0
    assert [one["verdict"] for one in ran.json["movements"]] == ["ours" if happened else "anothers"]
    assert [line.receipt for line in read_lines(out)] == ([Receipt(HISTORY[2])] if happened else [])


def test_what_stays_open_ends_with_the_code_of_findings(ssn: Ssn, tmp_path: Path, gone: Path) -> None:
    shop = _receipts(tmp_path / "shop.jsonl", HISTORY[3:])
    ran = ssn("receipts", "settle", gone, shop, "--development", "--json")
    assert ran.code == EXIT_FINDINGS
    assert ran.json["counts"] == {"ours": 0, "anothers": 0, "open": 2}
    assert ran.json["movements"][0]["why_en"] == "receipts missing: 2"
    assert ran.json["movements"][0]["why_id"] == "kuitansi yang belum ada: 2"
    assert "2 open." in ran.err
    text = ssn("--lang", "id", "receipts", "settle", gone, shop, "--development")
    assert "2 belum pasti" in text.out
    assert "kuitansi yang belum ada: 2" in text.out


def test_lines_that_are_not_believed_are_told(ssn: Ssn, tmp_path: Path, gone: Path) -> None:
    shop = _receipts(tmp_path / "shop.jsonl", [HISTORY[1], HISTORY[3][:-1] + b"x", HISTORY[3]])
    ran = ssn("receipts", "settle", gone, shop, "--development")
    assert ran.code == 0
    assert "Lines not believed, for they hold no genuine receipt: 1." in ran.out


@pytest.mark.parametrize("missing", ["gone", "receipts"])
def test_a_file_that_is_not_there_or_empty_is_no_success(ssn: Ssn, tmp_path: Path, gone: Path, missing: str) -> None:
    shop = _receipts(tmp_path / "shop.jsonl", HISTORY[:2])
    nothing = tmp_path / "empty.jsonl"
    nothing.write_text("")
    if missing == "gone":
        ran = ssn("receipts", "settle", nothing, shop, "--development", "--json")
        assert (ran.code, ran.error["code"], ran.error["where"]) == (1, "bad-gone", str(nothing))
    else:
        ran = ssn("receipts", "settle", gone, tmp_path / "none.jsonl", "--development", "--json")
        assert (ran.code, ran.error["code"]) == (1, "receipts-unreadable")
        ran = ssn("receipts", "settle", gone, nothing, "--development", "--json")
        assert (ran.code, ran.error["code"], ran.error["where"]) == (1, "no-receipts", str(nothing))


def test_keys_must_be_named(ssn: Ssn, tmp_path: Path, gone: Path) -> None:
    shop = _receipts(tmp_path / "shop.jsonl", HISTORY[:2])
    assert ssn("receipts", "settle", gone, shop, "--json").error["code"] == "keys-not-chosen"


def test_what_was_restored_is_written_whole_or_not_at_all(
    ssn: Ssn, tmp_path: Path, gone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full: an older file stays, and the doubts can be settled again."""
    shop = _receipts(tmp_path / "shop.jsonl", [*HISTORY[:2], *HISTORY[3:]])
    out = tmp_path / "restored.jsonl"
    out.write_text("older\n")

    def refused(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", refused)
        ran = ssn("receipts", "settle", gone, shop, "--development", "--out", out, "--json")
    assert (ran.code, ran.error["code"], ran.error["where"]) == (1, "bad-file", str(out))
    assert out.read_text() == "older\n"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["gone.jsonl", "restored.jsonl", "shop.jsonl"]
    assert ssn("receipts", "settle", gone, shop, "--development", "--out", out).code == 0
    assert [line.receipt for line in read_lines(out)] == [Receipt(HISTORY[2])]
