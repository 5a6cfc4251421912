# SPDX-License-Identifier: Apache-2.0
"""The holder's PIN: in a session and masked, three tries, the last one over contacts, chosen where the bank lets."""

from __future__ import annotations

import pytest
from tests.card.live_card import Talk, nonce
from tests.conftest import card_at
from tests.model import wire
from tests.model.wire import MAC, entitlement, movement

from ssn_card.protocol.errors import InputError
from ssn_card.protocol.pin import pin_block
from ssn_card.simulator import Medium, Simulator

PIN, OTHER, WRONG = (wire.pin_block(digits) for digits in ("482917", "1234", "482918"))
ABOVE = 100_000
CONTACTS = (Medium.CONTACT, Medium.USB)
AIR = sorted(set(Medium) - set(CONTACTS))
BAD_BLOCKS = ("0000000000000000", "A5A5A5A5A5A5A5A5", "23123FFFFFFFFFFF", "2D12345678901234", "142917FFFFFFFFFF")


def due(seq: int = 1, **fields: int) -> bytes:
    """An update of a card with money enough, which asks for the PIN after Rp100,000."""
    return entitlement(seq, 900_000, **({"pin_above": ABOVE} | fields))  # type: ignore[arg-type]


def debit(talk: Talk, amount: int = ABOVE + 1, txn: int = 1) -> int:
    return talk.move(wire.DEBIT, movement(amount, txn=txn))[1]


def guess(talk: Talk, times: int) -> None:
    """Wrong ones, each in a session of its own."""
    for _ in range(times):
        talk.select()
        talk.verify(WRONG)


@pytest.fixture
def card(pin_talk: Talk) -> Talk:
    pin_talk.load(due())
    return pin_talk


def test_is_asked_above_the_amount_only(card: Talk) -> None:
    assert debit(card) == 0x9412
    assert wire.receipt(card.debit(ABOVE, txn=2))["pin"] == wire.NOT_GIVEN
    assert card.verify(PIN) == wire.OK
    assert wire.receipt(card.debit(ABOVE + 1, txn=3))["pin"] == wire.GIVEN


@pytest.mark.parametrize("ins", [wire.CANCEL, wire.OVERRIDE])
@pytest.mark.parametrize("given", [False, True])
def test_every_movement_states_whether_it_was_given(card: Talk, ins: int, given: bool) -> None:
    mac = card.debit(1000, txn=1)[MAC:]
    if given:
        assert card.verify(PIN) == wire.OK
    receipt, sw = card.move(ins, movement(1000, txn=2, rest=mac))
    assert sw == wire.OK
    assert wire.receipt(receipt)["pin"] == (wire.GIVEN if given else wire.NOT_GIVEN)


@pytest.mark.parametrize("ins", [wire.CANCEL, wire.OVERRIDE])
def test_a_card_without_one_states_that(sim_talk: Talk, ins: int) -> None:
    sim_talk.load(due())
    receipt = sim_talk.debit(1000, txn=1)
    other, _ = sim_talk.move(ins, movement(1000, txn=2, rest=receipt[MAC:]))
    assert [wire.receipt(one)["pin"] for one in (receipt, other)] == [wire.NO_PIN] * 2


@pytest.mark.parametrize("end", ["movement", "refusal", "select", "reset", "update", "channel", "wrong"])
def test_is_good_to_the_end_of_the_session(card: Talk, end: str) -> None:
    assert card.verify(PIN) == wire.OK
    card.status()
    if end == "movement":
        card.debit(ABOVE + 1, txn=1)
        assert card.verify(PIN) == wire.OK
        card.debit(ABOVE, txn=2)
    elif end == "refusal":
        assert debit(card, 0) == 0x9408
    elif end == "select":
        card.select()
    elif end == "reset":
        card.reset()
    elif end == "update":
        assert card.update(due(2))[1] == wire.OK
    elif end == "channel":
        assert card.raw(bytes.fromhex("8050300008" + "00" * 8 + "00"))[1] == wire.OK
    else:
        assert card.verify(WRONG) == 0x63C2
    card.challenge = None
    assert debit(card) == 0x9412


def test_is_given_by_the_last_of_several(card: Talk) -> None:
    """A right one twice is as good as once."""
    assert card.verify(PIN) == wire.OK
    assert card.verify(PIN) == wire.OK
    assert debit(card) == wire.OK


def test_three_tries_then_blocked_even_for_the_right_one(card: Talk) -> None:
    assert [card.verify(WRONG) for _ in range(4)] == [0x63C2, 0x63C1, 0x6983, 0x6983]
    card.reset()
    assert card.verify(PIN) == 0x6983
    # It says so before it looks at the block.
    assert card.verify(bytes(8)) == 0x6983
    assert card.change(PIN) == 0x6985
    assert card.told()["pin_tries"] == 0
    card.challenge = None
    assert wire.receipt(card.debit(ABOVE, txn=2))["amount"] == ABOVE, "without a PIN the card still buys rice"


