# SPDX-License-Identifier: Apache-2.0
"""Mutants of the applet, made by PIT's engine and judged by the tests of the card: `make mutants-applet`.

A run keeps the verdict on every killed mutant whose class file is the same, and judges the others anew where tests or
applet have changed since; stopped, it goes on where it was. A survivor must stand, with a reason, in
`applet/explained-mutants.toml`, by what it changes; an explanation that no survivor needs fails the run as well.
"""

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn
from rich.table import Table

from applet_mutant_judge import Verdict, judge
from maven_jar import fetch
from tracked import ROOT, project_files

WORK = ROOT / ".build" / "mutants-applet"
RESULTS = WORK / "results.jsonl"
CLASSES = ROOT / "applet" / "target" / "classes"
SOURCES = ROOT / "applet" / "src" / "main" / "java"
JAR = ROOT / "simulator" / "target" / "ssn-card-simulator.jar"
EXPLAINED = ROOT / "applet" / "explained-mutants.toml"
PACKAGE = "id/ssncard/applet"
GENERATED = ("Protocol",)  #: constants, which javac has put where they are used
VERSION = "1.19.4"
MUTATORS = (
    "DEFAULTS",
    "REMOVE_CONDITIONALS",
    "NON_VOID_METHOD_CALLS",  # Util.arrayCopyNonAtomic and its like have a result that is seldom used
    "EXPERIMENTAL_MEMBER_VARIABLE",
    "EXPERIMENTAL_SWITCH",
)


@dataclass(frozen=True)
class Mutant:
    """One mutant. ``key`` names it without line numbers; ``digest`` is of its class file."""

    folder: Path
    type: str
    method: str
    mutator: str
    line: int
    key: str
    digest: str

    @property
    def place(self) -> str:
        return f"{self.type}.{self.method}"

    def __str__(self) -> str:
        return f"{PACKAGE}/{self.type}.java:{self.line}: {self.mutator}\n    {self.key}"


def make() -> list[Mutant]:
    """Every mutant of the classes as they are built."""
    shutil.rmtree(WORK / "classes", ignore_errors=True)
    names = sorted(file.stem for file in (CLASSES / PACKAGE).glob("*.class") if file.stem not in GENERATED)
    path = ":".join(map(str, (fetch("org.pitest", "pitest", VERSION), JAR, CLASSES)))
    command = ["java", "-cp", path, str(ROOT / "tools" / "AppletMutants.java"), str(WORK / "classes")]
    full = [f"{PACKAGE}/{name}".replace("/", ".") for name in names]
    printed = subprocess.run([*command, ",".join(MUTATORS), *full], check=True, capture_output=True, text=True).stdout
    mutants = []
    seen: Counter[str] = Counter()
    for row in printed.splitlines():
        number, name, method, mutator, line, change = row.split("\t")
        simple = name.rpartition(".")[2]
        text = (SOURCES / PACKAGE / f"{simple}.java").read_text("utf-8").splitlines()[int(line) - 1]
        change = re.sub(r"\b(?:\w+/)+", "", change)
        key = f"{simple}.{method}: {change}: {' '.join(text.split())}"
        seen[key] += 1
        if seen[key] > 1:
            key += f" #{seen[key]}"
        folder = WORK / "classes" / number
        digest = hashlib.sha256((folder / PACKAGE / f"{simple}.class").read_bytes()).hexdigest()
        mutants.append(Mutant(folder, simple, method, mutator, int(line), key, digest))
    return mutants


def circumstances() -> str:
    """A hash of all that a survivor's verdict depends on beside itself."""
    digest = hashlib.sha256()
    for file in project_files():
        if file.parts[0] in ("tests", "host", "personalization", "protocol", "simulator") and file.suffix in (
            ".py",
            ".java",
        ):
            digest.update((ROOT / file).read_bytes())
    for compiled in sorted((CLASSES / PACKAGE).glob("*.class")):
        digest.update(compiled.read_bytes())
    return digest.hexdigest()


def results() -> list[dict[str, Any]]:
    """All verdicts so far, oldest first; a mutant may have several."""
    return [json.loads(line) for line in RESULTS.read_text("utf-8").splitlines()] if RESULTS.is_file() else []


