# SPDX-License-Identifier: Apache-2.0
"""Families and companions whose lives run otherwise: illness, school, estates, floods, small kitchens."""

from __future__ import annotations

import numpy as np

from ....plan.calendar import DAY, HOUR, MONTH_STARTS, NEVER, Ints
from ....plan.draft import Actor, Draft, Want
from ....plan.events import Step
from ....plan.scheme import free_families
from ....plan.ways import between, boldness, errands, label_of, moment, months, only_first, regular_of, some

_LITTLE = (0.1, 0.2)


def sick_at_home(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A companion has three or four families with somebody on dialysis or after an operation, who need more at times.

    Honest: she signs for each after months in which the family, in hospital, bought next to nothing; then it shops on
    several days at its own shop, for different sums; her other families have no more signatures than anybody's.
    """
    label = label_of(draft, actor)
    families = some(random, regular_of(draft, actor.place), int(random.integers(3, 5)))
    for family in families.tolist():
        times = random.choice(np.array([2, 5, 8, 11]), 2, replace=False)
        for month in np.sort(times + random.integers(-1, 1)).tolist():
            _needs_more(draft, actor, random, family, max(month, 2), label)


def _needs_more(draft: Draft, actor: Actor, random: np.random.Generator, family: int, month: int, label: int) -> None:
    shop = int(draft.population.families.home[family])
    for quiet in (month - 2, month - 1):
        rows = only_first(draft, errands(draft, family, quiet))
        draft.visits["want"][rows], draft.visits["share"][rows] = Want.FREE, random.uniform(*_LITTLE)
    draft.drop(errands(draft, family, month))
    days = MONTH_STARTS[month] + np.sort(random.choice(np.arange(1, 26), 4, replace=False))
    at = days * DAY + draft.hour(shop, random.random(4))
    amount = 50_000 * int(random.integers(3, 7))
    raised = draft.add([family], at[1] - random.integers(120, 1200), shop, step=Step.OVERRIDE, companion=actor.place)
    draft.visits["amount"][raised] = amount
    share = np.array([0.35, 0.5, 0.6, 0.9]) * random.uniform(0.8, 1.0, 4)
    bought = draft.add(np.full(4, family), at, shop, want=Want.FREE, share=share, given=True)
    draft.claim(raised, label, actor)
    draft.claim(bought, label, actor)


def flood_takes_the_card(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The house by the river floods; the card is lost in the mud, warps in the sun, is washed with the trousers.

    Honest: three replacements in the wet months or after, for different reasons, and before each the card is used as
    always at home, with money left that the next card brings along.
    """
    label, card, theirs = label_of(draft, actor), actor.place, [actor.place]
    when = np.sort(random.choice(np.arange(0, 11), 3, replace=False))
    for month, reason in zip(when.tolist(), random.permutation(["lost", "damaged", "damaged"]).tolist(), strict=True):
        lost = MONTH_STARTS[month] + random.integers(4, 12, 1)
        blocked = lost + random.integers(1, 4)
        back = blocked + random.integers(4, 12)
        new = draft.replace_cards(
            np.array([card]), reason, lost=lost, blocked=blocked, made=blocked + 1, delivered=back
        )
        card = int(new[0])
        theirs.append(card)
    for one in theirs:
        rows = draft.of_card(one, step=Step.DEBIT)
        rows = rows[np.argsort(draft.visits["real"][rows], kind="stable")][-1:]
        draft.claim(rows, label, actor)


def school_across_the_river(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The children stay with an aunt near their school across the river in term, and the mother with them.

    Honest: for a term or two everything is bought at one far shop, on several days, in parts, and in the holidays
    again at home.
    """
    label, card = label_of(draft, actor), actor.place
    places, families = draft.population.places, draft.population.families
    away = np.flatnonzero(places.shop_kecamatan != families.kecamatan[card])
    shop = int(random.choice(away)) if len(away) else int(families.home[card])
    term = [0, 1, 2, 3, 4, 5] if random.random() < 0.4 else [6, 7, 8, 9, 10]
    for month in term:
        rows = draft.in_month(draft.of_card(card), month)
        draft.visits["terminal"][rows] = shop + 1
        draft.claim(rows, label, actor)


def no_icebox(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A small kitchen without an icebox: chicken and eggs in the morning, what is missing in the afternoon.

    Honest: several small purchases of different goods on the same days, hours apart, at the shop next door, for far
    less than the card has.
    """
    label, card = label_of(draft, actor), actor.place
    shop = int(draft.population.families.home[card])
    for month in months(random, 1, 9):
        draft.drop(errands(draft, card, month))
        days = MONTH_STARTS[month] + np.sort(random.choice(np.arange(0, 26), 4, replace=False))
        morning = days * DAY + draft.hour(shop, random.uniform(0.02, 0.25, 4))
        later = morning + (random.uniform(2.5, 5.5, 4) * HOUR).astype(np.int64)
        share = np.tile(random.uniform(0.12, 0.3, 4), 2)
        rows = draft.add(np.full(8, card), np.r_[morning, later], shop, want=Want.FREE, share=share)
        draft.claim(rows, label, actor)


def first_boat(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A fishing family comes down with the month's first boat and takes all that it needs until the next.

    Honest: one family for itself, at its own shop in open hours, whose goods are invoiced before, and with the basket
    of a month's kitchen at list prices; nobody else is served behind it.
    """
    label, card = label_of(draft, actor), actor.place
    shop = int(draft.population.families.home[card])
    for month in months(random, 1, 9):
        rows = only_first(draft, errands(draft, card, month))
        at = moment(draft, random, month, (0, 3), np.full(len(rows), shop))
        fields = draft.visits
        fields["terminal"][rows], fields["real"][rows] = shop + 1, at
        fields["want"][rows] = np.where(random.random(len(rows)) < 0.4, Want.B, Want.FREE)
        fields["share"][rows] = 1.0
        draft.claim(rows, label, actor)


def back_from_the_estate(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Handed over in time, but the family works on a palm estate upriver until the harvest is in.

    Honest: the card rests for four to seven months; it is used only from the return on, large at first as much has
    gathered, at the family's own shop and on several days, and as always afterwards.
    """
    how, label, card = boldness(random), label_of(draft, actor), actor.place
    shop = int(draft.population.families.home[card])
    away = round(between(4, 7, how))
    first = int(random.integers(0, 12 - away - 2)) if random.random() < 0.5 else 0
    for month in range(first, first + away):
        draft.drop(draft.in_month(draft.of_card(card), month))
    back = range(first + away, min(first + away + 2, 12))
    for month in back:
        draft.drop(errands(draft, card, month))
        at = moment(draft, random, month, (1, 24), np.full(3, shop))
        share = np.array([0.7, 0.6, 0.9]) * random.uniform(0.8, 1.0, 3)
        draft.claim(draft.add(np.full(3, card), at, shop, want=Want.FREE, share=share), label, actor)


def at_hand(draft: Draft) -> Ints:
    """Families with one card that works from January on, of no scheme yet."""
    free = free_families(draft)
    delivered = draft.population.cards.delivered_on[free]
    kept: Ints = free[(delivered != NEVER) & (delivered < MONTH_STARTS[0])]
    return kept
