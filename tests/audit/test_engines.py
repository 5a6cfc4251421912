# SPDX-License-Identifier: Apache-2.0
"""Engines mark what the judge has something to say of, and know of a card there what the judge knows."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from tests.audit.oracle import differences, expected
from tests.audit.spoilt import Given, Spoiler, arranged, honest, moved_to, numbered, rebooked, serial, signed
from tests.model.wire import MAC, T_UPDATE, TYPE
from tests.receipts.made import AT_SERIAL, SIZE, history, replaced

from ssn_card.audit import lockstep
from ssn_card.audit.errors import NotInOrder
from ssn_card.audit.kernel import aes, sequence
from ssn_card.audit.partition import Engine
from ssn_card.audit.rows import Mark, Rows

engines = pytest.mark.parametrize(
    "engine",
    [
        pytest.param(lockstep.judge, id="lockstep"),
        pytest.param(
            sequence.judge, id="kernel", marks=pytest.mark.skipif(aes.available() is not None, reason="no AES-NI")
        ),
    ],
)
#: That can run here.
ENGINES: tuple[Engine, ...] = (lockstep.judge, *(() if aes.available() is not None else (sequence.judge,)))


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
def test_no_receipts_have_no_marks(engine: Engine) -> None:
    marks = engine(*arranged([], Random(1)))
    assert (len(marks.flags), len(marks.before)) == (0, 0)


@engines
def test_a_card_is_judged_alone_as_among_others(engine: Engine) -> None:
    rows, keys, key_of = spoilt(7, 60)
    whole = engine(rows, keys, key_of)
    serials = rows.raw[:, AT_SERIAL].copy().view("S8")[:, 0]
    starts = np.flatnonzero(np.append(True, serials[1:] != serials[:-1]))
    for start, end in pairwise([*starts.tolist(), len(serials)]):
        alone = engine(rows.part(start, end), keys, key_of[start:end])
        assert np.array_equal(alone.flags, whole.flags[start:end])
        due = whole.before[(whole.before["row"] >= start) & (whole.before["row"] < end)].copy()
        for name in ("row", "newest", "stated"):
            due[name] = np.where(due[name] < 0, due[name], due[name] - start)
        assert np.array_equal(alone.before, due)


@engines
def test_a_card_of_thousands(engine: Engine) -> None:
    """Where what is carried from row to row is carried far."""
    spoiler = Spoiler(Random(8))
    movements = [raw for raw in honest(3) + honest(5) if raw[TYPE] != T_UPDATE]
    longest = rebooked(numbered([*honest(3), *movements * 100]), len(honest(3)))
    for way in (spoiler.altered, spoiler.dropped, spoiler.hidden, spoiler.linked):
        longest = way(longest)
    marks = agrees(engine, arranged([moved_to(raw, serial(3)) for raw in longest], Random(8)))
    assert marks[Mark.RULE]


FIRST = history()[0]  #: an update that loads Rp900.000
LESS = {"loaded_total": 800_000, "balance_after": 800_000, "granted_total": 800_000}


@engines
@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(replaced(FIRST, seq=2, update_seq=2, **LESS), id="less-is-loaded"),
        pytest.param(replaced(FIRST, seq=3, update_seq=2, **LESS), id="less-is-loaded-behind-a-gap"),
        pytest.param(replaced(FIRST, seq=3), id="an-update-twice"),
        pytest.param(
            replaced(history()[1], previous_mac=bytes(8), balance_after=900_001, month_spent_after=0),
            id="more-is-left-than-was-granted",
        ),
    ],
)
def test_faults_that_stand_alone(engine: Engine, raw: bytes) -> None:
    """Dice seldom leave all else in order."""
    linked = replaced(raw, previous_mac=FIRST[MAC:]) if raw[TYPE] == T_UPDATE else raw
    given = arranged([FIRST, signed(linked)], Random(1))
    agrees(engine, given)
    assert engine(*given).flags[1] & Mark.RULE


@engines
def test_versions_that_take_turns(engine: Engine) -> None:
    receipts = [replaced(raw, key_version=1 + number % 2) for number, raw in enumerate(honest(1) + honest(9))]
    receipts = [signed(raw) if number % 5 else raw for number, raw in enumerate(receipts)]
    marks = agrees(engine, arranged(receipts, Random(9)))
    assert marks[Mark.WRONG_MAC]


@engines
@pytest.mark.parametrize("column", ["serial", "seq", "raw", "file", "line"])
def test_rows_that_are_not_sorted_are_no_evidence(engine: Engine, column: str) -> None:
    """The first of them is named; rows that are alike in all may stand in any order."""
    one = honest(1)
    twins = [signed(replaced(one[4], previous_mac=bytes((value,)) * 8)) for value in (1, 2)]
    wrong = {
        "serial": [(honest(2)[0], 1, 1), (one[-1], 1, 1)],
        "seq": [(one[5], 1, 1), (one[4], 1, 2)],
        "raw": [(twins[1], 1, 1), (twins[0], 1, 2)],
        "file": [(one[4], 2, 1), (one[4], 1, 2)],
        "line": [(one[4], 1, 2), (one[4], 1, 1)],
    }[column]
    placed = [(one[0], 1, 1), (one[1], 1, 1), (one[1], 1, 1), *wrong]
    raw = np.frombuffer(b"".join(one for one, _, _ in placed), np.uint8).reshape(-1, SIZE).copy()
    file, line = (np.array([one[at] for one in placed], np.int64) for at in (1, 2))
    rows = Rows(raw, file.astype(np.int32), line, np.zeros(len(raw), np.uint8))
    key_of = np.full(len(raw), -1, np.int32)
    with pytest.raises(NotInOrder) as caught:
        engine(rows, np.zeros((0, 16), np.uint8), key_of)
    assert "4" in caught.value.text.en
    order = [0, 1, 2, 4, 3]
    backwards = Rows(raw[order], rows.file[order], line[order], rows.goods)
    assert not np.any(engine(backwards, np.zeros((0, 16), np.uint8), key_of).flags != Mark.NO_KEY)


@engines
@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(100, 140))
def test_marks_are_the_judges_of_hundreds_of_thousands(engine: Engine, seed: int) -> None:
    agrees(engine, spoilt(seed, 400))
