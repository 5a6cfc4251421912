# SPDX-License-Identifier: Apache-2.0
"""What the rules say: flags, each with its reason and its receipts, and whom to visit for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ssn_card.protocol.errors import Text


class Subject(StrEnum):
    """Whom a flag points to."""

    SHOP = "shop"
    COMPANION = "companion"
    FAMILY = "family"
    CARD = "card"


@dataclass(frozen=True)
class Peers:
    """How the same measure lies among the subject's peers, itself included."""

    count: int
    least: float
    lower: float  #: a quarter lies below
    median: float
    upper: float  #: a quarter lies above
    most: float


@dataclass(frozen=True)
class Flag:
    """One rule about one subject.

    ``score``: 0 to 1, how far from what is usual; ``receipts``: the most telling ones, as (serial, number), of
    ``receipt_count`` in all, over ``rupiah``.
    """

    rule: str
    subject: Subject
    who: str
    score: float
    measure: float
    peers: Peers
    reason: Text
    receipts: tuple[tuple[str, int], ...]
    receipt_count: int
    rupiah: int
    first_on: date | None
    last_on: date | None
    backing: float = 1.0  #: of a habit or a weak rule: how far money stands behind it, see :mod:`.backing`


@dataclass(frozen=True)
class Suspicion:
    """All flags about one subject. ``visit``: enough for a visit."""

    subject: Subject
    who: str
    score: float
    visit: bool
    flags: tuple[Flag, ...]


@dataclass(frozen=True)
class Unjudged:
    """A rule that could not be applied, wholly or to a part, and why."""

    rule: str
    why: Text


@dataclass(frozen=True)
class RulesOutcome:
    """``suspicions``: the gravest first; ``parameters``: by rule, what it was applied with; ``seconds``: by rule."""

    suspicions: tuple[Suspicion, ...]
    unjudged: tuple[Unjudged, ...]
    parameters: Mapping[str, Mapping[str, object]]
    seconds: Mapping[str, float]
