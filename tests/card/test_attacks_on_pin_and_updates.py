# SPDX-License-Identifier: Apache-2.0
"""What worked against PIN and updates before the protocol was repaired, each played on the applet."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from tests.card.live_card import LiveCard, Talk
from tests.conftest import card_at, freedoms_taken, personalized
from tests.model import wire
from tests.model.reference_entitlement import NEXT_UPDATE
from tests.model.wire import MAC, entitlement, movement

from ssn_card.simulator import Freedom, LaboratoryConnection, Rest, Simulator, blank_card
from ssn_card.transport import ConnectionLost

PIN, THIEFS, WRONG = (wire.pin_block(digits) for digits in ("482917", "0000", "482918"))


@pytest.fixture
def lab_talk(simulator: Simulator) -> Iterator[Talk]:
    """A card with the PIN 482917 whose power can be cut, and whose PIN objects are written in pieces."""
    card = blank_card(simulator, freedoms={*freedoms_taken(), Freedom.TORN_PIN})
    live = LiveCard(
        bytes.fromhex(card.name),
        card.url,
        lambda: LaboratoryConnection(simulator, card),
        lambda: simulator.remove(card),
    )
    talk = Talk(personalized(live, pin="482917"))
    yield talk
    talk.close()
    live.discard()


def test_the_pin_is_not_avoided_in_slices(pin_talk: Talk) -> None:
    """By contact, through the air, over updates and cancellations: pin_above in sum, until the PIN."""
    pin_talk.load(entitlement(1, 900_000, pin_above=100_000))
    pin_talk.debit(60_000, txn=1)
    pin_talk.load(entitlement(2, 950_000, pin_above=100_000))
    receipt = pin_talk.debit(40_000, txn=2)
    assert pin_talk.move(wire.DEBIT, movement(1, txn=3)) == (b"", 0x9412)
    assert pin_talk.move(wire.CANCEL, movement(40_000, txn=4, rest=receipt[MAC:]))[1] == wire.OK
    assert pin_talk.move(wire.DEBIT, movement(40_001, txn=5)) == (b"", 0x9412)
    pin_talk.debit(40_000, txn=6)
    assert pin_talk.move(wire.DEBIT, movement(1, txn=7)) == (b"", 0x9412)
    assert pin_talk.verify(PIN) == wire.OK
    pin_talk.debit(300_000, txn=8)
    pin_talk.debit(100_000, txn=9)
    assert pin_talk.move(wire.DEBIT, movement(1, txn=10)) == (b"", 0x9412)


def test_a_forged_refusal_harvests_no_pin(pin_talk: Talk) -> None:
    """The line says 9412 and waits for the PIN: what it gets is masked, bound to the session, and no guess."""
    pin_talk.load(entitlement(1, 900_000, pin_above=0))
    pin_talk.select()
    recorded = pin_talk.pin_command(wire.VERIFY, PIN)
    assert PIN not in recorded
    assert PIN[1:4] not in recorded
    pin_talk.select()
    assert pin_talk.raw(recorded) == (b"", 0x6988)
    assert pin_talk.raw(bytes.fromhex("0020008008") + PIN) == (b"", 0x6D00)
    assert pin_talk.raw(recorded) == (b"", 0x6985)
    pin_talk.challenge = None
    assert pin_talk.told()["pin_tries"] == 3
    pin_talk.challenge = None
    assert pin_talk.move(wire.DEBIT, movement(1)) == (b"", 0x9412)


def test_a_forged_answer_to_verify_is_none(pin_talk: Talk) -> None:
    """Its 9000 carries a MAC over that very command; without it "PIN right" is the line's word."""
    pin_talk.load(entitlement(1, 900_000, pin_above=0))
    macs = []
    for _ in range(2):
        command = pin_talk.pin_command(wire.VERIFY, PIN)
        data, sw = pin_talk.raw(command)
        assert (len(data), sw) == (8, wire.OK)
        macs.append(data)
        assert data == wire.answer_mac(pin_talk.keys.debit, wire.VERIFY, b"", command[-9:-1])
        pin_talk.challenge = None
    assert macs[0] != macs[1]


def test_an_old_challenge_makes_no_two_time_pad(pin_talk: Talk) -> None:
    """The line tells two terminals one challenge: their PIN blocks are under two masks all the same."""
    pin_talk.load(entitlement(1, 900_000))
    pin_talk.select()
    masked = []
    for block in (PIN, THIEFS):
        command = pin_talk.pin_command(wire.VERIFY, block)
        masked.append(command[17:25])
    assert wire.number(masked[0], 0, 8) ^ wire.number(masked[1], 0, 8) != (
        wire.number(PIN, 0, 8) ^ wire.number(THIEFS, 0, 8)
    )
    assert pin_talk.raw(command)[1] == 0x63C2, "the card takes the second mask off"


