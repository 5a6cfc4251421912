# SPDX-License-Identifier: Apache-2.0
"""What auditors really have: pipes, folders, empty files, several shops' exports. Never clean of nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from tests.cli.conftest import Ran, Ssn
from tests.cli.made_receipts import BASKET, SERIAL, chain

from ssn_card.cli.errors import EXIT_ERROR, EXIT_FINDINGS
from ssn_card.receipts import Receipt, Tip, append_tip, line_of
from ssn_card.receipts.spool import Spool

RECEIPTS = chain(5)


def text(receipts: list[Receipt]) -> str:
    return "".join(line_of(one, BASKET if one.type == 1 else None) + "\n" for one in receipts)


def handed_in(path: Path, receipts: list[Receipt]) -> Path:
    path.write_text(text(receipts))
    return path


def in_a_process(arguments: list[object], given: str | None = None) -> Ran:
    """Another process, for what this one's standard streams cannot show."""
    ran = subprocess.run(
        [sys.executable, "-m", "ssn_card.cli", *map(str, arguments)],
        input=given,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "SSN_LANG": "en"},
        check=False,
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr)


@pytest.mark.parametrize("name", ["-", "/dev/stdin"])
def test_a_pipe_is_read_once_and_whole(name: str) -> None:
    tampered = text(RECEIPTS).replace("162000", "162001", 1)
    ran = in_a_process(["receipts", "verify", name, "--development", "--json"], tampered)
    assert ran.code == EXIT_FINDINGS
    assert (ran.json["lines"], ran.json["genuine"], ran.json["found"]) == (6, 6, 1)


