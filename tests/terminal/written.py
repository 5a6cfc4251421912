# SPDX-License-Identifier: Apache-2.0
"""Movements in a journal without a card."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tests.receipts.made import RICE

from ssn_card.protocol.values import ReceiptType
from ssn_card.receipts import Basket
from ssn_card.terminal import TerminalJournal
from ssn_card.terminal.journal import Entry


@dataclass(frozen=True)
class Made:
    """What a session would have prepared."""

    number: int
    body: bytes


def intended(
    journal: TerminalJournal,
    serial: bytes = bytes(8),
    *,
    seq: int = 1,
    body: bytes = bytes(36),
    basket: Basket | None = RICE,
    reference: str | None = None,
    moment: dt.datetime = dt.datetime(2025, 10, 3, 10, 0, 0),
    kind: ReceiptType = ReceiptType.DEBIT,
) -> Entry:
    """A movement that is about to be sent."""
    entry, _ = journal.intend(kind, serial, basket, reference, moment, lambda _: Made(seq, body))
    return entry
