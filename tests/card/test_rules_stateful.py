# SPDX-License-Identifier: Apache-2.0
"""The applet and the reference card side by side, through whatever Hypothesis thinks of.

One machine over all commands, months, key versions, tears, replays and lost answers: tests/card/machine.
"""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from tests.card.live_card import LiveCard
from tests.card.machine.base import Subject
from tests.card.machine.holder import Holder
from tests.card.machine.line import TheLine
from tests.card.machine.secure import Secure

from ssn_card.simulator import LaboratoryConnection, Simulator
from ssn_card.simulator.factory import factory_install_data

_serials = itertools.count(1)


#: States and outcomes without which a run has proved little.
MUST_REACH = {
    *(f"{one}: {fate}" for one in ("DEBIT", "CANCEL", "OVERRIDE", "UPDATE") for fate in ("torn", "answer lost")),
    *(f"{one} torn {when} its commit" for one in ("DEBIT", "UPDATE") for when in ("before", "after")),
    *(f"DEBIT {sw:04X}" for sw in (0x9000, 0x9401, 0x9402, 0x9403, 0x9404, 0x9405, 0x9408, 0x940A, 0x940B, 0x9412)),
    *(f"VERIFY {sw:04X}" for sw in (0x9000, 0x63C2, 0x6983, 0x6984, 0x6A80, 0x9414)), "VERIFY: torn",
    "CHANGE 9000", "CHANGE 6985", "CHANGE 6A80", "CHANGE: torn", "choice open", "PIN blocked", "PIN due at once",
    "floor below zero", "pin_above below what was spent", "debit after a right PIN", "debit after no PIN",
    "a key rotated", "all keys rotated", "old key refused", "update under another key", "moved on under the next key",
    "replayed", "quoted falsely", "UPDATE 940D", "UPDATE 940E", "UPDATE 940F", "UPDATE 9407",
    "full log", "log gone round", "month turned", "month mended", "month not mended again", "expired",
    "state 1", "state 3", "state 4",
    "STORE DATA: torn", "STORE DATA 6985", "identity read by 31 at level 33",
    "personalized after attempts", "personalization torn before its commit",
}  # fmt: skip


class Cards(Holder, Secure, TheLine):
    """All rules."""


def machine(simulator: Simulator, classes: Path | None = None) -> type[Cards]:
    """The machine over cards of this simulator, with an applet of ``classes`` in place of the programme's."""

    def new_subject() -> Subject:
        serial = b"RULE" + next(_serials).to_bytes(4, "big")
        card = simulator.create_card(factory_install_data(serial), classes=classes)
        live = LiveCard(serial, card.url, lambda: LaboratoryConnection(simulator, card), lambda: simulator.remove(card))
        return Subject(live, card, simulator)

    members = {"new_subject": staticmethod(new_subject), "reached": Counter()}
    return type("Cards", (Cards,), members)


def run(cards: type[Cards], number: int, examples: int, steps: int, **more: Any) -> None:
    """The search of this number, with so many examples of at most so many steps; ``more`` settings of Hypothesis.

    Where Hypothesis repeats its choices (it does under CI), each number has its own, or all searches would be one.
    """
    run_state_machine_as_test(
        seed(number)(cards) if settings().derandomize else cards,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
            report_multiple_bugs=False,
            **more,
        ),
    )


@pytest.mark.timeout(300)
def test_card_follows_the_model(simulator: Simulator) -> None:
    """Several short searches find more than a long one; a few more where they missed something."""
    cards = machine(simulator)
    for number in range(20):
        run(cards, number, examples=30, steps=50)
        if number >= 4 and set(cards.reached) >= MUST_REACH:
            break
    assert set(cards.reached) >= MUST_REACH, MUST_REACH - set(cards.reached)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_card_follows_the_model_for_long(simulator: Simulator) -> None:
    run(machine(simulator), 0, examples=1500, steps=80)
