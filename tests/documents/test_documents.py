# SPDX-License-Identifier: Apache-2.0
"""README and the documents of bank, vendor and auditor, followed command by command: what they promise must work."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main

from ssn_card.cli.main import gather

from .blocks import blocks, named, script

ROOT = Path(__file__).parents[2]
#: In the order in which they are followed, all in one folder.
DOCUMENTS = ("README.md", "docs/bank.md", "docs/vendor.md", "docs/auditor.md", "docs/data.md")
SERVED = Path(__file__).with_name("served.py")
#: ``make demo`` runs the demo once; other targets, such as ``make test``, are only looked up. Of each group of ``ssn``
#: the first command is a process of its own, which imports what it needs; those behind it are served.
_PREAMBLE = """
ssn() {{
    if grep -qsxF -- "$1" .started; then
        {python} -I -S {served} served.socket "$@"
    else
        echo "$1" >> .started
        command ssn "$@"
    fi
}}
make() {{
    case $1 in
        demo) test -e build/demo/summary.json || ssn demo > /dev/null ;;
        *) command make -C {root} -n "$@" > /dev/null ;;
    esac
}}
"""


class Reader:
    """Somebody who types what a document says, in a folder with the tree's examples and programs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("examples", ".venv"):
            (folder / name).symlink_to(ROOT / name)
        self._environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "SSN_SIM_STATE": str(folder / "sim.json"),
            "SSN_KEYRING_PASSWORD": "beras lima kilo",
            "SSN_ATTESTATION_PASSWORD": "garam dua kilo saja",
            "SSN_NEW_KEYRING_PASSWORD": "gula satu kilo",
            "SSN_LANG": "en",
        }
        self._server = subprocess.Popen(
            [sys.executable, SERVED, folder / "served.socket"], env=self._environment, stdin=subprocess.PIPE
        )

    def leave(self) -> None:
        """Stop what was started."""
        self.bash("ssn sim stop")
        self._server.communicate(timeout=60)

    def follow(self, name: str) -> None:
        """Type all commands of a document."""
        for block in blocks((ROOT / name).read_text("utf-8")):
            if block.kind == "":
                done = self.bash(script(block.body, self._values()))
                assert done.returncode == 0, f"{name}:{block.line}:\n{block.body}\n{done.stdout}\n{done.stderr}"
            elif block.kind == "python":
                self._imports(block.body)

    def bash(self, lines: str) -> subprocess.CompletedProcess[str]:
        """Run lines as a script in the folder."""
        return subprocess.run(
            ["bash", "-c", _PREAMBLE.format(root=ROOT, python=sys.executable, served=SERVED) + lines],
            cwd=self.folder,
            env=self._environment,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=100,
        )

    def _values(self) -> dict[str, str]:
        """What the reader puts for the words in capitals, from what the commands so far have given him."""
        results = self.folder / "results.jsonl"
        lines = results.read_text("utf-8").splitlines() if results.exists() else []
        serials = [one["serial"] for one in map(json.loads, lines) if one.get("serial")]
        return {"SERIAL": serials[0].lower()} if serials else {}

    @staticmethod
    def _imports(body: str) -> None:
        """A program in a document stands in the middle of the reader's own: what it imports must be there."""
        imports: list[ast.stmt] = [one for one in ast.parse(body).body if isinstance(one, ast.Import | ast.ImportFrom)]
        exec(compile(ast.Module(imports, []), "document", "exec"), {})  # noqa: S102


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    reader = Reader(tmp_path)
    yield reader
    reader.leave()


@pytest.mark.sim
@pytest.mark.timeout(600)  # on a machine with other work
def test_the_documents_can_be_followed(reader: Reader) -> None:
    for name in DOCUMENTS:
        reader.follow(name)
    # The last step of the bank's document: a card that can be debited.
    assert (reader.folder / "results.jsonl").exists()
    assert (reader.folder / "build/demo/receipts.jsonl").exists()


@pytest.mark.parametrize(
    "name", [*DOCUMENTS, "docs/outreach.md", "docs/security.md", "docs/architecture.md", "docs/cap.md"]
)
def test_commands_in_sentences_exist(name: str) -> None:
    document = (ROOT / name).read_text("utf-8")
    for code in named(document):
        command = typer.main.get_command(gather())
        for word in code.split()[1:]:
            below = getattr(command, "commands", None)
            if below is not None and re.fullmatch(r"[a-z][a-z-]*", word):
                assert word in below, f"{name}: {code}"
                command = below[word]
            elif re.match(r"\[?--[a-z]", word):
                option = word.strip("[]").partition("=")[0]
                known = {one for parameter in command.params for one in (*parameter.opts, *parameter.secondary_opts)}
                assert option in known | {"--help"}, f"{name}: {code}"


def test_a_command_that_is_served_is_as_one_that_is_started(reader: Reader) -> None:
    """Of the server: folder, environment, standard input, outputs and exit code are the caller's."""
    started = reader.bash(script("ssn receipts verify\n", {}))
    lines = "ssn receipts verify\n"
    served = reader.bash(script(lines, {}))
    assert (reader.folder / ".started").read_text() == "receipts\n"
    assert (served.returncode, served.stdout, served.stderr) == (started.returncode, started.stdout, started.stderr)
    assert started.returncode
    lines = "ssn keys --help\nSSN_LANG=id ssn keys recipient-key --out pin.key 2> told\n"
    done = reader.bash(script(f"{lines}echo | ssn receipts verify - --development > verified  # exit code 1\n", {}))
    assert done.returncode == 0, done.stderr
    for made in ("pin.key", "verified"):
        assert (reader.folder / made).exists()


def test_a_promise_that_does_not_hold_is_found(reader: Reader) -> None:
    """Of the script itself: a failure in the middle, a failure that was announced, and one that did not come."""
    assert reader.bash(script("false\ntrue\n", {})).returncode != 0
    assert reader.bash(script("false | cat\n", {})).returncode != 0
    assert reader.bash(script("ssn no-such-command  # exit code 2\necho \\\n  next\n", {})).returncode == 0
    assert reader.bash(script("true  # a finding: exit code 1\n", {})).returncode != 0
    assert script("ssn x --card sim:SERIAL SERIAL $HOME\n", {"SERIAL": "00"}).endswith("ssn x --card sim:00 00 $HOME\n")
    with pytest.raises(KeyError, match="NOBODY"):
        script("ssn card status NOBODY\n", {})
