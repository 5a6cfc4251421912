# SPDX-License-Identifier: Apache-2.0
"""A shop: its clock, journal and terminal, and an active card with Rp900,000."""

from __future__ import annotations

import datetime as dt
import functools
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.card.live_card import LiveCard, Talk
from tests.conftest import BENEFICIARY, IDENTITY, card_at, inserted
from tests.model.wire import entitlement
from tests.terminal.leaving import leaving_debit

from ssn_card.keys import development_keyring
from ssn_card.personalization.card.personalize import personalize
from ssn_card.protocol.errors import SsnCardError
from ssn_card.receipts import Basket, Line, ReceiptVerifier
from ssn_card.simulator import SimulatedCard, Simulator
from ssn_card.simulator.pcscd import Pcscd
from ssn_card.terminal import CardStatus, Sale, SoftwareCompanionKeys, SoftwareTerminalKeys, Terminal, TerminalJournal
from ssn_card.transport import open_connection, wait_for_card

PROVIDER = development_keyring()
KEYS = SoftwareTerminalKeys(PROVIDER)
COMPANION = SoftwareCompanionKeys(PROVIDER)
PIN = "482917"
RICE = Basket.of(("BERAS", 10, 162_000))
EGGS = Basket.of(("TELUR", 30, 55_500))


@pytest.fixture(autouse=True)
def _told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever leaves a sale in any test of this room is an error that the sources were read to allow."""
    debit = Terminal.debit
    if "MUTANT_UNDER_TEST" in os.environ:  # whose sources are not what a person reads
        return

    @functools.wraps(debit)
    def watched(*arguments: Any, **options: Any) -> Sale:
        try:
            return debit(*arguments, **options)
        except SsnCardError as error:
            if type(error) not in leaving_debit():
                pytest.fail(f"{type(error).__name__} left debit, where nobody told of it")
            raise

    monkeypatch.setattr(Terminal, "debit", watched)


@dataclass
class Shop:
    """``now`` is the terminal's clock; moving it is the test's to do."""

    path: Path
    terminal_id: int = 7
    now: dt.datetime = field(default_factory=lambda: dt.datetime(2025, 10, 3, 10, 0, 0))

    def __post_init__(self) -> None:
        self.journal = TerminalJournal(self.path, self.terminal_id)
        self.terminal = Terminal(KEYS, self.journal, clock=lambda: self.now)

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


def activated(card: LiveCard, **changes: Any) -> LiveCard:
    """Delivers the first update; ``changes`` as in ``wire.entitlement``."""
    return updated(card, 1, **changes)


def updated(card: LiveCard, number: int, **changes: Any) -> LiveCard:
    """Delivers the update of that number: Rp900,000 loaded in all."""
    talk = Talk(card)
    talk.load(entitlement(number, 900_000, **changes))
    talk.close()
    return card


def with_a_pin(card: LiveCard, **changes: Any) -> LiveCard:
    """Personalizes a blank card with a PIN, and activates it."""
    with card.connect() as connection:
        personalize(connection, PROVIDER, BENEFICIARY, IDENTITY, pin=PIN)
    return activated(card, **changes)


@pytest.fixture
def pin_card(new_blank: Callable[[], LiveCard]) -> LiveCard:
    """An active card with a PIN, which is never due."""
    return with_a_pin(new_blank())


@dataclass(frozen=True)
class Holder:
    """An active card in a PC/SC reader, and how its holder puts it back."""

    card: LiveCard
    simulated: SimulatedCard
    put_back: Callable[[], None]


@pytest.fixture
def holder(simulator: Simulator, pcscd: Pcscd, new_card: Callable[[], LiveCard]) -> Iterator[Holder]:
    pcscd.start()
    made = activated(new_card())
    simulated = card_at(simulator, made.url)
    reader = inserted(simulator, simulated)
    wait_for_card(reader)

    def put_back() -> None:
        assert inserted(simulator, simulated) == reader
        wait_for_card(reader)

    try:
        yield Holder(
            LiveCard(made.serial, f"pcsc:{reader}", lambda: open_connection(f"pcsc:{reader}"), made.discard),
            simulated,
            put_back,
        )
    finally:
        simulator.eject(simulated)
        made.discard()


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
