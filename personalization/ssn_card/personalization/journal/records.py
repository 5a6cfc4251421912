# SPDX-License-Identifier: Apache-2.0
"""What the journal gives out: its cards and its events, without any person's data."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ssn_card.personalization.intake.row_keys import family_key, row_key
from ssn_card.personalization.intake.rows import Beneficiary
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.errors import Text

REPLACED = "replaced by the next card"  #: why a card is declared lost in whose place another is made


class NumberState(StrEnum):
    """State of a beneficiary number, see :mod:`~ssn_card.personalization.journal.schema`."""

    PLANNED = "planned"
    SENT = "sent"
    DONE = "done"
    LOST = "lost"
    VOID = "void"

    @property
    def text(self) -> Text:
        """The state for people."""
        return _STATES[self]


_STATES = {
    NumberState.PLANNED: Text("planned", "direncanakan"),
    NumberState.SENT: Text("in doubt", "belum pasti"),
    NumberState.DONE: Text("done", "selesai"),
    NumberState.LOST: Text("lost", "hilang"),
    NumberState.VOID: Text("void", "batal"),
}


class CardOutcome(StrEnum):
    """What an event tells of a piece of plastic."""

    DONE = "done"  #: the beneficiary's card
    FAILED = "failed"  #: put aside; blank, or not ours to write
    IN_DOUBT = "in_doubt"  #: may hold the beneficiary number: to be shown to the station again, or declared lost
    LOST = "lost"  #: declared lost; may hold the beneficiary number, and must never be activated


@dataclass(frozen=True, slots=True)
class RowKeys:
    """What the journal knows of a row: 16 bytes each."""

    row: bytes
    family: bytes

    @classmethod
    def of(cls, person: Beneficiary, secret: SecretKey) -> RowKeys:
        """The keys of an accepted row under the station's secret."""
        return cls(row_key(person, secret), family_key(person, secret))


@dataclass(frozen=True, slots=True)
class Entry:
    """One beneficiary number."""

    id: int
    batch: int
    line: int  #: of the extract it was planned from
    row_key: bytes
    family_key: bytes
    identity_tag: bytes | None  #: of the identity block that was sent
    beneficiary_id: bytes
    serial: bytes | None
    state: NumberState
    keys: str  #: versions of its keys, as ``KeyVersions.parse`` reads them; empty before it is sent
    attempts: int  #: cards tried
    turned_up: str | None  #: UTC; when a card that was declared lost was seen, personalized


@dataclass(frozen=True, slots=True)
class Event:
    """One line for the results file."""

    id: int
    state: CardOutcome
    serial: bytes | None
    reason: str | None
    seconds: float | None
    at: str  #: UTC, ISO 8601
    sha256: str | None  #: of the extract; ``None`` for a card that was never any row's
    policy: int | None
    line: int | None
    row_key: bytes | None
    beneficiary_id: bytes | None


@dataclass(frozen=True, slots=True)
class BatchStatus:
    """One extract under one policy, and how many of its numbers are in which state."""

    id: int
    sha256: str
    policy: int
    file: str
    started: str
    finished: str | None
    states: Mapping[NumberState, int]


#: In the order of :class:`Entry`.
ENTRY_COLUMNS = (
    "id, batch, line, row_key, family_key, identity_tag, beneficiary_id, serial, state, keys, attempts, turned_up"
)
EVENT_QUERY = """
    SELECT event.id, event.state, event.serial, event.reason, event.seconds, event.at,
           batch.sha256, batch.policy, card.line, card.row_key, card.beneficiary_id
    FROM event LEFT JOIN card ON card.id = event.card LEFT JOIN batch ON batch.id = card.batch
    WHERE event.reported = 0 ORDER BY event.id
"""


def entry_from(row: sqlite3.Row) -> Entry:
    """The entry of a row with :data:`ENTRY_COLUMNS`."""
    values = dict(row)
    return Entry(**{**values, "state": NumberState(values["state"])})


def event_from(row: sqlite3.Row) -> Event:
    """The event of a row of :data:`EVENT_QUERY`."""
    values = dict(row)
    return Event(**{**values, "state": CardOutcome(values["state"])})


#: Of :data:`READ_BACK_QUERY`, in its order.
READ_BACK_COLUMNS = (
    "serial", "beneficiary_id", "batch", "policy_id", "line", "state", "attempts", "sent_at", "read_back_at", "seconds"
)  # fmt: skip
READ_BACK_QUERY = """
    SELECT hex(card.serial), hex(card.beneficiary_id), batch.sha256, batch.policy, card.line, card.state, card.attempts,
           card.sent_at, (SELECT min(at) FROM event WHERE event.card = card.id AND event.state = 'done'),
           (SELECT seconds FROM event WHERE event.card = card.id AND event.state = 'done' ORDER BY id LIMIT 1)
    FROM card JOIN batch ON batch.id = card.batch
    WHERE card.state IN ('done', 'sent', 'lost') ORDER BY card.id
"""
