# SPDX-License-Identifier: Apache-2.0
"""Every field of every receipt of some cards, altered by somebody without the key and handed in beside the honest ones.

The honest receipts stay, so each altered one stands for itself: it must be told of at its own place, and nothing else.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from ssn_card.keys import KeyProvider
from ssn_card.protocol.values import ReceiptType
from ssn_card.receipts import Finding

from .campaign import Bulk, everything, number_of
from .card import Card, Forger
from .formats import FORMATS, write
from .kinds import ALTERED, another_value, fields_of
from .world import FILES, World, honest_cards, honest_world


class Altered(NamedTuple):
    """Which field of which type of receipt."""

    kind: ReceiptType
    field: str

    def __str__(self) -> str:
        return f"{self.kind.name.lower()}-{self.field}"


@dataclass(frozen=True, slots=True)
class Swept:
    """What a judge has said in one format: of how many altered receipts, by field; of which the field was named.

    ``false_alarms``: findings of honest receipts.
    """

    judge: str
    format: str
    seconds: float
    planted: Mapping[Altered, int]
    found: Mapping[Altered, int]
    named: Mapping[Altered, int]
    false_alarms: int

    @property
    def faults(self) -> int:
        """All that should not be."""
        return self.false_alarms + sum(self.planted.values()) - sum(self.found.values())

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "judge": self.judge,
            "format": self.format,
            "seconds": round(self.seconds, 2),
            "planted": sum(self.planted.values()),
            "found": sum(self.found.values()),
            "named": sum(self.named.values()),
            "false_alarms": self.false_alarms,
            "fields": {
                str(one): {"planted": count, "found": self.found.get(one, 0), "named": self.named.get(one, 0)}
                for one, count in self.planted.items()
            },
        }


def sweep(
    seed: int, provider: KeyProvider, folder: Path, cards: int, bulk: Mapping[str, Bulk], formats: Sequence[str]
) -> Iterator[Swept]:
    """Alter, hand in, and have it judged. ``folder`` must be empty."""
    random = Random(seed)
    honest = honest_cards(seed, provider, cards)
    forger = Forger(random, provider, FILES, honest)
    world = honest_world(honest)
    places = dict(_altered(world, honest, forger))
    for name in formats:
        paths = write(folder / name, name, world.files)
        for judge, verify in bulk.items():
            start = time.perf_counter()
            report = verify(paths, name, world)
            yield _swept(judge, name, time.perf_counter() - start, everything(report), places)


def _altered(world: World, cards: Sequence[Card], forger: Forger) -> Iterator[tuple[tuple[int, int], Altered]]:
    """Add to the files, and say where each stands: file and row."""
    for card in cards:
        for entry in card:
            kind = ReceiptType(entry.type)
            for field in fields_of(kind):
                file = world.files[entry.file]
                yield (entry.file, len(file)), Altered(kind, field)
                file.append(another_value(entry, field, forger))


def _swept(
    judge: str, name: str, seconds: float, findings: Sequence[Finding], places: Mapping[tuple[int, int], Altered]
) -> Swept:
    planted, found, named = Counter(places.values()), Counter[Altered](), Counter[Altered]()
    told: set[tuple[int, int]] = set()
    alarms = 0
    for finding in findings:
        place = number_of(finding.file or "-1"), finding.line - FORMATS[name].first
        altered = places.get(place)
        if altered is None or finding.problem not in ALTERED or place in told:
            alarms += 1
            continue
        told.add(place)
        found[altered] += 1
        named[altered] += finding.field == altered.field
    return Swept(judge, name, seconds, planted, found, named, alarms)
