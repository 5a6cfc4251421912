# SPDX-License-Identifier: Apache-2.0
"""A shop: its clock, journal and terminal, and an active card with Rp900,000."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.card.live_card import LiveCard, Talk
from tests.model.wire import entitlement

from ssn_card.keys import development_keyring
from ssn_card.receipts import Basket, Line, ReceiptVerifier
from ssn_card.terminal import CardStatus, Terminal, TerminalJournal

PROVIDER = development_keyring()
RICE = Basket.of(("BERAS", 10, 162_000))
EGGS = Basket.of(("TELUR", 30, 55_500))


@dataclass
class Shop:
    """``now`` is the terminal's clock; moving it is the test's to do."""

    path: Path
    terminal_id: int = 7
    now: dt.datetime = field(default_factory=lambda: dt.datetime(2025, 10, 3, 10, 0, 0))

    def __post_init__(self) -> None:
        self.journal = TerminalJournal(self.path, self.terminal_id)
        self.terminal = Terminal(self.terminal_id, PROVIDER, self.journal, clock=lambda: self.now)

    def restart(self) -> None:
        """As after a crash of the terminal: the journal is read from the disk again."""
        self.journal.close()
        self.__post_init__()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path / "terminal.db")
    yield shop
    shop.journal.close()


@pytest.fixture
def other_shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path / "other.db", terminal_id=8)
    yield shop
    shop.journal.close()


@pytest.fixture
def active(card: LiveCard) -> LiveCard:
    """An active card: Rp900,000 loaded, Rp600,000 a month, until the end of 2025."""
    return activated(card)


def activated(card: LiveCard) -> LiveCard:
    """Delivers the first update."""
    talk = Talk(card)
    talk.load(entitlement(1, 900_000))
    talk.close()
    return card


def status(card: LiveCard, shop: Shop) -> CardStatus:
    """The card's state, over a connection of its own."""
    with card.connect() as connection:
        return shop.terminal.status(connection)


def audit_is_clean(card: LiveCard, shop: Shop) -> bool:
    """Whether the card's log is a whole chain and what the terminal kept is in it."""
    with card.connect() as connection:
        log = list(shop.terminal.log(connection))
        tip = shop.terminal.status(connection).tip
    report = ReceiptVerifier(PROVIDER).verify_lines(
        [Line(number, one) for number, one in enumerate(reversed(log), start=1)], {card.serial: tip}
    )
    kept = {receipt.raw for receipt, _ in shop.journal.receipts(card.serial)}
    return report.clean and kept <= {one.raw for one in log}
