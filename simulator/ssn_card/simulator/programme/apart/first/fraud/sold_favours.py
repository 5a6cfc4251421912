# SPDX-License-Identifier: Apache-2.0
"""A companion lifts the limit for whoever gives something for it: his own families, and some of his colleagues'.

They save a month or two, or have done so, and take it all at once; often it would not have been needed.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import MINUTE, Ints
from ....plan.draft import Actor, Draft, Rows, Want
from ....plan.events import Step
from ....plan.scheme import Scheme, free_companions
from ....plan.ways import between, boldness, errands, moment, regular, some

_OTHERS: Final = (1, 6)  #: families of other companions
_TIMES: Final = (3, 7)  #: a family in the year
_AMOUNTS: Final = (90_000, 480_000)
_OWN: Final = 5


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    how, companion = boldness(random), actor.place
    label = draft.label(actor.scheme, actor.rules)
    for family in _clients(draft, random, companion, how).tolist():
        times = max(2, round(between(*_TIMES, how) + random.uniform(-1, 1)))
        for month in np.sort(random.choice(np.arange(1, 12), times, replace=False)).tolist():
            if random.random() < 0.6:
                draft.drop(errands(draft, family, month - 1))
            debits = errands(draft, family, month)[:2]
            if not len(debits):
                debits = _a_visit(draft, random, family, month)
            draft.visits["want"][debits[:1]] = random.choice([Want.AA, Want.AB, Want.BB])
            _lift(draft, actor, debits[-1], label, random)


def _clients(draft: Draft, random: np.random.Generator, companion: int, how: float) -> Ints:
    people = draft.population
    own = regular(draft, np.flatnonzero(people.families.companion == companion))
    near = people.families.kecamatan == people.companion_kecamatan[companion]
    others = some(random, np.flatnonzero(near & (people.families.companion != companion)), 20)
    return np.concatenate((own, some(random, regular(draft, others), between(*_OTHERS, how))))


def _a_visit(draft: Draft, random: np.random.Generator, family: int, month: int) -> Rows:
    shop = int(draft.population.families.home[family])
    when = moment(draft, random, month, (0, 20), np.full(1, shop))
    return draft.add(np.full(1, family), when, shop, want=Want.AB)


def _lift(draft: Draft, actor: Actor, before: int, label: int, random: np.random.Generator) -> None:
    """An override a little before a debit."""
    visits = draft.visits
    amount = round(random.uniform(*_AMOUNTS) / 5_000) * 5_000
    rows = draft.add(
        visits["card"][before : before + 1].copy(),
        visits["real"][before : before + 1] - random.integers(2, 9) * MINUTE,
        int(visits["terminal"][before]) - 1,
        step=Step.OVERRIDE,
        amount=amount,
        companion=actor.place,
    )
    draft.claim(rows, label, actor)


def _candidates(draft: Draft) -> Ints:
    """Companions with families enough."""
    count = np.bincount(draft.population.families.companion, minlength=len(draft.population.companions))
    free = free_companions(draft)
    return free[count[free] >= _OWN]


SCHEME: Final = Scheme("fraud-sold-favours", "companion", ("A11",), 1, _candidates, _apply)