def test_a_pipe_is_read_whole_while_a_bar_is_shown(ssn: Ssn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bar's length once came from reading the file beforehand: a pipe was then empty, a FIFO hung."""
    monkeypatch.setattr("rich.console.Console.is_terminal", True)
    fifo = tmp_path / "fifo.jsonl"
    os.mkfifo(fifo)
    writer = threading.Thread(target=fifo.write_text, args=(text(RECEIPTS),), daemon=True)
    writer.start()
    ran = ssn("receipts", "verify", fifo, "--development")
    writer.join(10)
    assert ran.code == 0
    assert "Rp810.000" in ran.out
    assert "Following each card" in ran.err


@pytest.mark.parametrize("content", ["", "\n", " \r\n\n"])
@pytest.mark.parametrize("command", ["verify", "show"])
def test_nothing_is_never_clean(ssn: Ssn, tmp_path: Path, content: str, command: str) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text(content)
    ran = ssn("receipts", command, empty, *(("--development",) if command == "verify" else ()), "--json")
    assert ran.code == EXIT_ERROR
    assert (ran.error["code"], ran.error["where"]) == ("no-receipts", str(empty))


def test_an_empty_pipe_is_not_clean() -> None:
    ran = in_a_process(["receipts", "verify", "-", "--development", "--json"], "")
    assert (ran.code, ran.error["code"]) == (EXIT_ERROR, "no-receipts")


def test_an_empty_file_among_others_is_named(ssn: Ssn, tmp_path: Path) -> None:
    full, empty = handed_in(tmp_path / "full.jsonl", RECEIPTS), handed_in(tmp_path / "empty.jsonl", [])
    ran = ssn("receipts", "verify", full, empty, "--development")
    assert ran.code == 0
    assert f"nothing was checked of: {empty}" in ran.out


def test_a_folder_is_read_with_what_lies_below(ssn: Ssn, tmp_path: Path) -> None:
    (tmp_path / "week-2").mkdir()
    handed_in(tmp_path / "shop-1.jsonl", RECEIPTS[:3])
    handed_in(tmp_path / "week-2" / "SHOP-2.JSONL", RECEIPTS[3:])
    (tmp_path / "letter.txt").write_text("Dear auditor")
    (tmp_path / ".hidden.jsonl").write_text("?")
    data = ssn("receipts", "verify", tmp_path, tmp_path / "shop-1.jsonl", "--whole", "--development", "--json").json
    assert (data["genuine"], data["repeated"], data["found"]) == (6, 0, 0)  # the file that is named twice counts once
    assert [Path(one["file"]).name for one in data["files"]] == ["shop-1.jsonl", "SHOP-2.JSONL"]
    (passed_over,) = [note for note in data["notes"] if note["code"] == "passed-over"]
    assert "2 files" in passed_over["message_en"]


def test_a_folder_without_receipts(ssn: Ssn, tmp_path: Path) -> None:
    (tmp_path / "receipts.txt").write_text(text(RECEIPTS))
    ran = ssn("receipts", "verify", tmp_path, "--development", "--json")
    assert (ran.code, ran.error["code"], ran.error["where"]) == (EXIT_ERROR, "no-receipts", f"{tmp_path}/*.jsonl")


def test_nothing_is_verified_if_a_file_is_missing(ssn: Ssn, tmp_path: Path) -> None:
    full = handed_in(tmp_path / "full.jsonl", RECEIPTS)
    ran = ssn("receipts", "verify", full, tmp_path / "none.jsonl", "--development", "--json")
    assert (ran.code, ran.error["where"]) == (EXIT_ERROR, str(tmp_path / "none.jsonl"))
    assert ran.error["code"] == "receipts-unreadable"


@pytest.mark.parametrize("content", ["", "\n\n"])
def test_tips_of_no_card_are_refused(ssn: Ssn, tmp_path: Path, content: str) -> None:
    full, tips = handed_in(tmp_path / "full.jsonl", RECEIPTS), tmp_path / "tips.jsonl"
    tips.write_text(content)
    ran = ssn("receipts", "verify", full, "--tips", tips, "--development", "--json")
    assert (ran.code, ran.error["code"], ran.error["where"]) == (EXIT_ERROR, "bad-tips", str(tips))
    assert "--add-tip" in ran.error["remedy_en"]


def test_ends_that_were_not_checked_are_told(ssn: Ssn, tmp_path: Path) -> None:
    full, tips = handed_in(tmp_path / "full.jsonl", RECEIPTS), tmp_path / "tips.jsonl"
    assert "No card's end was checked" in ssn("receipts", "verify", full, "--development").out
    append_tip(tips, bytes(8), Tip(0, bytes(8)))
    ran = ssn("receipts", "verify", full, "--tips", tips, "--development")
    assert "Of 1 of 1 cards the end was not checked" in ran.out
    append_tip(tips, SERIAL, Tip(6, RECEIPTS[-1].mac))
    ran = ssn("receipts", "verify", full, "--tips", tips, "--development")
    assert ran.code == 0
    assert "not checked" not in ran.out


def test_a_basket_that_was_removed_is_found(ssn: Ssn, tmp_path: Path) -> None:
    bare = tmp_path / "bare.jsonl"
    bare.write_text(text(RECEIPTS[:2]) + line_of(RECEIPTS[2]) + "\n")
    ran = ssn("receipts", "verify", bare, "--development", "--json")
    assert ran.code == EXIT_FINDINGS
    assert [(one["problem"], one["line"]) for one in ran.json["findings"]] == [("no_basket", 3)]
    ran = ssn("receipts", "verify", bare, "--no-baskets", "--development", "--json")
    assert (ran.code, ran.json["without_basket"]) == (0, 1)
    log = tmp_path / "log.jsonl"
    log.write_text("".join(line_of(one) + "\n" for one in RECEIPTS))
    assert "No debit has its basket" in ssn("receipts", "verify", log, "--development").out
    elsewhere = handed_in(tmp_path / "elsewhere.jsonl", RECEIPTS[2:3])
    assert ssn("receipts", "verify", bare, elsewhere, "--development").code == 0


def test_a_terminals_own_export_is_clean_and_says_what_others_hold(ssn: Ssn, tmp_path: Path) -> None:
    own = handed_in(tmp_path / "own.jsonl", [RECEIPTS[0], RECEIPTS[3]])
    ran = ssn("receipts", "verify", own, "--development", "--json")
    assert ran.code == 0
    assert (ran.json["not_handed_in"], ran.json["missing"]) == (2, 0)
    assert (ran.json["gaps"][0]["spent"], ran.json["spent_unseen"]) == (324_000, 324_000)
    assert [(one["problem"], one["detail"], one["receipts"]) for one in ran.json["gaps"]] == [
        ("not_handed_in", "2 to 3; Rp324.000 spent", 2)
    ]
    assert "2 receipts of these cards are in none of the files" in ssn("receipts", "verify", own, "--development").out
    ran = ssn("receipts", "verify", own, "--whole", "--development", "--json")
    assert (ran.code, ran.json["missing"], ran.json["not_handed_in"]) == (EXIT_FINDINGS, 2, 0)
    assert ran.json["spent_unseen"] == 324_000


def test_files_are_named_where_there_are_several(ssn: Ssn, tmp_path: Path) -> None:
    first = handed_in(tmp_path / "first.jsonl", [RECEIPTS[0], RECEIPTS[0]])
    second = handed_in(tmp_path / "second.jsonl", [RECEIPTS[1], RECEIPTS[1]])
    ran = ssn("receipts", "verify", first, second, "--development")
    assert ran.code == EXIT_FINDINGS
    assert str(first) in ran.out
    assert str(second) in ran.out
    assert "2 findings" in ran.err


def test_a_line_that_is_in_no_count_fails_the_command(
    ssn: Ssn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were receipts lost in sorting, the result must not pass for one."""
    sort = Spool.sorted
    monkeypatch.setattr(Spool, "sorted", lambda self: list(sort(self))[1:])
    ran = ssn("receipts", "verify", handed_in(tmp_path / "full.jsonl", RECEIPTS), "--development", "--json")
    assert (ran.code, ran.error["code"]) == (EXIT_ERROR, "lines-lost")


def test_wrong_keys_are_suspected_first(ssn: Ssn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, ring = handed_in(tmp_path / "full.jsonl", RECEIPTS), tmp_path / "other.keys"
    monkeypatch.setenv("SSN_NEW_KEYRING_PASSWORD", "kata sandi panjang")
    monkeypatch.setenv("SSN_KEYRING_PASSWORD", "kata sandi panjang")
    assert ssn("keys", "create", ring).code == 0
    ran = ssn("receipts", "verify", file, "--keyring", ring)
    assert ran.code == EXIT_FINDINGS
    assert "Wrong keys? 6 of 6 MACs are wrong." in ran.out
    assert ran.out.index("Wrong keys?") < ran.out.index("Findings by kind")


def test_cards_are_held_against_lists(ssn: Ssn, tmp_path: Path) -> None:
    file = handed_in(tmp_path / "day.jsonl", RECEIPTS)
    verify = ("receipts", "verify", file, "--whole", "--development", "--json")
    issued, others = tmp_path / "issued.csv", tmp_path / "others.csv"
    issued.write_text(f"serial\n{SERIAL.hex()}\n")
    others.write_text("serial,since\n5353000000009999,\n5353000000009998,2026-01-01\n")
    known = ssn(*verify, "--issued", others, "--issued", issued, "--blocked", others, "--undelivered", others)
    assert (known.code, known.json["lists"]) == (0, {"issued": 3, "blocked": 2, "undelivered": 2})
    found = ssn(*verify, "--issued", others, "--blocked", issued, "--undelivered", issued)
    assert found.code == EXIT_FINDINGS
    assert found.json["counts"] == {"unknown_card": 1, "blocked_card": 1, "never_delivered": 1}
    told = {one["problem"]: (one["seq"], one["receipts"], one["detail"]) for one in found.json["findings"]}
    assert told == {
        "unknown_card": (1, 6, "receipts: 6; spent: Rp810.000"),
        "blocked_card": (2, 5, "receipts: 5; spent: Rp810.000"),
        "never_delivered": (1, 6, "receipts: 6; spent: Rp810.000"),
    }
    refused = ssn(*verify, "--issued", file)
    assert (refused.code, refused.error["code"]) == (EXIT_ERROR, "bad-cards")
    assert refused.error["where"] == f"{file}:1 serial"


def test_what_is_backdated_is_noted_and_no_finding(ssn: Ssn, tmp_path: Path) -> None:
    file = handed_in(tmp_path / "day.jsonl", chain(3, days=(3, 2, 1)))
    ran = ssn("receipts", "verify", file, "--whole", "--development", "--json")
    assert (ran.code, ran.json["found"], ran.json["backdated_count"]) == (0, 0, 2)
    assert [(one["problem"], one["seq"], one["field"], one["line"]) for one in ran.json["backdated"]] == [
        ("backdated", 3, "timestamp", 3),
        ("backdated", 4, "timestamp", 4),
    ]
    assert "backdated" in [note["code"] for note in ran.json["notes"]]
    shown = ssn("receipts", "verify", file, "--whole", "--development", "--max-findings", 1)
    assert shown.code == 0
    assert "Backdated" in shown.out
    assert "and 1 more" in shown.out
    assert "2 movements are dated on a day before" in shown.out.replace("\n", " ")
