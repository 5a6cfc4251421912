# SPDX-License-Identifier: Apache-2.0
"""The states that a hostile host finds cards in, each made by honest commands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from ssn_card.protocol.commands import CANCEL, DEBIT, OVERRIDE
from ssn_card.protocol.values import MAX_AMOUNT, PIN_TRIES, KeySelection, LifeState

from ..campaign.bench import Bench
from ..campaign.scenes import guesses
from ..simulator import Medium

LOAD = 900_000  #: rupiah
PIN_ABOVE = 50_000  #: rupiah


@dataclass(frozen=True)
class FuzzState:
    """A state by its name; ``medium``: how the reader reaches the card under fire; ``pieces``: in which a command's
    data come, bytes.
    """

    name: str
    prepare: Callable[[Bench], None]
    medium: Medium = Medium.CONTACT
    pieces: int = 256


def _active(bench: Bench) -> None:
    bench.personalize()
    bench.deliver(bench.update(LOAD))


def _without_pin(bench: Bench) -> None:
    bench.personalize(pin=None)
    bench.deliver(bench.update(LOAD, pin_above=PIN_ABOVE))


def _pin_asked(bench: Bench) -> None:
    bench.personalize()
    bench.deliver(bench.update(LOAD, pin_above=PIN_ABOVE))


def _pin_blocked(bench: Bench) -> None:
    _pin_asked(bench)
    guesses(PIN_TRIES)(bench)


def _one_try_left(bench: Bench) -> None:
    _pin_asked(bench)
    guesses(PIN_TRIES - 1)(bench)


def _choice(bench: Bench) -> None:
    _pin_blocked(bench)
    bench.deliver(bench.update(pin_count=1))


def _mended(bench: Bench) -> None:
    """Every total and count is above zero; the card's month was ahead, and is a month ahead still."""
    _active(bench)
    bench.moment = dt.datetime(2025, 12, 3, 10, 0)
    bench.move(DEBIT, bench.body(10_000))
    bench.deliver(bench.update(expired_total=100_000, pin_count=1, mend_count=1, mended_to=bytes.fromhex("2511")))


def _then(state: LifeState) -> Callable[[Bench], None]:
    def prepare(bench: Bench) -> None:
        _active(bench)
        bench.move(DEBIT, bench.body(10_000))
        bench.deliver(bench.update(state=state))

    return prepare


def _rotated(bench: Bench) -> None:
    _active(bench)
    bench.move(DEBIT, bench.body(10_000))
    every = KeySelection.UPDATE | KeySelection.OVERRIDE | KeySelection.DEBIT | KeySelection.RECEIPT
    bench.deliver(bench.update(key_selection=every))


def _rich(bench: Bench) -> None:
    """Every amount as high as it may be."""
    bench.personalize()
    bench.deliver(
        bench.update(MAX_AMOUNT, monthly_limit=MAX_AMOUNT - 0xFFFF, override_max=0xFFFF, debit_max=MAX_AMOUNT)
    )
    bench.move(DEBIT, bench.body(0x7FFF_0000))
    bench.move(OVERRIDE, bench.body(0x8000))


def _full_log(bench: Bench) -> None:
    """One receipt before the numbers' second byte moves, with every kind of receipt in the log."""
    _active(bench)
    for _ in range(251):
        bench.move(DEBIT, bench.body(1_000))
    bench.move(OVERRIDE, bench.body(20_000))
    receipt = bench.move(DEBIT, bench.body(2_000))
    bench.move(CANCEL, bench.body(2_000, receipt.mac))


STATES: tuple[FuzzState, ...] = (
    FuzzState("blank", lambda bench: None),
    FuzzState("issued", lambda bench: bench.personalize()),
    FuzzState("active", _active),
    FuzzState("without PIN", _without_pin),
    FuzzState("PIN asked", _pin_asked),
    FuzzState("PIN blocked", _pin_blocked),
    FuzzState("PIN to be chosen", _choice),
    FuzzState("contactless", _pin_asked, Medium.TYPE_A),
    FuzzState("contactless, one try", _one_try_left, Medium.TYPE_B),
    FuzzState("mended", _mended),
    FuzzState("in pieces, one try", _one_try_left, Medium.USB, pieces=16),
    FuzzState("blocked", _then(LifeState.BLOCKED)),
    FuzzState("terminated", _then(LifeState.TERMINATED)),
    FuzzState("keys rotated", _rotated),
    FuzzState("rich", _rich),
    FuzzState("full log", _full_log),
)
