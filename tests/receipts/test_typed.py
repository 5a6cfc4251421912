# SPDX-License-Identifier: Apache-2.0
"""What a type checker knows of a receipt and of a card's status: an amount is a number, and has no method of ours."""

from __future__ import annotations

import os
from pathlib import Path

from mypy import api

ROOT = Path(__file__).parents[2]
#: A line, and what strict mypy says of it; nothing where it is as it should be.
LINES = {
    "reveal_type(receipt.amount)": 'note: Revealed type is "int"',
    "reveal_type(receipt.serial)": 'note: Revealed type is "bytes"',
    "reveal_type(receipt.loaded_total)": 'note: Revealed type is "int"',
    "reveal_type(receipt.timestamp)": 'note: Revealed type is "datetime.datetime"',
    "reveal_type(receipt.spent_total)": 'note: Revealed type is "int"',
    "reveal_type(status.balance)": 'note: Revealed type is "int"',
    "reveal_type(status.state)": 'note: Revealed type is "ssn_card.protocol.values.LifeState"',
    "reveal_type(session.status())": 'note: Revealed type is "ssn_card.terminal.purse.CardStatus"',
    "total: int = receipt.amount + status.balance": "",
    "receipt.amount.nonsense()": 'error: "int" has no attribute "nonsense"',
    "receipt.serial + receipt.seq": "error: Unsupported operand types for +",
    "text: str = receipt.amount": "error: Incompatible types in assignment",
    "receipt.amout": 'error: "Receipt" has no attribute "amout"',
    "status.balance.nonsense()": 'error: "int" has no attribute "nonsense"',
    'session.status()["balance"]': 'error: Value of type "CardStatus" is not indexable',
}


def test_strict_mypy_knows_the_type_of_every_field(tmp_path: Path) -> None:
    head = (
        "from ssn_card.receipts import Receipt",
        "from ssn_card.terminal import CardSession, CardStatus",
        "def look(receipt: Receipt, status: CardStatus, session: CardSession) -> None:",
    )
    asked = tmp_path / "asked.py"
    asked.write_text("\n".join((*head, *(f"    {line}" for line in LINES), "")), encoding="utf-8")
    before = Path.cwd()
    os.chdir(ROOT)  # its settings' folders are relative
    try:
        said, trouble, _ = api.run(["--config-file", "pyproject.toml", "--no-error-summary", str(asked)])
    finally:
        os.chdir(before)
    assert not trouble
    # Not by the whole path: mypy repeats what it said of the same lines in another run's folder.
    by_line = {int(line.split(":")[1]): line for line in said.splitlines() if "/asked.py:" in line}
    assert len(said.splitlines()) == len(by_line)
    for number, (line, wanted) in enumerate(LINES.items(), start=len(head) + 1):
        found = by_line.pop(number, "")
        assert wanted in found if wanted else not found, line
    assert not by_line
