# SPDX-License-Identifier: Apache-2.0
"""``ssn perso run --pin``, ``pin-letters`` and ``pin-delivered``, as operator and PIN custodian type them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.personalization.station.scene import TODAY
from tests.personalization.station.support import Rack
from typer.testing import CliRunner, Result

from ssn_card.cli.errors import BadArgument, BadFile
from ssn_card.keys.pem import RECEIVING, public_pem
from ssn_card.personalization.cli import main as cli
from ssn_card.personalization.cli.main import app
from ssn_card.personalization.station.errors import LettersPrinted

pytestmark = pytest.mark.sim
PASSWORD = "beras lima kilo"
PRINTED = ("--pin", "printed", "--pin-letters", "letters.jsonl", "--pin-custodian", "pin.key.pub")


@pytest.fixture
def extract(
    written: Callable[[str], Path],
    header: str,
    good_rows: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Path:
    """An extract, in a folder with the custodian's key pair."""
    monkeypatch.setenv("SSN_LANG", "en")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("SSN_KEYRING_PASSWORD", PASSWORD)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli, "now", lambda: TODAY)
    key = RECEIVING.create(Path("pin.key"), PASSWORD)
    Path("pin.key.pub").write_bytes(public_pem(key.public_key()))
    return written("\n".join([header, *good_rows]) + "\n")


def perso(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def perso_json(*arguments: object) -> dict[str, Any]:
    result = perso(*arguments, "--json")
    assert result.exit_code == 0, result.exception
    data: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return data


def run(extract: Path, urls: list[str], *more: object) -> Result:
    cards = [part for url in urls for part in ("--cards", url)]
    files = ("--policy", 2025, "--journal", "journal.db", "--results", "results.jsonl", "--development")
    return perso("run", extract, *files, *cards, *more)


def test_from_the_run_to_the_confirmed_letter(extract: Path, rack: Rack) -> None:
    assert json.loads(run(extract, rack.blanks(2), *PRINTED, "--json").stdout.splitlines()[-1])["pin"] == "printed"
    letters = ("pin-letters", "letters.jsonl", "--private-key", "pin.key", "--journal", "journal.db")
    assert perso_json("status", "--journal", "journal.db")["pin_letters"]["sealed"] == 2
    data = perso_json(*letters, "--out", "letters.pdf")
    assert (data["printed"], data["waiting"], data["elsewhere"], data["void"]) == (2, 0, 0, 0)
    assert Path("letters.pdf").read_bytes().startswith(b"%PDF-")
    assert isinstance(perso(*letters, "--out", "again.pdf").exception, LettersPrinted)
    assert not Path("again.pdf").exists()
    serials = [json.loads(line)["serial"] for line in Path("results.jsonl").read_text().splitlines()[:2]]
    shown = perso("pin-delivered", serials[0], "--journal", "journal.db")
    assert shown.stdout == "1 PIN letters confirmed.\n"
    counts = perso_json("status", "--journal", "journal.db")["pin_letters"]
    assert counts == {"sealed": 0, "printed": 1, "delivered": 1, "void": 0}
    assert isinstance(perso("pin-delivered", "--journal", "journal.db").exception, BadArgument)


def test_no_file_is_written_over(extract: Path, rack: Rack) -> None:
    run(extract, rack.blanks(2), *PRINTED)
    Path("letters.pdf").write_text("another's")
    letters = ("pin-letters", "letters.jsonl", "--private-key", "pin.key", "--journal", "journal.db")
    assert isinstance(perso(*letters, "--out", "letters.pdf").exception, BadFile)
    assert Path("letters.pdf").read_text() == "another's"
    assert perso_json(*letters, "--out", "new.pdf")["printed"] == 2


def test_a_holder_chooses(extract: Path, rack: Rack) -> None:
    result = run(extract, rack.blanks(2), "--pin", "chosen")
    assert result.exit_code == 0
    assert "--let-choose-pin" in result.stderr
    assert perso_json("status", "--journal", "journal.db")["pin_letters"]["sealed"] == 0


@pytest.mark.parametrize("options", [PRINTED[:2], PRINTED[:4], PRINTED[2:], ("--pin", "chosen", *PRINTED[2:])])
def test_options_that_do_not_go_together(extract: Path, rack: Rack, options: tuple[str, ...]) -> None:
    error = run(extract, rack.blanks(1), *options).exception
    assert isinstance(error, BadArgument)
    assert error.where == "--pin"
