# SPDX-License-Identifier: Apache-2.0
"""One serial with more receipts than any card makes: hostile, or the same file handed in a thousand times.

Its MACs are checked piece by piece as everybody's; the genuine receipts then go through the judge itself, who keeps
them on the disk. So neither memory nor work grows faster than they do.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ssn_card.receipts import Problem, Receipt, Report
from ssn_card.receipts.spool import Spool
from ssn_card.receipts.verifier import Demands, follow, silent

from .alone import Alone
from .keys import BatchKeys
from .partition import Engine
from .rows import Goods, Raw, Rows
from .sources import Batch
from .terms import Suspects, Terms, Verdict, unsearched


def judge_giant(serial: bytes, parts: Iterable[Batch], keys: BatchKeys, terms: Terms, engine: Engine) -> Verdict:
    """The verdict over the one card whose rows these are, in sorted parts.

    Raises:
        NoRoom: no space for temporary files.
    """
    told, report = Verdict(), Report(terms.most)
    with Spool() as spool:
        for batch in parts:
            rows = batch.rows
            told.findings += batch.others
            alone = Alone(rows, engine(rows, *keys.of(rows.raw)), terms)
            alone.look()
            _keep(spool, rows, alone)
            _add(told, alone.told, terms)
        tip = terms.tips.get(serial) if spool.kept else None
        ends = {} if tip is None else {serial: tip}
        follow(report, spool, list(terms.names), Demands(ends, terms.whole, terms.baskets, terms.lists), silent)
        _find_neighbours(told.suspects, spool)
    report.cards = report.ends_checked = 0  # whoever puts verdicts together counts them, by the serials
    told.judged = report
    if spool.kept:
        told.serials = np.array([int.from_bytes(serial, "big")], np.uint64)
    return told


def _keep(spool: Spool, rows: Rows, alone: Alone) -> None:
    for row in np.flatnonzero(alone.accepted).tolist():
        receipt = Receipt(rows.raw[row].tobytes())
        spool.keep(receipt, int(rows.file[row]), int(rows.line[row]), bool(rows.goods[row] != Goods.NONE))


def _add(told: Verdict, more: Verdict, terms: Terms) -> None:
    """Put a part to what there is of the card; of suspects no more is held than is searched."""
    told.lines += more.lines
    told.rejected += more.rejected
    told.suspected += more.suspected
    told.findings += more.findings
    told.unworded += more.unworded
    told.suspects, others = Suspects.of((told.suspects, more.suspects)).first(terms.searched)
    if terms.most is None:
        told.findings += unsearched(others, terms.names)
    else:
        told.unworded[Problem.UNKNOWN_KEY] += int(np.count_nonzero(~others.has_key))
        told.unworded[Problem.FORGED] += int(np.count_nonzero(others.has_key))


def _find_neighbours(suspects: Suspects, spool: Spool) -> None:
    for place in range(len(suspects.raw)):
        receipt = Receipt(suspects.raw[place].tobytes())
        for beside, step in ((suspects.previous, -1), (suspects.following, +1)):
            found = spool.find(receipt.serial, receipt.seq + step)
            if found is not None:
                beside[place] = _raw(found)


def _raw(receipt: Receipt) -> Raw:
    return np.frombuffer(receipt.raw, np.uint8)
