# SPDX-License-Identifier: Apache-2.0
"""docs/bank.md, "Keys": typed command by command at a real terminal, the screens as they stand there."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.documents.blocks import blocks

from ssn_card.bank.secret import development_secret
from ssn_card.cli.keys import app
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.journal.records import RowKeys

from .screen import on_a_terminal
from .tokens import PIN, SO_PIN, module_path

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/bank.md").read_text("utf-8")
KEYS = PAGE[PAGE.index("\n## Keys\n") :]
_COMPONENT = re.compile(r"component\s+((?:[0-9A-F]{4}\s+)+)check value\s+([0-9A-F]{6})")
_FIGURES = re.compile(r"\b[0-9A-Fa-f]*[0-9][0-9A-Fa-f]{2,}\b|\b[0-9A-F]{4}\b|\b[0-9A-Fa-f]{6}\b")


def steps() -> Iterator[tuple[str, list[str]]]:
    """Each command of the section, and the lines that the page shows below it."""
    for block in blocks(KEYS):
        if block.kind == "console":
            for part in re.split(r"^\$ ", block.body, flags=re.M)[1:]:
                command, *shown = part.splitlines()
                yield command, shown


def plain(line: str) -> str:
    """A line without what differs from run to run: keys, check values, rates; and without its blanks."""
    return " ".join(_FIGURES.sub("#", line).split())


def require_shown(page: list[str], screen: str, command: str) -> None:
    """The lines of the page stand on the screen one below the other; ``…`` is for any lines."""
    lines, at, gap = [plain(line) for line in screen.splitlines() if line.strip()], 0, False
    for wanted in map(plain, page):
        if wanted == "…":
            gap = True
            continue
        found = next((number for number in range(at, len(lines)) if lines[number] == wanted), None)
        assert found is not None, f"{command}: {wanted!r} is not on the screen:\n{screen}"
        assert gap or found == at, f"{command}: the page leaves out {lines[at]!r}"
        at, gap = found + 1, False


class Bank:
    """The operator, and custodians who write down what they are shown."""

    def __init__(self) -> None:
        self.written: list[tuple[str, str]] = []
        self.typed: set[str] = set()

    def answer(self, prompt: str) -> str:
        given = self._known(prompt)
        self.typed.add(given)
        return given

    def _known(self, prompt: str) -> str:
        if "PIN" in prompt:
            return SO_PIN if "SO PIN" in prompt else PIN
        component, kcv = self.written[int(prompt.split("Custodian ")[1].split()[0]) - 1]
        return kcv if "check value" in prompt else component

    def write_down(self, screen: str) -> None:
        found = _COMPONENT.search(screen)
        if found is not None:
            self.written.append(("".join(found[1].split()), found[2]))


def journal_of_two_cards(path: Path) -> None:
    """What the station of the page's beginning has left."""
    with Journal.create(path, development_secret()) as journal:
        batch = journal.batch("0" * 64, 2025, "beneficiaries.csv")
        for number in range(2):
            keys = RowKeys(bytes([number]) * 16, bytes([number + 8]) * 16)
            entry = journal.sent(journal.plan(batch, 2 + number, keys), bytes([0x53, number]) * 4, bytes(16))
            journal.done(entry, 0.3)


@pytest.mark.timeout(300)
def test_the_section_can_be_followed(tmp_path: Path) -> None:
    tokens, bank = tmp_path / "tokens", Bank()
    tokens.mkdir()
    configuration = tmp_path / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n")
    work = tmp_path / "work"
    work.mkdir()
    (work / "serials.txt").write_text("5353000000000001\n5353000000000002\n")
    journal_of_two_cards(work / "station.sqlite")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SSN_")},
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "SOFTHSM2_CONF": str(configuration),
        "PKCS11_MODULE": str(module_path()),
        "SSN_KEYRING_PASSWORD": "beras lima kilo",
        "SSN_LANG": "en",
        "TERM": "dumb",
    }
    screens = ""
    for command, page in steps():
        shown = on_a_terminal(command, work, environment, bank.answer)
        assert shown.code == 0, f"{command}\n{shown.text}"
        require_shown(page, shown.text, command)
        if command.startswith("ssn keys component"):
            bank.write_down(shown.text)
        else:
            screens += shown.text
    assert len(bank.written) == 2
    left = screens + "".join(path.read_text("utf-8", "replace") for path in work.iterdir())
    digits = "".join(left.upper().split())
    for component, _ in bank.written:
        assert component in bank.typed
        assert component not in digits
    assert PIN not in left
    assert SO_PIN not in left
    assert "RECORD OF A KEY CEREMONY" in (work / "ceremony.txt").read_text("utf-8")


def test_every_command_of_the_group_is_on_the_page() -> None:
    named = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    assert {name for name in named if f"ssn keys {name}" not in PAGE} == set()
    assert len(list(steps())) > 12
