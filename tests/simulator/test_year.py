# SPDX-License-Identifier: Apache-2.0
"""Generated histories are what the applet writes, byte for byte, and the one judge has nothing to say of them."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

import numpy as np
import pytest

from ssn_card.audit.engine import choose
from ssn_card.audit.wanted import Wanted
from ssn_card.keys import KeyMissing, development_keyring
from ssn_card.protocol.values import PinState, ReceiptType
from ssn_card.receipts import Line, Receipt, ReceiptVerifier
from ssn_card.simulator import LaboratoryConnection, Simulator, blank_card
from ssn_card.simulator.campaign.bench import PIN, Bench
from ssn_card.simulator.year import macs
from ssn_card.simulator.year.histories import Habits, Histories, HistoryBatch
from ssn_card.simulator.year.played import has_pin, played

PROVIDER = development_keyring()
#: Of each a lot, so that a few cards show all of it.
LIVELY = Habits(
    months=5,
    movements=4,
    idle=0.1,
    cancelled=0.2,
    raised=0.1,
    with_pin=0.5,
    clock_ahead=0.05,
    terminated=0.02,
    key_moved=0.1,
    pin_chosen=0.1,
    baskets=500,
)


def receipts(batch: HistoryBatch) -> list[Receipt]:
    return [Receipt(raw.tobytes()) for raw in batch.raw]


def by_card(batch: HistoryBatch) -> list[list[Receipt]]:
    return [list(group) for _, group in groupby(receipts(batch), key=lambda one: one.serial)]


@pytest.fixture(scope="module")
def lively() -> HistoryBatch:
    return Histories(11, PROVIDER, LIVELY).batch(0, 400)


def eventful(cards: list[list[Receipt]]) -> list[list[Receipt]]:
    """A few cards that together show everything that there is to see."""
    shown: set[object] = set()
    chosen = []
    for card in cards:
        new = set(signs(card)) - shown
        if new:
            chosen.append(card)
            shown |= new
    assert shown == EVERYTHING
    return chosen


def signs(card: list[Receipt]) -> list[object]:
    """What is to be seen of a card."""
    seen: list[object] = [ReceiptType(one.type) for one in card]
    updates = [one for one in card if one.type == ReceiptType.UPDATE]
    movements = [one for one in card if one.type != ReceiptType.UPDATE]
    seen += [PinState(one.pin_state) for one in movements]
    seen += [("key", one.key_version) for one in card]
    seen += [("state", one.state) for one in updates]
    seen += ["expired"] * any(one.expired_total > 0 for one in updates)
    seen += ["mended"] * any(one.mend_count > 0 for one in updates)
    pins = [one.pin_state for one in movements]
    seen += ["chosen"] * (bool(pins) and pins[0] == PinState.NONE != pins[-1])
    return seen


EVERYTHING: set[object] = {
    *ReceiptType, *PinState, ("key", 1), ("key", 2), ("state", 2), ("state", 3), ("state", 4), "expired", "mended",
    "chosen",
}  # fmt: skip


@pytest.mark.sim
def test_the_applet_writes_the_same_bytes(simulator: Simulator, lively: HistoryBatch) -> None:
    for card in eventful(by_card(lively)):
        blank = blank_card(simulator, card[0].serial)
        with LaboratoryConnection(simulator, blank) as connection:
            bench = Bench(connection, PROVIDER)
            bench.personalize(PIN if has_pin(card) else None)
            assert list(played(bench, card)) == card
        simulator.remove(blank)


@pytest.mark.parametrize(("habits", "cards"), [(LIVELY, 400), (Habits(baskets=500), 300), (Habits(months=2), 100)])
def test_the_judge_says_nothing(habits: Habits, cards: int) -> None:
    batch = Histories(5, PROVIDER, habits).batch(3, cards)
    lines = [Line(number, receipt) for number, receipt in enumerate(receipts(batch), start=1)]
    report = ReceiptVerifier(PROVIDER).verify_lines(lines, whole=True)
    assert report.clean
    assert (report.genuine, report.cards) == (len(batch.raw), cards)


def test_every_debit_is_that_of_its_basket() -> None:
    histories = Histories(5, PROVIDER, LIVELY)
    batch = histories.batch(0, 100)
    for receipt, number in zip(receipts(batch), batch.basket, strict=True):
        assert (number >= 0) == (receipt.type == ReceiptType.DEBIT)
        if number >= 0:
            basket = histories.assortment.baskets[number]
            assert (receipt.basket_digest, receipt.amount, receipt.categories) == (
                basket.digest(), basket.total, basket.categories
            )  # fmt: skip


def test_a_seed_says_all_and_batches_need_no_other() -> None:
    one, other = Histories(5, PROVIDER, LIVELY), Histories(5, PROVIDER, LIVELY)
    other.batch(0, 50)
    assert np.array_equal(one.batch(1, 50).raw, other.batch(1, 50).raw)
    assert not np.array_equal(one.batch(1, 50).raw, Histories(6, PROVIDER, LIVELY).batch(1, 50).raw)


def test_no_transaction_number_comes_twice_and_terminals_hand_in_their_own() -> None:
    histories = Histories(5, PROVIDER, Habits(baskets=500))
    movements: Counter[int] = Counter()
    for batch in (histories.batch(0), histories.batch(1)):
        for receipt, terminal in zip(receipts(batch), batch.terminal.tolist(), strict=True):
            if receipt.type != ReceiptType.UPDATE:
                assert receipt.terminal_id == terminal
                movements[receipt.terminal_txn] += 1
    assert movements
    assert max(movements.values()) == 1


def test_as_many_receipts_as_were_asked_for() -> None:
    histories = Histories(5, PROVIDER, Habits(baskets=500))
    assert [len(batch.raw) for batch in histories.batches(125_000)][-1] > 0
    assert sum(len(batch.raw) for batch in histories.batches(125_000)) == 125_000


def test_without_aes_instructions_the_receipts_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    due = Histories(5, PROVIDER, LIVELY).batch(0, 60)
    monkeypatch.setattr(macs, "choose", lambda: choose(Wanted.LOCKSTEP))
    assert np.array_equal(Histories(5, PROVIDER, LIVELY).batch(0, 60).raw, due.raw)
    assert 2 in due.raw[:, 66]  # keys were moved on


def test_without_the_keys_there_are_no_receipts() -> None:
    with pytest.raises(KeyMissing):
        Histories(5, development_keyring((2,)), LIVELY).batch(0, 10)
