# SPDX-License-Identifier: Apache-2.0
"""A companion confirms need after need, for its own families and for others', wherever there is money left."""

from __future__ import annotations

from typing import Final

import numpy as np

from ..calendar import MINUTE, MONTHS
from ..draft import Actor, Draft, Want
from ..events import Step
from ..scheme import Scheme, free_companions

_OWN, _OTHERS = 0.6, 0.12  #: of the months of its own families, and of so many others' in its kecamatan
_OTHER_FAMILIES: Final = 20
_RAISED: Final = 300_000  #: rupiah


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    families, label = draft.population.families, draft.label("fraud-overrides", actor.rules)
    own = np.flatnonzero(families.companion == actor.place)
    near = np.flatnonzero(families.kecamatan == draft.population.companion_kecamatan[actor.place])
    others = random.choice(near, min(len(near), _OTHER_FAMILIES), replace=False)
    chosen = [(family, _OWN) for family in own.tolist()]
    chosen += [(family, _OTHERS) for family in others.tolist() if family not in own]
    for family, share in chosen:
        for month in np.flatnonzero(random.random(MONTHS) < share).tolist():
            rows = draft.in_month(draft.of_card(family, step=Step.DEBIT), month)
            if len(rows):
                last = rows[np.argmax(draft.visits["real"][rows])]
                draft.visits["want"][last], draft.visits["share"][last] = Want.FREE, 1.0
                visit = draft.visits[last]
                moment = visit["real"] - int(random.integers(1, 6)) * MINUTE
                made = draft.add(
                    [visit["card"]], moment, int(visit["terminal"]) - 1,
                    step=Step.OVERRIDE, amount=_RAISED, companion=actor.place,
                )  # fmt: skip
                draft.claim(np.append(made, last), label, actor)


SCHEME: Final = Scheme("fraud-overrides", "companion", ("A11",), 1, free_companions, _apply)
