# SPDX-License-Identifier: Apache-2.0
"""``ssn audit rules`` as auditors use it: from a store to whom to visit, on the screen and as JSON."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Ran, Ssn

from ssn_card.cli import main

Rules = Callable[..., Ran]


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small year of a seed for tuning, packed."""
    folder = tmp_path_factory.mktemp("year")
    made = ("sim", "year", "--seed", "7", "--families", "500", "--fast", "--json", "--out-dir", str(folder / "year"))
    assert main.run(list(made)) == 0
    assert main.run(["audit", "pack", str(folder / "year/exports"), "--store", str(folder / "store"), "--json"]) == 0
    return folder


@pytest.fixture
def rules(ssn: Ssn, year: Path) -> Rules:
    return lambda *more, data=year / "year/data": ssn(
        "audit", "rules", year / "store", "--data", data, "--development", *more
    )


def test_whom_to_visit_as_json(rules: Rules) -> None:
    ran = rules("--json")
    assert ran.code == 0
    told = ran.json
    assert told["schema"] == "ssn-card/audit-rules/1"
    assert told["receipts"] > told["genuine"] > 10_000
    visits = [one for one in told["suspicions"] if one["visit"]]
    assert {one["subject"] for one in visits} >= {"shop", "family"}
    for one in told["suspicions"]:
        assert 0 < one["score"] <= 1
        assert one["visit"] == (one["score"] >= told["parameters"]["visit"]["enough"])
        for flag in one["flags"]:
            assert flag["reason_en"] != flag["reason_id"]
            assert len(flag["receipts"]) <= flag["receipt_count"]
    assert told["unjudged"] == []
    assert set(told["seconds"]) == set(told["parameters"]) - {"visit"}


def test_the_same_is_said_each_time(rules: Rules) -> None:
    once, again = (rules("--json").json for _ in range(2))
    del once["seconds"], again["seconds"]
    assert once == again


def test_whom_to_visit_for_people(rules: Rules, monkeypatch: pytest.MonkeyPatch) -> None:
    out = rules().out
    assert "to visit, out of" in out
    assert "Visit shop EW-0" in out
    assert "such as 64" in out
    monkeypatch.setenv("SSN_LANG", "id")
    assert "Kunjungi toko EW-0" in rules().out


def test_what_was_not_judged_is_said(rules: Rules, year: Path, tmp_path: Path) -> None:
    data = Path(shutil.copytree(year / "year/data", tmp_path / "data"))
    (data / "invoices.csv").unlink()
    out = rules(data=data).out
    assert "Not judged" in out
    assert "invoices.csv is not among the data" in out


def test_parameters_are_the_readers(rules: Rules, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[visit]\nenough = 1.0\n")
    told = rules("--parameters", path, "--json").json
    assert [one for one in told["suspicions"] if one["visit"]] == []
    path.write_text("[visit]\nenogh = 1.0\n")
    ran = rules("--parameters", path)
    assert ran.code == 1
    assert "mine.toml:2 visit.enogh" in ran.err


def test_a_wrong_side_file_is_named(rules: Rules, year: Path, tmp_path: Path) -> None:
    data = Path(shutil.copytree(year / "year/data", tmp_path / "data"))
    with (data / "shops.csv").open("a") as file:
        file.write("EW-999,Toko,99.99.99,Nowhere,Nowhere,08:00,17:00\n")
    ran = rules(data=data)
    assert ran.code == 1
    assert "shops.csv:" in ran.err
    assert "kode_kecamatan" in ran.err
