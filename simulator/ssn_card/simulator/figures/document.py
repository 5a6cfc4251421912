# SPDX-License-Identifier: Apache-2.0
"""Everything that is made for the documents: pictures, and marked regions of docs/card.md, cap.md and journeys.md."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ssn_card.protocol.checkout import repository

from ..cost import Projection, load_timings, measured, project
from ..cost.chart import draw, draw_together
from ..cost.counts import HEADINGS, all_counts
from ..cost.goals import LONGEST, TOGETHER, goal_ms, has_goal, met, with_together
from ..cost.project import Measured
from ..cost.words import unknown_terms
from ..simulator import Simulator
from .journeys import JOURNEYS, draw_journey, journey_table, record
from .memory import Holding, holdings
from .ram import draw_ram
from .regions import filled, markdown_table
from .sizes import cap_regions, is_of_these_sources
from .states import draw_life, draw_session
from .writes import DRAWN, draw_writes, order_of_writes

_LANGUAGE = "en"  #: of the documents
_WITH_SIZES = ("card.md", "cap.md")  #: CAP sizes, which need a kit


@dataclass(frozen=True)
class Made:
    """Files by their path below the documents' folder; ``stale``: documents whose CAP sizes are of other sources, and
    were left so, for want of the kit.
    """

    files: Mapping[str, bytes]
    stale: tuple[str, ...]


def make(docs: Path, step: Callable[[], None] = lambda: None) -> Made:
    """All files anew; writes nothing. ``step`` is called :data:`STEPS` times.

    Raises:
        BadRegions: a document has not the regions that are made for it.
        PlotsMissing, JavaMissing, SimulatorJarMissing, BadClassFile: what is needed is not there.
        ConversionFailed: a kit is given, and does not convert the applet.
    """
    with Simulator() as simulator:
        runs = measured(simulator)
        step()
        orders = tuple(order_of_writes(simulator, name) for name in DRAWN)
        step()
        memory = holdings(simulator)
        step()
        walks = {one: record(simulator, one) for one in JOURNEYS}
        step()
    cards = [with_together([project(run, timings) for run in runs]) for timings in load_timings()]
    sizes = cap_regions()
    step()
    regions: dict[str, dict[str, str | None]] = {
        "card.md": {
            "memory": _memory(memory, runs[0]),
            "counts": _counts(runs),
            "cost": _cost(cards),
            "size": sizes["size"],
        },
        "cap.md": {"cap": sizes["cap"]},
        "journeys.md": {one.name: journey_table(walk, repository()) for one, walk in walks.items()},
    }
    files = {
        "figures/life.svg": draw_life(),
        "figures/session.svg": draw_session(),
        "figures/ram.svg": draw_ram(),
        "figures/writes.svg": draw_writes(orders),
        "figures/cost.svg": draw([card for card in cards if has_goal(card[0].card)], _LANGUAGE),
        "figures/cost-cards.svg": draw_together(cards, _LANGUAGE),
    }
    files |= {f"figures/journey-{one.name}.svg": draw_journey(one, walk) for one, walk in walks.items()}
    step()
    for name, bodies in regions.items():
        text = filled(docs / name, (docs / name).read_text("utf-8"), bodies)
        files[name] = text.encode()
    return Made(files, tuple(name for name in _WITH_SIZES if not is_of_these_sources(files[name].decode())))


STEPS = 6  #: of :func:`make`


def differing(docs: Path, made: Made) -> list[str]:
    """Paths of files that are missing or not what they should be."""
    return [name for name, data in made.files.items() if not _is(docs / name, data)]


def write(docs: Path, made: Made) -> list[str]:
    """Writes what differs, and gives its paths."""
    changed = differing(docs, made)
    for name in changed:
        (docs / name).parent.mkdir(exist_ok=True)
        (docs / name).write_bytes(made.files[name])
    return changed


def _is(path: Path, data: bytes) -> bool:
    if not path.is_file():
        return False
    return same_picture(path.read_bytes(), data) if path.suffix == ".svg" else path.read_bytes() == data


_HASHED = re.compile(rb"\b[mph][0-9a-f]{10}\b")
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
_TOLERANCE = 0.05  #: points; processors differ in the last digits


def same_picture(one: bytes, other: bytes) -> bool:
    """Whether two SVG files look the same: what is drawn is the same, at the same places."""
    one, other = _HASHED.sub(b"", one), _HASHED.sub(b"", other)
    if _NUMBER.split(one) != _NUMBER.split(other):
        return False
    pairs = zip(_NUMBER.findall(one), _NUMBER.findall(other), strict=True)
    return all(abs(float(a) - float(b)) <= _TOLERANCE for a, b in pairs)


# ---------------------------------------------------------------- regions


def _memory(parts: list[Holding], run: Measured) -> str:
    rows = [(one.name, _writers(one), one.cleared, one.objects, one.size) for one in parts]
    persistent = sum(one.size for one in parts if one.cleared == "never")
    ram = run.counters.ram_reset_bytes + run.counters.ram_deselect_bytes
    hidden = ram - sum(one.size for one in parts if one.cleared != "never")
    table = markdown_table(("what", "written by", "cleared on", "objects", "bytes"), rows, left=3)
    return f"{table}\n\nPersistent: {persistent:,} bytes. RAM: {ram:,} bytes, {hidden} of them inside the PIN object."


def _writers(part: Holding) -> str:
    if part.cleared != "never":
        return "every session"
    return ", ".join(part.writers) or "installation"


def _counts(runs: list[Measured]) -> str:
    names = [name for name in HEADINGS if name != "ram_bytes"]  # the same for all commands: it is with the memory
    head = ("command", *(HEADINGS[name].in_language(_LANGUAGE) for name in names))
    return markdown_table(
        head, [(command, *(figures[name] for name in names)) for command, figures in all_counts(runs).items()]
    )


def _cost(cards: list[list[Projection]]) -> str:
    rows = []
    for card in cards:
        one = next(projection for projection in card if projection.command == TOGETHER)
        longest = next(projection for projection in card if projection.command == LONGEST)
        goal = goal_ms(one.card, one.command)
        verdict = {True: "met", False: "not met", None: ""}[met(one)]
        rows.append(
            (
                one.card,
                f"{goal:g}" if goal else "",
                verdict,
                unknown_terms(one, _LANGUAGE),
                _bracket(one),
                _bracket(longest),
            )
        )
    head = ("card", "goal, ms", "", "not known", "SELECT + DEBIT, ms", f"{LONGEST}, ms")
    return markdown_table(head, rows, left=4)


def _bracket(one: Projection) -> str:
    return f"≥ {one.low_ms:.1f}" if one.unknown else f"{one.low_ms:.1f}-{one.high_ms:.1f}"
