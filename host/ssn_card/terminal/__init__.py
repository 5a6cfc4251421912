# SPDX-License-Identifier: Apache-2.0
"""The shop's terminal: ``from ssn_card.terminal import Terminal``."""

from .errors import (
    AnswerNotGenuine,
    BadReference,
    CardDisturbed,
    DebitInDoubt,
    EarlierDebitFound,
    NothingToCancel,
    NotOurCard,
    RecoveryUncertain,
    ReferenceInUse,
)
from .journal import TerminalJournal
from .journal_errors import (
    JournalBusy,
    JournalDamaged,
    JournalError,
    JournalNotFound,
    JournalNotOurs,
    JournalOfAnotherTerminal,
    JournalOfAnotherVersion,
)
from .purse import CardStatus
from .reference import check_reference
from .session import CardInfo, CardSession
from .terminal import Sale, Terminal

__all__ = [
    "AnswerNotGenuine",
    "BadReference",
    "CardDisturbed",
    "CardInfo",
    "CardSession",
    "CardStatus",
    "DebitInDoubt",
    "EarlierDebitFound",
    "JournalBusy",
    "JournalDamaged",
    "JournalError",
    "JournalNotFound",
    "JournalNotOurs",
    "JournalOfAnotherTerminal",
    "JournalOfAnotherVersion",
    "NotOurCard",
    "NothingToCancel",
    "RecoveryUncertain",
    "ReferenceInUse",
    "Sale",
    "Terminal",
    "TerminalJournal",
    "check_reference",
]
