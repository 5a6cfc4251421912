# SPDX-License-Identifier: Apache-2.0
"""The receipts that are judged: in memory as engines take them, and in files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ssn_card.audit.keys import BatchKeys
from ssn_card.audit.rows import Goods, Rows
from ssn_card.keys import KeyProvider, development_keyring
from ssn_card.simulator.year.exports import JsonLines, ParquetTable, by_card, by_terminal
from ssn_card.simulator.year.histories import Habits, Histories, HistoryBatch

from .spoil import spoiled

SEED = 12
_CARDS = 1024  #: of a piece: about as many receipts as a batch has
#: Clocks are right, since a day that goes back is told of, and a clean set has nothing to tell.
_HABITS = Habits(clock_ahead=0.0)
TERMINALS = 12  #: files of the exports
FAULTS = 0.0015  #: share of the receipts of which something is wrong, where that costs


class Piece(NamedTuple):
    """What an engine is given."""

    rows: Rows
    keys: NDArray[np.uint8]
    key_of: NDArray[np.int32]


def provider() -> KeyProvider:
    """Whose keys the receipts are under."""
    return development_keyring()


def histories(habits: Habits = _HABITS) -> Histories:
    """The cards."""
    return Histories(SEED, provider(), habits)


def pieces(receipts: int, faults: float = 0.0) -> Iterator[Piece]:
    """Receipts in memory; of ``faults``, a share, something is wrong."""
    world, keys, random = histories(), BatchKeys(provider()), np.random.default_rng(SEED)
    number = 0
    while receipts > 0:
        raw = world.batch(number, _CARDS).raw
        raw = spoiled(raw, faults, random).raw if faults else raw
        count = len(raw)
        lines = np.arange(1, count + 1)
        rows = Rows(raw, np.zeros(count, np.int32), lines, np.full(count, Goods.NONE, np.uint8))
        yield Piece(rows, *keys.of(raw))
        receipts -= count
        number += 1


def write_lines(path: Path, receipts: int) -> None:
    """JSON Lines without baskets, by card."""
    by_card(histories().batches(receipts), JsonLines(path))


def write_exports(folder: Path, receipts: int, faults: float = 0.0) -> None:
    """Parquet of several terminals, in no order; of ``faults``, a share, something is wrong."""
    folder.mkdir()
    batches = histories().batches(receipts)
    writers = [ParquetTable(folder / f"terminal-{number:02d}.parquet") for number in range(TERMINALS)]
    by_terminal(_spoiled(batches, faults) if faults else batches, writers, SEED)


def _spoiled(batches: Iterable[HistoryBatch], faults: float) -> Iterator[HistoryBatch]:
    random = np.random.default_rng(SEED)
    for batch in batches:
        raw, which = spoiled(batch.raw, faults, random)
        yield batch.taken(which)._replace(raw=raw)


def write_sorted(path: Path, receipts: int) -> None:
    """One Parquet file, by card."""
    by_card(histories().batches(receipts), ParquetTable(path))
