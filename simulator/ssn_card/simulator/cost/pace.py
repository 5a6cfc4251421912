# SPDX-License-Identifier: Apache-2.0
"""Simulated cards that answer in a real card's time: the weights of :mod:`.project`, upper bracket, for the simulator.

The simulator waits out what a command would have taken (``Pace`` in Java); what was never measured takes no time.
"""

from __future__ import annotations

from typing import Annotated

import typer

from ssn_card.protocol.errors import InputError, Text

from .project import FRAMING, SLOPE_BLOCKS, of_writes
from .timings import CardTimings, load_timings

#: The option of commands that start a simulator.
Pace = Annotated[
    str,
    typer.Option(
        "--pace",
        metavar="CARD",
        help="Answer in the time of a measured card, J3R180 / jawab secepat kartu terukur, misalnya J3R180.",
    ),
]
PROPERTY = "ssn.card.pace"  #: of the simulator's process


class NoSuchPace(InputError):
    """No measured card, or several, have this in their name."""

    code = "no-such-pace"
    text = Text("'{name}' names no single measured card.", "'{name}' bukan nama satu kartu terukur.")
    remedy = Text("Take one of: {known}.", "Pilih salah satu: {known}.")
    where = "--pace"
    name: str
    known: str


def timings_of(name: str) -> CardTimings:
    """The one card with ``name`` in its name, such as ``J3R180``. Raises :class:`NoSuchPace`."""
    cards = load_timings()
    found = [card for card in cards if name and name.lower() in card.card.lower()]
    if len(found) != 1:
        raise NoSuchPace(name, ", ".join(card.card for card in cards))
    return found[0]


def weights(timings: CardTimings) -> dict[str, float]:
    """Milliseconds of each thing that a command does, by the names that ``Pace`` knows."""
    ms = timings.ms
    line, one, many = (ms.get(f"{name}") for name in ("line_ms_per_byte", "aes128_cbc_16B_ms", "aes128_cbc_256B_ms"))
    known = {
        "line": line,
        "command": None if line is None else line * FRAMING,
        "aes_call": one,
        "aes_block": None if one is None or many is None else (many - one) / SLOPE_BLOCKS,
        "init": ms.get("aes128_cbc_init_ms"),
        "set_key": ms.get("aes128_set_key_ms"),
        "random": ms.get("random_16B_ms"),
        "bytecode": ms["us_per_bytecode"] / 1000 if "us_per_bytecode" in ms else None,
        "api_call": ms.get("ram_copy_256B_ms"),
    }
    for kind in ("atomic", "nonatomic"):
        few, much = of_writes(ms, kind)
        known[f"write_{kind}_32"], known[f"write_{kind}_256"] = few or much, much or few
    return {name: value for name, value in known.items() if value is not None}


def java_options(name: str) -> tuple[str, ...]:
    """What makes a :class:`~..simulator.Simulator` keep that card's pace; ``""``: none. Raises :class:`NoSuchPace`."""
    if not name:
        return ()
    return (f"-D{PROPERTY}=" + ",".join(f"{key}={value!r}" for key, value in weights(timings_of(name)).items()),)
