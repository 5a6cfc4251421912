# SPDX-License-Identifier: Apache-2.0
"""What happens in the demo: two months of 25 families, planned in advance, the same on every run.

Most events simply succeed. Each refusal that a card can give has a family that runs into it, and the event says which
class of error must come.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from enum import Enum
from random import Random

from ssn_card.entitlement import Entitlement
from ssn_card.programme import Policy, Shop, Shops, mask
from ssn_card.protocol import status
from ssn_card.protocol.values import LifeState
from ssn_card.receipts import Basket

from .baskets import PACKAGE_A, PACKAGE_B, free, priced

FAMILIES = 25
MONTHS = (dt.date(2025, 10, 1), dt.date(2025, 11, 1))

# Families with a story of their own; the others just shop.
OVER_MONTH = range(0, 5)
OVER_BALANCE = range(5, 10)
CANCELS = 15
COMPANION = 16
LOST_ANSWER = 17
REPLAY = 18
EXPIRED = 19
SMALL_DEBITS = 20
SMALL_DEBIT = 300_000  #: rupiah
NO_MILK = 21
BLOCKED = 22
NOT_ACTIVATED = 23

#: Who asks for more than is allowed: in which month, what, and how it is refused.
_TOO_MUCH: dict[int, tuple[int, dict[str, int], type[status.CardStatusError]]] = {
    **dict.fromkeys(OVER_MONTH, (0, PACKAGE_A, status.MonthlyLimitExceeded)),
    **dict.fromkeys(OVER_BALANCE, (1, PACKAGE_A, status.InsufficientBalance)),
    SMALL_DEBITS: (1, {"BERAS": 20}, status.DebitMaximumExceeded),
    NO_MILK: (1, {"SUSU": 2}, status.CategoryNotAllowed),
}


class Kind(Enum):
    """What is done at the terminal."""

    SELL = "sell"
    CANCEL = "cancel"
    OVERRIDE = "override"
    DELIVER = "deliver"
    REPLAY = "replay"
    LOSE_ANSWER = "lose answer"


@dataclass(frozen=True)
class Event:
    """One visit to a shop. ``expect``: the refusal that must come, or ``None`` for success."""

    moment: dt.datetime
    family: int
    shop: Shop
    kind: Kind
    basket: Basket | None = None
    entitlement: Entitlement | None = None
    amount: int = 0
    expect: type[status.CardStatusError] | None = None


class Scenario:
    """The plan of all families."""

    def __init__(self, policy: Policy, shops: Shops, regions: list[str], seed: int = 2025) -> None:
        """``regions``: Kemendagri kecamatan code of each family, for the choice of shops."""
        self._random = Random(seed)  # noqa: S311 a story, not a secret
        self._policy = policy
        self._shops = tuple(shops)
        self._regions = regions

    def events(self) -> list[Event]:
        """Every event in the order of time."""
        planned = [event for family in range(FAMILIES) for event in self._family(family)]
        return sorted(planned, key=lambda event: event.moment)

    def entitlement(self, update_seq: int, moment: dt.datetime) -> Entitlement:
        """The policy's entitlement with its first tranche loaded."""
        policy = self._policy
        return Entitlement(
            update_seq=update_seq,
            loaded_total=policy.loaded_after(1),
            monthly_limit=policy.monthly_limit,
            override_max=policy.override_max,
            debit_max=policy.debit_max,
            allowed_categories=policy.category_mask(),
            valid_until=policy.valid_until,
            state=LifeState.ACTIVE,
            policy_id=policy.id,
            issued_at=moment,
        )

    def _family(self, family: int) -> list[Event]:
        if family == NOT_ACTIVATED:
            return [self._sell(family, 0, 9, priced(PACKAGE_A), status.NotActivated)]
        events = [self._deliver(family, 0, 1, self._first_entitlement(family))]
        events += self._shopping(family)
        events += self._story(family)
        return events

    def _first_entitlement(self, family: int) -> Entitlement:
        entitlement = self.entitlement(1, dt.datetime(2025, 10, 1, 7, 30))
        if family == NO_MILK:
            return replace(entitlement, allowed_categories=self._policy.category_mask() & ~mask(["SUSU"]))
        if family == SMALL_DEBITS:
            return replace(entitlement, debit_max=SMALL_DEBIT)
        return entitlement

    def _shopping(self, family: int) -> list[Event]:
        """Ordinary baskets, planned so that they fit the limits."""
        milk = frozenset({"SUSU"}) if family == NO_MILK else frozenset()
        package = self._policy.package
        if family in OVER_MONTH or family in OVER_BALANCE or family in (COMPANION, SMALL_DEBITS):
            october = [priced(PACKAGE_B, package), priced(PACKAGE_B, package)]
        else:
            october = [priced(PACKAGE_A, 294_000) if not milk else free(self._random, 290_000, milk)]
            october.append(free(self._random, 250_000, milk))
        november = [free(self._random, 140_000, milk), free(self._random, 140_000, milk)]
        if family in OVER_BALANCE:
            november = [priced(PACKAGE_B, package)]
        if family == COMPANION:
            november = []
        days = ((0, (2, 6)), (0, (9, 14)), (1, (2, 6)), (1, (9, 14)))
        baskets = october + november
        return [
            self._sell(family, month, self._random.randint(*span), basket)
            for (month, span), basket in zip(days, baskets, strict=False)
        ]

    def _story(self, family: int) -> list[Event]:
        over = priced(PACKAGE_A)
        if family in _TOO_MUCH:
            month, goods, refusal = _TOO_MUCH[family]
            return [self._sell(family, month, 20, priced(goods), refusal)]
        if family == EXPIRED:
            late = self._sell(family, 1, 28, over, status.Expired)
            return [replace(late, moment=dt.datetime(2026, 1, 5, 10, 0))]
        if family == CANCELS:
            sold = self._sell(family, 1, 20, priced({"BERAS": 5}))
            return [sold, replace(sold, kind=Kind.CANCEL, moment=sold.moment + dt.timedelta(minutes=4))]
        if family == COMPANION:
            refused = self._sell(family, 0, 20, over, status.MonthlyLimitExceeded)
            raised = replace(
                refused, kind=Kind.OVERRIDE, expect=None, amount=200_000, moment=refused.moment + dt.timedelta(hours=1)
            )
            sold = replace(
                refused, basket=priced({"BERAS": 10}), expect=None, moment=raised.moment + dt.timedelta(minutes=2)
            )
            return [refused, raised, sold]
        if family == REPLAY:
            return [replace(self._sell(family, 1, 20, priced({"GULA": 2}), status.WrongMac), kind=Kind.REPLAY)]
        if family == LOST_ANSWER:
            return [replace(self._sell(family, 1, 20, priced({"TELUR": 10})), kind=Kind.LOSE_ANSWER)]
        if family == BLOCKED:
            blocked = replace(self.entitlement(2, dt.datetime(2025, 11, 15, 8, 0)), state=LifeState.BLOCKED)
            return [
                self._deliver(family, 1, 16, blocked),
                self._sell(family, 1, 17, over, status.Blocked),
                self._deliver(family, 1, 19, self.entitlement(3, dt.datetime(2025, 11, 18, 8, 0))),
                self._sell(family, 1, 20, priced({"MINYAK": 2})),
            ]
        return []

    def _sell(
        self, family: int, month: int, day: int, basket: Basket, expect: type[status.CardStatusError] | None = None
    ) -> Event:
        shop = self._shop(family)
        return Event(self._moment(month, day, shop), family, shop, Kind.SELL, basket, expect=expect)

    def _deliver(self, family: int, month: int, day: int, entitlement: Entitlement) -> Event:
        shop = self._shop(family)
        return Event(self._moment(month, day, shop), family, shop, Kind.DELIVER, entitlement=entitlement)

    def _shop(self, family: int) -> Shop:
        """Mostly a shop of the family's own kecamatan."""
        near = [shop for shop in self._shops if shop.region_code == self._regions[family]]
        return self._random.choice(near if near and self._random.random() < 0.85 else self._shops)

    def _moment(self, month: int, day: int, shop: Shop) -> dt.datetime:
        minutes = self._random.randrange((shop.closes.hour - shop.opens.hour) * 60 - 70)
        opening = dt.datetime.combine(MONTHS[month].replace(day=day), shop.opens)
        return opening + dt.timedelta(minutes=minutes, seconds=self._random.randrange(60))
