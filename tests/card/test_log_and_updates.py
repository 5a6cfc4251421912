# SPDX-License-Identifier: Apache-2.0
"""The log's thirty receipts, RECOVER over all of them, and updates delivered late, twice or in a wrong order."""

from __future__ import annotations

import pytest
from tests.card.live_card import Talk
from tests.model import wire
from tests.model.wire import entitlement, movement

NONE = 0x6A83


def test_log_of_a_new_card_is_empty(talk: Talk) -> None:
    assert talk.log(0) is None
    assert talk.recover(7, 1) == bytes(16)
    assert talk.recover(0, 0) == bytes(16)
    assert talk.status()[:20] == bytes(20)


@pytest.mark.parametrize("movements", [1, 28, 29, 30, 31, 32, 62, 63, 64, 93, 254, 255, 300])
def test_log_keeps_the_last_thirty(sim_talk: Talk, movements: int) -> None:
    """The places go round at 32, the last byte of the number at 256; the newest must be found wherever it lies."""
    receipts = [sim_talk.load(entitlement(1, 900_000))]
    receipts += [sim_talk.debit(txn, txn=txn) for txn in range(1, movements + 1)]
    assert [wire.number(one, 28) for one in receipts] == list(range(1, movements + 2))
    assert [wire.number(one, 32) for one in receipts] == [900_000 - n * (n + 1) // 2 for n in range(movements + 1)]
    kept = receipts[:-31:-1]
    assert [sim_talk.log(age) for age in range(30)] == kept + [None] * (30 - len(kept))
    for age in (30, 31, 127, 128, 200, 255):
        assert sim_talk.log(age) is None
    for txn in range(movements + 2):
        expected = next((one for one in kept if one[12:20] == wire.movement(1, txn=txn)[12:20] and one[48] != 4), None)
        if expected is None:
            oldest_movement = next(one for one in reversed(kept) if one[48] != 4)
            expected = kept[-1][28:32] + kept[0][28:32] + oldest_movement[6:12] + bytes(2)
        assert sim_talk.recover(7, txn) == expected
    assert sim_talk.recover(8, 1)[8:14] != bytes(6)


def test_recover_ignores_updates(talk: Talk) -> None:
    """An update's number lies where a movement has its terminal: they must not be mixed up."""
    receipt = talk.load(entitlement(7, 900_000, state=2, flags=0, policy=1))
    as_terminal, as_txn = wire.number(receipt, 12), wire.number(receipt, 16)
    assert talk.recover(as_terminal, as_txn) == receipt[28:32] * 2 + bytes(8)
    assert talk.move(wire.DEBIT, movement(1, terminal=as_terminal, txn=as_txn))[1] == wire.OK


def test_recover_finds_the_newest_of_two_with_one_number(talk: Talk) -> None:
    talk.load(entitlement(1, 900_000))
    talk.debit(1, txn=1)
    talk.debit(2, txn=2)
    newest = talk.debit(3, txn=1)
    assert talk.recover(7, 1) == newest


def test_oldest_timestamp_is_of_a_movement(talk: Talk) -> None:
    talk.load(entitlement(1, 900_000))
    assert talk.recover(7, 9)[8:14] == bytes(6)
    talk.debit(1, txn=1, when="251003101112")
    talk.debit(1, txn=2, when="251001000000")
    assert talk.recover(7, 9) == bytes.fromhex("00000001000000032510031011120000")


def test_same_update_again_is_answered_by_its_first_receipt(talk: Talk) -> None:
    """However late, and though the log has long lost it."""
    first = talk.load(entitlement(1, 900_000))
    for txn in range(1, 33):
        talk.debit(1000, txn=txn)
    before = talk.status()
    assert talk.log(29) != first
    for _ in range(2):
        talk.select()
        assert talk.update(entitlement(1, 900_000)) == (first, wire.OK)
    talk.reset()
    assert talk.status() == before


def test_two_updates(talk: Talk) -> None:
    first = talk.load(entitlement(1, 500_000, limit=100_000))
    second = talk.load(entitlement(5, 900_000, limit=200_000))
    assert second[40:48] == first[64:]
    talk.select()
    assert talk.update(entitlement(1, 500_000, limit=100_000)) == (b"", 0x940D)
    talk.select()
    assert talk.update(entitlement(4, 950_000)) == (b"", 0x940D)
    talk.select()
    assert talk.update(entitlement(5, 900_000, limit=200_001)) == (b"", 0x940E)
    talk.select()
    assert talk.update(entitlement(5, 900_000, limit=200_000)) == (second, wire.OK)
    third = talk.load(entitlement(6, 900_000))
    talk.select()
    assert talk.update(entitlement(5, 900_000, limit=200_000)) == (b"", 0x940D)
    talk.select()
    assert talk.update(entitlement(6, 900_000)) == (third, wire.OK)


def test_refused_update_leaves_the_place_it_would_have_written(talk: Talk) -> None:
    """Two places take turns; a refused update must spoil neither, nor the receipt beside it."""
    first = talk.load(entitlement(1, 500_000))
    for body in (
        entitlement(2, 400_000),
        entitlement(2, 600_000, state=5),
        entitlement(2, 600_000, issued="251301000000"),
        entitlement(2, 600_000, until="250431"),
        entitlement(2, 600_000, flags=4),
        entitlement(2, 600_000, keys=16),
        entitlement(2, 600_000, pin_above=1 << 31),
        entitlement(1 << 31, 600_000),
    ):
        talk.select()
        assert talk.update(body)[1] in (0x940F, 0x9407)
    talk.select()
    assert talk.update(entitlement(1, 500_000)) == (first, wire.OK)
    talk.debit(1000, txn=1)
    assert talk.load(entitlement(2, 600_000))[32:36] == (599_000).to_bytes(4, "big")


def test_forfeit_blocks_and_terminates_for_good(talk: Talk) -> None:
    talk.load(entitlement(1, 500_000))
    talk.debit(1000, txn=1)
    receipt = talk.load(entitlement(2, 700_000, state=3, flags=1))
    assert receipt[32:36] == bytes(4)
    status = talk.status()
    assert [wire.number(status, at) for at in (4, 32, 40)] == [0, 699_000, 700_000]
    assert talk.load(entitlement(3, 800_000))[32:36] == (100_000).to_bytes(4, "big")
    talk.debit(2000, txn=2)
    talk.load(entitlement(4, 800_000, state=4))
    for state in (1, 2, 3):
        talk.select()
        assert talk.update(entitlement(5, 900_000, state=state)) == (b"", 0x940F)
    assert talk.load(entitlement(5, 800_000, state=4, flags=1))[32:36] == bytes(4)
    talk.challenge = None
    assert talk.move(wire.DEBIT, movement(1, txn=3)) == (b"", 0x940C)


@pytest.mark.parametrize("between", ["update", "override", "debit", "cancel"])
def test_only_the_newest_debit_is_cancelled(talk: Talk, between: str) -> None:
    talk.load(entitlement(1, 900_000))
    mac = talk.debit(1000, txn=1)[64:]
    if between == "update":
        talk.load(entitlement(2, 900_000))
    elif between == "override":
        assert talk.move(wire.OVERRIDE, movement(1, txn=2))[1] == wire.OK
    elif between == "debit":
        talk.debit(1000, txn=2)
    else:
        assert talk.move(wire.CANCEL, movement(1000, txn=2, rest=mac))[1] == wire.OK
    before = talk.status()
    assert talk.move(wire.CANCEL, movement(1000, txn=3, rest=mac)) == (b"", 0x9410)
    assert talk.status() == before


@pytest.mark.parametrize("ins", [wire.CANCEL, wire.OVERRIDE])
def test_nothing_but_a_debit_is_cancelled(talk: Talk, ins: int) -> None:
    """Whoever names the receipt of a cancellation, or of an override, would be given the amount a second time."""
    talk.load(entitlement(1, 900_000))
    mac = talk.debit(1000, txn=1)[64:]
    newest, sw = talk.move(ins, movement(1000, txn=2, rest=mac))
    assert sw == wire.OK
    before = talk.status()
    talk.challenge = None
    assert talk.move(wire.CANCEL, movement(1000, txn=3, rest=newest[64:])) == (b"", 0x9410)
    assert talk.status() == before


@pytest.mark.parametrize(
    "change", [{"amount": 999}, {"terminal": 8}, {"categories": 2}, {"when": "251103100000"}, {"rest": bytes(8)}]
)
def test_a_cancel_names_the_debit_exactly(talk: Talk, change: dict[str, int | str | bytes]) -> None:
    talk.load(entitlement(1, 900_000))
    mac = talk.debit(1000, txn=1)[64:]
    fields = {"amount": 1000, "txn": 2, "rest": mac} | change
    assert talk.move(wire.CANCEL, movement(**fields)) == (b"", 0x9410)  # type: ignore[arg-type]
    talk.challenge = None
    assert wire.number(talk.status(), 4) == 899_000
