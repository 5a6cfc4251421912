# SPDX-License-Identifier: Apache-2.0
"""What the rules said, held to the truth of a year.

An actor is who commits fraud: a shop, companion, family or card. It is found where a visit to it is asked for. A rule
is right where it names an actor; wrong where it names somebody honest: no actor, and no card or family of which any
receipt is part of a fraud. Who does a petty wrong a few times a year is neither honest nor expected to be found. A18
names faults, which have no actor: of those, each receipt counts, and it is found where verification has something to
say of it.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ssn_card.audit.books import Books
from ssn_card.audit.rules import Flag, RulesOutcome
from ssn_card.simulator.programme.plan.scheme import PETTY

FAULTS_RULE = "A18"
_FAMILIES = ("card", "family")
#: Who, by kind and name.
Who = tuple[str, str]


@dataclass(frozen=True)
class PlantedActor:
    """One who commits fraud, or looks like it. ``rules``: those that should see him."""

    who: Who
    scheme: str
    rules: tuple[str, ...]
    honest: bool

    @property
    def petty(self) -> bool:
        """Not honest, but too little for any rule to see."""
        return self.scheme.startswith(PETTY)


@dataclass
class RuleMarks:
    """Of one rule. ``guilty``: actors that it named, whether they were planted for it or not."""

    planted: int = 0
    found: int = 0
    guilty: int = 0
    flagged_honest: int = 0
    seconds: float = 0.0

    def __iadd__(self, other: RuleMarks) -> RuleMarks:
        for name in ("planted", "found", "guilty", "flagged_honest", "seconds"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self

    def as_dict(self, rule: str) -> dict[str, object]:
        """For ``--json``; a share of nothing is ``None``."""
        told = self.guilty + self.flagged_honest
        return {
            "rule": rule,
            "planted": self.planted,
            "found": self.found,
            "flagged_honest": self.flagged_honest,
            "precision": round(self.guilty / told, 4) if told else None,
            "recall": round(self.found / self.planted, 4) if self.planted else None,
            "seconds": round(self.seconds, 3),
        }


@dataclass
class YearMarks:
    """Of one year, or of several together; counters by scheme."""

    rules: dict[str, RuleMarks] = field(default_factory=dict)
    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    honest_shops: int = 0
    honest_visited: Counter[str] = field(default_factory=Counter)  #: shops, by what they look like
    families_in_vain: int = 0  #: honest families, by themselves or by a card, that are to be visited
    unjudged: list[str] = field(default_factory=list)

    def add(self, other: YearMarks) -> None:
        """Take another year's in."""
        for rule, marks in other.rules.items():
            self.rules.setdefault(rule, RuleMarks()).__iadd__(marks)
        self.planted += other.planted
        self.found += other.found
        self.honest_shops += other.honest_shops
        self.honest_visited += other.honest_visited
        self.families_in_vain += other.families_in_vain
        self.unjudged += other.unjudged

    @property
    def honest_flagged_share(self) -> float:
        """Of honest shops, those that are to be visited."""
        return self.honest_visited.total() / self.honest_shops if self.honest_shops else 0.0


def mark(outcome: RulesOutcome, books: Books, truth: Path) -> YearMarks:
    """Hold an outcome to the truth of its year."""
    marks = YearMarks(unjudged=[f"{one.rule}: {one.why.en}" for one in outcome.unjudged])
    actors = {actor.who: actor for actor in _actors(truth)}
    guilty = {who for who, actor in actors.items() if not actor.honest}
    _mark_visits(marks, outcome, actors)
    marks.honest_shops = len({("shop", shop) for shop in _column(books, "SELECT id_ewarong FROM shops")} - guilty)
    concerned = guilty | set(_concerned(books, truth))
    visited = {(one.subject.value, one.who) for one in outcome.suspicions if one.visit}
    marks.families_in_vain = sum(kind in _FAMILIES and (kind, who) not in concerned for kind, who in visited)
    for rule, seconds in outcome.seconds.items():
        marks.rules[rule] = RuleMarks(seconds=seconds)
    flags = [flag for one in outcome.suspicions for flag in one.flags]
    for flag in flags:
        marks.rules[flag.rule].guilty += _who(flag) in guilty
        marks.rules[flag.rule].flagged_honest += _who(flag) not in concerned
    told = {(flag.rule, _who(flag)) for flag in flags}
    for who in (who for who in guilty if not actors[who].petty):
        for rule in actors[who].rules:
            marks.rules[rule].planted += 1
            marks.rules[rule].found += (rule, who) in told
    _mark_faults(marks.rules[FAULTS_RULE], books, truth)
    return marks


def _mark_visits(marks: YearMarks, outcome: RulesOutcome, actors: Mapping[Who, PlantedActor]) -> None:
    visited = {(one.subject.value, one.who) for one in outcome.suspicions if one.visit}
    for who, actor in actors.items():
        if not actor.honest and not actor.petty:
            marks.planted[actor.scheme] += 1
            marks.found[actor.scheme] += who in visited
    for who in visited:
        if who[0] == "shop" and (who not in actors or actors[who].honest):
            marks.honest_visited[actors[who].scheme if who in actors else "honest"] += 1


def _mark_faults(marks: RuleMarks, books: Books, truth: Path) -> None:
    """Receipts with a fault that verification should see; a gap is told of at the receipt behind it."""
    ((planted, found),) = books.connection.execute(
        """
        SELECT count(*), count(*) FILTER (WHERE EXISTS (
            FROM problems p WHERE p.serial = e.serial AND p.seq >= e.seq AND p.seq - p.receipts <= e.seq))
        FROM read_parquet($events) e WHERE e.rule = $rule
        """,
        {"events": str(truth / "events.parquet"), "rule": FAULTS_RULE},
    ).fetchall()
    marks.planted += planted
    marks.found += found
    marks.guilty += found


def _actors(truth: Path) -> Iterator[PlantedActor]:
    with (truth / "actors.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            who = (row["subject"], row["who"])
            yield PlantedActor(who, row["scheme"], tuple(filter(None, row["rules"].split(";"))), row["honest"] == "yes")


def _concerned(books: Books, truth: Path) -> Iterator[Who]:
    """Cards and families with a receipt that is part of a fraud, or of a petty one."""
    rows = books.connection.execute(
        """
        SELECT DISTINCT e.serial, c.family
        FROM read_parquet($events) e JOIN cards c USING (serial) WHERE e.class LIKE 'fraud-%' OR e.class LIKE 'petty-%'
        """,
        {"events": str(truth / "events.parquet")},
    ).fetchall()
    for serial, family in rows:
        yield ("card", serial)
        yield ("family", family)


def _who(flag: Flag) -> Who:
    return (flag.subject.value, flag.who)


def _column(books: Books, query: str) -> list[str]:
    return [value for (value,) in books.connection.execute(query).fetchall()]
