# SPDX-License-Identifier: Apache-2.0
"""The vendor's example, as it stands in docs/vendor.md, sells: with his keyring, and a simulated card in the reader."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.card.live_card import LiveCard
from tests.terminal.conftest import activated

from ssn_card.keys import SoftwareKeyring
from ssn_card.keys.development import development_master
from ssn_card.protocol.labels import KeyLabel
from ssn_card.terminal import TerminalJournal

from .blocks import blocks

DOCUMENT = Path(__file__).parents[2] / "docs/vendor.md"
LINES = 15


def example() -> str:
    """The only program in the document."""
    (program,) = (block.body for block in blocks(DOCUMENT.read_text("utf-8")) if block.kind == "python")
    return program


def test_a_vendor_reads_fifteen_lines_and_imports_from_one_door() -> None:
    lines = [line for line in example().splitlines() if line.strip()]
    assert len(lines) <= LINES
    assert [line.split()[1] for line in lines if "import" in line] == ["ssn_card.terminal"]


@pytest.mark.parametrize(("limit", "said"), [(600_000, "Sold."), (100_000, "monthly limit")])
def test_the_vendors_example_runs(
    new_card: Callable[[], LiveCard],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    limit: int,
    said: str,
) -> None:
    card = activated(new_card(), until="791231", limit=limit)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SSN_KEYRING_PASSWORD", "beras lima kilo")
    monkeypatch.setenv("SSN_LANG", "en")
    with SoftwareKeyring.create("terminal.keys", labels=()) as keyring:
        keyring.store(KeyLabel.DEBIT, 1, development_master(KeyLabel.DEBIT, 1))
    program = example()
    assert "pcsc:" in program
    exec(compile(program.replace("pcsc:", card.url), str(DOCUMENT), "exec"), {})  # noqa: S102
    assert said in capsys.readouterr().out
    with TerminalJournal("shop.sqlite", read_only=True) as journal:
        assert (journal.in_doubt(), len(list(journal.receipts()))) == ([], int(said == "Sold."))
