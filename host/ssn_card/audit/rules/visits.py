# SPDX-License-Identifier: Apache-2.0
"""Whom to visit: all flags about one subject together.

Each flag is a doubt of its score times the weight of its rule, and doubts add up as independent ones do: what is left
of trust is the product of what each leaves. From a total of ``enough`` a visit is asked for. So one grave rule far
beyond what is usual is enough, of plain ones it takes one that is extreme or two, and weak ones only add to others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import prod

from .outcome import Flag, Subject, Suspicion
from .peers import given
from .rule import RuleParameters, Weight


class VisitParameters(RuleParameters):
    """How flags add up."""

    grave: float = given(1.0, "weight of a grave rule", "bobot aturan berat", ge=0, le=1)
    plain: float = given(0.8, "weight of a plain rule", "bobot aturan biasa", ge=0, le=1)
    weak: float = given(0.15, "weight of a weak rule", "bobot aturan lemah", ge=0, le=1)
    enough: float = given(0.25, "doubt from which a visit is asked for", "keraguan mulai perlu kunjungan", gt=0, le=1)


def suspicions(
    flags: Iterable[Flag], weights: Mapping[str, Weight], parameters: VisitParameters
) -> tuple[Suspicion, ...]:
    """Flags by subject, the gravest first. ``weights``: of rules, by their codes."""
    worth = {kind: float(getattr(parameters, kind.value)) for kind in Weight}
    by_subject: defaultdict[tuple[Subject, str], list[Flag]] = defaultdict(list)
    for flag in flags:
        by_subject[flag.subject, flag.who].append(flag)
    found = []
    for (subject, who), together in by_subject.items():
        doubts = {flag: flag.score * worth[weights[flag.rule]] for flag in together}
        total = 1 - prod(1 - doubt for doubt in doubts.values())
        ordered = sorted(together, key=lambda flag: (-doubts[flag], flag.rule))
        found.append(Suspicion(subject, who, round(total, 4), total >= parameters.enough, tuple(ordered)))
    return tuple(sorted(found, key=lambda one: (not one.visit, -one.score, one.subject.value, one.who)))