def test_a_right_one_gives_the_tries_back(card: Talk) -> None:
    for _ in range(3):
        assert card.verify(WRONG) == 0x63C2
        assert card.told()["pin_tries"] == 2
        assert card.verify(PIN) == wire.OK
        assert card.told()["pin_tries"] == 3


@pytest.mark.parametrize("medium", AIR)
def test_the_last_try_is_taken_over_contacts_only(card: Talk, simulator: Simulator, medium: Medium) -> None:
    """A reader at the holder's pocket cannot block it. A medium that no specification names may be one."""
    simulated = card_at(simulator, card.card.url)
    simulator.set_medium(simulated, medium)
    assert [card.verify(block) for block in (WRONG, WRONG, WRONG, PIN, bytes(8))] == [0x63C2, 0x63C1] + [0x9414] * 3
    assert card.told()["pin_tries"] == 1
    simulator.set_medium(simulated, Medium.CONTACT)
    card.challenge = None
    assert card.verify(PIN) == wire.OK
    simulator.set_medium(simulated, medium)
    card.challenge = None
    assert card.verify(PIN) == wire.OK, "with all tries it is taken through the air"
    assert debit(card) == wire.OK


@pytest.mark.parametrize("medium", CONTACTS)
def test_contacts_take_the_last_try(card: Talk, simulator: Simulator, medium: Medium) -> None:
    guess(card, 2)
    simulator.set_medium(card_at(simulator, card.card.url), medium)
    assert card.verify(WRONG) == 0x6983


@pytest.mark.parametrize("medium", AIR)
def test_blocked_is_told_through_the_air_too(card: Talk, simulator: Simulator, medium: Medium) -> None:
    guess(card, 3)
    simulator.set_medium(card_at(simulator, card.card.url), medium)
    assert card.verify(PIN) == 0x6983


@pytest.mark.parametrize("block", BAD_BLOCKS)
def test_a_block_that_is_none_is_refused_and_costs_no_try(card: Talk, block: str) -> None:
    assert card.verify(bytes.fromhex(block)) == 0x6A80
    assert card.told()["pin_tries"] == 3
    card.challenge = None
    assert card.verify(PIN) == wire.OK
    assert card.change(bytes.fromhex(block)) == 0x6A80
    card.reset()
    assert card.verify(PIN) == wire.OK, "the old one holds"


@pytest.mark.parametrize("digits", ["1234", "12345", "99999999999", "999999999999"])
def test_pins_have_four_to_twelve_digits(card: Talk, digits: str) -> None:
    assert card.verify(PIN) == wire.OK
    assert card.change(wire.pin_block(digits)) == wire.OK
    assert card.verify(wire.pin_block(digits)) == wire.OK
    assert debit(card) == wire.OK


def test_change(card: Talk) -> None:
    """By who gave the one so far, in the same session; it counts as given still, and the tries begin anew."""
    assert card.change(OTHER) == 0x6985
    guess(card, 1)
    assert card.change(OTHER) == 0x6985
    assert card.verify(PIN) == wire.OK
    assert card.change(OTHER) == wire.OK
    assert debit(card) == wire.OK
    assert card.verify(PIN) == 0x63C2
    assert card.verify(OTHER) == wire.OK


def test_it_may_be_changed_many_times(card: Talk) -> None:
    """Two objects take turns."""
    now = PIN
    for number in range(7):
        new = wire.pin_block(f"{number:04d}")
        assert card.verify(now) == wire.OK
        assert card.change(new) == wire.OK
        card.challenge = None
        assert card.verify(now) == 0x63C2
        now = new
    assert card.verify(now) == wire.OK


def test_an_update_gives_no_try_and_the_choice_all(card: Talk) -> None:
    guess(card, 3)
    card.load(due(2, pin_count=1))
    told = card.told()
    assert (told["pin_choice"], told["pin_tries"]) == (1, 0)
    card.challenge = None
    assert card.verify(PIN) == 0x6983
    assert card.change(PIN) == wire.OK, "the same one may be chosen again"
    told = card.told()
    assert (told["pin_choice"], told["pin_tries"]) == (0, 3)
    assert card.change(OTHER) == 0x6985, "once"
    assert card.verify(PIN) == wire.OK
    assert debit(card) == wire.OK


def test_one_chosen_is_not_one_given(card: Talk) -> None:
    card.load(due(2, pin_count=1))
    assert card.change(OTHER) == wire.OK
    assert debit(card) == 0x9412


