# SPDX-License-Identifier: Apache-2.0
"""What goes wrong without anybody's ill will: :mod:`.cards` break and get lost, :mod:`.terminals` lose their
network, their time or their receipts, and some receipts are torn or sent twice.
"""

from __future__ import annotations

from typing import Final

from ..population import TWICE
from . import cards, terminals
from .cards import befall
from .terminals import transmit

__all__ = ["FAULTS", "befall", "transmit"]

#: Class, how often, and the rules that should see it.
FAULTS: Final = (
    ("fault-unreadable", f"{cards.UNREADABLE:.1%} of the cards, replaced", ""),
    ("fault-lost", f"{cards.LOST:.1%} of the cards, replaced", ""),
    ("fault-correction", f"{cards.CORRECTED:.1%} of the cards, replaced", ""),
    ("fault-pin-locked", f"{cards.LOCKED:.1%} of the cards, until the desk lets a new PIN be chosen", ""),
    ("fault-deactivated", f"{cards.DEACTIVATED:.1%} of the cards, {cards.REACTIVATED:.0%} of them for a while", ""),
    ("fault-duplicate", f"{TWICE:.1%} of the families are there twice, under one number of the family card", ""),
    ("fault-torn", f"{terminals.TORN:.1%} of the debits: power is cut, and the debit made again", ""),
    ("fault-answer-lost", f"{terminals.ANSWER_LOST:.1%} of the debits: made, told at the next visit", ""),
    ("fault-double-upload", f"{terminals.TWICE:.1%} of the debits reach the auditor twice", "A18"),
    ("fault-never-uploaded", "two days of one terminal in 51", "A18"),
    ("fault-wrong-clock", "two terminals in 51 for some weeks: days behind, and half a day ahead", "A18"),
)
