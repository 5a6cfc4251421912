# SPDX-License-Identifier: Apache-2.0
"""``ssn audit`` as auditors use it: from files to a verdict, a store, a file of findings and a signed statement."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.cli.conftest import Ran, Ssn
from tests.cli.made_receipts import BASKET, SERIAL, chain
from tests.cli.shown import check_languages, check_widths

from ssn_card.audit.kernel import compiled
from ssn_card.audit.proof import unchanged
from ssn_card.cli import audit_verify
from ssn_card.cli.errors import EXIT_ERROR, EXIT_FINDINGS, EXIT_USAGE
from ssn_card.keys import SoftwareKeyring, development_keyring, export_receipt_keys
from ssn_card.keys.development import development_master
from ssn_card.protocol.labels import KeyLabel
from ssn_card.receipts import Receipt, line_of

RECEIPTS = chain(5, days=(2, 3, 1))  # the third movement is dated before the second
PASSWORD = "garam dua kilo saja"
REPORT = {
    "schema", "files", "lines", "receipts", "genuine", "repeated", "rejected", "unreadable", "cards", "ends_checked",
    "debited", "cancelled", "without_basket", "missing", "not_handed_in", "backdated_count", "spent_unseen", "found",
    "notes", "counts", "findings", "gaps", "backdated", "lists", "engine", "seconds", "recalled",
    "findings_file", "attestation",
}  # fmt: skip


def text(receipts: list[Receipt]) -> str:
    return "".join(line_of(one, BASKET if one.type == 1 else None) + "\n" for one in receipts)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    (tmp_path / "good.jsonl").write_text(text(RECEIPTS))
    return tmp_path / "good.jsonl"


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    """A forged receipt, one twice, a line that is none, and one that is nowhere."""
    altered = bytearray(RECEIPTS[2].raw)
    altered[60] ^= 1
    lines = text([RECEIPTS[0], RECEIPTS[1], RECEIPTS[1], Receipt(bytes(altered)), *RECEIPTS[4:]])
    (tmp_path / "bad.jsonl").write_text(lines + "no receipt\n")
    return tmp_path / "bad.jsonl"


@pytest.fixture
def key(ssn: Ssn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SSN_ATTESTATION_PASSWORD", PASSWORD)
    assert ssn("audit", "attestation-key", "--out", tmp_path / "auditor.pem").code == 0
    return tmp_path / "auditor.pem"


@pytest.fixture
def verify(ssn: Ssn) -> Callable[..., Ran]:
    return lambda *more: ssn("audit", "verify", "--development", *more)


Verify = Callable[..., Ran]


def in_a_process(arguments: list[object], given: str | None = None, before: str = "") -> Ran:
    """Another process, for what this one's cannot show. ``before``: what is done in it first."""
    program = f"{before}\nfrom ssn_card.cli.start import main\nmain()"
    ran = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        input=given,
        capture_output=True,
        text=True,
        timeout=100,
        env={**os.environ, "SSN_LANG": "en"},
        check=False,
    )
    assert "Traceback" not in ran.stderr
    return Ran(ran.returncode, ran.stdout, ran.stderr)


# ------------------------------------------------------------------ what comes of it


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


# ------------------------------------------------------------------ what is handed in


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


# ------------------------------------------------------------------ findings and attestation


def test_findings_are_the_same_in_each_format(verify: Verify, bad: Path, tmp_path: Path) -> None:
    files = [tmp_path / f"found.{ending}" for ending in ("jsonl", "csv", "parquet")]
    for file in files:
        ran = verify(bad, "--findings", file)
        assert (ran.code, f"Written: {file}" in ran.out) == (EXIT_FINDINGS, True)
    lines = [json.loads(line) for line in files[0].read_text().splitlines()]
    assert {one["problem"] for one in lines} >= {"forged", "duplicate", "unreadable", "not_handed_in"}
    assert pq.read_table(files[2]).to_pylist() == lines
    with files[1].open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        row["serial"] = row["serial"].replace("-", "")  # in groups, so that no spreadsheet rounds it
    assert rows == [{name: "" if value is None else str(value) for name, value in one.items()} for one in lines]


