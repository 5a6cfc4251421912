# SPDX-License-Identifier: Apache-2.0
"""``ssn audit`` where it cannot be done: one clear error, nothing half written, nothing replaced."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.cli.audit.conftest import RECEIPTS, Verify, in_a_process, text
from tests.cli.conftest import Ssn
from tests.cli.made_receipts import SERIAL

from ssn_card.cli.errors import EXIT_ERROR, EXIT_USAGE


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


_REPORT = ["report", "x", "--data", "y", "--out-dir", "z", "--development"]


@pytest.mark.parametrize(
    ("package", "command", "extra"),
    [
        ("numpy", ["verify", "x", "--development"], "audit"),
        ("pyarrow", ["verify", "x", "--development"], "audit"),
        ("pyarrow", ["pack", "x", "--store", "y"], "audit"),
        *((package, _REPORT, "report") for package in ("jinja2", "matplotlib", "typst")),
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
