# SPDX-License-Identifier: Apache-2.0
"""States of the store's things, for people: each room's own words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ssn_card.protocol.errors import Text

from ..field.forms.outcomes import OUTCOMES
from ..life import LifePhase
from ..printing.states import STATES as JOBS
from ..proposals.flow import STAGES
from ..store.tables.people import Alike, PersonState

PERSONS: Final = {
    PersonState.READY: Text("ready", "siap"),
    PersonState.HELD: Text("held", "ditahan"),
    PersonState.REFUSED: Text("gets no card", "tidak mendapat kartu"),
    PersonState.DEACTIVATED: Text("deactivated", "nonaktif"),
}
_DOUBLES: Final = {
    Alike.OPEN: Text("to be decided", "belum diputuskan"),
    Alike.SAME: Text("one person", "orang yang sama"),
    Alike.DIFFERENT: Text("two persons", "dua orang"),
}
_IMPORTS: Final = {
    "extract": Text("extract", "data penerima"),
    "exceptions": Text("corrected exceptions", "pengecualian terkoreksi"),
    "other-programme": Text("list of another programme", "daftar program lain"),
    "station": Text("journal of a station", "jurnal stasiun"),
    "updates": Text("updates", "pembaruan"),
    "receipts": Text("receipts", "kuitansi"),
    "field": Text("result of a tablet", "hasil dari perangkat tablet"),
}
_WORDS: Final[Mapping[str, Mapping[Any, Text]]] = {
    "persons": PERSONS,
    "near_doubles": _DOUBLES,
    "batches": STAGES,
    "runs": STAGES,
    "cards": {phase: phase.text for phase in LifePhase},
    "print_jobs": JOBS,
    "visits": {outcome: kind.text for outcome, kind in OUTCOMES.items()},
    "imports": _IMPORTS,
}


def state_told(kind: str, state: str) -> Text:
    """A state of that kind of thing; one that has no words is its own."""
    return _WORDS[kind].get(state, Text(state, state))
