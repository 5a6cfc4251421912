# SPDX-License-Identifier: Apache-2.0
"""The measured operations of real cards."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True)
class CardTimings:
    """One card; ``ms`` holds the columns of the file that were measured, in milliseconds (µs per bytecode too)."""

    card: str
    java_card: str
    ms: dict[str, float]


def load_timings() -> tuple[CardTimings, ...]:
    """The 13 cards, in the order of the file."""
    text = files(__package__).joinpath("card_timings.csv").read_text("utf-8")
    cards = []
    for row in csv.DictReader(text.splitlines()):
        name, version = row.pop("card"), row.pop("java_card")
        cards.append(CardTimings(name, version, {key: float(value) for key, value in row.items() if _number(value)}))
    return tuple(cards)


def _number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()
