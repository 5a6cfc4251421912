# SPDX-License-Identifier: Apache-2.0
"""Single families with reasons of their own: at sea, on night shift, a porter, an old woman, a child on milk."""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import DAY, FIRST, HOUR, LAST, MINUTE, MONTHS
from ....plan.draft import Actor, Draft, Rows, Want
from ....plan.events import Step
from ....plan.goods import EGGS, MILK, RICE
from ....plan.scheme import Scheme
from ....plan.ways import errands, free_regular, mine, move, part
from ..chain import CardHeld, next_card, while_held
from ..habits import YEAR, clamp, menu, packed, saved, uneven, want


def _fisherman(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Salt, bilge and a back pocket: his card breaks again and again, and once it goes over the side."""
    home = int(draft.population.families.home[actor.place])
    link: CardHeld | None = CardHeld(actor.place, FIRST, FIRST + int(random.integers(10, 40)))
    for _ in range(int(random.integers(4, 6))):
        if link is None or link.gone > LAST:
            return
        link = next_card(draft, actor, random, link, "damaged" if random.random() < 0.8 else "lost", (8, 26))
        if link is not None:
            mine(draft, actor, _bought_with(draft, random, link, home))


def _bought_with(draft: Draft, random: np.random.Generator, link: CardHeld, home: int) -> Rows:
    """What is bought while the card is whole; at the least once, since the house has waited for it."""
    rows = while_held(draft, link, 0)
    if (draft.visits["step"][rows] == Step.DEBIT).any():
        return rows
    when = (link.back + 1) * DAY + int(draft.hour(home, random.random()))
    return draft.add(np.array([link.card]), when, home, want=Want.FREE, share=random.uniform(0.6, 1.0))


def _at_sea(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """She cooks on a tug; the card lies in her trunk until she comes ashore, and then feeds the house well."""
    ashore = int(random.integers(7, 10))
    for month in YEAR:
        rows = errands(draft, actor.place, month)
        if month < ashore:
            draft.drop(rows)
            continue
        draft.visits["want"][rows] = np.where(random.random(len(rows)) < 0.6, Want.AB, Want.FREE)
        draft.visits["share"][rows] = random.uniform(0.3, 0.9, len(rows))
        mine(draft, actor, rows)
    if not (draft.visits["actor"] == actor.number).any():
        home = int(draft.population.families.home[actor.place])
        at = clamp(ashore, int(random.integers(2, 20))) * DAY + int(draft.hour(home, 0.5))
        mine(draft, actor, draft.add(np.array([actor.place]), at, home, want=Want.AB))


def _night_shift(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Guards a timber yard by night; the neighbour who keeps the shop hands the bag out through the side door."""
    home = int(draft.population.families.home[actor.place])
    shut, opens = int(draft.population.places.shut[home]), int(draft.population.places.shops[home].opens)
    before_work = bool(random.random() < 0.6)
    for month in uneven(random, 2, 9):
        rows = part(random, errands(draft, actor.place, month), 0.8)
        late = shut + random.integers(10 * MINUTE, 2 * HOUR, len(rows))
        early = opens - random.integers(10 * MINUTE, 80 * MINUTE, len(rows))
        move(draft, rows, home, draft.visits["real"][rows] // DAY * DAY + (late if before_work else early))
        mine(draft, actor, rows)


def _on_milk(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Twins, or a man with bad lungs: the clinic says milk and eggs, rice comes from an uncle's field."""
    home = int(draft.population.families.home[actor.place])
    for month in uneven(random, 3, 7, skips=0.05):
        price = draft.goods.price(home, month)
        sizes = [{MILK: tins, EGGS: 15} for tins in (3, 5, 7, 9, 12, 15)] + [{MILK: 18, EGGS: 20}, {MILK: 20, RICE: 2}]
        rows = part(random, errands(draft, actor.place, month), 0.9)
        want(draft, rows, menu(draft, [packed(price, size) for size in sizes], spread=3), draft.visits["share"][rows])
        draft.visits["share"][rows] = np.maximum(draft.visits["share"][rows], random.uniform(0.5, 1.0, len(rows)))
        mine(draft, actor, rows)


def _forgets(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """She lives next door and has nobody to write a list: oil before noon, sugar after it, eggs in the evening."""
    home = int(draft.population.families.home[actor.place])
    for month in uneven(random, 2, 9):
        rows = errands(draft, actor.place, month)[:1]
        draft.drop(errands(draft, actor.place, month)[1:])
        if not len(rows):
            continue
        at = draft.visits["real"][rows] // DAY * DAY + draft.hour(home, random.uniform(0, 0.3, len(rows)))
        want(draft, rows, -1, random.uniform(0.25, 0.6, len(rows)))
        move(draft, rows, home, at)
        times = int(random.choice([1, 2, 3], p=[0.45, 0.4, 0.15]))
        waits = np.cumsum(random.uniform(8, 130, times)) * MINUTE
        again = draft.add(
            np.full(times, actor.place),
            at[0] + waits.astype(np.int64),
            home,
            want=Want.FREE,
            share=random.uniform(0.2, 0.7, times),
        )
        mine(draft, actor, np.concatenate((rows, again)))


def _porter(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Carries sacks in a market at the other end of the city, and buys there before he rides home."""
    places, families = draft.population.places, draft.population.families
    far = np.flatnonzero(places.shop_kecamatan != families.kecamatan[actor.place])
    if not len(far):
        far = np.arange(len(places.shops))
    stall = int(random.choice(far))
    for month in uneven(random, 2, 8, skips=0.05):
        rows = part(random, errands(draft, actor.place, month), 0.92)
        day = draft.visits["real"][rows] // DAY * DAY
        move(draft, rows, stall, day + draft.hour(stall, random.beta(4, 2, len(rows))))
        mine(draft, actor, rows)


def _twelve_mouths(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Three generations: the eldest buys for two months at once, when the grandson is there to carry it."""
    for month in range(1 + actor.number % 2, MONTHS, 2):
        rows = saved(draft, [actor.place], month, 1, lambda _: random.random() < 0.1)
        draft.visits["want"][rows] = random.choice([Want.AA, Want.AB, Want.BB], len(rows))
        mine(draft, actor, rows)


SCHEMES: Final[tuple[Scheme, ...]] = (
    Scheme("lookalike-fisherman", "family", ("A12",), 2, free_regular, _fisherman, honest=True),
    Scheme("lookalike-cook-at-sea", "card", ("A13",), 3, free_regular, _at_sea, honest=True),
    Scheme("lookalike-yard-guard", "card", ("A17",), 2, free_regular, _night_shift, honest=True),
    Scheme("lookalike-on-milk", "family", ("A8", "A15"), 2, free_regular, _on_milk, honest=True),
    Scheme("lookalike-forgets", "card", ("A1",), 2, free_regular, _forgets, honest=True),
    Scheme("lookalike-market-porter", "card", ("A7", "A16"), 2, free_regular, _porter, honest=True),
    Scheme("lookalike-twelve-mouths", "family", ("A3",), 2, free_regular, _twelve_mouths, honest=True),
)
