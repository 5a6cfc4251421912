# SPDX-License-Identifier: Apache-2.0
"""Which receipts shops hand in, in which files and in which order, with all that goes wrong on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ssn_card.simulator.year.exports import JsonLines, ParquetTable, Writer
from ssn_card.simulator.year.fields import Flags, Ints
from ssn_card.simulator.year.histories import HistoryBatch

from ..plan.events import Fault, Step
from .by_terminal import AtTerminals, Places
from .calendar import day_of
from .order import served
from .played import Played
from .script import YearScript

DESK = 0  #: the office's own terminal, alone in its file
FEW_CARDS = 5_000  #: up to so many shops hand in JSON Lines, a file each; else tables, a file for many
SHOPS = 64  #: of a table
_PIECE = 1 << 17  #: receipts written at once


@dataclass(frozen=True)
class Upload:
    """One file. ``places``: of the events whose receipts it holds."""

    name: str
    places: Places


def uploads(script: YearScript, played: Played) -> Iterator[Upload]:
    """The files: of each shop what it hands in at once, and what it hands in late; what comes twice at the end."""
    events = script.events
    order = served(script)
    order = order[(played.receipted(script) & (events["fault"] != Fault.NEVER_UPLOADED))[order]]
    groups = _groups(script)
    late = _late(script)[order]
    group = groups[order]
    for number in np.unique(group):
        of_it = group == number
        for is_late in (False, True):
            places = order[of_it & (late == is_late)]
            if len(places):
                again = places[events["fault"][places] == Fault.DOUBLE_UPLOAD]
                yield Upload(_name(script, int(number), late=is_late), np.concatenate((places, again)))


def write(script: YearScript, played: Played, folder: Path) -> int:
    """Write all files into a folder. Returns how many receipts they hold, those that come twice twice."""
    count, texts = 0, [basket.as_json() for basket in script.baskets]
    for upload in uploads(script, played):
        writer = _writer(script, folder / upload.name, texts)
        try:
            for begin in range(0, len(upload.places), _PIECE):
                places = upload.places[begin : begin + _PIECE]
                events = script.events[places]
                goods = np.where(events["step"] == Step.DEBIT, events["basket"], -1)
                writer.write(
                    HistoryBatch(
                        played.raw[places],
                        events["turn"].astype(np.uint16),
                        events["terminal"].astype(np.int32),
                        goods.astype(np.int32),
                    )
                )
        finally:
            writer.close()
        count += len(upload.places)
    return count


def _few(script: YearScript) -> bool:
    return len(script.serials) <= FEW_CARDS


def _groups(script: YearScript) -> Ints:
    """Number of the file, before it is parted into what comes at once and what late, of each event."""
    terminal = script.events["terminal"].astype(np.int64)
    return terminal if _few(script) else (terminal + SHOPS - 1) // SHOPS


def _name(script: YearScript, group: int, *, late: bool) -> str:
    behind = "-late" if late else ""
    if group == DESK:
        return f"desk{behind}.{'jsonl' if _few(script) else 'parquet'}"
    if _few(script):
        return f"EW-{group:03}{behind}.jsonl"
    return f"EW-{(group - 1) * SHOPS + 1:04}-{group * SHOPS:04}{behind}.parquet"


def _late(script: YearScript) -> Flags:
    """Events of shops that were offline."""
    late = np.zeros(len(script.events), np.bool_)
    at = AtTerminals(script.events)
    for one in script.outages:
        places = at.of(one.terminal)
        days = day_of(script.true_at[places])
        late[places] |= (days >= one.first) & (days <= one.last)
    return late


def _writer(script: YearScript, path: Path, texts: list[str]) -> Writer:
    return JsonLines(path, texts) if _few(script) else ParquetTable(path, texts)
