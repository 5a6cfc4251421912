# SPDX-License-Identifier: Apache-2.0
"""The second implementation plays every test vector, and notices where one is altered."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.examples.conftest import ROOT, SOURCES, Java

PROTOCOL = ROOT / "protocol"

#: The first of a worker compiles everything.
pytestmark = pytest.mark.timeout(300)


def test_it_plays_every_vector(java: Java) -> None:
    played = java("vectors.VectorRunner", PROTOCOL)
    assert played.returncode == 0, played.stdout + played.stderr
    assert ", 0 differences" in played.stdout
    for file in (PROTOCOL / "vectors").glob("*.json"):
        if file.name != "schema.json":
            assert re.search(rf"^{file.stem} +[1-9]", played.stdout, re.MULTILINE), f"{file.name} was not played"


def _flip(text: str) -> str:
    """The last hexadecimal digit, altered by one bit."""
    return f"{text[:-1]}{int(text[-1], 16) ^ 1:x}"


def _alter_answer(vectors: dict[str, Any]) -> None:
    exchange = next(one for one in vectors["transcripts"][0]["exchanges"] if one["step"] == "rice, 5 kg")
    exchange["answer"] = _flip(exchange["answer"])


def _alter_command(vectors: dict[str, Any]) -> None:
    exchange = next(one for one in vectors["transcripts"][0]["exchanges"] if one["step"] == "rice, 5 kg")
    exchange["fields"]["amount"] += 1


def _alter_conclusion(vectors: dict[str, Any]) -> None:
    vectors["terminal"][0]["conclusion"] = "charged"


def _alter_finding(vectors: dict[str, Any]) -> None:
    vectors["chains"][2]["findings"][0]["spent"] += 1


def _add_member(vectors: dict[str, Any]) -> None:
    vectors["unheard_of"] = []


@pytest.mark.parametrize(
    ("file", "alter"),
    [
        ("journey", _alter_answer),
        ("journey", _alter_command),
        ("conclusions", _alter_conclusion),
        ("receipts", _alter_finding),
        ("baskets", _add_member),
    ],
)
def test_it_notices_an_altered_vector(java: Java, tmp_path: Path, file: str, alter: Any) -> None:
    shutil.copytree(PROTOCOL / "vectors", tmp_path / "protocol" / "vectors")
    shutil.copy(PROTOCOL / "layouts.json", tmp_path / "protocol")
    path = tmp_path / "protocol" / "vectors" / f"{file}.json"
    vectors = json.loads(path.read_text("utf-8"))
    alter(vectors)
    path.write_text(json.dumps(vectors), "utf-8")
    played = java("vectors.VectorRunner", tmp_path / "protocol")
    assert played.returncode == 1
    assert f"\n{file}: " in played.stdout


def test_it_notices_a_file_that_nobody_plays(java: Java, tmp_path: Path) -> None:
    (tmp_path / "protocol" / "vectors").mkdir(parents=True)
    shutil.copy(PROTOCOL / "layouts.json", tmp_path / "protocol")
    (tmp_path / "protocol" / "vectors" / "new.json").write_text("{}")
    played = java("vectors.VectorRunner", tmp_path / "protocol")
    assert played.returncode == 1
    assert "new: java.lang.IllegalArgumentException: nobody plays this file" in played.stdout
    assert "files that are not there" in played.stdout


def test_only_one_class_knows_pcsc_and_the_core_needs_java_base_alone(tmp_path: Path) -> None:
    knows = [path.name for path in SOURCES.rglob("*.java") if "import javax.smartcardio" in path.read_text("utf-8")]
    assert knows == ["PcscCard.java"]
    core = [path for part in ("core", "terminal", "receipts") for path in SOURCES.rglob(f"{part}/*.java")]
    done = subprocess.run(
        ["javac", "--limit-modules", "java.base", "-d", tmp_path, *core], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_its_verifier_judges_histories_that_no_vector_holds(java: Java) -> None:
    """Made in examples/java/test: floors, raised limits, updates that shrink, gaps that hide them, forks."""
    judged = java("trial.HistoryTrial")
    assert judged.returncode == 0, judged.stderr
    assert judged.stdout == "37 histories\n"