@pytest.mark.parametrize("closed_by", ["choice", "change", "debit", "override"])
def test_the_choice_is_closed_by_itself_and_by_any_movement(card: Talk, closed_by: str) -> None:
    """A cancellation needs a debit before it, which has closed it already."""
    card.load(due(2, pin_count=1))
    if closed_by == "choice":
        assert card.change(OTHER) == wire.OK
    elif closed_by == "change":
        assert card.verify(PIN) == wire.OK
        assert card.change(OTHER) == wire.OK
    else:
        ins = wire.DEBIT if closed_by == "debit" else wire.OVERRIDE
        assert card.move(ins, movement(1000, txn=2))[1] == wire.OK
    assert card.told()["pin_choice"] == 0
    card.select()
    assert card.change(WRONG) == 0x6985


@pytest.mark.parametrize("between", ["update", "query", "reset", "verify", "refusal", "same update"])
def test_the_choice_stays_open_over_anything_else(card: Talk, between: str) -> None:
    opened = due(2, pin_count=1)
    card.load(opened)
    if between == "update":
        card.load(due(3, pin_count=1, state=3))
    elif between == "same update":
        assert card.load(opened)
    elif between == "query":
        card.read(1)
    elif between == "reset":
        card.reset()
    elif between == "verify":
        assert card.verify(WRONG) == 0x63C2
    else:
        assert debit(card) == 0x9412
    assert card.told()["pin_choice"] == 1
    assert card.change(OTHER) == wire.OK


def test_a_count_that_does_not_grow_opens_nothing(card: Talk) -> None:
    card.load(due(2, pin_count=5))
    assert card.change(OTHER) == wire.OK
    card.load(due(3, pin_count=5))
    assert card.change(PIN) == 0x6985
    card.load(due(4, pin_count=6))
    assert card.change(PIN) == wire.OK


@pytest.mark.parametrize("count", [1, 0x7F, 0x80, 0xFF])
def test_a_count_may_jump_to_its_end(card: Talk, count: int) -> None:
    card.load(due(2, pin_count=count))
    assert card.change(OTHER) == wire.OK
    card.select()
    assert card.update(due(3, pin_count=count - 1)) == (b"", 0x940F)


def test_a_card_without_one_may_choose_one(sim_talk: Talk) -> None:
    sim_talk.load(due())
    assert sim_talk.verify(PIN) == 0x6984
    assert sim_talk.change(PIN) == 0x6985
    assert sim_talk.told()["pin_tries"] == wire.WITHOUT_PIN
    sim_talk.load(due(2, pin_count=1))
    assert sim_talk.verify(PIN) == 0x6984
    assert sim_talk.change(PIN) == wire.OK
    assert sim_talk.told()["pin_tries"] == 3
    assert sim_talk.verify(PIN) == wire.OK
    assert wire.receipt(sim_talk.debit(ABOVE + 1, txn=1))["pin"] == wire.GIVEN


@pytest.mark.parametrize("ins", [wire.VERIFY, wire.CHANGE])
def test_in_clear_the_card_knows_no_pin_command(card: Talk, ins: int) -> None:
    """Whoever forges a 9412 harvests none by it."""
    card.select()
    for body in (PIN, PIN + OTHER):
        command = bytes((0x00, ins, 0x00, 0x80, len(body))) + body
        assert card.raw(command) == (b"", 0x6D00)
    assert debit(card) == 0x9412


@pytest.mark.parametrize("ins", [wire.VERIFY, wire.CHANGE])
def test_a_wrong_mac_costs_no_try(card: Talk, ins: int) -> None:
    """Whoever has no key guesses nothing, and blocks nothing."""
    for _ in range(5):
        card.select()
        body = wire.pin_query(card.keys.debit, card.live(), WRONG, nonce())
        assert card.raw(card.signed(ins, body, key=bytes(16))) == (b"", 0x6988)
    card.challenge = None
    assert card.told()["pin_tries"] == 3


def test_a_blank_card_has_none(blank_talk: Talk) -> None:
    for ins in (wire.VERIFY, wire.CHANGE):
        blank_talk.select()
        assert blank_talk.raw(blank_talk.pin_command(ins, PIN)) == (b"", 0x6985)


@pytest.mark.parametrize("pin", ["", "123", "1234567890123", "12a4", "١٢٣٤"])
def test_what_is_no_pin(pin: str) -> None:
    with pytest.raises(InputError) as error:
        pin_block(pin)
    assert not pin or pin not in str(error.value)


def test_the_blocks_of_iso_9564() -> None:
    assert pin_block("1234").hex().upper() == "241234FFFFFFFFFF"
    assert pin_block("123456789012").hex().upper() == "2C123456789012FF"
