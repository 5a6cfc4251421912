# SPDX-License-Identifier: Apache-2.0
"""``ssn audit reconcile`` as auditors use it: from a store to accounts on the screen, as JSON, and in a folder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.audit.books.sidefiles import CARD, UPDATE, write, written
from tests.cli.audit.conftest import RECEIPTS, text
from tests.cli.conftest import Ran, Ssn
from tests.cli.made_receipts import BASKET, LOADED, SERIAL
from tests.cli.shown import check_languages, check_widths

from ssn_card.cli.errors import EXIT_ERROR, EXIT_FINDINGS
from ssn_card.receipts import Receipt, Tip
from ssn_card.receipts.tips import append_tip

CARDS = [SERIAL.hex()]
SPENT = 5 * BASKET.total


@pytest.fixture
def store(ssn: Ssn, tmp_path: Path) -> Path:
    """Of six receipts the fourth is not handed in."""
    (tmp_path / "shop.jsonl").write_text(text([*RECEIPTS[:3], *RECEIPTS[4:]]))
    assert ssn("audit", "pack", tmp_path / "shop.jsonl", "--store", tmp_path / "store").code == 0
    return tmp_path / "store"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = written(tmp_path / "data", CARDS)
    write(folder, "updates", [UPDATE | {"serial": SERIAL.hex(), "loaded_total": LOADED}])
    return folder


@pytest.fixture
def reconcile(ssn: Ssn, store: Path, data: Path) -> Callable[..., Ran]:
    return lambda *more: ssn("audit", "reconcile", store, "--data", data, "--development", *more)


Reconcile = Callable[..., Ran]


def test_the_accounts_as_json(reconcile: Reconcile) -> None:
    ran = reconcile("--json")
    assert ran.code == 0, ran.err
    told = ran.json
    assert told["schema"] == "ssn-card/audit-reconcile/1"
    assert (told["cards"], told["open"], told["gaps"], told["found"]) == (1, 1, 1, 0)
    totals = told["totals"]
    assert (totals["budget"], totals["disbursed"], totals["owed"], totals["hidden"], totals["balance"]) == (
        *(None, LOADED, SPENT - BASKET.total, BASKET.total, LOADED - SPENT),
    )
    (gap,) = told["unplaced"]
    assert (gap["serial"], gap["first_seq"], gap["least"], gap["most"]) == (SERIAL.hex(), 4, BASKET.total, BASKET.total)
    assert [row["owed"] for row in told["shop_accounts"] if row["id_ewarong"] == "EW-007"] == [totals["owed"]]
    assert "card_accounts" not in told  # long: a file of --out-dir
    assert any("statuses.csv" in remark["en"] for remark in told["remarks"])


def test_the_accounts_on_the_screen(reconcile: Reconcile, monkeypatch: pytest.MonkeyPatch) -> None:
    def shown(language: str, width: int) -> str:
        monkeypatch.setenv("SSN_LANG", language)
        monkeypatch.setenv("COLUMNS", str(width))
        return reconcile().out

    assert "no deductions" in shown("en", 200)
    assert "tanpa potongan" in shown("id", 200)
    check_widths(shown)
    check_languages(shown)


def test_tables_and_statements(reconcile: Reconcile, store: Path, data: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        ran = reconcile("--out-dir", tmp_path / name)
        assert ran.code == 0, ran.err
    one, two = tmp_path / "one", tmp_path / "two"
    names = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert {"EW-001.pdf", "EW-007.pdf", "EW-007.csv", "card_accounts.csv"} <= {name.name for name in names}
    assert all((one / name).read_bytes() == (two / name).read_bytes() for name in names)
    again = reconcile("--out-dir", one, "--json")
    assert (again.code, again.error["code"]) == (EXIT_ERROR, "statements-not-written")


def test_what_contradicts_ends_by_findings(reconcile: Reconcile, data: Path) -> None:
    write(data, "updates", [UPDATE | {"serial": SERIAL.hex(), "loaded_total": LOADED - 1}])
    write(
        data,
        "statuses",
        [{"serial": SERIAL.hex(), "read_at": "2026-01-01T08:00", "terminal_id": 1, "seq": 6, "balance": 5}],
    )
    ran = reconcile("--json")
    assert ran.code == EXIT_FINDINGS
    assert [one["reason"] for one in ran.json["claims"]] == ["register-differs", "status-differs"]
    assert ran.json["totals"]["disbursed"] == LOADED  # receipts prove it
    assert "register says another load" in reconcile().out


def test_a_tip_bounds_the_end(reconcile: Reconcile, tmp_path: Path) -> None:
    append_tip(tmp_path / "tips.jsonl", SERIAL, Tip(8, bytes(8)))
    ran = reconcile("--json", "--tips", tmp_path / "tips.jsonl")
    (end,) = [row for row in ran.json["unplaced"] if row["reason"] == "end"]
    assert (end["first_seq"], end["last_seq"], end["least"], end["most"]) == (7, 8, -BASKET.total, LOADED - SPENT)


def test_without_a_genuine_receipt_nothing_is_concluded(ssn: Ssn, data: Path, tmp_path: Path) -> None:
    altered = bytearray(RECEIPTS[0].raw)
    altered[-1] ^= 1
    (tmp_path / "bad.jsonl").write_text(text([Receipt(bytes(altered))]))
    ssn("audit", "pack", tmp_path / "bad.jsonl", "--store", tmp_path / "bad")
    ran = ssn(
        "audit", "reconcile", tmp_path / "bad", "--data", data, "--development", "--json", "--out-dir", tmp_path / "o"
    )
    assert (ran.code, ran.error["code"]) == (EXIT_ERROR, "nothing-to-reconcile")
    assert not (tmp_path / "o").exists()


def test_statements_name_their_inputs(
    reconcile: Reconcile, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grounds = []
    monkeypatch.setattr(
        "ssn_card.cli.audit_reconcile.write_reconciliation", lambda folder, books, ground, told: grounds.append(ground)
    )
    write(data, "cards", [CARD | {"serial": SERIAL.hex()}])
    assert reconcile("--out-dir", tmp_path / "out").code == 0
    (ground,) = grounds
    named = dict(ground.inputs)
    assert named["cards.csv"] == hashlib.sha256((data / "cards.csv").read_bytes()).hexdigest()
    assert {"manifest.json", "updates.csv", "shops.csv", "policies.toml"} <= named.keys()
