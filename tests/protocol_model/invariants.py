# SPDX-License-Identifier: Apache-2.0
"""The invariants of issue 10 that are looked at from outside. Those on a single command are in the card's witness."""

from __future__ import annotations

from .adversary import THIEFS_PIN, Knowledge
from .auditor import Auditor, Finding
from .bank import Books
from .card import Card
from .purse import Purse
from .repairs import Repairs
from .terminal import Entry, State, Terminal
from .terms import CANCEL, DEBIT, GIVEN, MONTH, OVERRIDE, UPDATE, Body, Entitlement, Hole, Receipt, digest


def conclusions(terminal: Terminal, card: Card) -> int:
    """1: what a terminal has concluded is so, now and for ever. Returns how many conclusions there are."""
    receipts, reached, used = set(card.receipts), 0, set()
    for entry in terminal.journal:
        if entry.serial != card.serial:
            continue
        if entry.state is State.VOID and any(mac in card.witness.executed for mac in entry.commands):
            raise Hole(1, f"transaction {entry.txn} ({entry.kind}) was said not to have happened")
        if entry.state is State.DONE:
            if entry.receipt not in receipts:
                raise Hole(1, f"transaction {entry.txn} ({entry.kind}): no receipt of this card")
            if entry.receipt.kind != entry.kind or entry.receipt.body != entry.body or entry.receipt in used:
                raise Hole(1, f"transaction {entry.txn} ({entry.kind}): another's receipt")
            used.add(entry.receipt)
        if entry.state is State.GONE and entry.number <= entry.proven_then:
            raise Hole(1, f"transaction {entry.txn}: a lie of the line made a doubt for the bank")
        reached += entry.state in (State.VOID, State.DONE) and bool(entry.commands)
    return reached


def money(card: Card) -> None:
    """2: conserved, never negative, and within signed 32 bits."""
    purse = card.purse
    if purse.balance != purse.entitlement.loaded + purse.refunded - purse.spent - purse.withdrawn:
        raise Hole(2, "money is not conserved")
    if purse.granted != purse.entitlement.loaded - purse.withdrawn:
        raise Hole(2, "granted is not loaded less withdrawn")
    if min(purse.balance, purse.granted, purse.month_spent, purse.withdrawn) < 0:
        raise Hole(2, "less than nothing")
    if not -(1 << 31) <= purse.floor < 1 << 31:
        raise Hole(2, "the PIN's floor does not fit 32 bits")


def secrets(card: Card, knows: Knowledge) -> None:
    """4: nobody but the holder knows or chooses the PIN."""
    if card.pin == THIEFS_PIN:
        raise Hole(4, "a thief has chosen the PIN")
    if card.pin in knows.pins:
        raise Hole(4, "the line knows the PIN")


class InOrder:
    """3: a second purse, to which each update comes when it is issued, in order; beside it the card that misses some.

    They part, rightly, once something is done that a missed update would have forbidden. ``parted`` says by what.
    """

    def __init__(self, repairs: Repairs) -> None:
        self.purse = Purse(repairs)
        self.parted = ""
        self._repairs = repairs
        self._seen = 0

    def issued(self, new: Entitlement) -> None:
        self.purse.update(new)

    def follow(self, card: Card, month: int) -> None:
        for number in range(self._seen, card.newest):
            if card.receipts[number].kind != UPDATE:
                self._moved(card, number, month)
        self._seen = card.newest
        if self.parted or card.purse.entitlement.seq != self.purse.entitlement.seq:
            return
        mine, its = self.purse.state(), card.purse.state()
        if mine != its:
            names = ", ".join(f"{name} {its[name]} instead of {mine[name]}" for name in mine if mine[name] != its[name])
            raise Hole(3, f"the newest update alone gives another state: {names}")

    def _moved(self, card: Card, number: int, month: int) -> None:
        receipt, then = card.receipts[number], card.witness.purses[number]
        body = receipt.body
        assert isinstance(body, Body)
        late = then.entitlement.seq != self.purse.entitlement.seq
        before = then.spent - body.amount - then.refunded
        if late and receipt.kind == DEBIT and self.purse.entitlement.expired - before > then.withdrawn:
            if body.moment // MONTH == month:
                raise Hole(3, "money that has expired was spent, by a right clock")
            self.parted = self.parted or "a clock behind spent what has expired"
        if self.parted:
            return
        if late and receipt.kind == CANCEL:
            self.parted = "cancelled behind an update that was missed"
        elif late and self.purse.entitlement.mend_count > then.entitlement.mend_count:
            self.parted = "moved while a mending was on its way"
        elif self._follow(receipt, card) != 0x9000:
            self.parted = "forbidden by an update that was missed"

    def _follow(self, receipt: Receipt, card: Card) -> int:
        assert isinstance(receipt.body, Body)
        if receipt.kind == DEBIT:
            return self.purse.debit(receipt.body, receipt.pin == GIVEN, card.pin is not None)
        if receipt.kind == OVERRIDE:
            return self.purse.override(receipt.body)
        return self.purse.cancel(receipt.body, card.receipts[receipt.seq - 2])


