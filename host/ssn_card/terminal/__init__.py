# SPDX-License-Identifier: Apache-2.0
"""The shop's terminal: ``from ssn_card.terminal import Terminal``."""

from .errors import (
    AnswerNotGenuine,
    DebitInDoubt,
    EarlierDebitFound,
    JournalError,
    NothingToCancel,
    NotOurCard,
    RecoveryUncertain,
)
from .journal import TerminalJournal
from .purse import CardStatus
from .session import CardInfo, CardSession
from .terminal import Sale, Terminal

__all__ = [
    "AnswerNotGenuine",
    "CardInfo",
    "CardSession",
    "CardStatus",
    "DebitInDoubt",
    "EarlierDebitFound",
    "JournalError",
    "NotOurCard",
    "NothingToCancel",
    "RecoveryUncertain",
    "Sale",
    "Terminal",
    "TerminalJournal",
]
