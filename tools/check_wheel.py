# SPDX-License-Identifier: Apache-2.0
"""Build the wheel into dist/, check that it holds all parts as one namespace `ssn_card`, and run it in an empty venv.

Expected are all files below `<root>/ssn_card` that git does not ignore, and what Maven built (tools/wheel_parts.py);
beside them the wheel holds its metadata only. Then it is installed, with the locked versions of what it needs, outside
the repository, and its commands must run there.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
import venv
import zipfile
from pathlib import Path
from typing import Any

from tracked import ROOT, project_files, report
from wheel_parts import PARTS

MEGABYTES = 45  #: of the installed wheel and all that it needs; pip itself apart
#: Commands that an installed wheel must be able to run, each ending with JSON.
COMMANDS = (
    "demo --out-dir demo",
    "applet check",
    "card cost --only J3R180",
    "sim tear-campaign --short --only CHANGE",
    "sim fuzz --apdus 500",
    "sim start --background --blanks 2",
    "sim list",
    "perso status --journal demo/station.sqlite",
    "receipts verify demo/receipts.jsonl --tips demo/tips.jsonl --development",
    "sim stop",
)
#: Commands that need the repository: hidden, and they say so.
ONLY_IN_A_CHECKOUT = ("sim figures", "applet build")
#: Commands that need the extra [audit], which the wheel alone does not bring: they name it.
ONLY_WITH_AN_EXTRA = (
    "audit verify demo/receipts.jsonl --development",
    "audit pack demo/receipts.jsonl --store store",
    "audit check-attestation attestation --public-key auditor.pub",
)


def source_roots() -> list[Path]:
    """Return the source roots that pyproject.toml declares, such as `host`."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return [Path(folder) for folder in settings["tool"]["hatch"]["build"]["dev-mode-dirs"]]


def build() -> Path:
    """Return the wheel that hatchling builds with the locked tools."""
    dist = ROOT / "dist"
    for old in dist.glob("*.whl"):
        old.unlink()
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(dist)], cwd=ROOT, check=True)
    (wheel,) = dist.glob("*.whl")
    return wheel


def wanted() -> set[str]:
    """Names of all files that belong into the wheel."""
    names = {
        path.relative_to(root).as_posix()
        for root in source_roots()
        for path in project_files()
        if path.is_relative_to(root / "ssn_card")
    }
    for source, target in PARTS.items():
        path = ROOT / source
        files = [one for one in path.rglob("*") if one.is_file()] if path.is_dir() else [path]
        names |= {Path(target, one.relative_to(path)).as_posix() for one in files}
    return names


def check_content(wheel: Path) -> list[str]:
    """What is missing in the wheel, or too much."""
    with zipfile.ZipFile(wheel) as archive:
        found = {name for name in archive.namelist() if ".dist-info/" not in name}
    problems = [f"not in the wheel: {name}" for name in sorted(wanted() - found)]
    problems += [f"unexpected in the wheel: {name}" for name in sorted(found - wanted())]
    if "ssn_card/__init__.py" in found:
        problems.append("ssn_card/__init__.py ends the namespace: remove it")
    return problems


def install(wheel: Path, place: Path) -> None:
    """The wheel in a venv of its own. The locked versions; their hashes were checked when .venv was made."""
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    pins = place / "pins.txt"
    pins.write_text("\n".join(line.rstrip(" \\") for line in lock.splitlines() if re.match(r"[a-z0-9]", line)), "utf-8")
    venv.create(place / "venv", with_pip=False)
    pip = [sys.executable, "-I", "-m", "pip", "--python", str(place / "venv" / "bin" / "python"), "--quiet"]
    subprocess.run([*pip, "install", "--no-input", "--constraint", str(pins), str(wheel)], cwd=place, check=True)


def check_commands(place: Path) -> list[str]:
    """What a wheel's user would meet: commands that fail or do not say why they cannot."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("SSN_", "PYTHON"))},
        "SSN_SIM_STATE": str(place / "sim.json"),
    }
    ssn = place / "venv" / "bin" / "ssn"

    def run(line: str) -> tuple[int, dict[str, Any], str]:
        command = [str(ssn), *line.split(), "--json"]
        done = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, check=False)
        return done.returncode, json.loads(done.stdout or "null"), done.stderr

    problems = []
    for line in COMMANDS:
        code, _, said = run(line)
        if code != 0:
            problems.append(f"ssn {line}: exit code {code}: {said}")
    for line in ONLY_IN_A_CHECKOUT:
        code, answer, said = run(line)
        if code != 1 or answer["error"]["code"] != "not-a-checkout":
            problems.append(f"ssn {line}: exit code {code}, and does not say that it needs a checkout: {said}")
    for line in ONLY_WITH_AN_EXTRA:
        code, answer, said = run(line)
        if code != 1 or answer["error"]["code"] != "extra-missing" or "ssn-card[audit]" not in said:
            problems.append(f"ssn {line}: exit code {code}, and does not say which extra it needs: {said}")
    return problems


def check_size(place: Path) -> list[str]:
    """Whether the wheel's environment has grown: what nobody uses is to go."""
    files = [path for path in (place / "venv" / "lib").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    size = sum(path.stat().st_size for path in files) / 2**20
    print(f"The wheel and all that it needs: {size:.0f} MiB")
    return [f"{size:.0f} MiB are installed, more than {MEGABYTES}"] if size > MEGABYTES else []


def main() -> None:
    wheel = build()
    problems = check_content(wheel)
    if not problems:
        with tempfile.TemporaryDirectory(prefix="ssn-wheel-") as folder:
            place = Path(folder)
            install(wheel, place)
            problems = check_commands(place) + check_size(place)
    report(problems, "The wheel is not what the sources say / Isi wheel tidak sesuai sumber")


if __name__ == "__main__":
    main()
