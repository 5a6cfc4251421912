# SPDX-License-Identifier: Apache-2.0
"""Mutants of the applet, judged by the tests of the card: whatever they let live must be explained.

PIT's engine (as a library; `tools/AppletMutants.java`) changes one instruction of a class file at a time. Each mutant
goes before the applet's own classes (`-Dssn.card.classes`), and the tests run until the first fails. What was judged
before is not judged again, as long as neither the mutant nor a test has changed.

Survivors are explained in `applet/explained-mutants.toml`; one that is not, and an explanation of one that no longer
survives, fail.
"""

import argparse
import hashlib
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.progress import track

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / ".build" / "mutants-applet"
CLASSES = ROOT / "applet" / "target" / "classes"
SOURCES = ROOT / "applet" / "src" / "main" / "java"
TESTS = ROOT / "tests" / "card"
EXPLAINED = ROOT / "applet" / "explained-mutants.toml"

VERSION = "1.19.1"
MUTATORS = "STRONGER"
GENERATED = "id.ssncard.applet.Protocol"
#: Where most mutants of a class die, so that the rest need not even be collected.
FIRST = {
    "Calendar": "calendar",
    "Identity": "personalization_applet",
    "Ledger": "log_and_updates",
    "Mac": "scp03_applet",
    "Personalization": "personalization_applet",
    "Pin": "pin",
    "SecureChannel": "scp03_applet",
    "SsnCardApplet": "forms",
    "Store": "rotation",
    "Updates": "rotation",
}
#: What only a tear shows.
TEARS = "tests/simulator/test_tear_campaign.py::test_no_tear_costs_a_rupiah_or_a_card"
LAST = "tests/card/test_rules_stateful.py"
#: It compiles applets of its own, and so says nothing of this one.
ELSEWHERE = "tests/card/test_rules_spoilt.py"
#: A test that takes longer kills the mutant: it loops.
SECONDS_A_TEST = 240


@dataclass(frozen=True)
class Mutant:
    """One changed instruction."""

    folder: Path
    type: str
    method: str
    mutator: str
    number: int
    description: str

    @property
    def file(self) -> Path:
        return self.folder / (self.type.replace(".", "/") + ".class")

    @property
    def line(self) -> str:
        source = SOURCES / (self.type.replace(".", "/") + ".java")
        return source.read_text("utf-8").splitlines()[self.number - 1].strip()

    @property
    def identity(self) -> tuple[str, str, str, str, str]:
        """What an explanation names; the same for all that were made of like instructions of one line."""
        return self.type.rpartition(".")[2], self.method, self.mutator, self.line, self.description

    def digest(self) -> str:
        return hashlib.sha256(self.file.read_bytes()).hexdigest()


def engine() -> Path:
    """PIT's jar, from Maven's own store where it has been before."""
    place = ROOT / ".build" / "pitest" / f"pitest-{VERSION}.jar"
    if not place.is_file():
        copy = [
            "mvn", "-B", "-q", "-ntp", "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy",
            f"-Dartifact=org.pitest:pitest:{VERSION}", f"-DoutputDirectory={place.parent}",
        ]  # fmt: skip
        if subprocess.run([*copy, "-o"], cwd=ROOT, capture_output=True, check=False).returncode:
            subprocess.run(copy, cwd=ROOT, check=True)
    return place


