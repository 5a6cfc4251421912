# SPDX-License-Identifier: Apache-2.0
"""``ssn audit``: findings in files, and the verdict signed and checked."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from tests.cli.audit.conftest import Verify
from tests.cli.conftest import Ssn

from ssn_card.audit.proof import unchanged
from ssn_card.cli.errors import EXIT_ERROR, EXIT_FINDINGS


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
    stated = {"whole": False, "baskets": True, "searched": 10_000}
    assert alone.json["statement"]["options"] == stated
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