def test_a_choice_that_waits_for_the_thief_is_closed_by_a_movement(pin_talk: Talk) -> None:
    pin_talk.load(entitlement(1, 900_000, pin_above=0, pin_count=1))
    assert pin_talk.verify(PIN) == wire.OK
    pin_talk.debit(1000, txn=1)  # the holder's, who needed no new PIN
    assert pin_talk.told()["pin_choice"] == 0
    pin_talk.challenge = None
    assert pin_talk.change(THIEFS) == 0x6985
    # Not opened again by the update that had opened it, nor by a later one.
    pin_talk.load(entitlement(1, 900_000, pin_above=0, pin_count=1))
    assert pin_talk.change(THIEFS) == 0x6985
    pin_talk.load(entitlement(2, 900_000, pin_above=0, pin_count=1))
    assert pin_talk.change(THIEFS) == 0x6985


def test_a_torn_update_gives_no_guess(lab_talk: Talk, simulator: Simulator) -> None:
    """Power cut at every write of updates that let choose a PIN: the tries stay used up, and only the choice helps."""
    simulated = card_at(simulator, lab_talk.card.url)
    lab_talk.load(entitlement(1, 900_000))
    for _ in range(3):
        lab_talk.verify(WRONG)
    lab_talk.reset()
    seq, write, opened = 1, 0, False
    while not opened:
        write += 1
        seq += 1
        body = entitlement(seq, 900_000, pin_count=1)
        lab_talk.select()
        simulator.arm_tear(simulated, write, 5, Rest.OLD)
        try:
            lab_talk.update(body)
            simulator.disarm(simulated)
        except ConnectionLost:
            lab_talk.reset()
        lab_talk.challenge = None
        told = lab_talk.told()
        assert told["pin_tries"] == 0
        opened = told["pin_choice"] == 1
        assert opened == (told["update_seq"] == seq)
        lab_talk.challenge = None
        assert lab_talk.verify(PIN) == lab_talk.verify(WRONG) == 0x6983
    assert write > 5
    assert lab_talk.change(PIN) == wire.OK


def test_a_torn_update_changes_no_limit(lab_talk: Talk, simulator: Simulator) -> None:
    """Power cut at every write of an update that blocks: the card sells as before until all of it is in force."""
    simulated = card_at(simulator, lab_talk.card.url)
    first = lab_talk.load(entitlement(1, 900_000))
    write, blocked = 0, False
    while not blocked:
        write += 1
        lab_talk.select()
        simulator.arm_tear(simulated, write)
        try:
            lab_talk.update(entitlement(2, 900_000, state=3))
            simulator.disarm(simulated)
        except ConnectionLost:
            lab_talk.reset()
        lab_talk.challenge = None
        blocked = lab_talk.told()["update_seq"] == 2
        assert lab_talk.move(wire.DEBIT, movement(1000, txn=write))[1] == (0x940B if blocked else wire.OK)
        if not blocked:
            assert lab_talk.load(entitlement(1, 900_000)) == first, "the receipt beside the one in force"
    assert write > 5


def test_a_torn_change_leaves_one_pin(lab_talk: Talk, simulator: Simulator) -> None:
    """The one so far until the new one is whole, at every write, of several changes in a row."""
    simulated = card_at(simulator, lab_talk.card.url)
    lab_talk.load(entitlement(1, 900_000))
    now, torn = PIN, 0
    for number in range(3):
        new, write = wire.pin_block(f"{number:04d}"), 0
        while now != new:
            write += 1
            assert lab_talk.verify(now) == wire.OK
            command = lab_talk.pin_command(wire.CHANGE, new)
            simulator.arm_tear(simulated, write)
            try:
                assert lab_talk.send(command)[1] == wire.OK
                simulator.disarm(simulated)
            except ConnectionLost:
                torn += 1
                lab_talk.reset()
            lab_talk.challenge = None
            if lab_talk.verify(now) != wire.OK:
                now = new
                assert lab_talk.verify(now) == wire.OK
            lab_talk.challenge = None
    assert torn > 6


