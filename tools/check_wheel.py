# SPDX-License-Identifier: Apache-2.0
"""Build the wheel into dist/ and check that it holds every source root's modules as one namespace `ssn_card`.

Expected are all files below `<root>/ssn_card` that git does not ignore; beside them the wheel holds its metadata only.
"""

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

from tracked import ROOT, project_files, report


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


def main() -> None:
    wanted = {
        path.relative_to(root).as_posix()
        for root in source_roots()
        for path in project_files()
        if path.is_relative_to(root / "ssn_card")
    }
    with zipfile.ZipFile(build()) as archive:
        found = {name for name in archive.namelist() if ".dist-info/" not in name}
    problems = [f"not in the wheel: {name}" for name in sorted(wanted - found)]
    problems += [f"unexpected in the wheel: {name}" for name in sorted(found - wanted)]
    if "ssn_card/__init__.py" in found:
        problems.append("ssn_card/__init__.py ends the namespace: remove it")
    report(problems, "The wheel is not what the sources say / Isi wheel tidak sesuai sumber")


if __name__ == "__main__":
    main()
