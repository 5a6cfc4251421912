# SPDX-License-Identifier: Apache-2.0
"""Random histories of two shops and a card, a line that lies and a rogue terminal: no shop ever concludes wrongly.

As tests/protocol_model plays them, with the real terminal and the real applet. The witness reads every receipt of the
card and compares it with what the shops' journals say.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from tests.card.live_card import LiveCard
from tests.model import wire
from tests.terminal.conftest import COMPANION, PIN, Shop, with_a_pin
from tests.terminal.line import INS, Line, rogue

from ssn_card.protocol import commands
from ssn_card.protocol.errors import SsnCardError
from ssn_card.protocol.values import LOG_ENTRIES, ReceiptType
from ssn_card.receipts import Basket, Receipt
from ssn_card.terminal.journal import Entry, MovementState
from ssn_card.transport import CardConnection, ConnectionLost

pytestmark = pytest.mark.xdist_group("histories")  # the last test looks at what all of them came to
HISTORIES, STEPS = 20, 14
WORDS = ("9401", "9402", "9406", "9412", "6985", "6988", "6A80", "6E00", "6F00", "9000", "63C2", "6983")
BODY = slice(5, 41)
#: How often each state was concluded; under LOG_ENTRIES the receipts made.
TALLY: Counter[MovementState | int] = Counter()
MOVEMENTS = (wire.DEBIT, wire.CANCEL, wire.OVERRIDE)


class Lying(Line):
    """Cuts, replays, forges and alters as the dice fall, and lets a rogue at the card between two exchanges."""

    def __init__(self, card: CardConnection, history: History, mood: float) -> None:
        super().__init__(card)
        self._history, self._rng, self._recorded, self._mood = history, history.rng, history.recorded, mood

    def _exchange(self, command: bytes) -> bytes:
        rng = self._rng
        if rng.random() > self._mood:
            return self._pass(command)
        if rng.random() < 0.3:
            self._history.rogue(self._card)
        luck = rng.randrange(6)
        if luck == 0:
            self.sent.append(command)
            if command[INS] in MOVEMENTS and rng.random() < 0.5:
                self._history.copied(command, self._card)
            raise ConnectionLost("line:", "cut before", in_flight=True)
        if luck == 1:
            self.sent.append(command)
            return bytes.fromhex(rng.choice(WORDS))
        answer = self._pass(command)
        self._recorded.setdefault(command[INS], []).append(answer)
        if luck == 2:
            raise ConnectionLost("line:", "cut after", in_flight=True)
        if luck == 3:
            return bytes.fromhex(rng.choice(WORDS))
        if luck == 4:
            at = rng.randrange(len(answer))
            return answer[:at] + bytes((answer[at] ^ 1 << rng.randrange(8),)) + answer[at + 1 :]
        return rng.choice(self._recorded[command[INS]])

    def _pass(self, command: bytes) -> bytes:
        answer = super()._exchange(command)
        self._history.note(command, answer)
        return answer


class History:
    """One card's life, from a seed."""

    def __init__(self, card: LiveCard, shops: list[Shop], seed: int) -> None:
        self.card, self.shops, self.rng = card, shops, Random(seed)
        self.truth: dict[int, bytes] = {}  #: every receipt that the card has made
        self.sent: list[bytes] = []  #: movements, by the shops' terminals
        self.executed: set[bytes] = set()  #: of these, bodies with their instruction: the card has done them
        self.recorded: dict[int, list[bytes]] = {}  #: answers of the card by instruction, of all visits

    def play(self) -> None:
        for _ in range(STEPS):
            shop = self.rng.choice(self.shops)
            shop.now += dt.timedelta(minutes=self.rng.randrange(600))
            with Lying(self.card.connect(), self, self.rng.choice((0, 0.2, 0.5))) as line:
                with contextlib.suppress(SsnCardError):
                    self._act(shop, line)
                self.sent += [one for one in line.sent if one[INS] in MOVEMENTS]
            with self.card.connect() as connection:
                self._witness(connection)
                if not self.rng.randrange(6):
                    self.flood(connection)
            if not self.rng.randrange(4):
                shop.restart()
            self.check()

    def _act(self, shop: Shop, line: CardConnection) -> None:
        rng, terminal = self.rng, shop.terminal
        basket = Basket.of(("GULA", 1, rng.choice((1, 700, 9_000))))
        reference = rng.choice((None, None, "1", "2"))
        pin = rng.choice((None, None, PIN))
        acts: list[Callable[[], object]] = [
            lambda: terminal.debit(line, basket, reference=reference, pin=pin),
            lambda: terminal.debit(line, basket),
            lambda: terminal.cancel(line),
            lambda: terminal.override(line, 1_000, b"PD-00001", COMPANION),
            lambda: terminal.recover(line),
            lambda: terminal.status(line),
        ]
        rng.choice(acts)()

    def rogue(self, connection: CardConnection) -> None:
        """A flood, what the line has held back, or a small debit in a shop's name."""
        self._witness(connection)
        talk = rogue(self.card, connection)
        what = self.rng.randrange(6)
        if what == 0:
            self.flood(connection)
        elif what < 4 and self.sent:  # what was held back, as it is
            held = self.rng.choice(self.sent[-4:])
            self.note(held, connection.transmit(held))
        else:
            talk.debit(1, txn=self.rng.randrange(1, STEPS), terminal=self.rng.choice(self.shops).terminal_id)
        self._witness(connection)

    def copied(self, command: bytes, connection: CardConnection) -> None:
        """What the line has just cut off, all 36 bytes of it under the same number, as a debit."""
        self._witness(connection)
        rogue(self.card, connection).move(wire.DEBIT, command[BODY])
        self._witness(connection)

    def flood(self, connection: CardConnection) -> None:
        """So many back-dated debits that the card forgets what was before."""
        talk = rogue(self.card, connection)
        for number in range(LOG_ENTRIES):
            talk.debit(1, txn=number, when="251001000000", terminal=9)
        self._witness(connection)

    def note(self, command: bytes, answer: bytes) -> None:
        """What a terminal's command, made by its own keys, came to on the card."""
        if command[INS] in MOVEMENTS and answer[-2:] == b"\x90\x00":
            self.executed.add(command[INS : INS + 1] + command[BODY])

    def _witness(self, connection: CardConnection) -> None:
        """Reads every receipt before the log forgets it."""
        talk = rogue(self.card, connection)
        talk.select()
        for seq in range(max(talk.newest - LOG_ENTRIES + 1, 1), talk.newest + 1):
            if seq not in self.truth:
                query = wire.receipt_query(seq, nonce=seq.to_bytes(8, "big"))
                self.truth[seq], word = talk.send(talk.signed(wire.READ_RECEIPT, query))
                assert word == wire.OK

    def check(self) -> None:
        assert list(self.truth) == list(range(1, len(self.truth) + 1))  # the witness has seen all of them
        for shop in self.shops:
            kept = {receipt.raw for receipt, _ in shop.journal.receipts()}
            assert kept <= set(self.truth.values())
            done = [entry for entry in self.entries(shop) if entry.state is MovementState.DONE]
            assert len(done) == len({entry.seq for entry in done}) == len(kept)
            for entry in done:
                raw = self.truth[entry.seq]
                assert (raw[4:40], raw[wire.TYPE], raw[67:75]) == (entry.body, entry.kind, entry.serial)
                assert raw in kept
            for entry in self.entries(shop):
                if entry.state is MovementState.VOID:
                    ins = commands.BY_RECEIPT_TYPE[entry.kind].ins
                    assert bytes((ins,)) + entry.body not in self.executed, f"{entry} happened"

    @staticmethod
    def entries(shop: Shop) -> list[Entry]:
        found: list[Entry] = []
        while (entry := shop.journal.entry(len(found) + 1)) is not None:
            found.append(entry)
        return found

    def end(self) -> None:
        """Over an honest line nothing stays in doubt, and every shop can sell."""
        with self.card.connect() as card:
            for shop in self.shops:
                shop.terminal.recover(card)
                # A line can invent a card too, by its serial: that one nobody will ever show again.
                assert shop.journal.in_doubt(self.card.serial) == []
                self._witness(card)
                self.check()
                sale = shop.terminal.debit(card, Basket.of(("GULA", 1, 1)), confirm_clock=True)
                assert not sale.recovered
                self._witness(card)
        self.check()
        tip = Receipt(self.truth[len(self.truth)])
        moved = sum(Receipt(raw).moved for raw in self.truth.values() if Receipt(raw).type != ReceiptType.UPDATE)
        assert tip.balance_after == 900_000 - moved


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_no_shop_concludes_wrongly(new_blank: Callable[[], LiveCard], tmp_path: Path, seed: int) -> None:
    card = with_a_pin(new_blank())
    shops = [Shop(tmp_path / f"{number}.db", terminal_id=number) for number in (7, 8)]
    history = History(card, shops, seed)
    try:
        history.play()
        history.end()
        TALLY.update(entry.state for shop in shops for entry in history.entries(shop))
        TALLY[LOG_ENTRIES] += len(history.truth)
    finally:
        for shop in shops:
            shop.journal.close()
        card.discard()


def test_the_histories_were_eventful() -> None:
    """Every state was concluded, unless a few histories were run alone."""
    if TALLY.total() > HISTORIES * STEPS:
        assert (
            min(TALLY[state] for state in (MovementState.DONE, MovementState.VOID, MovementState.GONE)) > HISTORIES // 5
        ), TALLY
