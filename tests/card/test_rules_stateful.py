# SPDX-License-Identifier: Apache-2.0
"""The applet and the reference card side by side, through whatever Hypothesis thinks of.

One machine over all commands, months, key versions, tears, replays and lost answers: tests/card/machine.
"""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from tests.card.live_card import LiveCard
from tests.card.machine.base import Subject
from tests.card.machine.holder import Holder
from tests.card.machine.line import TheLine
from tests.card.machine.secure import Secure

from ssn_card.simulator import LaboratoryConnection, Simulator
from ssn_card.simulator.factory import factory_install_data

_serials = itertools.count(1)
ALL = tuple(Phase)


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


def run(cards: type[Cards], examples: int, steps: int, phases: tuple[Phase, ...] = ALL) -> None:
    run_state_machine_as_test(
        cards,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            phases=phases,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )


@pytest.mark.timeout(300)
def test_card_follows_the_model(simulator: Simulator) -> None:
    cards = machine(simulator)
    run(cards, examples=100, steps=50)
    for name, count in sorted(cards.reached.items()):
        print(f"{count:8} {name}")


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_card_follows_the_model_for_long(simulator: Simulator) -> None:
    run(machine(simulator), examples=1500, steps=80)
