# SPDX-License-Identifier: Apache-2.0
"""Whoever stands between terminal and card: accidents, the line without keys, a rogue terminal, a retired key.

The line makes no MAC. It alters, drops, replays and reorders what it saw, forges status words and what SELECT says, and
lets the rogue at the card between two exchanges. The rogue holds the DEBIT master and uses it at the card alone: it
could play a card to a terminal too, which only the SAM will stop.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from .card import Card
from .repairs import Repairs
from .terms import (
    ALREADY_DONE,
    BALANCE,
    CANCEL,
    DEBIT,
    LIMIT,
    LOG,
    NO_CHALLENGE,
    NOT_FOUND,
    OK,
    PIN_REQUIRED,
    UPDATE,
    WRONG_MAC,
    Answer,
    Body,
    Command,
    Entitlement,
    Quote,
    ring,
)

FORGED = (ALREADY_DONE, BALANCE, LIMIT, NO_CHALLENGE, NOT_FOUND, PIN_REQUIRED, WRONG_MAC)
QUIET, ACCIDENTS, HOSTILE, WITH_ROGUE = range(4)
THIEFS_PIN = 666
WRONG = 999


@dataclass
class Knowledge:
    """What the line has seen of one card, and the PINs that it has made of it."""

    commands: list[Command] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    selects: list[Answer] = field(default_factory=list)
    pins: set[int] = field(default_factory=set)
    #: by challenge and nonce: a block, and the PIN where a friend typed it
    blocks: dict[object, tuple[int, int | None]] = field(default_factory=dict)
    cut: list[Command] = field(default_factory=list)  #: movements that never reached the card
    challenge: object = None  #: told in the newest answer
    select: Answer | None = None  #: told at the newest SELECT
    typed_under: Answer | None = None  #: told before a friend typed a PIN

    def pin_seen(self, nonce: object, block: int, own: int | None) -> None:
        """Two PINs under one mask: who typed one of them knows the other."""
        key = (self.challenge, nonce)
        earlier = self.blocks.setdefault(key, (block, own))
        for (one, known), (other, _) in ((earlier, (block, own)), ((block, own), earlier)):
            if known is not None and one != other:
                self.pins.add(one ^ other ^ known)


class Rogue:
    """A terminal with the DEBIT master, at the card itself."""

    def __init__(self, card: Card, repairs: Repairs, knows: Knowledge) -> None:
        self._card, self._repairs, self._knows = card, repairs, knows
        self._keys = ring(DEBIT)
        self._txn = 0

    def act(self, rng: Random, moment: int) -> None:
        rng.choice((self._small, self._many, self._plant, self._copied, self._cancel, self._guess))(rng, moment)

    def debit(self, body: Body) -> None:
        self._send(DEBIT, body)

    def _send(self, ins: str, body: object, contactless: bool = False) -> None:
        selected = self._card.transmit(Command("SELECT"))
        assert selected is not None
        _, quote, challenge = selected.data
        assert isinstance(quote, Quote)
        if ins == "VERIFY":
            pin = WRONG ^ self._keys.pad((DEBIT, quote.debit, self._card.serial), ("pin", 0, challenge))
            body = (0, 9, pin)
        bound = quote if self._repairs.select_bound else None
        mac = self._keys.mac((DEBIT, quote.debit, self._card.serial), ("command", ins, body, bound, challenge))
        self._card.transmit(Command(ins, body, mac, quote), 0, contactless)

    def _body(self, moment: int, terminal: int = 9, txn: int = 0) -> Body:
        self._txn += 1
        return Body(1, 1, moment, terminal, txn or self._txn, "rogue")

    def _small(self, _: Random, moment: int) -> None:
        self._send(DEBIT, self._body(moment))

    def _many(self, _: Random, moment: int) -> None:
        self.flood(moment)

    def flood(self, moment: int) -> None:
        """So many back-dated debits that the log forgets what was before."""
        for _ in range(LOG):
            self._send(DEBIT, self._body(moment - moment % 1000))

    def _plant(self, rng: Random, moment: int) -> None:
        """A transaction number of the honest terminal's: its latest, or the next."""
        seen = [one.body for one in self._knows.commands if isinstance(one.body, Body)]
        if seen:
            self._send(DEBIT, self._body(moment, seen[-1].terminal, seen[-1].txn + rng.randrange(2)))

    def _copied(self, _: Random, __: int) -> None:
        self.copy()

    def copy(self) -> None:
        """A movement that the line has cut off, as a debit."""
        if self._knows.cut:
            self._send(DEBIT, self._knows.cut[-1].body)

    def _cancel(self, _: Random, moment: int) -> None:
        newest = self._card.receipts[-1]
        if newest.kind == DEBIT and isinstance(newest.body, Body):
            body = newest.body
            self._send(CANCEL, Body(body.amount, body.categories, moment, body.terminal, 90 + self._txn, newest.mac))

    def _guess(self, rng: Random, _: int) -> None:
        self._send("VERIFY", None, contactless=rng.random() < 0.7)


