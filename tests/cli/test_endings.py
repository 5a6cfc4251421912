# SPDX-License-Identifier: Apache-2.0
"""How the process ends where output, files or a person's patience end first: one line, the right reason and code."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from importlib.metadata import EntryPoint

import pytest
from tests.cli.conftest import Ssn

from ssn_card.cli import main
from ssn_card.cli.errors import EXIT_CODES, EXIT_ERROR, EXIT_INTERRUPTED, EXIT_NO_READER
from ssn_card.protocol.checkout import repository

_SSN = f"{sys.executable} -m ssn_card.cli"


def _shell(line: str, **environment: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        ["bash", "-c", line],
        env={**os.environ, "SSN_LANG": "en", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "Traceback" not in done.stderr
    assert "Unexpected" not in done.stderr
    return done


@pytest.mark.parametrize("command", ["--help", "--version", "sim list --json"])
def test_a_full_disk_under_the_output(command: str) -> None:
    done = _shell(f"{_SSN} {command} >/dev/full", SSN_SIM_STATE="/nowhere")
    assert done.returncode == EXIT_ERROR
    assert "ssn: stdout: The result cannot be written: No space left on device." in done.stderr


def test_a_closed_output_is_told_before_anything_is_done() -> None:
    done = _shell(f"{_SSN} keys create /dev/null/x >&-", SSN_KEYRING_PASSWORD="long enough for anybody")
    assert (done.returncode, done.stderr.count("\n")) == (EXIT_ERROR, 1)
    assert "Nothing was done." in done.stderr


def test_nobody_reads_the_output() -> None:
    done = _shell(f"{_SSN} --help | exec >&- ; exit ${{PIPESTATUS[0]}}")
    assert (done.returncode, done.stderr) == (EXIT_NO_READER, "")


def test_all_three_may_be_closed() -> None:
    assert _shell(f"{_SSN} --version <&- >&- 2>&-").returncode == EXIT_ERROR
    assert _shell(f"{_SSN} --version 2>&-").returncode == 0


def test_letters_that_the_output_does_not_know() -> None:
    done = _shell(f"{_SSN} sim list \u00e9\u2026", PYTHONIOENCODING="ascii")
    assert done.returncode == 2
    assert "\\xe9\\u2026" in done.stderr


@pytest.mark.parametrize("delay", [0.0, 0.2, 0.5])
def test_ctrl_c_while_the_command_line_is_loaded(delay: float) -> None:
    command = [sys.executable, "-c", _SLOW]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(delay)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said.count("\n"), "Traceback" in said) == (EXIT_INTERRUPTED, 1, False)


#: The process as it begins, with imports that take long enough to be interrupted.
_SLOW = """
import builtins, sys, time
import ssn_card.cli.start as start
load = builtins.__import__
def slowly(*what):
    time.sleep(0.002)
    return load(*what)
def opened(before=start._open_what_is_closed):
    builtins.__import__ = slowly
    print("ready", flush=True)
    before()
start._open_what_is_closed = opened
sys.argv = ["ssn", "--help"]
start.main()
"""


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (
            PermissionError(13, "Permission denied", "/shop/x.db"),
            "ssn: /shop/x.db: The system refuses: Permission denied.",
        ),
        (OSError(37, "No locks available"), "ssn: The system refuses: No locks available."),
        (sqlite3.OperationalError("disk I/O error"), "ssn: The system refuses: disk I/O error."),
    ],
)
def test_what_the_system_refuses_is_no_defect_of_ours(
    ssn: Ssn, monkeypatch: pytest.MonkeyPatch, error: Exception, reason: str
) -> None:
    def refuse() -> None:
        raise error

    monkeypatch.setattr(sys.modules[__name__], "_refuse", refuse, raising=False)
    monkeypatch.setattr(main, "entry_points", lambda group: (EntryPoint("go", f"{__name__}:_refuse", group),))
    ran = ssn("go")
    assert ran.code == EXIT_ERROR
    assert ran.err.startswith(reason)


def test_help_and_readme_name_every_exit_code(ssn: Ssn) -> None:
    shown = " ".join(ssn("--help").out.split())
    readme = (repository() / "README.md").read_text("utf-8")
    for code, text in EXIT_CODES.items():
        assert f"{code} {text.en}" in shown
        assert f"| {code} | {text.en} |" in readme
