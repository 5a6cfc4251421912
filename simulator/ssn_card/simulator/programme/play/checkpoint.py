# SPDX-License-Identifier: Apache-2.0
"""How far the applet has played a script, with cards and journals as they were then: who is killed goes on from there.

One file, replaced as a whole: at any moment there is a checkpoint or none, and never half of one.
"""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Final
from zipfile import ZipFile

import numpy as np

from ssn_card.simulator.simulator import Simulator
from ssn_card.storage import whole_file

from .cards import SimulatedPopulation
from .played import Played
from .script import YearScript

_ABOUT: Final = "about.json"  #: how many events were played, and the cards that were in use
_PLAYED: Final = "played.npz"
_JOURNAL: Final = "*.sqlite"
_PRIVATE: Final = 0o600


class Checkpoint:
    """The checkpoint of a run of one script, whose journals lie in a folder."""

    def __init__(self, path: Path, journals: Path, script: YearScript) -> None:
        self._path, self._journals, self._script = path, journals, script.fingerprint()

    def resume(self, simulator: Simulator, cards: SimulatedPopulation, played: Played) -> int:
        """Go back to it: cards, journals, what was played. Returns how many events that were, 0 without one.

        One of another script, such as an older program's, counts for nothing.
        """
        if not self._path.exists():
            return 0
        with ZipFile(self._path) as file:
            about = json.loads(file.read(_ABOUT))
            if about["script"] != self._script:
                return 0
            for name in set(file.namelist()) - {_ABOUT, _PLAYED}:
                file.extract(name, self._journals)
            with np.load(io.BytesIO(file.read(_PLAYED))) as columns:
                for name, column in played.columns.items():
                    column[...] = columns[name]
        cards.restore(simulator, {int(card): state.encode("ascii") for card, state in about["cards"].items()})
        return int(about["position"])

    def write(self, position: int, simulator: Simulator, cards: SimulatedPopulation, played: Played) -> None:
        """Keep how it is now; the journals must be closed."""
        saved = {card: state.decode("ascii") for card, state in cards.saved(simulator).items()}
        columns = io.BytesIO()
        np.savez(columns, allow_pickle=False, **played.columns)
        with whole_file(self._path, mode=_PRIVATE) as stream, ZipFile(stream, "w") as file:
            file.writestr(_ABOUT, json.dumps({"script": self._script, "position": position, "cards": saved}))
            file.writestr(_PLAYED, columns.getvalue())
            for journal in sorted(self._journals.glob(_JOURNAL)):
                file.write(journal, journal.name)
