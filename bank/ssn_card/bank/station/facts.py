# SPDX-License-Identifier: Apache-2.0
"""What a station's journal tells the bank, step by step.

The journal itself is the station's (``ssn_card.personalization.journal``), which is above the bank; it is told in these
words. ``row`` is the row of the journal's log that says so: with the journal's name it is the news' own name for ever.
Times are UTC as the store keeps them, by the station's clock.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JournalHead:
    """Which journal, and where its log stood: ``chain``, 64 hexadecimal digits, after so many rows."""

    name: str
    file: str
    rows: int
    chain: str
    signed: bool = False  #: held against a manifest that the station has signed


@dataclass(frozen=True, slots=True)
class _StationNews:
    row: int
    at: str
    serial: str  #: 16 hexadecimal digits


@dataclass(frozen=True, slots=True)
class BlankStocked(_StationNews):
    """A blank card was counted in."""

    delivery: str


@dataclass(frozen=True, slots=True)
class BlankGivenBack(_StationNews):
    """A blank card, left or spoiled, went back to its maker."""


@dataclass(frozen=True, slots=True)
class BlankSpoiled(_StationNews):
    """A card was put aside. It may still be shown again, and made."""


@dataclass(frozen=True, slots=True)
class CardMade(_StationNews):
    """A card was personalized and read back."""

    beneficiary_id: str
    person: bytes  #: his key
    batch: str  #: SHA-256 of the content that it was made from
    line: int
    keys: str  #: versions


@dataclass(frozen=True, slots=True)
class CardLost(_StationNews):
    """A person has declared it lost, made or in doubt: it must never be activated."""

    reason: str


StationFact = BlankStocked | BlankGivenBack | BlankSpoiled | CardMade | CardLost