class Line:
    """Between one terminal and one card, for one visit."""

    def __init__(
        self,
        card: Card,
        rng: Random,
        mood: int,
        knows: Knowledge,
        rogue: Callable[[bool], None],
        retired: bool = False,
        typed: int | None = None,
    ) -> None:
        """``retired``: a DEBIT master of version 1 was stolen; ``typed``: a PIN that the adversary's friend types."""
        self.card, self._rng, self._mood, self._knows, self._rogue = card, rng, mood, knows, rogue
        self._typed = typed
        self._false = FalseCard(card.serial) if retired else None

    def transmit(self, command: Command) -> Answer | None:
        if self._mood == QUIET:
            return self.card.transmit(command)
        if self._mood == ACCIDENTS:
            return self._accident(command)
        self._watch(command)
        answer = self._hostile(command)
        if answer is not None and command.ins == "SELECT" and answer.sw == OK:
            self._knows.challenge, self._knows.select = answer.data[2], answer
        elif answer is not None and answer.mac is not None and command.ins in ("NUMBER", "STATUS", "VERIFY"):
            self._knows.challenge = answer.mac
        return answer

    def reset(self) -> bool:
        """Before a movement: a loose contact, or a line that says so while the rogue has the card."""
        if self._mood == QUIET or self._rng.random() < 0.85:
            return False
        if self._mood == WITH_ROGUE:
            self._rogue(False)
        self.card.transmit(Command("SELECT"))
        return True

    def _watch(self, command: Command) -> None:
        if command.ins == "SELECT":
            return
        self._knows.commands.append(command)
        if command.ins == "CLEAR VERIFY" and isinstance(command.body, int):
            self._knows.pins.add(command.body)
        if command.ins == "VERIFY" and isinstance(command.body, tuple):
            nonce, _, block = command.body
            self._knows.pin_seen(nonce, block, self._typed)
            if self._typed is not None:
                self._knows.typed_under = self._knows.select

    def _accident(self, command: Command) -> Answer | None:
        luck = self._rng.random()
        if luck < 0.7:
            return self.card.transmit(command)
        if luck < 0.8:
            return None  # never reached the card
        if luck < 0.9:
            self.card.transmit(command)
            return None
        self.card.transmit(command, self._rng.choice((1, 2)))
        return None

    def _hostile(self, command: Command) -> Answer | None:
        rng = self._rng
        if command.ins == "SELECT":
            return self._select(command)
        if self._false is not None and self._false.speaks:
            return self._false.transmit(command)
        if self._mood == WITH_ROGUE and rng.random() < 0.3:
            self._rogue(False)
        return self._by_luck(command)

    def _by_luck(self, command: Command) -> Answer | None:
        rng = self._rng
        luck = rng.random()
        if luck < 0.35:
            return self._pass(command)
        if luck < 0.55:
            self._cut(command)
            return None
        if luck < 0.65:
            self._pass(command)
            return None
        if luck < 0.75:
            self._pass(command)
            return Answer(rng.choice(FORGED))
        if luck < 0.85:
            self._cut(command)
            return Answer(PIN_REQUIRED if command.ins == DEBIT and rng.random() < 0.5 else rng.choice(FORGED))
        if luck < 0.92:
            return self._altered(command)
        if luck < 0.96 and self._knows.answers:
            self._pass(command)
            return rng.choice(self._knows.answers)
        self._replayed(rng)
        return self._pass(command)

    def _pass(self, command: Command) -> Answer | None:
        answer = self.card.transmit(command)
        if answer is not None and answer.mac is not None:
            self._knows.answers.append(answer)
        if self._mood == WITH_ROGUE and command.ins in (DEBIT, CANCEL) and self._rng.random() < 0.2:
            self._rogue(False)
        return answer

    def _cut(self, command: Command) -> None:
        if isinstance(command.body, Body):
            self._knows.cut.append(command)
            if self._mood == WITH_ROGUE and self._rng.random() < 0.5:
                self._rogue(True)

    def _altered(self, command: Command) -> Answer | None:
        body = command.body
        if isinstance(body, Body):
            body = body._replace(amount=body.amount + 1)
        elif isinstance(body, Entitlement):
            body = body._replace(loaded=body.loaded + 1000)
        elif isinstance(body, tuple):
            body = (*body[:2], body[2] ^ 1, *body[3:]) if len(body) > 2 else (*body, 1)
        return self._pass(command._replace(body=body))

    def _replayed(self, rng: Random) -> None:
        if self._knows.commands:
            self.card.transmit(rng.choice(self._knows.commands[-8:]))
        if not rng.randrange(3):
            self.card.transmit(Command("CLEAR CHOOSE", THIEFS_PIN))

    def _select(self, command: Command) -> Answer | None:
        answer, rng = self.card.transmit(command), self._rng
        assert answer is not None
        self._knows.selects.append(answer)
        serial, quote, challenge = answer.data
        assert isinstance(quote, Quote)
        luck = rng.random()
        if self._false is not None:
            self._false.speaks = luck < 0.7
            if self._false.speaks:
                return Answer(OK, (serial, quote._replace(debit=1), challenge))
        if luck < 0.65:
            return answer
        if luck < 0.72:
            return None
        if luck < 0.82 or (self._knows.typed_under is not None and luck < 0.9):
            return self._knows.typed_under or rng.choice(self._knows.selects[-3:])
        lie = rng.choice(("debit", "receipt", "update", "override", "masked", "masked", "masked"))
        value = getattr(quote, lie)
        other = 3 - value
        if lie == "masked":  # any number may be put there: the true one is no secret to who counts
            other = value ^ self.card.newest ^ max(self.card.newest + rng.randrange(-2 * LOG, LOG), 0)
        return Answer(OK, (serial, quote._replace(**{lie: other}), challenge))


class FalseCard:
    """Played by who stole a retired DEBIT master: every command is obeyed in words, and nothing ever happened."""

    def __init__(self, serial: int) -> None:
        self._keys = ring(DEBIT, versions=(1,))
        self._key = (DEBIT, 1, serial)
        self.speaks = False

    def transmit(self, command: Command) -> Answer | None:
        data: tuple[object, ...]
        body = command.body
        if command.ins == "NUMBER" and isinstance(body, tuple):
            data = ("not made", body[2] - 1)
        elif command.ins == "VERIFY":
            data = ("right",)
        elif command.ins == UPDATE and isinstance(body, Entitlement):
            data = ()
        else:
            return Answer(NO_CHALLENGE)
        return Answer(OK, data, self._keys.mac(self._key, ("answer", command.ins, data, command.mac)))
