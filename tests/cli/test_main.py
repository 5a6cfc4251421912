# SPDX-License-Identifier: Apache-2.0
"""Exit codes, one-line errors, languages, groups of other packages, completion."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
import typer
from tests.cli.conftest import Ssn

from ssn_card.applet_tools.errors import AppletFindings
from ssn_card.cli import main
from ssn_card.cli.errors import EXIT_FINDINGS, FindingsFound
from ssn_card.simulator.errors import HostNotWithstood, TearsNotSurvived
from ssn_card.simulator.figures.cli import FiguresDiffer

ROOT = Path(__file__).parents[2]


def _process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    sources = os.pathsep.join(str(ROOT / name) for name in ("protocol", "host", "personalization", "simulator"))
    return subprocess.run(
        [sys.executable, "-m", "ssn_card.cli", *arguments],
        env={**os.environ, "PYTHONPATH": sources, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def _points(monkeypatch: pytest.MonkeyPatch, points: Iterable[EntryPoint]) -> None:
    monkeypatch.setattr(main, "entry_points", lambda group: tuple(points))


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--version",), 0),
        (("card", "--help"), 0),
        (("card", "status"), 1),
        (("receipts", "verify", "missing.jsonl", "--development"), 1),
        (("no-such-group",), 2),
        (("terminal", "sell"), 2),
        (("--lang", "fr", "card", "info"), 2),
    ],
)
def test_exit_codes_of_the_process(arguments: tuple[str, ...], code: int) -> None:
    done = _process(*arguments)
    assert done.returncode == code
    assert "Traceback" not in done.stdout + done.stderr


def test_an_error_is_one_line_with_its_remedy(ssn: Ssn) -> None:
    ran = ssn("card", "status")
    assert ran.code == 1
    assert ran.out == ""
    assert ran.err == "ssn: Exactly one source of keys is needed. Give one of --keyring KEYS, --development.\n"


def test_a_json_error_has_both_languages(ssn: Ssn) -> None:
    error = ssn("card", "status", "--json").error
    assert error["code"] == "keys-not-chosen"
    assert error["message_id"].startswith("Perlu")
    assert error["remedy_en"]


def test_lang_decides_and_is_forgotten_afterwards(ssn: Ssn) -> None:
    assert ssn("--lang", "id", "card", "status").err.startswith("ssn: Perlu tepat satu sumber kunci.")
    assert os.environ["SSN_LANG"] == "en"
    assert ssn("card", "status").err.startswith("ssn: Exactly")


def test_the_locale_decides_where_nothing_else_does() -> None:
    done = _process("card", "status", SSN_LANG="", LC_ALL="id_ID.UTF-8")
    assert done.stderr.startswith("ssn: Perlu")


def test_a_group_that_cannot_be_imported_breaks_nothing_else(ssn: Ssn, monkeypatch: pytest.MonkeyPatch) -> None:
    _points(monkeypatch, [EntryPoint("perso", "ssn_card.no_such_package:app", "ssn_card.cli")])
    assert ssn("--help").code == 0
    assert ssn("keys", "--help").code == 0
    ran = ssn("perso", "run", "--station", "1")
    assert ran.code == 1
    assert ran.err.startswith("ssn: The commands of 'ssn perso' cannot be loaded (No module named")
    assert ran.err.count("\n") == 1


def test_a_group_whose_module_fails_otherwise_tells_no_more_than_the_type(
    ssn: Ssn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "ssn_bad_group.py").write_text("raise ValueError('something private')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    _points(monkeypatch, [EntryPoint("bad", "ssn_bad_group:app", "ssn_card.cli")])
    ran = ssn("bad")
    assert ran.code == 1
    assert "(ValueError)" in ran.err
    assert "private" not in ran.err


def test_groups_and_functions_of_other_packages_are_commands(
    ssn: Ssn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "ssn_good_group.py").write_text(
        "import typer\n\ngroup = typer.Typer()\n\n\n@group.command()\ndef one() -> None:\n    print('one')\n\n\n"
        "@group.command()\ndef two() -> None:\n    raise KeyError('secret-word')\n\n\n"
        "def alone() -> None:\n    print('alone')\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    _points(
        monkeypatch,
        [
            EntryPoint("good", "ssn_good_group:group", "ssn_card.cli"),
            EntryPoint("alone", "ssn_good_group:alone", "ssn_card.cli"),
        ],
    )
    assert ssn("good", "one").out == "one\n"
    assert ssn("alone").out == "alone\n"
    unexpected = ssn("good", "two")
    assert unexpected.code == 1
    assert unexpected.err.startswith("ssn: ssn_good_group.py:13: Unexpected error KeyError.")
    assert "secret-word" not in unexpected.err
    monkeypatch.setenv("SSN_DEBUG", "1")
    with pytest.raises(KeyError):
        ssn("good", "two")


def test_a_file_that_ends_too_early_is_no_question_without_an_answer(
    ssn: Ssn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "ssn_early_end.py").write_text("def app() -> None:\n    raise EOFError('secret-word')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    _points(monkeypatch, [EntryPoint("early", "ssn_early_end:app", "ssn_card.cli")])
    ran = ssn("early")
    assert ran.code == 1
    assert ran.err.strip().startswith("ssn: ssn_early_end.py:2: Unexpected error EOFError.")
    assert "secret-word" not in ran.err


def test_ctrl_c_ends_with_130(ssn: Ssn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "ssn_interrupted.py").write_text("def app() -> None:\n    raise KeyboardInterrupt\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    _points(monkeypatch, [EntryPoint("stop", "ssn_interrupted:app", "ssn_card.cli")])
    assert ssn("stop").code == 130


@pytest.mark.parametrize(
    "error",
    [AppletFindings(2), TearsNotSurvived(2), HostNotWithstood(2), FiguresDiffer(1, listed="a")],
    ids=lambda error: error.code,
)
def test_what_was_found_has_an_exit_code_of_its_own(
    ssn: Ssn, monkeypatch: pytest.MonkeyPatch, error: FindingsFound
) -> None:
    def finds() -> None:
        typer.echo("the report")
        raise error

    monkeypatch.setattr(sys.modules[__name__], "_finds", finds, raising=False)
    _points(monkeypatch, [EntryPoint("find", f"{__name__}:_finds", "ssn_card.cli")])
    ran = ssn("find")
    assert (ran.code, ran.out) == (EXIT_FINDINGS, "the report\n")
    assert ran.err.count("\n") == 1


def test_completion_knows_commands_and_shops() -> None:
    def complete(line: str) -> str:
        return _process(_SSN_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=str(line.count(" "))).stdout

    assert "deliver" in complete("ssn entitlement ")
    assert "EW-007" in complete("ssn terminal sell --shop EW-00")
    assert "BERAS=" in complete("ssn terminal sell --item BER")


def test_completion_is_for_the_programs_name() -> None:
    done = _process("--show-completion", "bash", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert done.returncode == 0
    assert done.stdout.rstrip().endswith(" ssn")
