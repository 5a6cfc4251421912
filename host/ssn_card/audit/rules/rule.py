# SPDX-License-Identifier: Apache-2.0
"""What a rule is. Each lies in a file of its own, ``aNN_name.py``, which holds one ``RULE``; nothing else lists it.

A rule asks the books twice. ``evidence`` gives the receipts that look as the rule describes: rows of ``who``,
``serial``, ``seq``, ``day``, ``amount`` and ``telling`` (the larger, the sooner it is shown), with ``subject`` where
the rule has more than one kind. ``query`` gives a row for each subject that can be judged: ``who``, ``measure``,
``score`` (0: nothing to say) and whatever the reason has places for. Subjects of one kind are each other's peers.

Where ``query`` names ``evidence``, it is a table by then. Else it is asked first, and ``evidence`` may be asked of
those in the table ``told`` alone: the rows of ``query`` with a score. Both may use the macros of :mod:`.peers`, what
the rule ``prepares``, and, as ``$name``, its parameters and, where it has none of that name, those of ``[visit]``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from pydantic import BaseModel, ConfigDict

from ssn_card.protocol.errors import Text

from .outcome import Subject
from .signs import USUAL_SIGNS, Sign


class RuleParameters(BaseModel):
    """Base of each rule's parameters: defaults, and in each field's description what it means, in two languages."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Weight(Enum):
    """How much a rule counts where it is decided whom to visit; see :mod:`.visits`."""

    GRAVE = "grave"  #: honest people have hardly a reason for it
    PLAIN = "plain"
    HABIT = "habit"  #: when, where or how people come: plain as far as money stands behind it, else weak
    WEAK = "weak"  #: often there is a harmless reason; plain where the rule itself sees what is taken


#: Of which the strongest alone counts: they may have one harmless reason.
HABITS: Final = frozenset({Weight.HABIT, Weight.WEAK})


@dataclass(frozen=True)
class Blind:
    """What a rule could not look at: rows that fill ``text``; no row: nothing."""

    query: str
    text: Text


@dataclass(frozen=True)
class Prepared:
    """A table that several rules ask of: made for the first of them, kept for the others."""

    name: str
    query: str


@dataclass(frozen=True)
class Rule:
    """One rule.

    Args:
        code: by which it is known, ``"A4"``.
        title: what it looks for.
        source: where the signal is described.
        subjects: whom it points to.
        needs: side tables that it reads beside those that are always there.
        parameters: their model.
        evidence, query: questions to DuckDB, as above.
        reason: for one subject; places are columns of ``query``, and of all evidence ``receipts``, ``amount_rp``,
            ``first_on``, ``last_on``.
        weight: for whoever decides on visits.
        signs: what money may show on the receipts of a habit; of what all of them show by themselves nothing is told.
        blind: what it could not look at.
        prepares: tables beside the books', with no parameters but those of ``[visit]``; made in this order.
    """

    code: str
    title: Text
    source: str
    subjects: Sequence[Subject]
    evidence: str
    query: str
    reason: Text
    parameters: type[RuleParameters]
    needs: frozenset[str] = frozenset()
    weight: Weight = Weight.PLAIN
    signs: frozenset[Sign] = USUAL_SIGNS
    blind: Sequence[Blind] = ()
    prepares: Sequence[Prepared] = ()