def test_a_verdict_is_signed_and_checked(ssn: Ssn, verify: Verify, bad: Path, key: Path, tmp_path: Path) -> None:
    store, signed, found = tmp_path / "store", tmp_path / "signed", tmp_path / "found.csv"
    ssn("audit", "pack", bad, "--store", store)
    ran = verify(bad, store, "--findings", found, "--attest", signed, "--key", key)
    assert (ran.code, f"Written: {signed}" in ran.out) == (EXIT_FINDINGS, True)
    check = ("audit", "check-attestation", signed)
    ran = ssn(*check, tmp_path / "bad.jsonl", store, "--public-key", f"{key}.pub", "--findings", found)
    assert (ran.code, "Of 2 inputs 2 were compared" in ran.out) == (0, True)
    names = [line.split("  ")[0] for line in ran.out.splitlines()]
    assert names[4:9] == ["lines", "genuine", "repeated", "rejected", "unreadable"]
    alone = ssn(*check, "--public-key", f"{key}.pub", "--json")
    assert alone.json.keys() == {"schema", "signature", "not_given", "statement"}
    assert sorted(alone.json["not_given"]) == sorted([str(bad), str(store / "manifest.json")])
    assert alone.json["statement"]["counts"]["lines"] == 14
    assert "Not compared, for they were not given: 1 inputs" in ssn(*check, bad, "--public-key", f"{key}.pub").out


def test_what_is_not_as_attested_is_named(ssn: Ssn, verify: Verify, good: Path, key: Path, tmp_path: Path) -> None:
    store, signed, found = tmp_path / "store", tmp_path / "signed", tmp_path / "found.csv"
    ssn("audit", "pack", good, "--store", store)
    verify(store, "--findings", found, "--attest", signed, "--key", key)
    check = ("audit", "check-attestation", signed, "--public-key", f"{key}.pub", "--json")
    assert ssn(*check, store, "--findings", found).code == 0
    assert ssn(*check, good).error["code"] == "attested-files-differ"
    found.write_text(found.read_text().replace("backdated", "forged"))
    assert ssn(*check, "--findings", found).error["code"] == "attested-files-differ"
    (part,) = store.glob("receipts/*/*.parquet")
    part.write_bytes(part.read_bytes()[:-1] + b"?")
    assert ssn(*check, store).error["code"] == "store-damaged"
    ssn("audit", "attestation-key", "--out", tmp_path / "other.pem")
    ran = ssn("audit", "check-attestation", signed, "--public-key", tmp_path / "other.pem.pub", "--json")
    assert (ran.code, ran.error["code"]) == (EXIT_ERROR, "attestation-refused")


def test_what_has_changed_meanwhile_is_not_attested(
    verify: Verify, good: Path, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def changed(inputs: Any) -> None:
        good.write_text(good.read_text() + "\n")
        unchanged(inputs)

    monkeypatch.setattr(sys.modules["ssn_card.audit.proof.proved"], "unchanged", changed)
    ran = verify(good, "--attest", tmp_path / "signed", "--key", key, "--findings", tmp_path / "f.csv", "--json")
    assert (ran.code, ran.error["code"], ran.error["where"]) == (EXIT_ERROR, "input-changed", str(good))
    assert not (tmp_path / "signed").exists()
    assert not (tmp_path / "f.csv").exists()


def test_a_signing_key_is_made_once(ssn: Ssn, key: Path) -> None:
    before = key.read_bytes(), Path(f"{key}.pub").read_bytes()
    assert key.stat().st_mode & 0o777 == 0o600
    assert ssn("audit", "attestation-key", "--out", key, "--json").code == EXIT_ERROR
    key.rename(key.with_name("moved.pem"))
    assert ssn("audit", "attestation-key", "--out", key, "--json").error["code"] == "bad-file"
    assert (key.with_name("moved.pem").read_bytes(), Path(f"{key}.pub").read_bytes()) == before
    assert not key.exists()


# ------------------------------------------------------------------ what cannot be done


def _torn(folder: Path) -> Path:
    whole = folder / "torn.parquet"
    pq.write_table(pa.table({"receipt": pa.array([RECEIPTS[0].raw], pa.binary(88))}), whole)
    whole.write_bytes(whole.read_bytes()[:-20])
    return whole


def _other(folder: Path) -> Path:
    pq.write_table(pa.table({"amount": [1]}), folder / "other.parquet")
    return folder / "other.parquet"


def _empty(folder: Path) -> Path:
    (folder / "empty").mkdir()
    return folder / "empty"


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda folder: folder / "none.jsonl", "receipts-unreadable"),
        (_torn, "file-torn"),
        (_other, "no-receipt-column"),
        (_empty, "no-receipts"),
    ],
    ids=["missing", "torn", "other", "empty"],
)
def test_what_cannot_be_read_is_never_clean(
    ssn: Ssn, verify: Verify, tmp_path: Path, key: Path, make: Callable[[Path], Path], code: str
) -> None:
    path = make(tmp_path)
    ran = verify(path, "--findings", tmp_path / "f.csv", "--attest", tmp_path / "signed", "--key", key, "--json")
    assert ran.code == EXIT_ERROR
    assert ran.error["code"] in (code, "not-attestable")
    assert str(path) in ran.error["where"]
    assert verify(path, "--json").error["code"] == code
    assert ssn("audit", "pack", path, "--store", tmp_path / "store", "--json").error["code"] == code
    assert not [name for name in ("f.csv", "signed", "store") if (tmp_path / name).exists()]


