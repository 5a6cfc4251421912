# SPDX-License-Identifier: Apache-2.0
"""Plays the scenario: the bank personalizes and loads, shops sell, and every card says at the end what it holds."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ssn_card.entitlement import issue
from ssn_card.keys import KeyProvider
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.station.issuing import extract_rows
from ssn_card.personalization.station.run import run as run_station
from ssn_card.programme import Policy
from ssn_card.protocol import status
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.errors import SsnCardError, Text
from ssn_card.receipts import Basket, Receipt
from ssn_card.terminal import (
    CardStatus,
    DebitInDoubt,
    SoftwareCompanionKeys,
    SoftwareTerminalKeys,
    Terminal,
    TerminalJournal,
)
from ssn_card.transport import CardConnection

from .cards import Cards
from .faults import Listener, PulledCard
from .scenario import FAMILIES, Event, Kind

#: Called with what is being done and how far it is.
Progress = Callable[[str, int, int], None]


class DemoFailed(SsnCardError):
    """Something came out otherwise than the scenario says."""

    code = "demo-failed"
    remedy = Text("This is a bug: please report it.", "Ini kesalahan program: mohon laporkan.")


@dataclass
class JourneyOutcome:
    """What the two months came to."""

    debits: int = 0
    recovered: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    statuses: dict[bytes, CardStatus] = field(default_factory=dict)
    receipts: list[tuple[Receipt, Basket | None]] = field(default_factory=list)


class Journey:
    """One run of the demo in a folder of its own, which must not hold an earlier run."""

    def __init__(self, folder: Path, cards: Cards, provider: KeyProvider, progress: Progress) -> None:
        self._folder = folder
        self._cards = cards
        self._provider = provider
        self._progress = progress
        self._moment = dt.datetime(2025, 10, 1, 8, 0)
        self._journals: dict[int, TerminalJournal] = {}
        self._serials: list[bytes] = []
        self.outcome = JourneyOutcome()

    def personalize(self, extract: Path, policy: Policy) -> None:
        """The bank's station makes a card for each of the first families of the extract."""
        results = self._folder / "personalized.jsonl"
        secret = SecretKey(secrets.token_bytes(16), "station secret")
        with Journal.create(self._folder / "station.sqlite", secret) as journal:
            report = run_station(
                extract_rows(extract, policy),
                policy,
                self._provider,
                [self._cards.feeder()],
                journal,
                results,
                lambda state: self._progress("personalize", min(state.position, FAMILIES), FAMILIES),
                limit=FAMILIES,
                clock=lambda: self._moment,
            )
        lines = [json.loads(line) for line in results.read_text("utf-8").splitlines()]
        self._serials = [bytes.fromhex(line["serial"]) for line in lines if line.get("state") == "done"]
        if len(self._serials) != FAMILIES:
            raise DemoFailed(
                Text(f"{len(self._serials)} cards made.", f"{len(self._serials)} kartu jadi."), where=str(report)
            )

    def play(self, events: list[Event]) -> None:
        """Play the events in order, then ask every card for its state and collect the shops' receipts.

        Cards know nothing of each other, so where changing cards is slow each card's events are played together.
        """
        if not self._cards.patient:
            events = sorted(events, key=lambda event: (event.family, event.moment))
        for number, event in enumerate(events, start=1):
            self._moment = event.moment
            with self._cards.connect(self._serials[event.family]) as connection:
                self._checked(event, connection)
            self._progress("shop", number, len(events))
        self._moment = max(event.moment for event in events)
        for number, serial in enumerate(self._serials, start=1):
            with self._cards.connect(serial) as connection:
                self.outcome.statuses[serial] = self._terminal(1).status(connection)
            self._progress("read", number, FAMILIES)
        self._collect()

    def _checked(self, event: Event, connection: CardConnection) -> None:
        """Do one event and compare with what the scenario expects."""
        try:
            self._do(event, connection)
        except status.CardStatusError as refusal:
            if type(refusal) is not event.expect:
                raise DemoFailed(
                    Text(f"Unexpected refusal: {refusal.text.en}", f"Penolakan tak terduga: {refusal.text.id}"),
                    where=f"family {event.family}, {event.kind.value}",
                ) from refusal
            self.outcome.refusals[refusal.code] += 1
        else:
            if event.expect is not None:
                raise DemoFailed(
                    Text("The card should have refused.", "Kartu seharusnya menolak."),
                    where=f"family {event.family}, {event.kind.value}",
                )

    def _do(self, event: Event, connection: CardConnection) -> None:
        terminal = self._terminal(event.shop.terminal_id)
        serial = self._serials[event.family]
        if event.kind is Kind.DELIVER and event.entitlement is not None:
            terminal.deliver(connection, issue(event.entitlement, serial, self._provider))
        elif event.kind is Kind.CANCEL:
            terminal.cancel(connection)
        elif event.kind is Kind.OVERRIDE:
            terminal.override(connection, event.amount, b"PD-00001", SoftwareCompanionKeys(self._provider))
        elif event.basket is not None:
            self._sell(event.kind, terminal, connection, event.basket)

    def _sell(self, kind: Kind, terminal: Terminal, connection: CardConnection, basket: Basket) -> None:
        if kind is Kind.LOSE_ANSWER:
            try:
                terminal.debit(PulledCard(connection), basket)
            except DebitInDoubt:
                self.outcome.recovered += len(terminal.recover(connection).happened)
        elif kind is Kind.REPLAY:
            listener = Listener(connection)
            terminal.debit(listener, basket)
            self.outcome.debits += 1
            connection.transmit(listener.commands[0])
            answer = connection.transmit(listener.last_debit())
            status.raise_for(int.from_bytes(answer[-2:], "big"), "DEBIT")
        else:
            terminal.debit(connection, basket)
        self.outcome.debits += 1

    def _terminal(self, terminal_id: int) -> Terminal:
        journal = self._journals.get(terminal_id)
        if journal is None:
            journal = TerminalJournal(self._folder / f"terminal-{terminal_id:03}.sqlite", terminal_id)
            self._journals[terminal_id] = journal
        return Terminal(SoftwareTerminalKeys(self._provider), journal, clock=lambda: self._moment)

    def _collect(self) -> None:
        """What the shops hand in, card by card in the order of the receipts."""
        for journal in self._journals.values():
            self.outcome.receipts += journal.receipts()
        self.outcome.receipts.sort(key=lambda pair: (pair[0].serial, pair[0].seq))

    def close(self) -> None:
        """Close the shops' journals."""
        for journal in self._journals.values():
            journal.close()
