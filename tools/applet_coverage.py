# SPDX-License-Identifier: Apache-2.0
"""Branch coverage of the applet by the tests of the card, measured by JaCoCo; fails below the goal.

The cards take every freedom of the Java Card specification but T=0: so this is the short form of `make harsh` too, and
reaches what only such a card makes an applet do.

JaCoCo instruments the class files beforehand (its offline mode), since the simulator rewrites and loads the applet's
classes itself, once for each card. `-Dssn.card.classes` puts the instrumented files in the place of the plain ones.

What no test can reach is declared, with a reason, in `applet/coverage-exclusions.toml`; one that has become reachable,
or whose line is gone, fails as well.
"""

import os
import shutil
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ElementTree
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from maven_jar import fetch
from tracked import ROOT

WORK = ROOT / ".build" / "coverage"
CLASSES = ROOT / "applet" / "target" / "classes"
SOURCES = ROOT / "applet" / "src" / "main" / "java"
EXCLUSIONS = ROOT / "applet" / "coverage-exclusions.toml"
PACKAGE = "id/ssncard/applet"

GOAL = 97.0  #: percent of branches
VERSION = "0.8.13"
WORKERS = str(len(os.sched_getaffinity(0)))
TESTS = (
    "tests/card", "--ignore=tests/card/test_rules_spoilt.py",
    "tests/simulator/test_freedoms.py::test_the_applet_leans_on_nothing",
    "-m", "not pcsc and not slow", "-q", "-n", WORKERS, "-p", "no:cacheprovider",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """Branches of one source line."""

    file: str
    method: str
    number: int
    missed: int
    covered: int

    @property
    def text(self) -> str:
        return (SOURCES / PACKAGE / self.file).read_text("utf-8").splitlines()[self.number - 1].strip()


def measure(cli: Path, agent: Path, arguments: list[str]) -> Path:
    """Run the tests on instrumented classes; returns JaCoCo's report as XML."""
    shutil.rmtree(WORK, ignore_errors=True)
    instrumented, counts = WORK / "classes", WORK / "jacoco.exec"
    jacoco = ["java", "-jar", str(cli)]
    subprocess.run([*jacoco, "instrument", str(CLASSES), "--dest", str(instrumented), "--quiet"], cwd=ROOT, check=True)
    options = f"-Xbootclasspath/a:{agent} -Djacoco-agent.destfile={counts} -Dssn.card.classes={instrumented}"
    tests = [sys.executable, "-m", "pytest", *(arguments or TESTS)]
    if subprocess.run(
        tests, cwd=ROOT, env={**os.environ, "JDK_JAVA_OPTIONS": options, "SSN_FREEDOMS": "harsh"}, check=False
    ).returncode:
        sys.exit("the tests failed on instrumented classes")
    report = WORK / "report.xml"
    sources = ["--classfiles", str(CLASSES), "--sourcefiles", str(SOURCES)]
    results = ["--xml", str(report), "--html", str(WORK / "html"), "--quiet"]
    subprocess.run([*jacoco, "report", str(counts), *sources, *results], cwd=ROOT, check=True)
    return report


def lines_of(report: Path) -> list[Line]:
    """Every source line of the applet that branches."""
    root = ElementTree.parse(report).getroot()  # noqa: S314  (our own report, of a moment ago)
    begins = [
        (one.attrib["sourcefilename"], int(method.attrib["line"]), method.attrib["name"])
        for one in root.iter("class")
        for method in one.iter("method")
    ]
    lines = []
    for source in root.iter("sourcefile"):
        file = source.attrib["name"]
        for line in source.iter("line"):
            number, missed, covered = (int(line.attrib[name]) for name in ("nr", "mb", "cb"))
            if missed + covered:
                _, method = max((begin, name) for of, begin, name in begins if of == file and begin <= number)
                lines.append(Line(file, method, number, missed, covered))
    return lines


def judge(lines: list[Line], exclusions: list[dict[str, str | int]]) -> list[str]:
    """Print the table; returns what is wrong."""
    problems = []
    excluded: Counter[Line] = Counter()
    for one in exclusions:
        found = [
            line
            for line in lines
            if line.missed
            and (line.file, line.text) == (one["file"], one["line"])
            and one.get("method", line.method) == line.method
        ]
        if len(found) != 1 or found[0].missed != one["branches"]:
            problems.append(f"{EXCLUSIONS.name}: not {one['branches']} missed of: {one['file']}: {one['line']}")
            continue
        excluded[found[0]] = found[0].missed
    table = Table("class", "branches", "covered", "excluded", "missed", title="Branches of the applet / Cabang aplet")
    total: Counter[str] = Counter()
    for file in sorted({line.file for line in lines}):
        of_file = [line for line in lines if line.file == file]
        row = Counter(
            covered=sum(line.covered for line in of_file),
            excluded=sum(excluded[line] for line in of_file),
            missed=sum(line.missed - excluded[line] for line in of_file),
        )
        total += row
        table.add_row(file.removesuffix(".java"), *_columns(row))
    table.add_section()
    table.add_row("", *_columns(total))
    Console().print(table)
    problems += [
        f"not reached: {PACKAGE}/{line.file}:{line.number}: {line.missed - excluded[line]} of "
        f"{line.missed + line.covered}: {line.text}"
        for line in lines
        if line.missed > excluded[line]
    ]
    reached = 100 * total["covered"] / (total["covered"] + total["missed"])
    print(f"{reached:.1f} % of branches (goal {GOAL:.0f} %); {WORK / 'html' / 'index.html'}")
    for problem in problems:
        print(problem)
    stale = any(problem.startswith(EXCLUSIONS.name) for problem in problems)
    return problems if reached < GOAL or stale else []


def _columns(row: Counter[str]) -> tuple[str, ...]:
    return str(sum(row.values())), str(row["covered"]), str(row["excluded"]), str(row["missed"])


def main() -> None:
    report = measure(
        fetch("org.jacoco", "org.jacoco.cli", VERSION, "nodeps"),
        fetch("org.jacoco", "org.jacoco.agent", VERSION, "runtime"),
        sys.argv[1:],
    )
    exclusions = tomllib.loads(EXCLUSIONS.read_text("utf-8")).get("exclusion", [])
    sys.exit(1 if judge(lines_of(report), exclusions) else 0)


if __name__ == "__main__":
    main()
