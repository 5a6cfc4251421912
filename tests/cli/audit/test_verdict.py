# SPDX-License-Identifier: Apache-2.0
"""``ssn audit verify`` and ``pack`` as auditors use them: from files to a verdict, and to a store."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.cli.audit.conftest import PASSWORD, RECEIPTS, Verify, in_a_process, text
from tests.cli.conftest import Ran, Ssn
from tests.cli.made_receipts import SERIAL
from tests.cli.shown import check_languages, check_widths

from ssn_card.audit.kernel import compiled
from ssn_card.cli import audit_verify
from ssn_card.cli.errors import EXIT_ERROR, EXIT_FINDINGS
from ssn_card.keys import SoftwareKeyring, development_keyring, export_receipt_keys
from ssn_card.keys.development import development_master
from ssn_card.protocol.labels import KeyLabel

REPORT = {
    "schema", "files", "lines", "receipts", "genuine", "repeated", "rejected", "unreadable", "cards", "ends_checked",
    "debited", "cancelled", "without_basket", "missing", "not_handed_in", "backdated_count", "spent_unseen", "found",
    "notes", "counts", "findings", "gaps", "backdated", "lists", "engine", "seconds", "recalled",
    "findings_file", "attestation",
}  # fmt: skip


def test_good_receipts_are_clean(verify: Verify, good: Path) -> None:
    ran = verify(good, "--json")
    assert ran.code == 0
    assert ran.json.keys() == REPORT
    assert (ran.json["schema"], ran.json["lines"], ran.json["genuine"]) == ("ssn-card/audit-verify/1", 6, 6)
    assert (ran.json["found"], ran.json["backdated_count"]) == (0, 2)


def test_bad_receipts_are_what_the_single_judge_says_they_are(ssn: Ssn, verify: Verify, bad: Path) -> None:
    judged, bulk = ssn("receipts", "verify", bad, "--development", "--json"), verify(bad, "--json")
    assert (judged.code, bulk.code) == (EXIT_FINDINGS, EXIT_FINDINGS)
    assert {"forged", "duplicate", "unreadable"} <= bulk.json["counts"].keys()

    def sorted_findings(ran: Ran) -> list[str]:
        return sorted(json.dumps(one, sort_keys=True) for one in ran.json["findings"] + ran.json["gaps"])

    assert sorted_findings(bulk) == sorted_findings(judged)
    of_both = REPORT - {"schema", "findings", "gaps", "engine", "seconds", "recalled", "findings_file", "attestation"}
    assert {name: bulk.json[name] for name in of_both} == {name: judged.json[name] for name in of_both}


@pytest.mark.parametrize("command", ["verify", "pack", "attestation-key", "check-attestation"])
def test_both_languages_at_any_width(
    ssn: Ssn, bad: Path, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    signed, count = tmp_path / "signed", iter(range(100))
    ssn("audit", "verify", bad, "--development", "--attest", signed, "--key", key)
    arguments: dict[str, Callable[[], list[object]]] = {
        "verify": lambda: [bad, "--development"],
        "pack": lambda: [bad, "--store", tmp_path / f"store-{next(count):02d}"],
        "attestation-key": lambda: ["--out", tmp_path / f"key-{next(count):02d}"],
        "check-attestation": lambda: [signed, bad, "--public-key", f"{key}.pub"],
    }

    def show(language: str, width: int) -> str:
        monkeypatch.setenv("SSN_LANG", language)
        monkeypatch.setenv("COLUMNS", str(width))
        ran = ssn("audit", command, *arguments[command]())
        assert ran.code in (0, EXIT_FINDINGS), ran.err
        return ran.out.replace(f"-{next(count) - 1:02d}", "")

    if command in ("verify", "check-attestation"):
        check_widths(show)
    check_languages(show)


def test_engines_and_threads_say_the_same(verify: Verify, bad: Path) -> None:
    def said(*more: object) -> dict[str, Any]:
        data = verify(bad, "--json", *more).json
        del data["engine"], data["seconds"]
        return data

    assert said() == said("--engine", "lockstep") == said("--workers", 1) == said("--engine", "kernel", "--workers", 3)
    assert verify(bad, "--json", "--engine", "lockstep").json["engine"] == "lockstep"


def test_the_engine_is_named_and_a_rate_only_where_it_tells(
    verify: Verify, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Judged by lockstep (numpy alone).\n" in verify(good, "--engine", "lockstep").out
    monkeypatch.setattr(audit_verify, "_TELLING", 0.0)
    assert "receipts/s by 3 workers." in verify(good, "--workers", 3).out


def test_that_the_engine_is_compiled_is_told_before(
    verify: Verify, good: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert verify(good).code == 0  # there is code from now on
    assert "Compiling" not in verify(good).err
    monkeypatch.setattr(compiled.numbas, "CACHE_DIR", str(tmp_path))
    assert "Compiling the engine for this machine" in verify(good).err
    assert "Compiling" not in verify(good, "--engine", "lockstep").err


def test_bars_show_rates(ssn: Ssn, good: Path, tmp_path: Path, key: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rich.console.Console.is_terminal", True)
    ran = ssn("audit", "verify", good, "--development", "--attest", tmp_path / "signed", "--key", key)
    assert ran.code == 0
    for step in ("Taking the hashes of the inputs", "Reading", "Following each card", " MB"):
        assert step in ran.err
    assert "Writing the store" in ssn("audit", "pack", good, "--store", tmp_path / "store").err


def test_as_many_findings_are_listed_as_are_wanted(verify: Verify, tmp_path: Path) -> None:
    file = tmp_path / "day.jsonl"
    file.write_text("x\n" * 5)
    ran = verify(file, "--json", "--max-findings", 2)
    assert (len(ran.json["findings"]), ran.json["found"]) == (2, 5)
    assert "… and 3 more (--max-findings 0: all)" in verify(file, "--max-findings", 2).out
    assert len(verify(file, "--json", "--max-findings", 0).json["findings"]) == 5


def test_a_folder_with_tips_and_letters_in_it(ssn: Ssn, verify: Verify, tmp_path: Path) -> None:
    (tmp_path / "week").mkdir()
    (tmp_path / "week" / "shop-1.jsonl").write_text(text(RECEIPTS[:3]))
    raw = pa.array([one.raw for one in RECEIPTS[3:]], pa.binary(88))
    pq.write_table(pa.table({"receipt": raw}), tmp_path / "shop-2.parquet")
    (tmp_path / "letter.txt").write_text("Dear auditor")
    last = RECEIPTS[-1]
    tip = {"schema": "ssn-card/tip/1", "serial": SERIAL.hex(), "seq": last.seq, "last_mac": last.raw[80:].hex()}
    (tmp_path / "tips.jsonl").write_text(json.dumps(tip) + "\n")
    ran = verify(tmp_path, "--tips", tmp_path / "tips.jsonl", "--no-baskets", "--json")
    assert (ran.code, ran.json["genuine"], ran.json["ends_checked"], ran.json["unreadable"]) == (0, 6, 1, 0)
    (note,) = (one for one in ran.json["notes"] if one["code"] == "passed-over")
    assert ".jsonl, .csv, .parquet" in note["message_en"]
    assert "letter.txt" in note["message_id"]


@pytest.mark.parametrize("name", ["-", "/dev/stdin"])
def test_a_pipe_is_read_once_and_whole(name: str) -> None:
    ran = in_a_process(["audit", "verify", name, "--development", "--json"], text(RECEIPTS))
    assert (ran.code, ran.json["genuine"]) == (0, 6)


def test_a_fifo(verify: Verify, tmp_path: Path) -> None:
    fifo = tmp_path / "fifo.jsonl"
    os.mkfifo(fifo)
    writer = threading.Thread(target=fifo.write_text, args=(text(RECEIPTS),), daemon=True)
    writer.start()
    assert verify(fifo, "--json").json["genuine"] == 6
    writer.join(10)


def test_a_store_is_packed_once_and_judged_like_its_sources(ssn: Ssn, verify: Verify, tmp_path: Path) -> None:
    folder, store = tmp_path / "in", tmp_path / "in" / "store"
    folder.mkdir()
    (folder / "day.jsonl").write_text(text(RECEIPTS) + "no receipt\n")
    ran = ssn("audit", "pack", folder, "--store", store, "--json")
    assert (ran.code, ran.json["rows"], ran.json["packed"][0]["unreadable"]) == (0, 6, 1)
    assert ran.json.keys() == {"schema", "store", "packed", "known", "rows", "partitions"}
    again = ssn("audit", "pack", folder, "--store", store)
    assert (again.code, "Nothing new" in again.out) == (0, True)
    (folder / "next.jsonl").write_text(text(RECEIPTS[:2]))
    assert ssn("audit", "pack", folder, "--store", store, "--json").json["known"] == [str(folder / "day.jsonl")]
    ran = verify(store, "--json")
    assert (ran.code, ran.json["genuine"], ran.json["repeated"]) == (EXIT_FINDINGS, 6, 2)
    assert ran.json["findings"][0]["file"] == str(folder / "day.jsonl")
    assert str(folder / "day.jsonl") in verify(store).out  # though all that was found is of one of the two


def test_what_was_verified_is_not_verified_again(ssn: Ssn, verify: Verify, good: Path, tmp_path: Path) -> None:
    store, record = tmp_path / "store", tmp_path / "verified"
    ssn("audit", "pack", good, "--store", store)
    assert verify(store, "--recall", record, "--json").json["recalled"] == 0
    again = verify(store, "--recall", record)
    assert (again.code, "were not judged again: 1." in again.out) == (0, True)
    record.unlink()
    record.symlink_to("/dev/full")
    assert verify(store, "--recall", record, "--json").error["where"] == "--recall"


@pytest.mark.parametrize("name", ["good.jsonl", "letter.txt", "new"])
def test_a_record_is_of_one_store_and_replaces_nothing_else(
    ssn: Ssn, verify: Verify, good: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / "letter.txt").write_text("Dear auditor")
    ssn("audit", "pack", good, "--store", tmp_path / "store")
    given = (good,) if name == "new" else (tmp_path / "store",)
    ran = verify(*given, "--recall", tmp_path / name, "--json")
    assert (ran.code, ran.error["where"]) == (EXIT_ERROR, "--recall")
    assert (tmp_path / "letter.txt").read_text() == "Dear auditor"
    assert good.read_text() == text(RECEIPTS)
    assert not (tmp_path / "new").exists()


def test_a_record_that_cannot_be_kept_takes_nothing_from_the_verdict(
    ssn: Ssn, verify: Verify, good: Path, tmp_path: Path
) -> None:
    ssn("audit", "pack", good, "--store", tmp_path / "store")
    ran = verify(tmp_path / "store", "--recall", tmp_path / "nowhere" / "verified", "--json")
    assert (ran.code, ran.json["genuine"]) == (0, 6)
    assert "nowhere" in ran.err


def test_keys_of_an_auditor_and_the_banks_own(ssn: Ssn, good: Path, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("SSN_KEYRING_PASSWORD", "beras lima kilo")
    export_receipt_keys(development_keyring(), [SERIAL], [1], tmp_path / "cards.keys", "beras lima kilo")
    assert ssn("audit", "verify", good, "--card-keys", tmp_path / "cards.keys").code == 0
    with SoftwareKeyring.create(tmp_path / "bank.keys", labels=()) as keyring:
        keyring.store(KeyLabel.RECEIPT, 1, development_master(KeyLabel.RECEIPT, 1))
    assert ssn("audit", "verify", good, "--keyring", tmp_path / "bank.keys").code == 0


def test_keys_of_other_cards_are_a_class_of_their_own(ssn: Ssn, good: Path, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("SSN_KEYRING_PASSWORD", "beras lima kilo")
    export_receipt_keys(development_keyring(), [bytes(8)], [1], tmp_path / "cards.keys", "beras lima kilo")
    ran = ssn("audit", "verify", good, "--card-keys", tmp_path / "cards.keys", "--json")
    assert (ran.code, ran.json["counts"]) == (EXIT_FINDINGS, {"unknown_key": 6})


def test_no_key_is_ever_shown(ssn: Ssn, bad: Path, tmp_path: Path, key: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("SSN_KEYRING_PASSWORD", "beras lima kilo")
    export_receipt_keys(development_keyring(), [SERIAL], [1], tmp_path / "cards.keys", "beras lima kilo")
    said = ""
    for more in ((), ("--json",)):
        ran = ssn(
            *("audit", "verify", bad, "--card-keys", tmp_path / "cards.keys", "--findings", tmp_path / "f.csv"),
            *("--attest", tmp_path / f"signed{len(more)}", "--key", key, *more),
        )
        said += ran.out + ran.err + (tmp_path / f"signed{len(more)}").read_text()
    said += (tmp_path / "f.csv").read_text()
    key_of_card = development_keyring().diversify(KeyLabel.RECEIPT, 1, SERIAL)
    for secret in (key_of_card, development_master(KeyLabel.RECEIPT, 1)):
        assert secret.value().hex() not in said.lower()
    assert "beras lima" not in said
    assert PASSWORD not in said


def test_what_is_attested_is_not_recalled(ssn: Ssn, verify: Verify, good: Path, tmp_path: Path, key: Path) -> None:
    ssn("audit", "pack", good, "--store", tmp_path / "store")
    given = ("--recall", tmp_path / "verified", "--attest", tmp_path / "signed", "--key", key)
    ran = verify(tmp_path / "store", *given, "--json")
    assert (ran.code, ran.error["where"]) == (EXIT_ERROR, "--attest, --recall")
    assert not (tmp_path / "signed").exists()
