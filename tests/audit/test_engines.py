# SPDX-License-Identifier: Apache-2.0
"""Engines mark what the judge has something to say of, and know of a card there what the judge knows."""

from __future__ import annotations

from collections import Counter
from random import Random

import numpy as np
import pytest
from tests.audit.oracle import differences, expected
from tests.audit.spoilt import Given, Spoiler, arranged, honest, serial

from ssn_card.audit import lockstep
from ssn_card.audit.kernel import aes, sequence
from ssn_card.audit.partition import Engine
from ssn_card.audit.rows import Mark

engines = pytest.mark.parametrize(
    "engine",
    [
        pytest.param(lockstep.judge, id="lockstep"),
        pytest.param(
            sequence.judge, id="kernel", marks=pytest.mark.skipif(aes.available() is not None, reason="no AES-NI")
        ),
    ],
)


def agrees(engine: Engine, given: Given) -> Counter[Mark]:
    """How often each mark was set, where engine and judge say the same."""
    found, due = engine(*given), expected(*given)
    assert not list(differences(found, due))[:5]
    return Counter({mark: int(np.count_nonzero(found.flags & mark)) for mark in Mark})


def spoilt(seed: int, cards: int) -> Given:
    random = Random(seed)
    spoiler = Spoiler(random)
    receipts = [raw for number in range(cards) for raw in spoiler.card(number)]
    return arranged(receipts, random, frozenset({serial(5)}))


@engines
def test_of_honest_cards_there_is_nothing_to_say_but_for_clocks(engine: Engine) -> None:
    given = arranged([raw for number in range(70) for raw in honest(number)], Random(1))
    marks = agrees(engine, given)
    assert set(+marks) <= {Mark.BACKDATED}


@engines
@pytest.mark.parametrize("seed", range(4))
def test_marks_are_the_judges_where_nearly_everything_is_wrong(engine: Engine, seed: int) -> None:
    marks = agrees(engine, spoilt(seed, 120))
    assert all(marks[mark] for mark in Mark), marks


@engines
@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(100, 140))
def test_marks_are_the_judges_of_hundreds_of_thousands(engine: Engine, seed: int) -> None:
    agrees(engine, spoilt(seed, 400))