def test_cutting_the_power_gives_no_guess(lab_talk: Talk, simulator: Simulator) -> None:
    """At every write of VERIFY, and behind the last: three comparisons and no more."""
    simulated = card_at(simulator, lab_talk.card.url)
    lab_talk.load(entitlement(1, 900_000))
    for write in (1, 2, 3, 4):
        lab_talk.select()
        assert lab_talk.verify(PIN) == wire.OK
        tries = 3
        for _ in range(4):
            command = lab_talk.pin_command(wire.VERIFY, WRONG)
            simulator.arm_tear(simulated, write)
            try:
                lab_talk.send(command)
                simulator.disarm(simulated)
                tries = max(tries - 1, 0)
            except ConnectionLost:
                lab_talk.reset()
                left = lab_talk.told()["pin_tries"]
                assert write == 1 or left == tries - 1, "compared, and not counted"
                tries = left
            assert lab_talk.told()["pin_tries"] == tries
            lab_talk.challenge = None
        if tries == 0:
            lab_talk.load(entitlement(wire.number(lab_talk.status(), 20) + 1, 900_000, pin_count=write))
            assert lab_talk.change(PIN) == wire.OK


def two_cards(new_card: Callable[[], LiveCard]) -> tuple[Talk, Talk]:
    return Talk(new_card()), Talk(new_card())


def test_an_expiry_that_was_skipped_is_withdrawn_all_the_same(new_card: Callable[[], LiveCard]) -> None:
    """The newest update alone gives the state that all of them in order give."""
    expiring = entitlement(2, 900_000, expired=500_000)
    newest = entitlement(3, 1_000_000, expired=500_000, limit=700_000)
    told = []
    for talk, updates in zip(two_cards(new_card), ([expiring, newest], [newest]), strict=True):
        talk.load(entitlement(1, 900_000))
        talk.debit(200_000, txn=1)
        for update in updates:
            talk.load(update)
        status = talk.told()
        told.append({name: status[name] for name in status if name not in ("seq", "last_mac")})
        talk.close()
        talk.card.discard()
    assert told[0] == told[1]
    assert told[0]["balance"] == 500_000


def test_old_updates_revive_nothing(talk: Talk) -> None:
    """Kept by a thief: what expired, the open choice, the month, the state, the limits, the keys."""
    kept = [
        entitlement(1, 900_000, limit=2_000_000, debit_max=2_000_000),
        entitlement(2, 900_000, pin_count=1),
        entitlement(3, 900_000, pin_count=1, mend_count=1, mended_to="2509"),
        entitlement(4, 900_000, pin_count=1, mend_count=1, mended_to="2509", expired=900_000),
    ]
    for update in kept:
        talk.load(update)
    now = {"pin_count": 2, "mend_count": 2, "mended_to": "2510", "expired": 900_000, "keys": NEXT_UPDATE}
    talk.load(entitlement(5, 900_000, state=3, limit=1, **now))  # type: ignore[arg-type]
    before = talk.status()
    for update in kept:
        for version, sw in ((1, 0x6988), (2, 0x940D)):
            talk.select()
            assert talk.update(update, talk.card.keys(version).update) == (b"", sw)
    talk.challenge = None
    assert talk.status() == before


def test_a_lost_rotating_update_locks_nobody_out(talk: Talk) -> None:
    """The next one, under the next key already, was refused for ever."""
    talk.load(entitlement(1, 900_000))
    talk.select()
    lost = entitlement(2, 950_000, keys=15)
    assert talk.update(entitlement(3, 1_000_000, keys=15), talk.card.keys(2).update)[1] == wire.OK
    talk.debit(1000, txn=1)
    assert talk.told()["balance"] == 999_000
    for version in (1, 2):
        talk.select()
        assert talk.update(lost, talk.card.keys(version).update)[1] in (0x6988, 0x940D)


def test_a_wrong_clock_locks_no_family_out(talk: Talk) -> None:
    """One debit stamped December: the months before are refused, until the bank mends it."""
    talk.load(entitlement(1, 900_000, limit=300_000))
    talk.debit(100_000, txn=1, when="251201080000")
    hungry = movement(50_000, txn=2, when="251003100000")
    assert talk.move(wire.DEBIT, hungry) == (b"", 0x9406)
    talk.load(entitlement(2, 900_000, limit=300_000))
    assert talk.move(wire.DEBIT, hungry) == (b"", 0x9406), "an ordinary update is no mending"
    talk.load(entitlement(3, 900_000, limit=300_000, mend_count=1, mended_to="2510"))
    receipt, sw = talk.move(wire.DEBIT, hungry)
    assert sw == wire.OK
    assert wire.receipt(receipt)["month_spent"] == 150_000, (
        "what was spent under the false month counts in the true one"
    )
    assert talk.move(wire.DEBIT, movement(150_001, txn=3)) == (b"", 0x9402)


def test_a_skipped_mending_is_done_by_the_next_update(talk: Talk) -> None:
    talk.load(entitlement(1, 900_000))
    talk.debit(100_000, txn=1, when="251201080000")
    talk.load(entitlement(3, 950_000, mend_count=1, mended_to="2510"))
    talk.debit(50_000, txn=2)
