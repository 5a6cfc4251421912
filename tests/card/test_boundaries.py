# SPDX-License-Identifier: Apache-2.0
"""Each limit exactly, one below and one above, where 32-bit amounts in two shorts carry, borrow or change sign."""

from __future__ import annotations

import pytest
from tests.card.live_card import Talk
from tests.model import wire
from tests.model.wire import MAC, entitlement, movement

TOP = wire.NEVER
EDGES = (1, 0x7FFF, 0x8000, 0x8001, 0xFFFF, 0x10000, 0x10001, 0x17FFF, 0x18000, 0x1FFFF, 0x20000, 0x7FFF_0000, TOP - 1)


def debit(talk: Talk, amount: int, txn: int, when: str = "251003100000") -> int:
    return talk.move(wire.DEBIT, movement(amount, txn=txn, when=when))[1]


def wide(seq: int, loaded: int, **fields: int | str) -> bytes:
    """Limits out of the way, but for those named."""
    given: dict[str, int | str] = {"limit": TOP, "override_max": 0, "debit_max": TOP, "until": "791231"}
    return entitlement(seq, loaded, **given | fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("limit", EDGES)
def test_balance(sim_talk: Talk, limit: int) -> None:
    sim_talk.load(wide(1, limit))
    assert debit(sim_talk, limit + 1, 1) == 0x9401
    assert debit(sim_talk, limit, 2) == wire.OK
    assert debit(sim_talk, 1, 3) == 0x9401


@pytest.mark.parametrize("limit", EDGES)
def test_maximum_of_a_debit(sim_talk: Talk, limit: int) -> None:
    sim_talk.load(wide(1, TOP, debit_max=limit))
    assert debit(sim_talk, limit + 1, 1) == 0x9403
    assert debit(sim_talk, limit, 2) == wire.OK


@pytest.mark.parametrize("limit", EDGES)
@pytest.mark.parametrize("first", [1, 0x7FFF, 0x8000, 0xFFFF, 0x10000])
def test_monthly_limit(sim_talk: Talk, limit: int, first: int) -> None:
    """In two debits, so that the sum carries."""
    first = min(first, limit)
    sim_talk.load(wide(1, TOP, limit=limit))
    assert debit(sim_talk, first, 1) == wire.OK
    assert debit(sim_talk, limit - first + 1, 2) == 0x9402
    if first < limit:
        assert debit(sim_talk, limit - first, 3) == wire.OK
    assert debit(sim_talk, 1, 4) == 0x9402
    assert debit(sim_talk, 1, 5, "251101000000") == wire.OK  # a new month begins anew
    assert sim_talk.told()["month_spent"] == 1


@pytest.mark.parametrize("limit", [0, 1, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x18000])
@pytest.mark.parametrize("extra", [1, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x18001])
def test_limit_with_the_companions_part(sim_talk: Talk, limit: int, extra: int) -> None:
    sim_talk.load(wide(1, TOP, limit=limit, override_max=extra))
    assert sim_talk.move(wire.OVERRIDE, movement(extra + 1, txn=1))[1] == 0x9411
    assert sim_talk.move(wire.OVERRIDE, movement(extra, txn=2))[1] == wire.OK
    assert sim_talk.move(wire.OVERRIDE, movement(1, txn=3))[1] == 0x9411
    assert debit(sim_talk, limit + extra + 1, 4) == 0x9402
    assert debit(sim_talk, limit + extra, 5) == wire.OK
    if limit:
        assert debit(sim_talk, limit, 6, "251101000000") == wire.OK  # next month: the plain limit
    assert debit(sim_talk, 1, 7, "251101000000") == 0x9402


def test_override_adds_up_within_a_month(talk: Talk) -> None:
    talk.load(wide(1, TOP, limit=0, override_max=0x10001))
    for txn, (amount, sw) in enumerate(((0xFFFF, 0x9000), (3, 0x9411), (2, 0x9000), (1, 0x9411)), start=1):
        assert talk.move(wire.OVERRIDE, movement(amount, txn=txn))[1] == sw
    assert talk.move(wire.OVERRIDE, movement(0x10001, txn=9, when="251101000000"))[1] == wire.OK


def test_what_companions_add_stops_before_2_31(talk: Talk) -> None:
    talk.load(wide(1, TOP, limit=0, override_max=TOP))
    assert talk.move(wire.OVERRIDE, movement(1, txn=1))[1] == wire.OK
    assert talk.move(wire.OVERRIDE, movement(TOP, txn=2)) == (b"", 0x9411)
    assert talk.move(wire.OVERRIDE, movement(TOP - 1, txn=3))[1] == wire.OK


def test_a_raised_limit_beyond_the_top(talk: Talk) -> None:
    """What companions added under an old entitlement is not lost where it lifts a new limit past 2^31."""
    talk.load(wide(1, TOP, limit=0, override_max=1000))
    assert talk.move(wire.OVERRIDE, movement(1000, txn=1))[1] == wire.OK
    talk.load(wide(2, TOP, limit=TOP - 999, override_max=0))
    assert debit(talk, TOP, 2) == wire.OK
    assert debit(talk, 1, 3) == 0x9402


def test_a_raised_limit_far_above(talk: Talk) -> None:
    talk.load(wide(1, TOP, limit=0, override_max=0x20000))
    assert talk.move(wire.OVERRIDE, movement(0x20000, txn=1))[1] == wire.OK
    assert debit(talk, 1, 2) == wire.OK


def test_a_month_spends_less_than_2_31(talk: Talk) -> None:
    """However high the limit and whatever comes back: the sum of a month is an amount."""
    talk.load(wide(1, TOP))
    talk.debit(TOP, txn=1)
    for amount in (1, TOP):
        assert debit(talk, amount, 2) == 0x9402


def test_a_limit_raised_to_the_top_after_an_override(talk: Talk) -> None:
    """Limit and what companions added under the old one pass 2^31 together: the month is open, not shut."""
    talk.load(wide(1, TOP, limit=0, override_max=1000))
    assert talk.move(wire.OVERRIDE, movement(1000, txn=1))[1] == wire.OK
    talk.load(wide(2, TOP, limit=TOP, override_max=0))
    assert debit(talk, 5000, 2) == wire.OK
    assert debit(talk, TOP - 5000, 3) == wire.OK


@pytest.mark.parametrize("amount", [0, 1 << 31, (1 << 31) + 1, 0xFFFF_0000, 0xFFFF_FFFF])
@pytest.mark.parametrize("ins", [wire.DEBIT, wire.CANCEL, wire.OVERRIDE])
def test_amounts_that_are_none(sim_talk: Talk, amount: int, ins: int) -> None:
    sim_talk.load(wide(1, TOP))
    assert sim_talk.move(ins, movement(amount)) == (b"", 0x9408)


@pytest.mark.parametrize(
    ("categories", "sw"),
    [(0, 0x9404), (0x01, 0x9000), (0x41, 0x9000), (0x02, 0x9404), (0x03, 0x9404), (0x8001, 0x9404)],
)
def test_all_categories_of_a_debit_are_allowed(sim_talk: Talk, categories: int, sw: int) -> None:
    """And it has one: what is bought must be said."""
    sim_talk.load(entitlement(1, 900_000, categories=0x41))
    assert sim_talk.move(wire.DEBIT, movement(1, categories=categories))[1] == sw


def test_a_transaction_number_is_the_terminals_own(sim_talk: Talk) -> None:
    """Nobody can plant one under a terminal's next number and make it call the card false."""
    sim_talk.load(wide(1, TOP))
    first = sim_talk.debit(1, txn=1)
    again = sim_talk.debit(1, txn=1)
    assert [wire.receipt(one)["seq"] for one in (first, again)] == [2, 3]


def test_everything_at_once(talk: Talk) -> None:
    talk.load(wide(1, TOP))
    receipt = talk.debit(TOP, txn=1)
    assert _money(receipt) == (2, 0, TOP, TOP)
    cancelled, sw = talk.move(wire.CANCEL, movement(TOP, txn=2, rest=receipt[MAC:]))
    assert sw == wire.OK
    assert _money(cancelled) == (3, TOP, 0, TOP)


def _money(receipt: bytes) -> tuple[int, int, int, int]:
    read = wire.receipt(receipt)
    return read["seq"], read["balance"], read["month_spent"], read["granted"]


def test_a_debit_is_cancelled_in_its_own_month_only(talk: Talk) -> None:
    talk.load(wide(1, TOP))
    receipt = talk.debit(1000, txn=1, when="251031235959")
    cancel = movement(1000, txn=2, when="251101000000", rest=receipt[MAC:])
    assert talk.move(wire.CANCEL, cancel) == (b"", 0x9410)
    cancel = movement(1000, txn=3, when="251031235959", rest=receipt[MAC:])
    assert talk.move(wire.CANCEL, cancel)[1] == wire.OK


def test_there_is_no_end_to_refunds(talk: Talk) -> None:
    """They may come to more than 2^31 in all: no sum of them is kept."""
    talk.load(wide(1, TOP))
    for txn in (1, 3, 5):
        receipt = talk.debit(TOP, txn=txn)
        cancelled, sw = talk.move(wire.CANCEL, movement(TOP, txn=txn + 1, rest=receipt[MAC:]))
        assert sw == wire.OK
        assert _money(cancelled) == (txn + 2, TOP, 0, TOP)


@pytest.mark.parametrize(
    ("when", "sw"),
    [("251231235959", 0x9000), ("260101000000", 0x9405), ("251003000000", 0x9000), ("250930235959", 0x9406),
     ("251001000000", 0x9000)],
)  # fmt: skip
def test_expiry_and_month(sim_talk: Talk, when: str, sw: int) -> None:
    sim_talk.load(entitlement(1, 900_000))
    sim_talk.debit(1, txn=1)
    assert debit(sim_talk, 1, 2, when) == sw


@pytest.mark.parametrize(
    ("day", "sw"), [("251115", 0x9000), ("251116", 0x9405), ("251201", 0x9405), ("251014", 0x9000), ("251031", 0x9000)]
)
def test_expiry_within_a_month(sim_talk: Talk, day: str, sw: int) -> None:
    sim_talk.load(entitlement(1, 900_000, until="251115"))
    assert debit(sim_talk, 1, 1, day + "235959") == sw
