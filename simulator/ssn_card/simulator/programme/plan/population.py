# SPDX-License-Identifier: Apache-2.0
"""Families and their cards. Families are those of the shipped registry; a larger city has more like them.

A card that is replaced is another card of the same family.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ssn_card.programme import load_regions

from .calendar import FIRST, NEVER, Ints
from .places import Places, places

_REGISTRY: Final = Path(__file__).with_name("beneficiaries.csv")
_PREFIX: Final = 6472_26  #: of all serials: the city, and the year in which the cards are made
_LATE, _NOT_YET = 0.10, 0.012  #: of the cards: handed over after the first load; in the whole year not at all
_WITH_PIN: Final = 0.9  #: made with a PIN; the others' holders choose one at their first visit
TWICE: Final = 0.01  #: families that the registry has twice


_CARD_DAYS: Final = (
    "issued_on",
    "delivered_on",
    "worked_until",
    "blocked_on",
    "locked_on",
    "unlocked_on",
    "deactivated_on",
    "reactivated_on",
)


@dataclass(frozen=True)
class Families:
    """One entry a family. ``home``: the shop (place) where it buys most."""

    kecamatan: Ints
    kelurahan: Ints
    companion: Ints
    home: Ints
    no_kk: tuple[str, ...]
    nama: tuple[str, ...]
    again: Ints  #: the family whom the registry has here once more, or -1

    def __len__(self) -> int:
        return len(self.home)


@dataclass
class CardStock:
    """One entry a card; the first are one of each family, in their order, then those that replace others.

    Days, or ``NEVER``. ``worked_until``: the day on which it was lost, broke or was taken from its holder; ``pin``:
    made with one.
    """

    family: Ints
    replaces: Ints
    reason: list[str]
    issued_on: Ints
    delivered_on: Ints
    worked_until: Ints
    blocked_on: Ints
    pin: NDArray[np.bool_]
    locked_on: Ints  #: PIN locked, until a new one is allowed
    unlocked_on: Ints
    deactivated_on: Ints
    reactivated_on: Ints

    def __len__(self) -> int:
        return len(self.family)

    @property
    def serials(self) -> NDArray[np.uint8]:
        """(n, 8): sixteen decimal digits."""
        return serials(np.arange(len(self)))

    def replaced(self, cards: Ints, reason: str, *, lost: Ints, blocked: Ints, made: Ints, delivered: Ints) -> Ints:
        """Another card for the family of each; returns their places."""
        self.worked_until[cards], self.blocked_on[cards] = lost, blocked
        never = np.full(len(cards), NEVER)
        for name in _CARD_DAYS:
            setattr(self, name, np.concatenate((getattr(self, name), never)))
        self.family = np.concatenate((self.family, self.family[cards]))
        self.replaces = np.concatenate((self.replaces, cards))
        self.pin = np.concatenate((self.pin, np.ones(len(cards), np.bool_)))
        self.reason += [reason] * len(cards)
        new = np.arange(len(self) - len(cards), len(self))
        self.issued_on[new], self.delivered_on[new] = made, delivered
        return new


@dataclass(frozen=True)
class Population:
    """Who takes part. ``companions``: their names as the registry has them."""

    places: Places
    families: Families
    cards: CardStock
    companions: tuple[str, ...]
    companion_kecamatan: Ints

    @property
    def companion_ids(self) -> tuple[bytes, ...]:
        """As override receipts name them, 8 bytes each."""
        return tuple(f"PD-{number:05d}".encode("ascii") for number in range(1, len(self.companions) + 1))


def family_name(family: int) -> str:
    """As files name it."""
    return f"K-{family + 1:06d}"


def serials(places: Ints) -> NDArray[np.uint8]:
    """Of the cards at these places, (n, 8)."""
    numbers = _PREFIX * 10**10 + 1 + places
    digits = numbers[:, None] // 10 ** np.arange(15, -1, -1) % 10
    packed: NDArray[np.uint8] = (digits[:, 0::2] * 16 + digits[:, 1::2]).astype(np.uint8)
    return packed


def population(families: int, random: np.random.Generator) -> Population:
    """So many families with one card each: the first of the registry, or all of them and more like them."""
    rows = list(csv.DictReader(_REGISTRY.read_text(encoding="utf-8").splitlines()))[:families]
    codes = {region.code: number for number, region in enumerate(load_regions())}
    theirs = np.array([codes[row["kode_kecamatan"]] for row in rows])
    city = places(sorted(set(theirs.tolist())), families, random)
    at = {pair: place for place, pair in enumerate(zip(city.kecamatan_of.tolist(), city.kelurahan, strict=True))}
    model = np.arange(families) % len(rows)
    kelurahan = np.array([at[number, row["kelurahan"]] for number, row in zip(theirs.tolist(), rows, strict=True)])[
        model
    ]
    companion = _companions(rows, families)
    again, no_kk, nama = _names(rows, theirs[model], random)
    known = Families(theirs[model], kelurahan, companion, _homes(city, kelurahan), no_kk, nama, again)
    first = np.unique(companion, return_index=True)[1]
    names = tuple(f"PD-{number + 1:03d}" for number in range(len(first)))
    return Population(city, known, _cards(families, random), names, known.kecamatan[first])


def _companions(rows: list[dict[str, str]], families: int) -> Ints:
    """The registry's own, and for each copy of it as many others."""
    names = [row["pendamping"] for row in rows]
    known = {name: number for number, name in enumerate(dict.fromkeys(names))}
    copy, model = np.divmod(np.arange(families), len(rows))
    companion: Ints = copy * len(known) + np.array([known[name] for name in names])[model]
    return companion


