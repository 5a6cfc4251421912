# SPDX-License-Identifier: Apache-2.0
"""Whom to visit: all flags about one subject together.

Each flag is a doubt of its score times the weight of its rule, and doubts add up as independent ones do: what is left
of trust is the product of what each leaves. From a total of ``enough`` a visit is asked for. So one grave rule far
beyond what is usual is enough, of plain ones it takes one that is extreme or two, and weak ones only add to others.

A habit, however extreme, has one harmless reason, which may show in several rules at once. So a rule that sees habits
is weak, unless money stands behind it (:mod:`.backing`): then it is plain; and of habits the strongest counts alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import prod

from .outcome import Flag, Subject, Suspicion
from .peers import given
from .rule import HABITS, RuleParameters, Weight


class VisitParameters(RuleParameters):
    """How flags add up."""

    grave: float = given(1.0, "weight of a grave rule", "bobot aturan berat", ge=0, le=1)
    plain: float = given(0.8, "weight of a plain rule", "bobot aturan biasa", ge=0, le=1)
    weak: float = given(0.15, "weight of a weak rule", "bobot aturan lemah", ge=0, le=1)
    limit_sized: int = given(
        200_000, "rupiah from which a sale takes most of a package", "rupiah mulai sebagian besar satu paket", ge=1
    )
    purpose: float = given(
        0.7,
        "share of such sales that is usual for who comes for a purpose",
        "bagian belanja besar yang lazim",
        gt=0,
        lt=1,
    )
    unproved: float = given(
        0.35,
        "share of small sales without a PIN that is usual",
        "bagian belanja kecil tanpa PIN yang lazim",
        gt=0,
        lt=1,
    )
    used_up: float = given(0.9, "of what was on the card that was spent", "bagian saldo yang dibelanjakan", gt=0, le=1)
    needy: float = given(
        0.4, "share of sales that use up the card and is usual", "bagian belanja penghabis saldo yang lazim", gt=0, lt=1
    )
    round_sum: int = given(10_000, "rupiah: multiples of it are round", "rupiah: kelipatannya bulat", ge=1)
    normal: int = given(300_000, "rupiah: multiples of it are normal", "rupiah: kelipatannya wajar", ge=1)
    rounded: float = given(0.2, "share of round sums that is usual", "bagian jumlah bulat yang lazim", gt=0, lt=1)
    same_goods: float = given(
        0.15,
        "share of purchases for the same goods as another of the day's, beyond chance, that is usual",
        "bagian belanja berisi sama dengan yang lain hari itu, di luar kebetulan, yang lazim",
        gt=0,
        lt=1,
    )
    errand_hours: float = given(1, "hours in which an errand is done", "jam untuk satu urusan belanja", gt=0)
    regular: int = given(3, "months that make a card a regular one", "bulan agar kartu disebut langganan", ge=2)
    other_till: float = given(
        0.8,
        "share of second purchases that are of wholly other goods, where there are two tills",
        "bagian belanja kedua yang barangnya lain sama sekali, bila ada dua kasir",
        gt=0,
        le=1,
    )
    everybody: float = given(
        0.5, "share of regular cards that go to both tills", "bagian kartu langganan ke dua kasir", gt=0, le=1
    )
    backed: float = given(
        2, "digits of improbability at which money wholly stands behind a habit", "digit sampai uang mendukung", gt=0
    )
    crowd: float = given(
        0.8,
        "others beyond the usual who take as much on the same days, for each such sale, that explain it",
        "pembeli lain di atas lazimnya pada hari yang sama, per belanja, yang menjelaskannya",
        gt=0,
    )
    enough: float = given(0.25, "doubt from which a visit is asked for", "keraguan mulai perlu kunjungan", gt=0, le=1)


def suspicions(
    flags: Iterable[Flag], weights: Mapping[str, Weight], parameters: VisitParameters
) -> tuple[Suspicion, ...]:
    """Flags by subject, the gravest first. ``weights``: of rules, by their codes."""
    by_subject: defaultdict[tuple[Subject, str], list[Flag]] = defaultdict(list)
    for flag in flags:
        by_subject[flag.subject, flag.who].append(flag)
    found = []
    for (subject, who), together in by_subject.items():
        doubts = {flag: flag.score * _worth(weights[flag.rule], flag.backing, parameters) for flag in together}
        habits = [doubt for flag, doubt in doubts.items() if weights[flag.rule] in HABITS]
        others = [doubt for flag, doubt in doubts.items() if weights[flag.rule] not in HABITS]
        total = 1 - prod(1 - doubt for doubt in (*others, max(habits, default=0.0)))
        ordered = sorted(together, key=lambda flag: (-doubts[flag], flag.rule))
        found.append(Suspicion(subject, who, round(total, 4), total >= parameters.enough, tuple(ordered)))
    return tuple(sorted(found, key=lambda one: (not one.visit, -one.score, one.subject.value, one.who)))


def _worth(weight: Weight, backing: float, parameters: VisitParameters) -> float:
    if weight in HABITS:
        return parameters.weak + (parameters.plain - parameters.weak) * backing
    return parameters.grave if weight is Weight.GRAVE else parameters.plain
