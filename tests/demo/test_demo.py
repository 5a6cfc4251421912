# SPDX-License-Identifier: Apache-2.0
"""The demo as a user runs it, and that its thief and its auditor share nothing."""

from __future__ import annotations

import ast
import json
import runpy
from pathlib import Path

import pytest

from ssn_card.cli.main import run
from ssn_card.demo import tamper
from ssn_card.demo.audit import audit
from ssn_card.keys import development_keyring
from ssn_card.receipts import read_tips

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("demo")
    assert run(["demo", "--out-dir", str(where), "--json"]) == 0
    return where


@pytest.mark.sim
def test_summary_has_what_was_promised(folder: Path) -> None:
    figures = json.loads((folder / "summary.json").read_text())
    assert figures["cards"] == 25
    assert 85 <= figures["debits"] <= 115
    assert figures["refused"] == sum(figures["refusals"].values()) >= 8
    assert {
        "monthly-limit", "insufficient-balance", "category", "expired", "blocked", "wrong-mac", "not-activated",
    } <= set(figures["refusals"])  # fmt: skip
    assert figures["verified"] == figures["receipts"]
    assert figures["tampered_found"] == figures["tampered"] >= 15
    assert figures["rupiah_loaded"] == figures["rupiah_spent"] + figures["rupiah_balance"]
    assert figures["conserved"] is True
    assert figures["seconds"] > 0


@pytest.mark.sim
@pytest.mark.parametrize("seed", range(40))
def test_every_tampering_is_found_whatever_the_seed(folder: Path, seed: int) -> None:
    tips = read_tips(folder / "tips.jsonl")
    clean, found = audit(folder / "receipts.jsonl", tips, development_keyring(), seed)
    assert clean.clean
    assert len(found) >= 15
    assert [one.tampering for one in found if one.finding is None] == []


def test_the_thief_knows_nothing_of_the_verifier() -> None:
    tree = ast.parse(Path(tamper.__file__).read_text())
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not any(module and "ssn_card" in module for module in modules)


@pytest.mark.sim
def test_another_folder_is_not_cleared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "precious.txt").write_text("keep")
    assert run(["demo", "--out-dir", str(tmp_path)]) == 1
    assert (tmp_path / "precious.txt").read_text() == "keep"
    assert "--out-dir" in capsys.readouterr().err


@pytest.mark.sim
def test_the_vendors_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(EXAMPLES / "vendor_sale.py"), run_name="__main__")
    out = capsys.readouterr().out
    assert "Sold for Rp217500, Rp682500 left." in out
    assert "Refused" in out
    assert "2025-11-01" in out


@pytest.mark.pcsc
@pytest.mark.slow
@pytest.mark.timeout(400)
def test_the_demo_through_pcscd(tmp_path: Path) -> None:
    assert run(["demo", "--transport", "pcsc", "--out-dir", str(tmp_path), "--json"]) == 0


@pytest.mark.pcsc
def test_the_bench_counts_without_errors(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bench", "apdu", "--apdus", "500", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    for path in ("sim", "pcsc"):
        assert figures[path]["apdus"] == 500
        assert figures[path]["errors"] == 0
        assert figures[path]["apdu_per_s"] > 0
