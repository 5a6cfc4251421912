# SPDX-License-Identifier: Apache-2.0
"""The files that belong to the project: tracked by git, or new and not ignored."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def project_files() -> list[Path]:
    """Return the paths, relative to ROOT, of regular files. Ends the program outside a git checkout."""
    command = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if run.returncode != 0:
        sys.exit(f"git could not list the files: {run.stderr.decode(errors='replace').strip()}")
    names = {name for name in run.stdout.decode().split("\0") if name}
    return [path for path in map(Path, sorted(names)) if (ROOT / path).is_file()]


def report(problems: list[str], remedy: str) -> None:
    """Print the problems, one a line, and end the program with status 1 if there are any."""
    if problems:
        print("\n".join(problems), file=sys.stderr)
        sys.exit(remedy)
