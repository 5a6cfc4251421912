# SPDX-License-Identifier: Apache-2.0
"""The folder of a year: what it holds, of what it was made, and whether it is whole."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from ssn_card.protocol.system import system_reason
from ssn_card.storage import whole_file

from ..errors import AnotherYear, NotAYear, YearNotWritten

EXPORTS, DATA, TRUTH, WORK = "exports", "data", "truth", ".playing"
_ABOUT = "year.json"
_SCHEMA = "ssn-card/year/1"


@dataclass(frozen=True)
class About:
    """Of what a year is made. ``keys``: key check value of the first card's RECEIPT key, in hexadecimal digits."""

    seed: int
    families: int
    fast: bool
    keys: str


class YearFolder:
    """A folder that is this year's, or becomes it."""

    def __init__(self, path: Path, about: About) -> None:
        """Makes it where there is none.

        Raises:
            NotAYear: it holds something else, which is left as it is.
            AnotherYear: it holds a year of another seed, size or keys.
            YearNotWritten: the system refuses.
        """
        self.path, self._about = path, about
        try:
            known = _read(path)
            if known is None:
                if path.exists() and (not path.is_dir() or any(path.iterdir())):
                    raise NotAYear(path)
                path.mkdir(parents=True, exist_ok=True)
                self._write(whole=False)
            elif known != asdict(about) | {"schema": _SCHEMA, "whole": known["whole"]}:
                raise AnotherYear(path)
            self.whole = known is not None and bool(known["whole"])
        except OSError as error:
            raise YearNotWritten(path, system_reason(error)) from None

    @property
    def work(self) -> Path:
        """For what is needed until the year is whole."""
        return self.path / WORK

    def fresh(self, name: str) -> Path:
        """An empty folder in it, in place of what was there."""
        folder = self.path / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder

    def finish(self) -> None:
        """It is whole now."""
        self._write(whole=True)
        shutil.rmtree(self.work, ignore_errors=True)
        self.whole = True

    def _write(self, *, whole: bool) -> None:
        with whole_file(self.path / _ABOUT) as file:
            told = {"schema": _SCHEMA, **asdict(self._about), "whole": whole}
            file.write(json.dumps(told, indent=2).encode("ascii") + b"\n")


def _read(path: Path) -> dict[str, object] | None:
    """What a folder says of itself, ``None`` where it says nothing of ours."""
    try:
        known = json.loads((path / _ABOUT).read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except ValueError:
        raise NotAYear(path) from None
    if not isinstance(known, dict) or known.get("schema") != _SCHEMA or "whole" not in known:
        raise NotAYear(path)
    return known
