# SPDX-License-Identifier: Apache-2.0
"""READ RECEIPT in all outcomes: not made, ours, another's, gone."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from ... import commands, status
from ...values import LOG_ENTRIES
from .. import sample
from ..playing import Script
from ..sample import Values, movement
from ..signing import Answered, Signed
from .journey import moment
from .movements import active

_DAY = moment("2026-01-07T10:15:30")


class Attempt(NamedTuple):
    """What a terminal has journalled: the command it sent, and the number that it would make."""

    request: Signed
    number: int


class Recovered(NamedTuple):
    """One doubt: the attempt, and the answer to READ RECEIPT that settles it."""

    why: str
    attempt: Attempt
    answer: Answered
    conclusion: str


@cache
def _played() -> tuple[tuple[Script, ...], tuple[Recovered, ...]]:
    doubts: list[Recovered] = []
    scripts = (_settled(doubts), _taken_by_another(doubts), _same_bytes(doubts), _gone(doubts), _asking())
    return scripts, tuple(doubts)


def _attempt(script: Script, values: Values) -> Attempt:
    script.select()
    return Attempt(script.sign(commands.DEBIT, values), len(script.card.chain) + 1)


def _ask(script: Script, doubts: list[Recovered], attempt: Attempt, why: str, conclusion: str) -> None:
    script.select()
    answer = script.read(f"READ RECEIPT: {why}", attempt.number)
    if answer is not None:
        doubts.append(Recovered(why, attempt, answer, conclusion))


def _settled(doubts: list[Recovered]) -> Script:
    script = Script("recovery", "A command that was lost, and one whose answer was.", active())
    lost = _attempt(script, movement(50_000, _DAY, script.txn()))
    _ask(script, doubts, lost, "the command never reached the card: not made yet", "not charged")
    script.send("the lost command, played behind the next SELECT's query", lost.request, status.WrongMac)
    done = _attempt(script, movement(60_000, _DAY, script.txn()))
    script.send("a debit whose answer is lost", done.request)
    _ask(script, doubts, done, "ours", "charged")
    refused = _attempt(script, movement(150_001, _DAY, script.txn()))
    script.send("a debit that the card refuses", refused.request, status.DebitMaximumExceeded)
    _ask(script, doubts, refused, "a refusal confirmed: not made yet", "not charged")
    return script


def _taken_by_another(doubts: list[Recovered]) -> Script:
    script = Script("another's number", "The number went to another terminal's debit.", active())
    values = movement(50_000, _DAY, script.txn())
    lost = _attempt(script, values)
    script.select()
    script.debit("another terminal's debit", values | {"terminal_id": sample.OTHER_TERMINAL_ID})
    _ask(script, doubts, lost, "another's", "not charged")
    return script


def _same_bytes(doubts: list[Recovered]) -> Script:
    script = Script("the same bytes, another type", "A cut-off CANCEL, sent as a DEBIT by a rogue.", active()).select()
    debit = movement(50_000, _DAY, script.txn())
    script.debit("a debit", debit)
    script.select()
    back = sample.cancellation(debit, _DAY, script.txn(), script.card.last_mac)
    cancel = Attempt(script.sign(commands.CANCEL, back), len(script.card.chain) + 1)
    script.select()
    forged = script.sign(commands.DEBIT, back, body=cancel.request.body)
    script.send("the body of the cancellation as a DEBIT", forged)
    _ask(script, doubts, cancel, "the same 36 bytes, of another type: another's", "not charged")
    return script


def _gone(doubts: list[Recovered]) -> Script:
    script = Script("gone", f"More than {LOG_ENTRIES} receipts later.", active())
    made = _attempt(script, movement(50_000, _DAY, script.txn()))
    script.send("a debit whose answer is lost", made.request)
    lost = made._replace(number=3)  # another terminal's, which never reached the card
    for number in range(LOG_ENTRIES - 1):
        script.select()
        script.debit(f"another debit, {number + 1}", movement(1_000, _DAY, script.txn()))
    _ask(script, doubts, made, "the oldest of the log: ours", "charged")
    script.select()
    script.debit("one more", movement(1_000, _DAY, script.txn()))
    _ask(script, doubts, made, "gone from the log", "gone")
    _ask(script, doubts, lost, "the next number, of another: another's", "not charged")
    return script


def _asking() -> Script:
    script = Script("numbers asked for", "Which numbers READ RECEIPT answers with a receipt.", active()).select()
    script.debit("a debit", movement(1_000, _DAY, script.txn()))
    script.select()
    for number in (0, 1, 2, 3, 34, 256, 0x7FFF_FFFF, 0x8000_0001, 0xFFFF_FFFF):
        script.read(f"number {number}", number)
    return script


def doubts() -> tuple[Recovered, ...]:
    """Every conclusion, once."""
    return _played()[1]


def gone() -> Script:
    """The transcript in which a receipt goes from the log."""
    return next(one for one in _played()[0] if one.name == "gone")


def scripts() -> list[Script]:
    """For ``recovery.json``."""
    return list(_played()[0])