def test_one_source_of_keys_is_needed_before_anything_is_read(ssn: Ssn, good: Path, key: Path, tmp_path: Path) -> None:
    ran = ssn("audit", "verify", good, "--attest", tmp_path / "signed", "--key", key, "--json")
    assert (ran.code, ran.error["code"]) == (EXIT_ERROR, "keys-not-chosen")


@pytest.mark.parametrize("given", ["--attest", "--key"])
def test_attestation_and_key_go_together(verify: Verify, good: Path, key: Path, tmp_path: Path, given: str) -> None:
    ran = verify(good, given, key if given == "--key" else tmp_path / "signed", "--json")
    assert (ran.code, ran.error["code"], ran.error["where"]) == (EXIT_ERROR, "bad-argument", "--attest, --key")


def test_an_attestation_is_never_replaced(verify: Verify, good: Path, key: Path, tmp_path: Path) -> None:
    (tmp_path / "signed").write_text("another")
    ran = verify(good, "--attest", tmp_path / "signed", "--key", key, "--json")
    assert (ran.code, ran.error["code"]) == (EXIT_ERROR, "attestation-not-written")
    assert (tmp_path / "signed").read_text() == "another"


def test_findings_never_replace_what_is_judged(verify: Verify, good: Path, tmp_path: Path) -> None:
    before = good.read_bytes()
    (tmp_path / "link.jsonl").symlink_to(good)
    for name in ("good.jsonl", "link.jsonl"):
        ran = verify(tmp_path, "--findings", tmp_path / name, "--json")
        assert (ran.code, ran.error["where"]) == (EXIT_ERROR, "--findings")
    lists = tmp_path / "blocked.csv"
    lists.write_text(f"serial\n{SERIAL.hex()}\n")
    assert verify(good, "--blocked", lists, "--findings", lists, "--json").error["where"] == "--findings"
    assert (good.read_bytes(), lists.read_text()) == (before, f"serial\n{SERIAL.hex()}\n")


def test_a_name_that_says_no_format(verify: Verify, good: Path, tmp_path: Path) -> None:
    ran = verify(good, "--findings", tmp_path / "found.xls", "--json")
    assert (ran.code, ran.error["code"]) == (EXIT_ERROR, "unknown-findings-format")


@pytest.mark.parametrize("ending", ["jsonl", "csv", "parquet"])
def test_a_full_disk_under_the_findings(verify: Verify, bad: Path, tmp_path: Path, ending: str) -> None:
    full = tmp_path / f"full.{ending}"
    full.symlink_to("/dev/full")
    ran = verify(bad, "--findings", full, "--json")
    assert (ran.code, ran.error["code"]) == (EXIT_ERROR, "findings-not-written")