def known(before: list[dict[str, Any]], now: str) -> dict[str, Verdict]:
    """Verdicts that still hold, by digest."""
    found: dict[str, Verdict] = {}
    for one in before:
        found.pop(one["digest"], None)
        if one["status"] != "survived" or one["circumstances"] == now:
            found[one["digest"]] = Verdict(one["status"], one["by"], one["seconds"])
    return found


def explanations() -> dict[str, str]:
    """Reasons by key. Ends the program where a mutant is explained twice."""
    entries = tomllib.loads(EXPLAINED.read_text("utf-8")).get("explained", [])
    pairs = [(mutant, entry["reason"]) for entry in entries for mutant in entry["mutants"]]
    twice = [key for key, times in Counter(key for key, _ in pairs).items() if times > 1]
    if twice:
        sys.exit("explained twice: " + "\n".join(twice))
    return dict(pairs)


def report(mutants: list[Mutant], verdicts: dict[str, Verdict], explained: dict[str, str]) -> list[str]:
    """Print the table; returns what has to be done."""
    table = Table(
        "class", "mutants", "killed", "timeout", "explained", "open", title="Mutants of the applet / Mutan aplet"
    )
    total: Counter[str] = Counter()
    survivors = {one.key: one for one in mutants if verdicts[one.digest].status == "survived"}
    for name in sorted({one.type for one in mutants}):
        of_class = [one for one in mutants if one.type == name]
        row = Counter(verdicts[one.digest].status for one in of_class)
        row["explained"] = sum(one.key in survivors and one.key in explained for one in of_class)
        total += row
        table.add_row(name, *_columns(row))
    table.add_section()
    table.add_row("", *_columns(total))
    Console().print(table)
    caught = total["killed"] + total["timeout"]
    print(f"{caught} of {len(mutants)} killed: {100 * caught / len(mutants):.1f} %")
    types = {one.type for one in mutants}
    return [
        *(f"survived: {one}" for key, one in survivors.items() if key not in explained),
        *(f"stale: {key}" for key in explained if key.split(".")[0] in types and key not in survivors),
    ]


def _columns(row: Counter[str]) -> tuple[str, ...]:
    mutants = row["killed"] + row["timeout"] + row["survived"]
    figures = (mutants, row["killed"], row["timeout"], row["explained"], row["survived"] - row["explained"])
    return tuple(map(str, figures))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("classes", nargs="*", help="only these / hanya ini: Mac Purse")
    parser.add_argument("--fresh", action="store_true", help="forget all verdicts / lupakan semua putusan")
    parser.add_argument(
        "--quick", action="store_true", help="without the model and the tears / tanpa model dan putus daya"
    )
    parser.add_argument("--thorough", action="store_true", help="explained survivors too / juga yang sudah dijelaskan")
    arguments = parser.parse_args()
    if arguments.fresh:
        RESULTS.unlink(missing_ok=True)
    WORK.mkdir(parents=True, exist_ok=True)
    now = circumstances()
    explained = explanations()
    mutants = [one for one in make() if not arguments.classes or one.type in arguments.classes]
    before = results()
    verdicts = known(before, now)
    waiting = [one for one in mutants if one.digest not in verdicts]
    progress = Progress(BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=Console(stderr=True))
    with RESULTS.open("a", encoding="utf-8") as file, progress:
        task = progress.add_task("", total=len(waiting))

        def told(mutant: Mutant, verdict: Verdict) -> None:
            verdicts[mutant.digest] = verdict
            line = {"digest": mutant.digest, "key": mutant.key, **vars(verdict), "circumstances": now}
            print(json.dumps(line), file=file, flush=True)
            progress.advance(task)

        def thorough(mutant: Mutant) -> bool:
            return arguments.thorough or (not arguments.quick and mutant.key not in explained)

        killers = [(one["key"].split(":")[0], one["by"]) for one in before if one["by"]]
        if waiting and not judge(waiting, thorough, told, killers):
            sys.exit("the judgement was stopped; the next run goes on from here")
    problems = report(mutants, verdicts, explained)
    print("\n".join(problems))
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
