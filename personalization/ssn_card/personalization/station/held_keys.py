# SPDX-License-Identifier: Apache-2.0
"""Which cards have which versions of their keys: as they were made, by the journal, and moved on, by the register."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from ssn_card.personalization.card.groups import KeyVersions
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.journal.records import NumberState
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.values import KeySelection

MOVING = tuple(KeyLabel[one.name] for one in KeySelection if one.name)  #: keys of which a card has two versions


@dataclass(frozen=True, slots=True)
class HeldKeys:
    """The keys of one finished card. ``selection``: those in their next version, by the card's newest update; ``None``
    where no register knows the card."""

    serial: bytes
    versions: KeyVersions
    selection: KeySelection | None

    def in_force(self, label: KeyLabel) -> int | None:
        """Version of a key that moves; ``None`` where nobody knows."""
        if self.selection is None:
            return None
        return self.versions.of(label, following=KeySelection[label.name] in self.selection)

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "serial": self.serial.hex(),
            "issuer": self.versions.issuer,
            "registry": self.versions.registry,
            **{
                label.name.lower(): {
                    "made_with": [self.versions.of(label), self.versions.of(label, following=True)],
                    "in_force": self.in_force(label),
                }
                for label in MOVING
            },
        }


class KeyCount(NamedTuple):
    """How many cards have a version of a key, and on how many it is in force; ``None`` without a register."""

    purpose: str
    version: int
    cards: int
    in_force: int | None


def held_keys(journal: Journal, selections: Mapping[bytes, KeySelection] | None = None) -> tuple[HeldKeys, ...]:
    """Of every finished card of a journal; ``selections``: of the register, by serial."""
    known = selections or {}
    return tuple(
        HeldKeys(entry.serial, KeyVersions.parse(entry.keys), known.get(entry.serial))
        for entry in journal.cards()
        if entry.state is NumberState.DONE and entry.serial is not None and entry.keys
    )


def key_counts(cards: Iterable[HeldKeys], *, registered: bool) -> tuple[KeyCount, ...]:
    """By purpose and version. ``registered``: whether a register was asked."""
    have: Counter[tuple[str, int]] = Counter()
    force: Counter[tuple[str, int]] = Counter()
    for card in cards:
        for label in MOVING:
            name = label.name.lower()
            have.update((name, card.versions.of(label, following=following)) for following in (False, True))
            if (version := card.in_force(label)) is not None:
                force[name, version] += 1
        for name in ("issuer", "registry"):
            version = getattr(card.versions, name)
            have[name, version] += 1
            force[name, version] += 1
    return tuple(KeyCount(*place, have[place], force[place] if registered else None) for place in sorted(have))