def test_no_room_for_temporary_files_nor_for_a_store(tmp_path: Path) -> None:
    (tmp_path / "day.jsonl").write_text(text(RECEIPTS) * 500)
    given, full = [tmp_path / "day.jsonl", "--json"], "import resource\n"
    full += "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\nfrom ssn_card.audit import spill\n"
    judge = ["audit", "verify", *given, "--development", "--engine", "lockstep"]
    ran = in_a_process(judge, before=f"{full}spill._ROWS = 1000")
    assert (ran.code, ran.error["code"]) == (EXIT_ERROR, "no-room")
    pack = ["audit", "pack", *given, "--store", tmp_path / "store"]
    for rows, code in ((1000, "no-room"), (100_000, "store-unwritable")):
        ran = in_a_process(pack, before=f"{full}spill._ROWS = {rows}")
        assert (ran.code, ran.error["code"]) == (EXIT_ERROR, code)
        assert not (tmp_path / "store").exists()


def test_what_can_be_read_only_once_is_not_attested(tmp_path: Path, key: Path) -> None:
    sign = ["--development", "--attest", tmp_path / "signed", "--key", key, "--json"]
    ran = in_a_process(["audit", "verify", "-", *sign], text(RECEIPTS))
    assert (ran.code, ran.error["code"], ran.error["where"]) == (EXIT_ERROR, "not-attestable", "-")
    os.mkfifo(tmp_path / "fifo.jsonl")
    ran = in_a_process(["audit", "verify", tmp_path / "fifo.jsonl", *sign])  # nobody writes, and it ends all the same
    assert (ran.code, ran.error["code"]) == (EXIT_ERROR, "not-attestable")


def test_keys_do_not_travel_in_clear(verify: Verify, good: Path) -> None:
    ran = verify(good, "--scheduler", "tcp://192.0.2.1:8786", "--json")
    assert (ran.code, ran.error["code"]) == (EXIT_ERROR, "cluster-open")


@pytest.mark.parametrize("wrong", [("--engine", "gpu"), ("--workers", 0), ("--max-findings", -1), ("--no-such",)])
def test_a_wrong_value_is_wrong_usage(verify: Verify, good: Path, wrong: tuple[object, ...]) -> None:
    assert verify(good, *wrong, "--json").code == EXIT_USAGE


@pytest.mark.parametrize(
    ("package", "command", "extra"),
    [
        ("numpy", ["verify", "x", "--development"], "audit"),
        ("pyarrow", ["verify", "x", "--development"], "audit"),
        ("pyarrow", ["pack", "x", "--store", "y"], "audit"),
        ("distributed", ["verify", "FILE", "--development", "--scheduler", "tcp://127.0.0.1:1"], "cluster"),
    ],
)
def test_an_extra_that_is_missing_is_named(good: Path, package: str, command: list[str], extra: str) -> None:
    arguments: list[object] = [good if word == "FILE" else word for word in command]
    ran = in_a_process(["audit", *arguments, "--json"], before=_without(package))
    assert (ran.code, ran.error["code"]) == (EXIT_ERROR, "extra-missing")
    assert f'pip install "ssn-card[{extra}]"' in ran.err
    assert package in ran.err


def test_without_the_compiler_it_is_slower_and_says_so(good: Path) -> None:
    ran = in_a_process(["audit", "verify", good, "--development"], before=_without("numba"))
    assert ran.code == 0
    assert "Judged by lockstep (numpy alone)." in ran.out
    assert "Not the compiled engine: numba is not installed" in ran.out
    ran = in_a_process(
        ["audit", "verify", good, "--development", "--engine", "kernel", "--json"], before=_without("numba")
    )
    assert (ran.code, ran.error["code"]) == (EXIT_ERROR, "engine-missing")


def _without(package: str) -> str:
    """A machine on which a package is not installed."""
    return (
        "import sys\nclass Nowhere:\n    def find_spec(self, name, path=None, target=None):\n"
        f"        if name.partition('.')[0] == {package!r}:\n"
        "            raise ModuleNotFoundError(f'No module named {name!r}', name=name)\n"
        "sys.meta_path.insert(0, Nowhere())"
    )
