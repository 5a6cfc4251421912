# SPDX-License-Identifier: Apache-2.0
"""What every tool that makes pages does with them: write those that differ, or with ``--check`` only say so."""

import argparse
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def asked_to_check(description: str | None, arguments: list[str] | None) -> bool:
    """Whether the command line says ``--check``."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file differs")
    return bool(parser.parse_args(arguments).check)


def keep(made: Mapping[Path, str], check: bool) -> int:
    """Exit code: 0 done or up to date, 1 a file differs."""
    differing = [path for path, text in made.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in differing:
        print(f"{'differs' if check else 'wrote'}: {path.relative_to(ROOT)}")
        if not check:
            path.write_text(made[path], encoding="utf-8")
    return 1 if check and differing else 0
