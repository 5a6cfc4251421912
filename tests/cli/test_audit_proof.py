# SPDX-License-Identifier: Apache-2.0
"""``ssn audit``: findings in a file, and a verdict that is signed and checked, over files, folders and stores."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Ssn
from tests.cli.made_receipts import BASKET, SERIAL, chain

from ssn_card.cli.errors import EXIT_ERROR, EXIT_FINDINGS
from ssn_card.receipts import Receipt, Tip, append_tip, line_of

RECEIPTS = chain(5)
PASSWORD = "gula satu kilo"


@pytest.fixture
def shops(tmp_path: Path) -> Path:
    """A folder of two shops' files, of which one holds a receipt that was altered."""
    folder = tmp_path / "shops"
    folder.mkdir()
    altered = bytearray(RECEIPTS[4].raw)
    altered[20] ^= 1
    for number, receipts in enumerate((RECEIPTS[:3], [RECEIPTS[3], Receipt(bytes(altered)), RECEIPTS[5]])):
        lines = [line_of(one, BASKET if one.type == 1 else None) + "\n" for one in receipts]
        (folder / f"shop-{number}.jsonl").write_text("".join(lines))
    return folder


@pytest.fixture
def key(ssn: Ssn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The auditor's key."""
    monkeypatch.setenv("SSN_KEYRING_PASSWORD", PASSWORD)
    monkeypatch.setenv("SSN_NEW_KEYRING_PASSWORD", PASSWORD)
    path = tmp_path / "auditor.key"
    made = ssn("audit", "attestation-key", "--out", path, "--json")
    assert (made.code, made.json["public_key"]) == (0, f"{path}.pub")
    return path


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "parquet"])
def test_findings_go_to_a_file(ssn: Ssn, shops: Path, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"found.{suffix}"
    ran = ssn("audit", "verify", shops, "--development", "--findings", out, "--json")
    assert (ran.code, ran.json["findings_file"], ran.json["attestation"]) == (EXIT_FINDINGS, str(out), None)
    assert out.stat().st_size > 0
    if suffix == "jsonl":
        assert [json.loads(line)["problem"] for line in out.read_text().splitlines()] == ["forged", "not_handed_in"]


def test_a_verdict_is_signed_and_checked(ssn: Ssn, shops: Path, tmp_path: Path, key: Path) -> None:
    attested, found, tips, blocked = (tmp_path / name for name in ("a", "found.csv", "tips.jsonl", "blocked.csv"))
    append_tip(tips, SERIAL, Tip(6, RECEIPTS[5].mac))
    blocked.write_text("serial\n0000000000000009\n")
    options = ["--attest", attested, "--key", key, "--findings", found, "--tips", tips, "--blocked", blocked]
    ran = ssn("audit", "verify", shops, "--development", *options, "--json")
    assert (ran.code, ran.json["attestation"]) == (EXIT_FINDINGS, str(attested))
    check = ("audit", "check-attestation", attested, "--public-key", f"{key}.pub")
    right = ssn(*check, shops, tips, blocked, "--findings", found, "--json")
    assert (right.code, right.json["not_given"], right.json["signature"]) == (0, [], "right")
    statement = right.json["statement"]
    assert [(one["kind"], one["rows"]) for one in statement["inputs"]] == [
        ("receipts", 3), ("receipts", 3), ("tips", None), ("blocked", None),
    ]  # fmt: skip
    assert statement["kinds"] == {"forged": 1, "missing": 1}
    assert statement["counts"]["genuine"] == ran.json["genuine"] == 5
    assert statement["options"] == {"whole": False, "baskets": True, "searched": 10_000}
    alone = ssn(*check)
    assert alone.code == 0
    assert "Of 4 inputs no file was given" in alone.out.replace("\n", " ")
    shop = shops / "shop-0.jsonl"
    shop.write_text(shop.read_text() + "\n")
    wrong = ssn(*check, shops, "--findings", found, "--json")
    assert (wrong.code, wrong.error["code"]) == (EXIT_ERROR, "attested-files-differ")
    assert f"1 files are not as attested: {shop} (other bytes than those judged)" in wrong.error["message_en"]
    attested.write_bytes(attested.read_bytes().replace(b'"forged":1', b'"forged":0'))
    refused = ssn(*check, "--json")
    assert (refused.code, refused.error["code"]) == (EXIT_ERROR, "attestation-refused")


def test_a_store_is_attested_by_its_manifest(ssn: Ssn, shops: Path, tmp_path: Path, key: Path) -> None:
    store, attested = tmp_path / "store", tmp_path / "a"
    assert ssn("audit", "pack", shops, "--store", store).code == 0
    ran = ssn("audit", "verify", store, "--development", "--attest", attested, "--key", key, "--json")
    assert ran.code == EXIT_FINDINGS
    check = ("audit", "check-attestation", attested, "--public-key", f"{key}.pub", store, "--json")
    right = ssn(*check)
    assert (right.code, right.json["not_given"]) == (0, [])
    assert [one["kind"] for one in right.json["statement"]["inputs"]] == ["store"]
    part = max(store.rglob("*.parquet"), key=lambda one: one.stat().st_size)
    whole = part.read_bytes()
    part.write_bytes(whole[:-9] + bytes((whole[-9] ^ 1,)) + whole[-8:])
    damaged = ssn(*check)
    assert (damaged.code, damaged.error["code"]) == (EXIT_ERROR, "store-damaged")


def test_what_cannot_be_done_is_told_before_hours_of_work(ssn: Ssn, shops: Path, tmp_path: Path, key: Path) -> None:
    verify = ("audit", "verify", shops, "--development", "--json")
    (tmp_path / "taken").write_text("x")
    other = tmp_path / "other.key"
    other.write_text("x")
    other.chmod(0o600)
    for options, code in (
        (("--attest", tmp_path / "a"), "bad-argument"),
        (("--key", key), "bad-argument"),
        (("--attest", tmp_path / "taken", "--key", key), "attestation-not-written"),
        (("--attest", tmp_path / "a", "--key", other), "unknown-key-file"),
        (("--findings", tmp_path / "x.xlsx"), "unknown-findings-format"),
        (("--findings", tmp_path / "no" / "x.csv"), "findings-not-written"),
    ):
        ran = ssn(*verify, *options)
        assert ran.code != EXIT_FINDINGS, options
        assert ran.error["code"] == code, options
    assert not (tmp_path / "a").exists()
    pipe = ssn("audit", "verify", "/dev/null", "--development", "--attest", tmp_path / "a", "--key", key, "--json")
    assert pipe.error["code"] == "not-attestable"


def test_a_key_is_never_overwritten(ssn: Ssn, tmp_path: Path, key: Path) -> None:
    again = ssn("audit", "attestation-key", "--out", key, "--json")
    assert again.code == EXIT_ERROR
    Path(f"{key}.pub").unlink()
    assert ssn("audit", "attestation-key", "--out", key, "--json").error["code"] == "keyring-exists"
