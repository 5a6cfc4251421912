# SPDX-License-Identifier: Apache-2.0
"""What the card keeps: sizes from the running applet, writers from its commands."""

from __future__ import annotations

from dataclasses import dataclass

from ssn_card.keys import development_keyring

from ..campaign.bench import Bench
from ..campaign.scenes import SCENES
from ..factory import blank_card
from ..laboratory import LaboratoryConnection
from ..simulator import Simulator

#: What stands in the table, by how the applet reaches it. The longest that fits a place is taken.
_NAMES = {
    "": "constants of the code",
    "store.": "serial, beneficiary, key versions, key table",
    "store.ledger": "log of receipts, the newest of which is the state",
    "store.entitlements.places": "two entitlements, each with the record of its receipt",
    "store.entitlements.": "the entitlements' limits, ready to compare",
    "store.templates": "two templates: constant blocks of MAC'd messages",
    "store.identity": "two identity blocks",
    "store.keys[": "AES keys",
    "store.pin": "PIN",
    "ram": "session",
    "channel.": "SCP03 session keys",
}


@dataclass
class Holding:
    """A part of memory: bytes of its contents, the objects, and the commands that write it."""

    name: str
    cleared: str
    size: int = 0
    objects: int = 0
    writers: tuple[str, ...] = ()


def holdings(simulator: Simulator) -> list[Holding]:
    """All parts, persistent ones first, larger ones first; the writers are those of the campaign's scenes."""
    found: dict[tuple[str, str], Holding] = {}
    card = blank_card(simulator, b"MEMORY" + bytes(2))
    for part in simulator.memory(card):
        key = _name(part.place), part.cleared
        holding = found.setdefault(key, Holding(*key))
        holding.size += part.size
        holding.objects += 1
    simulator.remove(card)
    for name, writers in _writers(simulator).items():
        for (held, cleared), holding in found.items():
            if held == name and cleared == "never":
                holding.writers = writers
    return sorted(found.values(), key=lambda one: (one.cleared != "never", -one.size, one.name))


def _writers(simulator: Simulator) -> dict[str, tuple[str, ...]]:
    """Commands by the part that they write."""
    writers: dict[str, dict[str, None]] = {}
    for number, scene in enumerate(SCENES):
        card = blank_card(simulator, b"WRITER" + number.to_bytes(2, "big"))
        with LaboratoryConnection(simulator, card) as connection:
            connection.transmit(scene.prepare(Bench(connection, development_keyring())).apdu)
            for event in simulator.counters(card, events=True).write_events:
                if event.kind not in ("init", "field"):
                    writers.setdefault(_name(event.place), {})[scene.command] = None
        simulator.remove(card)
    return {name: tuple(commands) for name, commands in writers.items()}


def _name(place: str) -> str:
    return _NAMES[max((prefix for prefix in _NAMES if place.startswith(prefix)), key=len)]
