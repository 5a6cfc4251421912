# SPDX-License-Identifier: Apache-2.0
"""The shop's terminal: ``from ssn_card.terminal import Terminal``."""

from ssn_card.protocol.selection import CardInfo

from .clock import now
from .errors import (
    AnswerNotGenuine,
    BadReference,
    CardDisturbed,
    CardNeedsMending,
    ClockBehindJournal,
    DebitInDoubt,
    EarlierDebitFound,
    KeysRefuse,
    KeysRetired,
    NothingToCancel,
    NotOurCard,
    PinChoiceClosed,
    PinInDoubt,
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
from .keys import CompanionKeys, SoftwareCompanionKeys, SoftwareTerminalKeys, TerminalKeys
from .purse import CardStatus
from .reader import Reader
from .recovery import Recovery
from .reference import check_reference
from .selection import select
from .session import CardSession, NoReceipt
from .terminal import Delivery, Sale, Terminal

__all__ = [
    "AnswerNotGenuine",
    "BadReference",
    "CardDisturbed",
    "CardInfo",
    "CardNeedsMending",
    "CardSession",
    "CardStatus",
    "ClockBehindJournal",
    "CompanionKeys",
    "DebitInDoubt",
    "Delivery",
    "EarlierDebitFound",
    "JournalBusy",
    "JournalDamaged",
    "JournalError",
    "JournalNotFound",
    "JournalNotOurs",
    "JournalOfAnotherTerminal",
    "JournalOfAnotherVersion",
    "KeysRefuse",
    "KeysRetired",
    "NoReceipt",
    "NotOurCard",
    "NothingToCancel",
    "PinChoiceClosed",
    "PinInDoubt",
    "Reader",
    "Recovery",
    "RecoveryUncertain",
    "ReferenceInUse",
    "Sale",
    "SoftwareCompanionKeys",
    "SoftwareTerminalKeys",
    "Terminal",
    "TerminalJournal",
    "TerminalKeys",
    "check_reference",
    "now",
    "select",
]
