# SPDX-License-Identifier: Apache-2.0
"""Runs mutmut over the Python rules of the card and of money, and judges what survived: `make mutants-python`.

mutmut takes a module's name from its path under one source root, so the run happens in a copy under ``.build`` in
which all roots of the namespace are one. Stopped runs go on where they were. A run keeps the killed mutants of
functions that did not change, and judges all others anew; ``--fresh`` forgets everything.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from mutant_report import Mutant, forget_unkilled, judge, mutants, rejudge, skip_words
from tracked import ROOT, project_files

STAGE = ROOT / ".build" / "mutants-python"
EXPLAINED = ROOT / "tests" / "explained-mutants.toml"
#: A few mutants that are judged at once.
QUICK = "ssn_card.protocol.pin.*"
#: Judged one after the other: a machine has one PC/SC service.
ALONE = "ssn_card.transport."
#: Modules whose functions mostly run while they are imported.
AT_IMPORT = tuple(
    f"ssn_card.{name}"
    for name in (
        "protocol.errors", "protocol.layout", "protocol.layouts", "protocol.lazy", "protocol.selection",
        "protocol.status", "receipts.account", "receipts.faults", "receipts.receipt", "receipts.views",
    )
)  # fmt: skip
#: What is generated from the layouts, compared byte for byte with the checkout; then the tests of what is imported.
CURRENT = """
import sys, pathlib
from ssn_card.protocol.generate import files
sys.exit(bool(files.differing(pathlib.Path(sys.argv[1]), files.generated())))
"""
PYTEST = ["-m", "pytest", "-x", "-q", "--hypothesis-seed=0", "-p", "no:cacheprovider"]
PYTEST += ["--deselect=tests/protocol/test_generated_files.py"]
#: By package.
TESTS = {
    "protocol": ["tests/protocol", "tests/receipts/test_lines.py"],
    "receipts": [f"tests/receipts/test_{name}.py" for name in ("lines", "receipt", "behind_gaps", "settle")],
}
#: What tests read beside the code.
DATA = (("protocol", "vectors"), ("protocol", "layouts.json"), ("examples", "data"))
JAR = ROOT / "simulator" / "target" / "ssn-card-simulator.jar"


def staged_name(path: Path, roots: list[str]) -> Path | None:
    """Where a file of the project stands in the copy, or ``None`` if no quick test of the rules needs it."""
    if path.parts[0] in roots and path.parts[1] == "ssn_card":
        return Path("src", *path.parts[1:])
    wanted = path.parts[0] == "tests" or path.parts[:2] in DATA or path.name == "pyproject.toml"
    wanted = wanted or path.parts[:3] == ("simulator", "src", "test")  # the probe applet of the transport's tests
    return path if wanted and path != EXPLAINED.relative_to(ROOT) else None


def stage() -> str:
    """Bring the copy up to date, touching only what changed; returns a hash of the tests."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        roots: list[str] = tomllib.load(file)["tool"]["hatch"]["build"]["dev-mode-dirs"]
    names = {name: path for path in project_files() if (name := staged_name(path, roots))}
    tops = ("src", "tests", "simulator", *{top for top, _ in DATA})
    old = {path.relative_to(STAGE) for top in tops for path in (STAGE / top).rglob("*.*")}
    for gone in old - names.keys():
        (STAGE / gone).unlink(missing_ok=True)
        (STAGE / "mutants" / gone).unlink(missing_ok=True)
    tests = hashlib.sha256()
    for name, path in sorted(names.items()):
        content = (ROOT / path).read_bytes()
        target = STAGE / name
        if not target.is_file() or target.read_bytes() != content:  # mutmut goes by file times
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        if name.parts[0] != "src":
            tests.update(f"{name} {len(content)} ".encode() + content)
    return tests.hexdigest()


def run(patterns: list[str], workers: int) -> None:
    """mutmut, in the copy; ends the program where it cannot do its work."""
    environment = os.environ | {"SSN_SIMULATOR_JAR": str(JAR), "PYTHONDONTWRITEBYTECODE": "1"}
    command = ["nice", str(Path(sys.executable).with_name("mutmut")), "run", "--max-children", str(workers), *patterns]
    if subprocess.run(command, cwd=STAGE, env=environment, check=False).returncode != 0:
        sys.exit("mutmut could not run: see above / mutmut tidak dapat berjalan: lihat di atas")


def at_import(name: str) -> bool:
    """Whether a mutant that survived dies in a new interpreter.

    mutmut forks when everything is imported, so it never sees a mutant of what runs during import.
    """
    environment = os.environ | {"MUTANT_UNDER_TEST": name, "PYTHONPATH": "src", "PYTHONDONTWRITEBYTECODE": "1"}
    for arguments in (["-c", CURRENT, str(ROOT)], [*PYTEST, *TESTS[name.split(".")[1]]]):
        command = ["nice", sys.executable, *arguments]
        done = subprocess.run(command, cwd="mutants", env=environment, check=False, capture_output=True, timeout=600)
        if done.returncode != 0:
            return True
    return False


def table(found: list[Mutant]) -> None:
    """Counts by module."""
    kinds = ("killed", "survived", "timeout", "no tests", "skipped", "other")
    print(f"\n{'module':44}{'mutants':>9}" + "".join(f"{kind:>10}" for kind in kinds))
    modules = sorted({one.module for one in found})
    for name in [*modules, "total"]:
        statuses = [one.status for one in found if name in (one.module, "total")]
        counts = [statuses.count(kind) for kind in kinds[:-1]]
        counts.append(len(statuses) - sum(counts))
        print(f"{name:44}{len(statuses):>9}" + "".join(f"{count:>10}" for count in counts))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("patterns", nargs="*", help="mutants to judge anew, such as 'ssn_card.receipts.chain.*'")
    parser.add_argument("--fresh", action="store_true", help="forget every earlier verdict")
    parser.add_argument("--report", action="store_true", help="judge the verdicts of the last run; run nothing")
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    if arguments.fresh:
        shutil.rmtree(STAGE, ignore_errors=True)
    STAGE.mkdir(parents=True, exist_ok=True)
    if not arguments.report:
        tests, stamp = stage(), STAGE / "tests.sha256"
        changed = not stamp.is_file() or stamp.read_text() != tests
        os.chdir(STAGE)
        if changed:  # which test reaches which function has to be found out anew
            shutil.rmtree("mutants/tests", ignore_errors=True)
            Path("mutants/mutmut-stats.json").unlink(missing_ok=True)
            forget_unkilled()
            stamp.write_text(tests)
        if not arguments.patterns:  # mutmut makes every mutant before it judges the first
            run([QUICK], arguments.workers)
            skip_words()
            run([f"{ALONE}*"], 1)
        run(arguments.patterns, 1 if any(ALONE in one for one in arguments.patterns) else arguments.workers)
        print("\nMutants of what runs during import, each in a new interpreter")
        rejudge(AT_IMPORT, at_import)
    os.chdir(STAGE)  # mutmut finds its files from there
    found = mutants()
    problems = judge(found, EXPLAINED)
    table(found)
    if problems:
        print("\n" + "\n\n".join(problems), file=sys.stderr)
        place = EXPLAINED.relative_to(ROOT)
        sys.exit(
            f"\n{len(problems)} problems: kill the survivors by a test, or explain them in {place}"
            f"\n{len(problems)} masalah: matikan dengan uji, atau jelaskan di {place}"
        )


if __name__ == "__main__":
    main()
