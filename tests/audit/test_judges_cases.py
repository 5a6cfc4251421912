# SPDX-License-Identifier: Apache-2.0
"""The judge's own tests, which stand at the edge of every rule, with the engines looking on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CASES = [f"tests/receipts/test_{name}.py" for name in ("audited", "backdated", "behind_gaps", "tips", "whole_findings")]
LONG = "tests/receipts/test_audited.py::test_every_alteration_of_every_field_is_found"
LEAST = 2_000  #: receipts that are marked, or it is something else that has run


@pytest.mark.timeout(600)
def test_engines_mark_what_the_judges_tests_are_about() -> None:
    command = [sys.executable, "-m", "pytest", "-p", "tests.audit.beside_the_judge", "-p", "no:cacheprovider"]
    options = ["-q", "-m", "not slow", "--deselect", LONG]
    ran = subprocess.run([*command, *options, *CASES], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[-4000:]
    marked = next(line for line in ran.stdout.splitlines() if line.startswith("receipts marked: "))
    assert int(marked.split()[-1]) > LEAST
