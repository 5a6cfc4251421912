# SPDX-License-Identifier: Apache-2.0
"""The folder of a year: what it holds, of what it was made, and whether it is whole."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ssn_card.protocol.system import system_reason
from ssn_card.storage import whole_file

from ..errors import AnotherYear, NotAYear, YearNotWritten
from ..sets import SchemeSet

EXPORTS, DATA, TRUTH = "exports", "data", "truth"
_ABOUT, _CHECKPOINT, _JOURNALS = "year.json", ".checkpoint", ".journals"
_MEMORY = Path("/dev/shm")  # noqa: S108 a folder of ours is made in it
_PREFIX = "ssn-year-"
_SCHEMA = "ssn-card/year/1"


@dataclass(frozen=True)
class About:
    """Of what a year is made. ``keys``: by which they are known, a key check value in digits."""

    seed: int
    families: int
    fast: bool
    schemes: SchemeSet
    keys: str


class YearFolder:
    """A folder that is this year's, or becomes it. ``holds``: figures of a whole year, else ``None``."""

    def __init__(self, path: Path, about: About) -> None:
        """Makes it where there is none.

        Raises:
            NotAYear: it holds something else, which is left as it is.
            AnotherYear: it holds a year of another seed, size, keys or fraud.
            YearNotWritten: the system refuses.
        """
        self.path, self._about = path, about
        try:
            known = _read(path)
            if known is None:
                if path.exists() and (not path.is_dir() or set(path.iterdir()) - set(self._drafts())):
                    raise NotAYear(path)
                path.mkdir(parents=True, exist_ok=True)
                self._write(None)
            elif known["of"] != asdict(about):
                raise AnotherYear(path)
            self.holds = None if known is None else known["holds"]
        except OSError as error:
            raise YearNotWritten(path, system_reason(error)) from None

    @property
    def checkpoint(self) -> Path:
        """A file that is there until the year is whole."""
        return self.path / _CHECKPOINT

    @contextmanager
    def journals(self) -> Iterator[Path]:
        """An empty folder for the terminals' journals, in memory where there is such a thing.

        A journal waits for the disk at every sale; a simulation, which goes on from a checkpoint, has no need of that.
        """
        note = self.path / _JOURNALS
        if note.exists():  # of a run that was killed
            left = Path(note.read_text("utf-8"))
            if left.name.startswith(_PREFIX):
                shutil.rmtree(left, ignore_errors=True)
        with TemporaryDirectory(prefix=_PREFIX, dir=_MEMORY if _MEMORY.is_dir() else None) as folder:
            note.write_text(folder, "utf-8")
            yield Path(folder)
        note.unlink()

    def fresh(self, name: str) -> Path:
        """An empty folder in it, in place of what was there."""
        folder = self.path / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder

    def finish(self, holds: dict[str, int]) -> None:
        """It is whole now, and that is what it holds."""
        self.checkpoint.unlink(missing_ok=True)
        for draft in self._drafts():
            draft.unlink()
        self._write(holds)
        self.holds = holds

    def _drafts(self) -> Iterator[Path]:
        """Halves of our own files, left by a run that was killed."""
        for name in (_ABOUT, _CHECKPOINT):
            yield from self.path.glob(f".{name}.*")

    def _write(self, holds: dict[str, int] | None) -> None:
        with whole_file(self.path / _ABOUT) as file:
            told = {"schema": _SCHEMA, "of": asdict(self._about), "holds": holds}
            file.write(json.dumps(told, indent=2).encode("ascii") + b"\n")


def _read(path: Path) -> dict[str, Any] | None:
    """What a folder says of itself, ``None`` where it says nothing of ours."""
    try:
        known = json.loads((path / _ABOUT).read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except ValueError:
        raise NotAYear(path) from None
    if not isinstance(known, dict) or known.get("schema") != _SCHEMA or not {"of", "holds"} <= known.keys():
        raise NotAYear(path)
    return known
