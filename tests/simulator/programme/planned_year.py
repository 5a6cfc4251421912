# SPDX-License-Identifier: Apache-2.0
"""A plan, with what tests ask of what its actors did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ssn_card.simulator.programme.plan import Plan
from ssn_card.simulator.programme.plan.calendar import DAY, MINUTE, month_in_year
from ssn_card.simulator.programme.plan.draft import Actor
from ssn_card.simulator.programme.plan.events import Fault, Step
from ssn_card.simulator.programme.plan.goods import CODES

_SITTING = 40 * MINUTE  #: a longer pause begins another sitting


@dataclass
class Year:
    """A plan, with what its tests ask of it. Debits are those that were made."""

    plan: Plan

    @cached_property
    def debits(self) -> np.ndarray:
        events = self.plan.events
        made: np.ndarray = events[(events["step"] == Step.DEBIT) & (events["fault"] != Fault.TORN)]
        return made

    @cached_property
    def totals(self) -> np.ndarray:
        rupiah: np.ndarray = np.array([basket.total for basket in self.plan.baskets])[self.debits["basket"]]
        return rupiah

    @cached_property
    def goods(self) -> np.ndarray:
        """(baskets, staple): quantities."""
        amounts = np.zeros((len(self.plan.baskets), len(CODES)), np.int64)
        for number, basket in enumerate(self.plan.baskets):
            for item in basket.items:
                amounts[number, CODES.index(item.staple)] += item.quantity
        return amounts

    @cached_property
    def reference(self) -> dict[tuple[str, int], int]:
        """Rupiah by staple and month, of the city."""
        rows = self.plan.tables["prices"].to_pylist()
        return {
            (row["code"], row["valid_from"].month): row["price_rp"] for row in rows if row["kode_kecamatan"] is None
        }

    def actors(self, scheme: str) -> Iterator[Actor]:
        found = [one for one in self.plan.actors if one.scheme == scheme]
        assert found
        yield from found

    def of(self, actor: Actor) -> np.ndarray:
        """Which debits are an actor's."""
        own: np.ndarray = self.debits["actor"] == actor.number
        return own

    def sittings(self, actor: Actor, *, least: int) -> list[np.ndarray]:
        """Moments of an actor's debits, parted where there is a long pause; so many together at the least."""
        at = np.sort(self.debits["at"][self.of(actor)])
        parted = np.split(at, np.flatnonzero(np.diff(at) > _SITTING) + 1)
        return [moments for moments in parted if len(moments) >= least]

    def dearness(self, which: np.ndarray) -> np.ndarray:
        """What debits cost, against the city's prices of their month."""
        month = month_in_year(self.debits["at"][which] // DAY) + 1
        list_price = [
            sum(self.reference[item.staple, when] * item.quantity for item in self.plan.baskets[basket].items)
            for basket, when in zip(self.debits["basket"][which].tolist(), month.tolist(), strict=True)
        ]
        ratio: np.ndarray = self.totals[which] / np.array(list_price)
        return ratio

    @cached_property
    def short(self) -> dict[int, set[str]]:
        """Shops that sold more of something to cards in the year than they bought."""
        shops = len(self.plan.places.shops)
        sold, bought = np.zeros((shops, len(CODES))), np.zeros((shops, len(CODES)))
        np.add.at(sold, self.debits["terminal"].astype(np.int64) - 1, self.goods[self.debits["basket"]])
        for row in self.plan.tables["invoices"].to_pylist():
            bought[int(row["id_ewarong"][3:]) - 1, CODES.index(row["code"])] += row["quantity"]
        which = sold > bought
        return {int(shop): {CODES[one] for one in np.flatnonzero(which[shop])} for shop in np.flatnonzero(which.any(1))}
