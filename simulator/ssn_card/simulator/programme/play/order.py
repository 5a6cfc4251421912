# SPDX-License-Identifier: Apache-2.0
"""The order in which terminals serve the events of a script, and the transaction numbers that follow from it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ssn_card.simulator.year.fields import Flags, Ints

from ..plan.events import Step
from .by_terminal import Places
from .script import YearScript

_MOVES = (Step.DEBIT, Step.OVERRIDE)


def served(script: YearScript) -> Places:
    """Places of events: terminal by terminal, each in the order in which it serves them; of one second by card."""
    return np.lexsort((script.true_at, script.events["terminal"]))  # stable, and events are sorted by card and turn


def intended(script: YearScript, done: Flags) -> Flags:
    """Events for which a terminal opens a transaction: every movement that is asked for, done or refused.

    A cancellation only where the terminal's newest receipt of that card is a debit, else it knows of nothing to cancel.
    """
    events = script.events
    step = events["step"]
    asked: Flags = np.isin(step, _MOVES) | ((step == Step.CANCEL) & _behind_a_debit(events, done))
    return asked


def _behind_a_debit(events: NDArray[np.void], done: Flags) -> Flags:
    """Events before which the newest receipt of the same card at the same terminal is a debit's."""
    kept = done & (events["step"] <= Step.UPDATE)
    order = np.lexsort((events["turn"], events["terminal"], events["card"]))
    places = np.arange(len(order))
    of_one = events["card"][order].astype(np.int64) << 32 | events["terminal"][order]
    first = np.maximum.accumulate(np.where(np.append(True, of_one[1:] != of_one[:-1])[: len(order)], places, 0))
    newest = np.maximum.accumulate(np.where(kept[order], places, -1))
    before = np.append(-1, newest[:-1])[: len(order)]
    behind = (before >= first) & (events["step"][order][before] == Step.DEBIT)
    result = np.zeros(len(order), np.bool_)
    result[order] = behind
    return result


def transactions(script: YearScript, order: Places, done: Flags) -> Ints:
    """The transaction number of each event, 0 for those that open none; ``order``: of :func:`served`."""
    opened = intended(script, done)[order]
    terminal = script.events["terminal"][order]
    total = np.cumsum(opened)
    first = np.append(True, terminal[1:] != terminal[:-1])[: len(order)]
    before = np.maximum.accumulate(np.where(first, total - opened, 0))
    numbers = np.zeros(len(order), np.int64)
    numbers[order] = np.where(opened, total - before, 0)
    return numbers
