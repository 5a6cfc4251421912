# SPDX-License-Identifier: Apache-2.0
"""Fraud, a scheme a file. To write one, nothing else need be read than this.

A scheme is a :class:`~..scheme.Scheme`: a name, whom it is about, the rules of programme.md that should see it, and
``apply(draft, actor, random)``, which changes the year of honest visits for one actor, ``actor.place`` being the place
of its shop, companion, family or card. All that is random comes from ``random``, so a seed says everything.

The draft (:class:`~..draft.Draft`) is a table of visits, ``draft.visits``, whose fields :data:`~..draft.VISIT` tells.
A visit says what is *wanted*; settling later finds what the card may pay, delivers waiting updates, gives the PIN where
it is due, and leaves out what cannot be (no balance, above the limit, card blocked). So a scheme need not reckon money:

- ``want=Want.A`` … ``Want.BB`` is a package, or what the card can pay that comes nearest to it; ``Want.FREE`` a basket
  for ``share`` (0 to 1) of what the card may spend at that moment; ``Want.BASKET`` exactly the basket ``basket``.
- Baskets come from the shop's own price list unless ``menu`` names one made by ``draft.goods.add_menu(baskets,
  spread)``, of :class:`~ssn_card.receipts.Basket`. ``draft.goods.price(shop, month)`` is the shop's list,
  ``draft.goods.prices.city[month]`` the reference, both in rupiah a unit in the order of ``CODES``.
- ``stocked=False``: the shop never bought these goods, so no invoice covers them. ``draft.late_stock[shop] = days``:
  its goods come that much later than others'.
- ``step=Step.OVERRIDE`` with ``amount`` and ``companion`` (place) raises the limit of the month; let it come before the
  debit that needs it. ``Step.CANCEL`` takes back the debit just before it, at the same terminal. ``Step.READ`` reads.

Actors are drawn among the scheme's ``candidates(draft)``; :mod:`..scheme` has ``busy_shops``, ``free_families`` (for
families, or cards) and ``free_companions``, none of whom is in another scheme yet.

Finding: ``draft.of_shop(shop)`` and ``draft.of_card(card)`` give rows of visits that are nobody's yet;
``draft.in_month(rows, month)`` those of a month (0 to 11); ``draft.families_at(shop)`` the families whose usual shop it
is. The first card of family ``f`` is card ``f``. A shop (place) ``i`` has terminal ``i + 1``.

Changing: fields in place by rows (``draft.visits["real"][rows] = …``); ``draft.add(cards, seconds, shops, …)``, after
which ``draft.visits`` is taken anew; ``draft.drop(rows)``; ``draft.replace_cards(…)``. Rows stay where they are until
the end. ``draft.hour(shop, chance)`` is a second of the day at which people come, ``MONTH_STARTS[month]`` a month's
first day; a moment is ``day * DAY + seconds``. What is moved to a day on which the family does not have the card is
left out, but for schemes with A13 among their rules; ``draft.population.cards.delivered_on`` is ``NEVER`` for a card
that was not handed over.

Truth: what the actor has done is claimed with ``draft.claim(rows, draft.label(name, rules), actor)``. Nothing else is;
each actor must have claimed at least one visit. ``plan(seed, families, schemes=(…))`` enacts other schemes than these;
``HONEST_SCHEMES`` of :mod:`..lookalikes` belong with them.
"""

from __future__ import annotations

from typing import Final

from ..scheme import Scheme
from . import (
    bundle,
    card_holder,
    cash_out,
    needless_overrides,
    pawned,
    pre_swipe,
    replacements,
    split,
    undelivered,
)

SCHEMES: Final[tuple[Scheme, ...]] = (
    card_holder.SCHEME,
    cash_out.SCHEME,
    bundle.SCHEME,
    pre_swipe.SCHEME,
    undelivered.SCHEME,
    needless_overrides.SCHEME,
    replacements.SCHEME,
    pawned.SCHEME,
    split.SCHEME,
)
