# SPDX-License-Identifier: Apache-2.0
"""A wheel that was packed on a machine without Java; what `make wheel` packs is run by tools/check_wheel.py."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OUR_OWN = {"test", "mutation", "dev"}  #: extras for work on the project


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What such a wheel installs."""
    place = tmp_path_factory.mktemp("wheel")
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]
    for root in settings["dev-mode-dirs"]:
        shutil.copytree(ROOT / root / "ssn_card", place / "source" / root / "ssn_card")
    shutil.copytree(ROOT / "examples" / "data", place / "source" / "examples" / "data")
    (place / "source" / "tools").mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", "tools/wheel_parts.py"):
        shutil.copy(ROOT / name, place / "source" / name)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)]
    built = subprocess.run(command, cwd=place / "source", capture_output=True, text=True, check=True)
    assert "ssn-card-simulator.jar is not built (make java)" in built.stdout + built.stderr
    (wheel,) = place.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place / "site")
    return place / "site"


def _ssn(site: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "SSN_SIMULATOR_JAR"}
    return subprocess.run(
        [sys.executable, "-m", "ssn_card.cli", *arguments],
        env={**environment, "PYTHONPATH": str(site), "SSN_LANG": "en"},
        cwd=site.parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("command", ["demo", "sim start", "sim tear-campaign", "card cost", "applet check"])
def test_commands_that_need_java_parts_say_where_they_are(unpacked: Path, command: str) -> None:
    ran = _ssn(unpacked, *command.split())
    assert ran.returncode == 1
    assert "Install a wheel that 'make wheel' has made." in ran.stderr
    assert "make java" not in ran.stderr


@pytest.mark.parametrize("command", ["sim figures", "applet build"])
def test_commands_that_need_the_repository_are_not_offered_and_say_so(unpacked: Path, command: str) -> None:
    group, name = command.split()
    assert name not in _ssn(unpacked, group, "--help").stdout
    ran = _ssn(unpacked, group, name)
    assert ran.returncode == 1
    assert "This is no checkout of SSN Card." in ran.stderr


#: What no source of ours imports: FastAPI looks for it where a form is declared, SQLAlchemy for a driver by its name.
OF_LIBRARIES = {"psycopg", "python-multipart"}


def test_everything_that_a_wheel_asks_for_is_imported() -> None:
    """A dependency or an extra that nothing imports promises what is not there."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = settings["project"]["optional-dependencies"]
    asked = [*settings["project"]["dependencies"], *(one for name in set(extras) - OUR_OWN for one in extras[name])]
    roots = settings["tool"]["hatch"]["build"]["dev-mode-dirs"]
    sources = "".join(path.read_text("utf-8") for root in roots for path in (ROOT / root / "ssn_card").rglob("*.py"))
    assert len(asked) >= 5
    for requirement in (one for one in asked if not one.startswith("ssn-card[")):  # an extra of ours with another
        name = re.split(r"[^\w-]", requirement)[0]
        modules = [module for module, owners in packages_distributions().items() if name in owners]
        imported = [one for one in modules if re.search(rf'^\s*(from|import) {one}\b|"{one}\.\w+"', sources, re.M)]
        assert imported or name in OF_LIBRARIES, requirement