def months(card: Card, books: Books, spent_in: set[tuple[int, bool, int]], set_back: int) -> None:
    """5: at most a month's limit, raises included, for each true month and each false one that was spent in."""
    limit = max(update.limit for update, _ in books.issued)
    raised = sum(one.body.amount for one in card.receipts if one.kind == OVERRIDE and isinstance(one.body, Body))
    false = sum(not true for _, true, _ in spent_in)
    if set_back > false:
        raise Hole(5, "the card's month was set back, and was true")
    if card.purse.spent - card.purse.refunded > limit * len(spent_in) + raised * (1 + false):
        raise Hole(5, "more than a month's limit was gained by a wrong clock")


def settled(books: Books, entries: list[Entry], known: dict[int, Receipt], card: Card) -> tuple[int, int]:
    """1: what the bank says of a receipt that the card has forgotten; returns how many were restored, and stay open."""
    restored = still_open = 0
    for entry in entries:
        in_hand = entry.number in known
        provable = entry.number - 1 in known and entry.number + 1 in known
        verdict = books.settle(entry, known)
        truth = card.receipts[entry.number - 1] if entry.number <= card.newest else None
        ours = truth is not None and (truth.kind, truth.body) == (entry.kind, entry.body)
        if (verdict is State.DONE) != ours and verdict is not State.GONE:
            raise Hole(1, f"the bank says of transaction {entry.txn}: {verdict.value}")
        if verdict is State.GONE and (in_hand or provable):
            raise Hole(1, f"the bank leaves transaction {entry.txn} open, with proof in hand")
        if verdict is State.DONE and known[entry.number] != truth:
            raise Hole(1, f"the bank restores another receipt {entry.number}")
        restored += verdict is State.DONE and not in_hand
        still_open += verdict is State.GONE
    return restored, still_open


def audited(card: Card, known: dict[int, Receipt]) -> tuple[int, int]:
    """6: from receipts alone. Returns how many were recomputed, and how many gaps there were."""
    receipts = [known[number] for number in sorted(known)]
    try:
        accounts = Auditor(card.serial).audit(receipts)
    except Finding as finding:
        raise Hole(6, f"an honest card is accused: {finding}") from None
    gaps, before = 0, 0
    stated: set[int] = set()
    for account, receipt in zip(accounts, receipts, strict=True):
        then = card.witness.purses[account.seq - 1]
        if isinstance(receipt.body, Entitlement):
            stated.add(receipt.body.seq)
        if account.seq > before + 1:
            gaps += 1
            truth = _net(card.witness.purses[account.seq - 2]) - _net(card.witness.purses[before - 1])
            if account.spent_in_gap != truth:
                raise Hole(6, f"a gap hides {truth}: the auditor says {account.spent_in_gap}")
        exact = gaps == 0
        _between("limit", account.limit, then.limit(then.month), exact, then.entitlement.seq in stated)
        _between("PIN floor", account.floor, then.floor, exact, then.entitlement.seq in stated)
        before = account.seq
    return len(receipts), gaps


def _net(purse: Purse) -> int:
    return purse.spent - purse.refunded


def _between(what: str, found: tuple[int, int] | None, truth: int, exact: bool, stated: bool) -> None:
    if found is None:
        if stated:
            raise Hole(6, f"the auditor does not know the {what}, and has the update's receipt")
    elif not found[0] <= truth <= found[1] or (exact and found[0] != found[1]):
        raise Hole(6, f"{what} is {truth}, the auditor says {found}")


def one_basket(receipts: list[Receipt], repairs: Repairs) -> None:
    """6: a receipt names one basket. Whoever may look for another of the same digest finds it in 8 bytes."""
    for one in receipts:
        if one.kind == DEBIT and isinstance(one.body, Body) and isinstance(one.body.mark, int):
            basket = one.body.mark if repairs.long_digest else one.body.mark << 1
            if digest(basket ^ 1, repairs.long_digest) == one.body.mark:
                raise Hole(6, "two baskets, one receipt")
