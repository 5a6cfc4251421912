# SPDX-License-Identifier: Apache-2.0
"""The command table: every APDU that the card understands. Documents, Java constants and traces come from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from . import layouts, status
from .errors import Text
from .layout import Layout
from .status import CardStatusError
from .values import ReceiptType

_Status = type[CardStatusError]


class Security(Enum):
    """How a command is protected."""

    NONE = "none"
    DEBIT_MAC = "8-byte MAC under DEBIT, bound to the challenge"
    OVERRIDE_MAC = "8-byte MAC under OVERRIDE, bound to the challenge"
    UPDATE_MAC = "8-byte MAC under UPDATE, bound to the serial"
    SCP03 = "SCP03 secure messaging"


@dataclass(frozen=True)
class Command:
    """One command.

    Args:
        name: upper case with underscores; also the Java constant ``INS_<name>``.
        cla, ins: class (without secure messaging bits) and instruction byte.
        p1, p2: fixed value, or what it means.
        body: layout of the data field, without MAC; ``None`` where it is variable or empty (see ``doc``).
        answer: layout of the answer, without MAC; likewise.
        security: protection of command and answer.
        callers: who holds the key to it.
        statuses: status words other than 9000 that it may give, beside those common to all.
        doc: what it does.
        sensitive_body, sensitive_answer: never shown in a trace.
    """

    name: str
    cla: int
    ins: int
    p1: int | str
    p2: int | str
    body: Layout | None
    answer: Layout | None
    security: Security
    callers: Text
    statuses: tuple[_Status, ...]
    doc: str
    sensitive_body: bool = False
    sensitive_answer: bool = False

    def header(self, p1: int | None = None, p2: int | None = None) -> bytes:
        """CLA INS P1 P2; arguments are needed where the table does not fix the value."""
        first = self.p1 if p1 is None else p1
        second = self.p2 if p2 is None else p2
        if not isinstance(first, int) or not isinstance(second, int):
            raise TypeError(f"{self.name}: P1 and P2 must be given where the table does not fix them")
        return bytes((self.cla, self.ins, first, second))

    def encode(self, values: Mapping[str, Any]) -> bytes:
        """The body of these fields, without MAC. Raises ``InputError`` naming a field that does not fit."""
        if self.body is None:
            raise TypeError(f"{self.name}: the table declares no layout of its body")
        return self.body.encode(values)

    def header_and_body(self, body: bytes, p1: int | None = None) -> bytes:
        """Header, Lc and body as the MAC covers them: Lc already counts the 8-byte MAC."""
        return self.header(p1) + bytes((len(body) + 8,)) + body


_ANYONE = Text("anyone", "siapa pun")
_TERMINAL = Text("terminal (DEBIT key)", "terminal (kunci DEBIT)")
_COMPANION = Text("companion (OVERRIDE key), through a terminal", "pendamping (kunci OVERRIDE), lewat terminal")
_BANK = Text("bank (UPDATE key), carried by any terminal", "bank (kunci UPDATE), dibawa terminal mana pun")
_KEY_HOLDER = Text("holder of the key set", "pemegang set kunci")
_STATION = Text(
    "personalization station (TRANSPORT keys); bank (ISSUER keys)",
    "stasiun personalisasi (kunci TRANSPORT); bank (ISSUER)",
)
_READER = Text("bank (ISSUER keys) or field device (REGISTRY keys)", "bank (ISSUER) atau perangkat lapangan (REGISTRY)")

#: Status words that any command may give.
COMMON_STATUSES: tuple[_Status, ...] = (
    status.WrongLength,
    status.WrongParameters,
    status.InstructionNotSupported,
    status.ClassNotSupported,
    status.CardFailure,
)
_AUTHENTICATED: tuple[_Status, ...] = (status.ConditionsNotSatisfied, status.WrongMac)
_MOVEMENT: tuple[_Status, ...] = (
    *_AUTHENTICATED,
    status.NotActivated,
    status.Blocked,
    status.Terminated,
    status.InvalidAmount,
    status.ImpossibleTimestamp,
    status.Expired,
    status.TimestampBeforeMonth,
)

SELECT = Command(
    "SELECT", 0x00, 0xA4, 0x04, 0x00, None, layouts.SELECT_ANSWER, Security.NONE, _ANYONE,
    (status.AppletNotFound,),
    "Selects the applet by its AID and draws a fresh challenge. The answer holds no name, no balance, no history.",
)  # fmt: skip
INITIALIZE_UPDATE = Command(
    "INITIALIZE_UPDATE", 0x80, 0x50,
    "key version number: 30 ISSUER, 31 REGISTRY, 3F TRANSPORT, 00 the first that the card has", 0x00,
    None, None, Security.NONE, _ANYONE, (status.KeyNotFound,),
    "SCP03 section 7.1.1. Body: host challenge (8). Answer (29): key diversification data (serial, 0000), "
    "key version number, 03, i = 60, card challenge (8), card cryptogram (8). A blank card takes only 3F, "
    "a personalized one only 30 and 31; 00 stands for 3F on a blank card and for 30 on a personalized one.",
)  # fmt: skip
EXTERNAL_AUTHENTICATE = Command(
    "EXTERNAL_AUTHENTICATE", 0x84, 0x82, "security level: 03, 13 or 33 (SCP03 table 7-3)", 0x00,
    None, None, Security.SCP03, _KEY_HOLDER,
    (status.ConditionsNotSatisfied, status.CryptogramRejected, status.WrongMac),
    "SCP03 section 7.1.2. Body: host cryptogram (8), C-MAC (8).",
)  # fmt: skip
STORE_DATA = Command(
    "STORE_DATA", 0x84, 0xE2,
    "08, or 88 on the last block: data groups (GPC 2.3.1 table 11-89)", "block number, from 00",
    None, None, Security.SCP03, _STATION,
    (
        status.SecurityStatusNotSatisfied,
        status.ConditionsNotSatisfied,
        status.WrongMac,
        status.WrongData,
        status.PersonalizationIncomplete,
    ),
    "One or more whole data groups: DGI (2), length (1), data. Personalizes a blank card, or corrects the identity "
    "of a personalized one; the last block commits all of it at once. Until then nothing has changed, and a new "
    "session begins anew.",
    sensitive_body=True,
)  # fmt: skip
GET_DATA = Command(
    "GET_DATA", 0x84, 0xCA, 0x01, 0x02, None, None, Security.SCP03, _READER,
    (status.SecurityStatusNotSatisfied, status.ConditionsNotSatisfied, status.WrongMac),
    "The identity block, only in a session whose level includes R-ENCRYPTION. Answer: beneficiary_id (8), then the "
    "identity data group.",
    sensitive_answer=True,
)  # fmt: skip
DEBIT = Command(
    "DEBIT", 0x80, 0x40, 0x00, 0x00, layouts.MOVEMENT, layouts.MOVEMENT_ANSWER, Security.DEBIT_MAC, _TERMINAL,
    (
        *_MOVEMENT,
        status.DebitMaximumExceeded,
        status.CategoryNotAllowed,
        status.MonthlyLimitExceeded,
        status.InsufficientBalance,
        status.PinRequired,
    ),
    "Takes an amount from the purse. All rules are checked first, then everything is committed by one write.",
)  # fmt: skip
CANCEL = Command(
    "CANCEL", 0x80, 0x42, 0x00, 0x00, layouts.CANCELLATION, layouts.MOVEMENT_ANSWER, Security.DEBIT_MAC, _TERMINAL,
    (*_MOVEMENT, status.NotCancellable),
    "Gives back the newest debit: same terminal, same amount, same month, before anything else happened on the card.",
)  # fmt: skip
OVERRIDE = Command(
    "OVERRIDE", 0x80, 0x4A, 0x00, 0x00, layouts.OVERRIDING, layouts.MOVEMENT_ANSWER, Security.OVERRIDE_MAC, _COMPANION,
    (*_MOVEMENT, status.OverrideMaximumExceeded),
    "Raises this month's limit, by override_max at most in all. The answer's MAC is under DEBIT.",
)  # fmt: skip
READ_RECEIPT = Command(
    "READ_RECEIPT", 0x80, 0x44, 0x00, 0x00, layouts.RECEIPT_QUERY, None, Security.DEBIT_MAC, _TERMINAL, _AUTHENTICATED,
    "The receipt of that number, if it is among the last 30 (receipt layout, 88 bytes); else the number of the newest "
    "(no_receipt_answer, 4 bytes): a number above it is not made yet, one below it is gone from the log.",
)  # fmt: skip
GET_STATUS = Command(
    "GET_STATUS", 0x80, 0x46, 0x00, 0x00, layouts.QUERY, layouts.STATUS_ANSWER, Security.DEBIT_MAC, _TERMINAL,
    _AUTHENTICATED,
    "Balance, month, limits and life state.",
)  # fmt: skip
_PIN_STATUSES: tuple[_Status, ...] = (*_AUTHENTICATED, status.WrongData)
VERIFY = Command(
    "VERIFY", 0x80, 0x20, 0x00, 0x00, layouts.PIN_QUERY, None, Security.DEBIT_MAC, _TERMINAL,
    (*_PIN_STATUSES, status.WrongPin, status.PinBlocked, status.NoPin, status.LastTryContacts),
    "The holder's PIN, good for the next movement of this session. The MAC is looked at before a try is taken. A block "
    "that is no PIN is refused with 6A80 and costs no try. The last try is taken over contacts only. The answer is "
    "empty but for its MAC.",
    sensitive_body=True,
)  # fmt: skip
CHANGE_REFERENCE_DATA = Command(
    "CHANGE_REFERENCE_DATA", 0x80, 0x24, 0x00, 0x00, layouts.PIN_QUERY, None, Security.DEBIT_MAC, _TERMINAL,
    _PIN_STATUSES,
    "A new PIN, with all its tries: where the PIN so far was given in this session, or an update has opened the choice "
    "and neither a choice nor a movement has closed it. The answer is empty but for its MAC.",
    sensitive_body=True,
)  # fmt: skip
UPDATE = Command(
    "UPDATE", 0x80, 0x4C, 0x00, 0x00, layouts.ENTITLEMENT, layouts.RECEIPT, Security.UPDATE_MAC, _BANK,
    (
        status.ConditionsNotSatisfied,
        status.WrongMac,
        status.StaleUpdate,
        status.ConflictingUpdate,
        status.InvalidUpdate,
        status.ImpossibleTimestamp,
    ),
    "Replaces the whole entitlement. Needs no challenge, so it can be carried in a file. The update that is on the "
    "card already changes nothing and returns its receipt again. The answer's MAC is under DEBIT.",
)  # fmt: skip

COMMANDS: tuple[Command, ...] = (
    SELECT, INITIALIZE_UPDATE, EXTERNAL_AUTHENTICATE, STORE_DATA, GET_DATA, DEBIT, CANCEL, OVERRIDE, READ_RECEIPT,
    GET_STATUS, VERIFY, CHANGE_REFERENCE_DATA, UPDATE,
)  # fmt: skip

BY_INS: dict[int, Command] = {command.ins: command for command in COMMANDS}

#: Which command makes a receipt of each type.
BY_RECEIPT_TYPE: Mapping[ReceiptType, Command] = {
    ReceiptType.DEBIT: DEBIT,
    ReceiptType.CANCEL: CANCEL,
    ReceiptType.OVERRIDE: OVERRIDE,
    ReceiptType.UPDATE: UPDATE,
}
