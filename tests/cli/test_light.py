# SPDX-License-Identifier: Apache-2.0
"""What a sale and a page of help load: modules, since times depend on the machine (docs/architecture.md, imports)."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from ssn_card.cli.main import _GROUPS

#: Large ones, none of which a card, a receipt or a line of help needs.
LARGE = {
    *("construct", "distributed", "llvmlite", "matplotlib", "numba", "numpy", "pyarrow", "pydantic", "pydantic_core"),
    *("pkcs11", "rich", "smartcard"),
}


def _loaded(program: str) -> set[str]:
    """Names of the modules that are there after ``program``, by a process of its own."""
    program = f"{program}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    return set(json.loads(ran.stdout.splitlines()[-1]))


def _ssn(*arguments: str) -> set[str]:
    run = f"main.run({list(arguments)!r})"
    return _loaded(
        "import contextlib, io\nfrom ssn_card.cli import main\n"
        f"with contextlib.redirect_stdout(io.StringIO()):\n    {run}"
    )


def test_a_terminal_loads_nothing_large() -> None:
    loaded = _loaded("import ssn_card.terminal")
    assert not loaded & {*LARGE, "click", "typer", "concurrent.futures", "importlib.metadata", "ssn_card.cli"}
    assert "ssn_card.receipts.receipt" in loaded
    for auditors in ("ssn_card.receipts.verifier", "ssn_card.entitlement.register", "ssn_card.keys.keyring"):
        assert auditors not in loaded


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["--lang", "id", "--help"]], ids=" ".join)
def test_help_loads_nothing_large_and_no_group(arguments: list[str]) -> None:
    loaded = _ssn(*arguments)
    assert "typer" in loaded
    assert not loaded & {*LARGE, "cryptography", "ssn_card.keys", "ssn_card.receipts", "ssn_card.terminal"}
    assert not {name for name in loaded if name.startswith("ssn_card.") and name.endswith((".cli", ".cli.main"))} - {
        "ssn_card.cli",
        "ssn_card.cli.main",
    }
    assert not loaded & {f"ssn_card.cli.{group}" for group in _GROUPS}


def test_a_group_is_loaded_alone() -> None:
    loaded = _ssn("card", "--help")
    assert "ssn_card.cli.card" in loaded
    assert not loaded & {"ssn_card.cli.entitlement", "ssn_card.personalization.cli", "ssn_card.simulator.cost.cli"}


def test_keys_load_a_token_when_there_is_one() -> None:
    assert not _ssn("keys", "--help") & {"pkcs11", "typst", "numpy"}