def _homes(city: Places, kelurahan: Ints) -> Ints:
    """Families of a kelurahan spread over its shops."""
    order = np.argsort(kelurahan, kind="stable")
    home = np.empty(len(kelurahan), np.int64)
    for which in np.split(order, np.flatnonzero(np.diff(kelurahan[order])) + 1):
        near = city.near[int(kelurahan[which[0]])]
        home[which] = near[np.arange(len(which)) % len(near)]
    return home


def _names(
    rows: list[dict[str, str]], kecamatan: Ints, random: np.random.Generator
) -> tuple[Ints, tuple[str, ...], tuple[str, ...]]:
    """Which family the registry has again under another number, and number of the family card and name of each.

    The registry's copies keep its names; their numbers go on where its own end.
    """
    count = len(kecamatan)
    copy, model = np.divmod(np.arange(count), len(rows))
    again = np.full(count, NEVER)
    for one in random.choice(count, round(TWICE * count), replace=False).tolist():
        others = np.flatnonzero((kecamatan == kecamatan[one]) & (again == NEVER))
        other = int(random.choice(others))
        again[one] = other if other != one and one not in again else NEVER
    of = np.where(again == NEVER, np.arange(count), again)
    no_kk = tuple(str(int(rows[model[one]]["no_kk"]) + 100 * int(copy[one])) for one in of)
    return again, no_kk, tuple(rows[model[one]]["nama"] for one in of)


def _cards(count: int, random: np.random.Generator) -> CardStock:
    chance = random.random(count)
    delivered = FIRST - random.integers(3, 28, count)
    late = FIRST + random.integers(10, 150, count)
    delivered = np.where(chance < _LATE, late, delivered)
    delivered = np.where(chance < _NOT_YET, NEVER, delivered)
    never = [np.full(count, NEVER) for _ in range(6)]
    return CardStock(
        family=np.arange(count),
        replaces=np.full(count, NEVER),
        reason=[""] * count,
        issued_on=FIRST - random.integers(30, 60, count),
        delivered_on=delivered,
        worked_until=never[0],
        blocked_on=never[1],
        pin=random.random(count) < _WITH_PIN,
        locked_on=never[2],
        unlocked_on=never[3],
        deactivated_on=never[4],
        reactivated_on=never[5],
    )
