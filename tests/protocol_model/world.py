# SPDX-License-Identifier: Apache-2.0
"""One card and all who deal with it; the events that can happen to them, and how it all is looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from random import Random

from . import invariants, terms
from .adversary import ACCIDENTS, HOSTILE, QUIET, THIEFS_PIN, WITH_ROGUE, WRONG, Knowledge, Line, Rogue
from .bank import LOAD, PIN_ABOVE, Books
from .card import TRIES, Card
from .repairs import Repairs
from .terminal import State, Terminal
from .terms import DEBIT, MONTH, RECEIPT, UPDATE, Body, Hole, Receipt

DOUBTS, UPDATES, CLOCKS, PINS, KEYS = range(5)  #: what a history is mostly about
PIN, NEW_PIN = 111, 222
NEVER = (1 << 31) - 1


@dataclass
class Tally:
    """What was done, over many histories."""

    histories: int = 0
    conclusions: int = 0
    recomputed: int = 0
    gaps: int = 0
    restored: int = 0
    open: int = 0
    parted: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


class World:
    def __init__(self, setup: int, theme: int, repairs: Repairs, tally: Tally) -> None:
        terms.begin()
        self.repairs, self.tally, self.rng = repairs, tally, Random(setup)
        self.month = 1
        self.tick = 0
        self.hostile = theme not in (UPDATES, CLOCKS) or self.rng.random() < 0.3
        self.clocks = 0.6 if theme == CLOCKS else 0.8  #: how often a clock is right
        self.pin = PIN if self.rng.random() < 0.8 else None
        self.card = Card(1, repairs, self.pin)
        self.books = Books(1, repairs, self.month, self.rng.choice((1, 1, 6)))
        self.terminals = [Terminal(number, repairs) for number in (1, 2)]
        self.knows = Knowledge()
        self.rogue = Rogue(self.card, repairs, self.knows)
        self.in_order = invariants.InOrder(repairs)
        self.spent_in: set[tuple[int, bool, int]] = set()
        self.set_back = 0  #: how often an update has set the card's month back
        self.seen = 0  #: receipts that ``spent_in`` counts
        self.retired = False
        self.closed = False  #: whether the card has been in use since its PIN could be chosen
        self.in_order.issued(self.books.newest)
        self.terminals[0].deliver(self._quiet(), *self.books.issued[0])
        self.look()

    def play(self, events: Iterable[tuple[str, int]], end: int) -> None:
        """Events with their seeds, and the seed of the end."""
        acts = self._events()
        for name, seed in events:
            self.rng.seed(seed)
            acts[name]()
            self.look()
        self.rng.seed(end)
        self._end()

    def look(self) -> None:
        """After each event."""
        card = self.card
        for number in range(self.seen, card.newest):
            self._count(card.receipts[number], number)
        self.seen = card.newest
        invariants.money(card)
        invariants.secrets(card, self.knows)
        invariants.months(card, self.books, self.spent_in, self.set_back)
        if self.repairs.receipt_names_entitlement:
            self.in_order.follow(card, self.month)
        for terminal in self.terminals:
            invariants.conclusions(terminal, card)

    def _count(self, receipt: Receipt, number: int) -> None:
        purses = self.card.witness.purses
        if number and receipt.kind == UPDATE and purses[number].entitlement.seq <= purses[number - 1].entitlement.seq:
            raise Hole(2, "an old update changed the card")
        self.set_back += bool(number) and purses[number].month < purses[number - 1].month
        if receipt.kind != UPDATE or not purses[number].choice:
            self.closed = True
        elif number and not purses[number - 1].choice:
            self.closed = False
        if receipt.kind == DEBIT and isinstance(receipt.body, Body):
            month = receipt.body.moment // MONTH
            mended = purses[number].entitlement.mend_count
            true = month == self.month
            self.spent_in.add((month, true, 0 if true else mended))

    def _events(self) -> dict[str, Callable[[], object]]:
        return {
            "sell": self._sell,
            "cancel": lambda: self._terminal().cancel(self._line(), self._moment()),
            "override": lambda: self._terminal().override(self._line(), self.rng.choice((20, 50)), self._moment()),
            "recover": lambda: self._terminal().recover(self._line()),
            "rogue": self._rogue_acts,
            "flood": lambda: self.rogue.flood(self._moment()),
            "tear": self._tear,
            "false": self._false_card,
            "issue": self._issue,
            "deliver": self._deliver,
            "month": self._month_passes,
            "staple": lambda: setattr(self._terminal(), "staples", self.rng.choice((1, 3))),
            "mend": self._mend,
            "pin": lambda: self.in_order.issued(self.books.pin(self.month)[0]),
            "choose": self._choose,
            "guess": self._guess,
            "thief": self._thief,
            "rotate": self._rotate,
            "retire": self._retire,
            "reinstall": self._reinstall,
        }

    def _terminal(self) -> Terminal:
        return self.terminals[self.rng.random() < 0.25]

    def _line(self, typed: int | None = None) -> Line:
        luck = self.rng.random()
        mood = QUIET if luck < 0.3 else HOSTILE if luck < 0.5 else WITH_ROGUE if luck < 0.8 else ACCIDENTS
        if not self.hostile and mood != QUIET:
            mood = ACCIDENTS
        return Line(self.card, self.rng, mood, self.knows, self._rogue_acts, self.retired, typed)

    def _quiet(self) -> Line:
        return Line(self.card, self.rng, QUIET, self.knows, self._rogue_acts)

    def _moment(self) -> int:
        """By a terminal's clock, which is wrong now and then."""
        self.tick += 1
        luck = self.rng.random()
        month = self.month if luck < self.clocks else max(self.month + self.rng.choice((-1, 1, 1, 6, 6)), 1)
        return month * MONTH + self.tick

    def _rogue_acts(self, copying: bool = False) -> None:
        if copying:
            self.rogue.copy()
        else:
            self.rogue.act(self.rng, self._moment())

    def _sell(self) -> None:
        rng = self.rng
        pins: tuple[int, ...] = ()
        if self.pin is not None and rng.random() < 0.7:
            pins = (self.pin,) if rng.random() < 0.8 else (WRONG, self.pin)
        amount = rng.choice((10, 30, 50, 50, 60, 100))
        basket = 3 + 4 * rng.randrange(100)
        self._terminal().sell(self._line(), amount, basket, self._moment(), pins, rng.random() < 0.4)

    def _issue(self) -> None:
        rng, books = self.rng, self.books
        kind = rng.randrange(6)
        if kind < 2:
            update = books.load(self.month)
        elif kind == 2:
            update = books.issue(self.month, active=not books.newest.active)
        elif kind == 3:
            limit, pin_above = rng.choice((80, 120, 200)), rng.choice((20, 50, 80, NEVER))
            update = books.issue(self.month, limit=limit, pin_above=pin_above)
        elif kind == 4:
            update = books.issue(self.month, categories=rng.choice((1, 3)))
        else:
            update = books.issue(self.month)
        self.in_order.issued(update[0])

    def _deliver(self) -> None:
        """The newest, or any that was ever issued: late, again, out of order."""
        rng, card = self.rng, self.card
        update, mac = self.books.issued[-1] if rng.random() < 0.6 else rng.choice(self.books.issued)
        before = card.purse.entitlement.seq
        line = self._line()
        tries = card.tries
        receipt = self._terminal().deliver(line, update, mac)
        steps = [old.pin_count for old, _ in self.books.issued if old.seq <= before]
        if receipt is not None:
            self.books.saw(receipt)
        missed = [one for one, _ in self.books.issued if before < one.seq <= update.seq]
        step = any(one.unblock or one.pin_count > steps[-1] for one in missed)
        if receipt is not None and step and card.tries != TRIES:
            raise Hole(3, f"the PIN's tries were to begin anew, and stay {tries}")

    def _tear(self) -> None:
        """Who carries an update has a reader, and pulls the card."""
        self.card.transmit(terms.Command(UPDATE, *self.books.issued[-1]), tear=self.rng.choice((1, 2)))

    def _month_passes(self) -> None:
        self.month += 1
        if self.rng.random() < 0.7:
            self.in_order.issued(self.books.load(self.month)[0])

    def _mend(self, sure: bool = False) -> None:
        if sure or self.rng.random() < 0.5:
            self.books.saw(self.card.receipts[-1])
        if self.card.purse.month > self.month:
            self.in_order.issued(self.books.mend(self.month)[0])

    def _choose(self) -> None:
        self._terminal().choose(self._line(), NEW_PIN)
        if self.card.pin == NEW_PIN:
            self.pin = NEW_PIN

    def _guess(self) -> None:
        """A thief types what is wrong, over an honest terminal or with a friend on the line."""
        for _ in range(self.rng.randint(1, 3)):
            self._terminal().verify(self._line(typed=WRONG), WRONG)

    def _thief(self) -> None:
        """A stranger with a reader, and who stole a card in use, try to choose its PIN."""
        self.card.transmit(terms.Command("CLEAR CHOOSE", THIEFS_PIN))
        if self.closed:
            self._terminal().choose(self._quiet(), THIEFS_PIN)

    def _rotate(self) -> None:
        keys = self.books.newest.keys | {self.rng.choice((UPDATE, DEBIT, RECEIPT))}
        self.in_order.issued(self.books.issue(self.month, keys=keys)[0])

    def _retire(self) -> None:
        """The first DEBIT master has leaked: terminals are told, and who has it plays a card."""
        if DEBIT not in self.books.newest.keys:
            self.in_order.issued(self.books.issue(self.month, keys=self.books.newest.keys | {DEBIT})[0])
        self.retired = True
        for terminal in self.terminals:
            terminal.minimum = 2

    def _false_card(self) -> None:
        """Who has the DEBIT master shows a false card, which says that it has made many receipts.

        Where a doubt is open it could settle that too: what remains until the SAM comes.
        """
        terminal = self._terminal()
        if all(entry.state is not State.IN_DOUBT for entry in terminal.journal):
            terminal.proven[self.card.serial] = self.card.newest + 1_000

    def _reinstall(self) -> None:
        """A card is broken; another is made, and somebody gives it the same serial."""
        if self.repairs.serial_once:
            return
        old, self.card = self.card, Card(1, self.repairs, self.pin)
        self.card.witness.executed.update(old.witness.executed)
        self.rogue = Rogue(self.card, self.repairs, self.knows)
        self.in_order.parted, self.seen = "another card", 0
        self.terminals[0].deliver(self._quiet(), *self.books.issued[-1])

    def _end(self) -> None:
        """The adversaries rest; the family shops; the bank settles; the auditor reads."""
        self._family_shops()
        self.look()
        card, rng, tally = self.card, self.rng, self.tally
        gone = [entry for terminal in self.terminals for entry in terminal.journal
                if entry.state is State.GONE and entry.serial == card.serial]  # fmt: skip
        kept, lost = rng.choice((0.5, 0.8, 0.95, 1)), {entry.number for entry in gone if rng.random() < 0.8}
        known = {one.seq: one for one in card.receipts
                 if one.seq == 1 or (one.seq not in lost and rng.random() < kept)}  # fmt: skip
        restored, still_open = invariants.settled(self.books, gone, known, card)
        invariants.one_basket(card.receipts, self.repairs)
        recomputed, gaps = invariants.audited(card, known)
        tally.histories += 1
        tally.conclusions += sum(invariants.conclusions(terminal, card) for terminal in self.terminals)
        tally.recomputed += recomputed
        tally.gaps += gaps
        tally.restored += restored
        tally.open += still_open
        tally.parted[self.in_order.parted] += 1

    def _family_shops(self) -> None:
        """5, and 1's second half: one update mends the card, and no doubt costs more than one query."""
        if self.rng.random() < 0.3:
            self.rogue.flood(self._moment())
        rng, terminal = self.rng, self._terminal()
        quiet = self._quiet()
        changes: dict[str, object] = {"active": True, "limit": 10_000, "categories": 3, "pin_above": PIN_ABOVE}
        if self.repairs.pin_count:
            changes["pin_count"] = self.books.newest.pin_count + 1
        else:
            changes["unblock"] = True
        self._mend(sure=True)
        update = self.books.load(self.month, self.books.newest.loaded + LOAD, **changes)
        self.in_order.issued(update[0])
        if terminal.deliver(quiet, *update) is None:
            raise Hole(5, "no update reaches the card any more")
        pin = self.pin
        if pin is not None and rng.random() < 0.5:
            pin = NEW_PIN + 1  # the old one is forgotten
            terminal.choose(quiet, pin)
        if rng.random() < 0.3:
            self._plant(terminal)
        terminal.staples = 3
        self.tick += 1
        moment = self.month * MONTH + self.tick
        state = terminal.sell(quiet, 60, 7, moment, () if pin is None else (pin,))
        if state is not State.DONE and self._could_shop(moment, pin):
            raise Hole(1, "a doubt, or a planted number, stops the card's next sale")
        if state is not State.DONE:
            raise Hole(5, "an update does not mend the card: its family cannot shop")
        if terminal.queries > 1:
            raise Hole(1, f"a sale on a quiet line waited for {terminal.queries} queries")
        if rng.random() < 0.1:
            self._another_family_shops(terminal)

    def _could_shop(self, moment: int, pin: int | None) -> bool:
        """Whether a terminal that never saw the card would have sold."""
        state = Terminal(3, self.repairs).sell(self._quiet(), 60, 7, moment, () if pin is None else (pin,))
        return state is State.DONE

    def _plant(self, terminal: Terminal) -> None:
        moment, txn = self.month * MONTH + self.tick, len(terminal.journal) + 1
        self.rogue.debit(Body(1, 1, moment, terminal.number, txn, "rogue"))

    def _another_family_shops(self, terminal: Terminal) -> None:
        other, books = Card(2, self.repairs, None), Books(2, self.repairs, self.month)
        quiet = Line(other, self.rng, QUIET, self.knows, _nobody)
        terminal.deliver(quiet, *books.issued[-1])
        minimum, terminal.minimum = terminal.minimum, 1
        state = terminal.sell(quiet, 60, 7, self.month * MONTH + self.tick)
        terminal.minimum = minimum
        if state is not State.DONE or terminal.queries:
            raise Hole(1, "a doubt on one card stops a sale to another")


def _nobody(_: bool) -> None:
    """No rogue is near."""
