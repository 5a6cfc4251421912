# SPDX-License-Identifier: Apache-2.0
"""The log's thirty receipts, asked for by number, and updates delivered late, twice or in a wrong order."""

from __future__ import annotations

import pytest
from tests.card.live_card import Talk
from tests.card.scp03_host import Scp03Host
from tests.model import wire
from tests.model.wire import MAC, entitlement, movement

FIRST = entitlement(1, 900_000)


def test_log_of_a_new_card_is_empty(talk: Talk) -> None:
    for number in (0, 1, 0x80, 0x8000_0000, 0xFFFF_FFFF):
        assert talk.read(number) == 0
    assert talk.status()[:20] == bytes(20)


@pytest.mark.parametrize("movements", [1, 28, 29, 30, 31, 32, 62, 63, 64, 93, 126, 127, 128, 254, 255, 256, 300])
def test_log_keeps_the_last_thirty(sim_talk: Talk, movements: int) -> None:
    """The places go round at 32, the last byte of the number at 256; the newest must be found wherever it lies."""
    receipts = [sim_talk.load(FIRST)]
    receipts += [sim_talk.debit(txn, txn=txn) for txn in range(1, movements + 1)]
    read = [wire.receipt(one) for one in receipts]
    assert [one["seq"] for one in read] == list(range(1, movements + 2))
    assert [one["balance"] for one in read] == [900_000 - n * (n + 1) // 2 for n in range(movements + 1)]
    newest = movements + 1
    for number in range(newest + 40):
        kept = max(newest - 30, 0) < number <= newest
        assert sim_talk.read(number) == (receipts[number - 1] if kept else newest), number


@pytest.mark.parametrize("far", [32, 64, 256, 1 << 16, 1 << 24, 1 << 31])
def test_a_number_is_told_by_all_its_bytes(sim_talk: Talk, far: int) -> None:
    """One that lies in the place of a receipt that is there is not taken for it."""
    sim_talk.load(FIRST)
    for txn in range(1, 40):
        sim_talk.debit(1, txn=txn)
    for number in range(30, 41):
        assert sim_talk.read(number + far) == 40


def test_gone_and_not_made_are_told_by_the_newest_number(talk: Talk) -> None:
    talk.load(FIRST)
    for txn in range(1, 32):
        talk.debit(1, txn=txn)
    assert [talk.read(number) for number in (0, 1, 2)] == [32, 32, 32]  # gone
    assert wire.receipt(talk.read(3))["seq"] == 3  # type: ignore[arg-type]
    assert [talk.read(number) for number in (33, 34)] == [32, 32]  # not made


@pytest.mark.parametrize("ins", [wire.DEBIT, wire.CANCEL, wire.OVERRIDE, wire.UPDATE])
def test_a_receipt_is_read_as_it_was_given(talk: Talk, ins: int) -> None:
    """Of every type, its 88 bytes and its MAC; what an update states and a movement does not is no remnant there."""
    talk.load(entitlement(1, 900_000, pin_count=6, mend_count=9, mended_to="2512"))
    receipt = talk.debit(1000, txn=1)
    if ins == wire.UPDATE:
        receipt = talk.load(entitlement(2, 900_000, pin_count=7, mend_count=9, mended_to="2512"))
        assert [wire.receipt(receipt)[name] for name in ("pin_count", "mend_count")] == [7, 9]
    elif ins != wire.DEBIT:
        receipt, sw = talk.move(ins, movement(1000, txn=2, rest=receipt[MAC:]))
        assert sw == wire.OK
    assert receipt[MAC:] == wire.receipt_mac(talk.keys.receipt, receipt[:MAC])
    assert talk.read(wire.receipt(receipt)["seq"]) == receipt


def test_same_update_again_is_answered_by_its_first_receipt(talk: Talk) -> None:
    """However late, and though the log has long lost it."""
    first = talk.load(FIRST)
    for txn in range(1, 33):
        talk.debit(1000, txn=txn)
    before = talk.status()
    assert talk.read(1) == 33
    for _ in range(2):
        talk.select()
        assert talk.update(FIRST) == (first, wire.OK)
    talk.reset()
    assert talk.status() == before


@pytest.mark.parametrize("before", ["override", "channel"])
def test_an_update_finds_the_state_whatever_came_before_it(sim_talk: Talk, before: str) -> None:
    """Without a SELECT, where a movement or a channel has used the session's memory: the same again, and a new one."""
    same = entitlement(2, 950_000)
    sim_talk.load(FIRST)
    receipt = sim_talk.load(same)
    for body, number in ((same, 2), (entitlement(3, 960_000), 3)):
        sim_talk.challenge = None
        if before == "override":
            assert sim_talk.move(wire.OVERRIDE, movement(1000, txn=number))[1] == wire.OK
        else:
            sim_talk.select()
            Scp03Host(sim_talk.raw, sim_talk.card.serial).open(0x30, 0x33)
        answer, sw = sim_talk.update(body)
        assert sw == wire.OK
        assert wire.receipt(answer)["update_seq"] == number
        assert answer == receipt or body != same


def test_two_updates(talk: Talk) -> None:
    first = talk.load(entitlement(1, 500_000, limit=100_000))
    second = talk.load(entitlement(5, 900_000, limit=200_000))
    assert second[48:56] == first[MAC:]
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
    old = entitlement(1, 500_000, expired=100, pin_count=2, mend_count=2, mended_to="2501")
    first = talk.load(old)
    for body in (
        entitlement(2, 400_000),
        entitlement(2, 600_000, state=5),
        entitlement(2, 600_000, issued="251301000000"),
        entitlement(2, 600_000, until="250431"),
        entitlement(2, 600_000, expired=600_001),
        entitlement(2, 600_000, expired=99, pin_count=2, mend_count=2, mended_to="2501"),
        entitlement(2, 600_000, expired=100, pin_count=1, mend_count=2, mended_to="2501"),
        entitlement(2, 600_000, expired=100, pin_count=2, mend_count=1, mended_to="2501"),
        entitlement(2, 600_000, expired=100, pin_count=2, mend_count=2, mended_to="2513"),
        entitlement(2, 600_000, keys=16),
        entitlement(2, 600_000, pin_above=1 << 31),
        entitlement(1 << 31, 600_000),
    ):
        talk.select()
        assert talk.update(body)[1] in (0x940F, 0x9407)
    talk.select()
    assert talk.update(old) == (first, wire.OK)
    talk.debit(1000, txn=1)
    new = entitlement(2, 600_000, expired=100, pin_count=2, mend_count=2, mended_to="2501")
    assert wire.receipt(talk.load(new))["balance"] == 598_900


def test_what_expires_is_withdrawn_whatever_the_state(talk: Talk) -> None:
    talk.load(entitlement(1, 500_000))
    talk.debit(1000, txn=1)
    receipt = talk.load(entitlement(2, 700_000, state=3, expired=700_000))
    assert wire.receipt(receipt)["balance"] == 0
    told = talk.told()
    assert [told[name] for name in ("balance", "granted", "loaded")] == [0, 1000, 700_000]
    assert wire.receipt(talk.load(entitlement(3, 800_000, expired=700_000)))["balance"] == 100_000
    talk.debit(2000, txn=2)
    talk.load(entitlement(4, 800_000, expired=700_000, state=4))
    for state in (1, 2, 3):
        talk.select()
        assert talk.update(entitlement(5, 900_000, expired=700_000, state=state)) == (b"", 0x940F)
    assert wire.receipt(talk.load(entitlement(5, 800_000, state=4, expired=800_000)))["balance"] == 0
    talk.challenge = None
    assert talk.move(wire.DEBIT, movement(1, txn=3)) == (b"", 0x940C)


def test_an_update_states_all_that_it_set(talk: Talk) -> None:
    body = entitlement(
        3, 900_000, expired=5, limit=11, override_max=12, debit_max=13, pin_above=14, categories=0x1234,
        until="260228", state=3, policy=0x5678, issued="251107010203", pin_count=3, mend_count=4, mended_to="2511",
    )  # fmt: skip
    receipt = talk.load(body)
    assert receipt[4:40] == body[4:40]
    assert receipt[75:80] == bytes((0, 0, 3, 4, 0))
    read = wire.receipt(receipt)
    assert [read[name] for name in ("balance", "update_seq", "granted", "month_spent")] == [899_995, 3, 899_995, 0]


def test_a_movement_names_the_update_in_force(talk: Talk) -> None:
    talk.load(entitlement(7, 900_000))
    assert wire.receipt(talk.debit(1000, txn=1))["update_seq"] == 7
    talk.load(entitlement(0x0102_0304, 900_000, expired=500_000))
    read = wire.receipt(talk.debit(1000, txn=2))
    assert (read["update_seq"], read["granted"], read["balance"]) == (0x0102_0304, 401_000, 399_000)


@pytest.mark.parametrize(
    ("mended_to", "month"), [("2510", 0x2510), ("2511", 0x2511), ("2512", 0x2512), ("2601", 0x2512)]
)
def test_a_mending_sets_a_later_month_back(talk: Talk, mended_to: str, month: int) -> None:
    """Never one forward; what was spent under the false month counts in the true one."""
    talk.load(entitlement(1, 900_000, limit=1500))
    talk.debit(1000, txn=1, when="251231000000")
    receipt = talk.load(entitlement(2, 900_000, limit=1500, mend_count=1, mended_to=mended_to))
    read = wire.receipt(receipt)
    assert (read["month"], read["month_spent"]) == (month, 1000)
    talk.challenge = None
    when = f"{month:04X}15000000"
    assert talk.move(wire.DEBIT, movement(501, txn=2, when=when)) == (b"", 0x9402)
    assert wire.receipt(talk.debit(500, txn=3, when=when))["month_spent"] == 1500


def test_a_mending_is_done_once_and_carried_on(talk: Talk) -> None:
    talk.load(entitlement(1, 900_000, until="791231"))
    talk.debit(1000, txn=1, when="251231000000")
    first = talk.load(entitlement(2, 900_000, until="791231", mend_count=1, mended_to="2510"))
    assert wire.receipt(first)["month"] == 0x2510
    talk.debit(1000, txn=2, when="251103000000")
    talk.select()
    assert talk.update(entitlement(2, 900_000, until="791231", mend_count=1, mended_to="2510")) == (first, wire.OK)
    for seq, mended_to in ((3, "2510"), (4, "2501")):  # carried on; another month without another count does nothing
        receipt = talk.load(entitlement(seq, 900_000, until="791231", mend_count=1, mended_to=mended_to))
        assert wire.receipt(receipt)["month"] == 0x2511
    receipt = talk.load(entitlement(5, 900_000, until="791231", mend_count=3, mended_to="2501"))
    assert wire.receipt(receipt)["month"] == 0x2501


def test_a_mended_month_that_was_never_moved_stays_none(talk: Talk) -> None:
    assert wire.receipt(talk.load(entitlement(1, 900_000, mend_count=1, mended_to="2510")))["month"] == 0


@pytest.mark.parametrize("between", ["update", "override", "debit", "cancel"])
def test_only_the_newest_debit_is_cancelled(talk: Talk, between: str) -> None:
    talk.load(entitlement(1, 900_000))
    mac = talk.debit(1000, txn=1)[MAC:]
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
    mac = talk.debit(1000, txn=1)[MAC:]
    newest, sw = talk.move(ins, movement(1000, txn=2, rest=mac))
    assert sw == wire.OK
    before = talk.status()
    talk.challenge = None
    assert talk.move(wire.CANCEL, movement(1000, txn=3, rest=newest[MAC:])) == (b"", 0x9410)
    assert talk.status() == before


@pytest.mark.parametrize(
    "change", [{"amount": 999}, {"terminal": 8}, {"categories": 2}, {"when": "251103100000"}, {"rest": bytes(8)}]
)
def test_a_cancel_names_the_debit_exactly(talk: Talk, change: dict[str, int | str | bytes]) -> None:
    talk.load(entitlement(1, 900_000))
    mac = talk.debit(1000, txn=1)[MAC:]
    fields = {"amount": 1000, "txn": 2, "rest": mac} | change
    assert talk.move(wire.CANCEL, movement(**fields)) == (b"", 0x9410)  # type: ignore[arg-type]
    talk.challenge = None
    assert talk.told()["balance"] == 899_000