def mutants() -> list[Mutant]:
    """All mutants, their class files written anew."""
    folder = WORK / "classes"
    shutil.rmtree(folder, ignore_errors=True)
    names = sorted(".".join(file.relative_to(CLASSES).with_suffix("").parts) for file in CLASSES.rglob("*.class"))
    command = ["java", "-cp", os.pathsep.join(map(str, (engine(), CLASSES))), str(ROOT / "tools/AppletMutants.java")]
    made = subprocess.run(
        [*command, str(folder), MUTATORS, *(name for name in names if name != GENERATED)],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    found = []
    for row in made.stdout.splitlines():
        number, type_, method, mutator, line, description = row.split("\t")
        found.append(Mutant(folder / number, type_, method, mutator, int(line), description))
    return found


def judge(mutant: Mutant, model: bool) -> str:
    """``killed`` or ``survived``; runs in a process of its own, which a pytest session spoils for the next."""
    os.environ["JDK_JAVA_OPTIONS"] = f"-Dssn.card.classes={mutant.folder}"
    os.chdir(ROOT)
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    first = f"tests/card/test_{FIRST.get(mutant.type.rpartition('.')[2], 'boundaries')}.py"
    rest = [str(one.relative_to(ROOT)) for one in sorted(TESTS.glob("test_*.py"))]
    arguments = ["-x", "-q", "-p", "no:cacheprovider", f"--timeout={SECONDS_A_TEST}"]
    stages = [
        [first],
        [one for one in rest if one not in (first, LAST, ELSEWHERE)],
        [TEARS],
        *([[LAST]] if model else []),
    ]
    for files in stages:
        if pytest.main([*files, "-m", "not pcsc and not slow", *arguments]) != pytest.ExitCode.OK:
            return "killed"
    return "survived"


def judged(all_mutants: list[Mutant], workers: int, model: bool) -> dict[Mutant, str]:
    """Verdicts of all, from the file of verdicts where it has them."""
    verdicts_file = WORK / "verdicts.json"
    tests = hashlib.sha256(b"".join(one.read_bytes() for one in sorted(TESTS.rglob("*.py")))).hexdigest()
    tests += f" {model}"
    known: dict[str, str] = json.loads(verdicts_file.read_text("utf-8")) if verdicts_file.is_file() else {}
    # A survivor is judged again by other tests; what was killed once stays so.
    verdict = {one: known.get(key) or known.get(f"{key} {tests}") for one in all_mutants for key in (one.digest(),)}
    left = [one for one in all_mutants if verdict[one] is None]
    context = multiprocessing.get_context("fork")
    with context.Pool(workers, maxtasksperchild=1) as pool:
        results = [(one, pool.apply_async(judge, (one, model))) for one in left]
        for one, result in track(results, "Judging / Menguji", disable=not left):
            verdict[one] = result.get()
            known[one.digest() if verdict[one] == "killed" else f"{one.digest()} {tests}"] = str(verdict[one])
            verdicts_file.write_text(json.dumps(known), "utf-8")
    return {one: str(found) for one, found in verdict.items()}


def report(verdicts: dict[Mutant, str]) -> list[str]:
    """Print the counts; returns what is wrong."""
    survivors: Counter[tuple[str, ...]] = Counter(
        one.identity for one, verdict in verdicts.items() if verdict == "survived"
    )
    explained: Counter[tuple[str, ...]] = Counter()
    for one in tomllib.loads(EXPLAINED.read_text("utf-8")).get("mutant", []):
        identity = tuple(one[name] for name in ("class", "method", "mutator", "line", "change"))
        explained[identity] += one.get("times", 1)
    for name, found in sorted(_by_class(verdicts).items()):
        print(f"{name:16} {found['killed']:5} killed {found['survived']:4} survived")
    total = Counter(verdicts.values())
    print(f"{'all':16} {total['killed']:5} killed {total['survived']:4} survived, {sum(explained.values())} explained")
    problems = [f"not explained ({times}): {' | '.join(which)}" for which, times in (survivors - explained).items()]
    stale = (explained - survivors).items()
    return problems + [f"explained, but killed or gone ({times}): {' | '.join(which)}" for which, times in stale]


def _by_class(verdicts: dict[Mutant, str]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for one, verdict in verdicts.items():
        found.setdefault(one.type.rpartition(".")[2], Counter())[verdict] += 1
    return found


def chosen(all_mutants: Iterable[Mutant], names: list[str]) -> list[Mutant]:
    return [one for one in all_mutants if not names or one.type.rpartition(".")[2] in names]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("classes", nargs="*", help="simple names; all if none are given")
    parser.add_argument("--without-model", action="store_true", help="leave the slowest judge out, the state machine")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    problems = report(judged(chosen(mutants(), options.classes), options.workers, not options.without_model))
    if options.classes:
        problems = [problem for problem in problems if problem.startswith("not explained")]
    for problem in problems:
        print(problem)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
