# SPDX-License-Identifier: Apache-2.0
"""``ssn receipts``, over receipts made from the layouts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Ssn
from tests.cli.made_receipts import BASKET, SERIAL, chain

from ssn_card.cli.errors import EXIT_FINDINGS
from ssn_card.keys import development_keyring, export_receipt_keys
from ssn_card.protocol.layouts import RECEIPT
from ssn_card.receipts import Receipt, Tip, append_tip, line_of
from ssn_card.receipts.basket import Basket


def _file(path: Path, receipts: list[Receipt]) -> Path:
    path.write_text("".join(line_of(one, BASKET if one.type == 1 else None) + "\n" for one in receipts))
    return path


def test_a_clean_file(ssn: Ssn, tmp_path: Path) -> None:
    file = _file(tmp_path / "day.jsonl", chain(3))
    ran = ssn("receipts", "verify", file, "--development", "--json")
    assert ran.code == 0
    data = ran.json
    assert [note["code"] for note in data.pop("notes")] == ["ends-not-checked"]
    assert data == {
        "schema": "ssn-card/receipts-verify/1",
        "files": [{"file": str(file), "lines": 4}],
        "lines": 4,
        "receipts": 4,
        "genuine": 4,
        "repeated": 0,
        "rejected": 0,
        "unreadable": 0,
        "cards": 1,
        "ends_checked": 0,
        "debited": 486_000,
        "cancelled": 0,
        "without_basket": 0,
        "missing": 0,
        "not_handed_in": 0,
        "spent_unseen": 0,
        "found": 0,
        "counts": {},
        "findings": [],
        "gaps": [],
        "backdated_count": 0,
        "backdated": [],
        "lists": {"issued": None, "blocked": 0, "undelivered": 0},
    }
    assert "DEVELOPMENT keys" in ran.err
    text = ssn("receipts", "verify", file, "--development")
    assert text.code == 0
    assert "Rp486.000" in text.out


def test_findings_are_told_once_and_end_with_a_code_of_their_own(ssn: Ssn, tmp_path: Path) -> None:
    receipts = chain(4)
    raw = bytearray(receipts[2].raw)
    raw[RECEIPT.offset("amount") + 3] ^= 1
    doubled = [receipts[3]] * 3
    file = _file(tmp_path / "bad.jsonl", [receipts[0], receipts[1], Receipt(bytes(raw)), *doubled])
    ran = ssn("receipts", "verify", file, "--whole", "--development", "--json")
    assert ran.code == EXIT_FINDINGS
    found = [(one["problem"], one["line"], one["field"]) for one in ran.json["findings"]]
    assert found == [("forged", 3, "amount"), ("missing", 4, "seq"), ("duplicate", 5, None), ("duplicate", 6, None)]
    assert ran.err.endswith(f"{file}: 4 findings. Keep the file as it is and follow up each finding.\n")
    assert ran.json["counts"] == {"forged": 1, "duplicate": 2, "missing": 1}
    table = ssn("--lang", "id", "receipts", "verify", file, "--whole", "--development", "--max-findings", 1)
    assert table.code == EXIT_FINDINGS
    assert "MAC salah" in table.out
    assert "dan 1 lagi" in table.out


def test_tips_show_a_missing_end(ssn: Ssn, tmp_path: Path) -> None:
    receipts = chain(3)
    file, tips = _file(tmp_path / "day.jsonl", receipts[:3]), tmp_path / "tips.jsonl"
    append_tip(tips, SERIAL, Tip(4, receipts[3].mac))
    ran = ssn("receipts", "verify", file, "--tips", tips, "--development", "--json")
    assert [(one["problem"], one["detail"]) for one in ran.json["findings"]] == [("missing", "4")]
    assert (ran.json["ends_checked"], ran.json["missing"], ran.json["notes"]) == (1, 1, [])


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("nonsense", "json"),
        ("[]", "json"),
        ('{"serial": "01", "seq": 1, "last_mac": "0000000000000000"}', "serial"),
        ('{"serial": "0102030405060708", "seq": true, "last_mac": "0000000000000000"}', "seq"),
        ('{"serial": "0102030405060708", "seq": -1, "last_mac": "0000000000000000"}', "seq"),
        ('{"serial": "0102030405060708", "seq": 1}', "last_mac"),
        ('{"serial": "0102030405060708", "seq": 2, "last_mac": "0000000000000001"}', "last_mac"),
    ],
)
def test_bad_tips_name_line_and_field(ssn: Ssn, tmp_path: Path, line: str, field: str) -> None:
    file, tips = _file(tmp_path / "day.jsonl", chain(1)), tmp_path / "tips.jsonl"
    tips.write_text('{"serial": "0102030405060708", "seq": 2, "last_mac": "0000000000000000"}\n\n' + line + "\n")
    ran = ssn("receipts", "verify", file, "--tips", tips, "--development", "--json")
    assert ran.code == 1
    assert (ran.error["code"], ran.error["where"]) == ("bad-tips", f"{tips}:3 {field}")


def test_an_auditor_verifies_with_card_keys_only(ssn: Ssn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, keys = _file(tmp_path / "day.jsonl", chain(2)), tmp_path / "keys.jsonl"
    export_receipt_keys(development_keyring(), [SERIAL], [1], keys, "auditor kota")
    monkeypatch.setenv("SSN_KEYRING_PASSWORD", "auditor kota")
    assert ssn("receipts", "verify", file, "--card-keys", keys, "--json").json["genuine"] == 3
    export_receipt_keys(development_keyring(), [bytes(8)], [1], tmp_path / "other.jsonl", "auditor kota")
    ran = ssn("receipts", "verify", file, "--card-keys", tmp_path / "other.jsonl", "--json")
    assert {one["problem"] for one in ran.json["findings"]} == {"unknown_key"}
    assert ran.json["notes"][0]["code"] == "wrong-keys"


def test_one_source_of_keys(ssn: Ssn, tmp_path: Path) -> None:
    file = _file(tmp_path / "day.jsonl", chain(1))
    for options in ((), ("--development", "--card-keys", "x"), ("--development", "--keyring", "x")):
        assert ssn("receipts", "verify", file, *options, "--json").error["code"] == "keys-not-chosen"


def test_show(ssn: Ssn, tmp_path: Path) -> None:
    file = _file(tmp_path / "day.jsonl", chain(2))
    one = ssn("receipts", "show", file, "--line", 2, "--json").json["receipts"][0]
    assert (one["line"], one["basket"]) == (2, [["BERAS", 10, 162_000]])
    assert (one["receipt"]["amount"], one["receipt"]["terminal_id"]) == (162_000, 7)
    assert "Rp162.000" in ssn("receipts", "show", file, "--line", 2).out
    assert [entry["line"] for entry in ssn("receipts", "show", file, "--json").json["receipts"]] == [1, 2, 3]
    assert "purchase" in ssn("receipts", "show", file).out
    assert "… and 1 more" in ssn("receipts", "show", file, "--max-lines", 2).out
    first = ssn("receipts", "show", file, "--max-lines", 2, "--json").json
    assert (len(first["receipts"]), first["not_shown"]) == (2, 1)
    assert ssn("receipts", "show", file, "--line", 9, "--json").error["where"] == f"{file}:9"


def test_show_of_damaged_receipts(ssn: Ssn, tmp_path: Path) -> None:
    file = tmp_path / "bad.jsonl"
    zero = json.dumps({"schema": "ssn-card/receipt/1", "receipt": "00" * 88})
    raw = bytearray(chain(0)[0].raw)
    raw[37:40] = b"\xff\xff\xff"  # issued_on
    update = json.dumps({"schema": "ssn-card/receipt/1", "receipt": raw.hex()})
    file.write_text(f"{zero}\n{update}\nno json\n")
    ran = ssn("receipts", "show", file)
    assert ran.code == 0
    assert "1 lines are no receipts" in ran.out
    assert ssn("receipts", "show", file, "--line", 1, "--json").json["receipts"][0]["receipt"] == {"raw": "00" * 88}
    assert ssn("receipts", "show", file, "--line", 3, "--json").error["where"] == f"{file}:3 json"


def test_a_file_that_is_not_there(ssn: Ssn, tmp_path: Path) -> None:
    missing = tmp_path / "none.jsonl"
    for command in (("verify", missing, "--development"), ("show", missing)):
        assert ssn("receipts", *command, "--json").error["where"] == str(missing)


def test_brackets_in_a_path_are_no_markup(ssn: Ssn, tmp_path: Path) -> None:
    file = _file(tmp_path / "[red]day[bold].jsonl", chain(1))
    ran = ssn("receipts", "verify", file, "--development")
    assert ran.code == 0
    assert "[red]day[bold].jsonl" in ran.out


def test_a_basket_that_is_not_the_one_debited(ssn: Ssn, tmp_path: Path) -> None:
    receipts = chain(1)
    file = tmp_path / "day.jsonl"
    other = Basket.of(("GULA", 10, 162_000))
    file.write_text(f"{line_of(receipts[0])}\n{line_of(receipts[1], other)}\n")
    finding = ssn("receipts", "verify", file, "--development", "--json").json["findings"][0]
    assert (finding["problem"], finding["line"], finding["field"]) == ("basket", 2, "basket_digest")
