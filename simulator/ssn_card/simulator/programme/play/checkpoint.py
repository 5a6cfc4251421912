# SPDX-License-Identifier: Apache-2.0
"""How far the applet has played a script, with cards and journals as they were then: who is killed goes on from there.

A checkpoint is a folder, named by how many events were played, that has its name only when it is whole.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import numpy as np

from .cards import Cards
from .played import Played

JOURNALS = "journals"  #: in use; those of a checkpoint lie in its own folder of that name
_CARDS, _PLAYED, _PREFIX, _DRAFT = "cards.json", "played.npz", "after-", "draft"
_PRIVATE = 0o700


class Checkpoint:
    """The checkpoints in a folder; none but the newest lasts."""

    def __init__(self, folder: Path) -> None:
        """Makes the folder."""
        self._folder = folder
        (folder / JOURNALS).mkdir(parents=True, exist_ok=True)
        folder.chmod(_PRIVATE)

    def resume(self, cards: Cards, played: Played) -> int:
        """Go back to the newest: cards, journals, what was played. Returns how many events that were, 0 without one."""
        position = max(self._positions(), default=0)
        journals = self._folder / JOURNALS
        shutil.rmtree(journals)
        if not position:
            journals.mkdir()
            return 0
        newest = self._of(position)
        shutil.copytree(newest / JOURNALS, journals)
        saved = json.loads((newest / _CARDS).read_bytes())
        cards.restore({int(card): state.encode("ascii") for card, state in saved.items()})
        with np.load(newest / _PLAYED) as columns:
            for name, column in played.columns.items():
                column[...] = columns[name]
        return position

    def write(self, position: int, cards: Cards, played: Played) -> None:
        """Keep how it is now; the journals must be closed."""
        draft = self._folder / _DRAFT
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        shutil.copytree(self._folder / JOURNALS, draft / JOURNALS)
        saved = {card: state.decode("ascii") for card, state in cards.saved().items()}
        (draft / _CARDS).write_text(json.dumps(saved), "ascii")
        np.savez(draft / _PLAYED, **played.columns)
        os.sync()
        draft.rename(self._of(position))
        for other in self._positions():
            if other != position:
                shutil.rmtree(self._of(other))

    def _positions(self) -> list[int]:
        return [int(one.name.removeprefix(_PREFIX)) for one in self._folder.glob(f"{_PREFIX}*")]

    def _of(self, position: int) -> Path:
        return self._folder / f"{_PREFIX}{position}"
