# SPDX-License-Identifier: Apache-2.0
"""The holder's PIN: asked above the policy's amount, three tries, unblocked by the bank once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from tests.card.live_card import LiveCard, Talk
from tests.conftest import BENEFICIARY, IDENTITY, card_at
from tests.model import wire

from ssn_card.entitlement import Entitlement, issue
from ssn_card.keys import development_keyring
from ssn_card.personalization.card import personalize
from ssn_card.protocol.errors import InputError
from ssn_card.protocol.pin import pin_block
from ssn_card.protocol.status import NoPin, PinBlocked, PinRequired, WrongPin
from ssn_card.protocol.values import LifeState, UpdateFlag
from ssn_card.receipts import Basket
from ssn_card.simulator import Medium, Simulator
from ssn_card.terminal import Terminal, TerminalJournal
from ssn_card.transport import CardConnection

PIN, OTHER, WRONG = "482917", "1234", "482918"
SMALL, LARGE = Basket.of(("GULA", 1, 100_000)), Basket.of(("GULA", 1, 100_001))
MOMENT = dt.datetime(2025, 10, 3, 10, 0)
KEYS = development_keyring()


def entitlement(seq: int, flags: UpdateFlag = UpdateFlag.NONE) -> Entitlement:
    return Entitlement(
        update_seq=seq, loaded_total=900_000, monthly_limit=600_000, override_max=0, debit_max=600_000,
        allowed_categories=0x7F, valid_until=dt.date(2025, 12, 31), state=LifeState.ACTIVE, policy_id=1,
        issued_at=MOMENT, flags=flags, pin_above=100_000,
    )  # fmt: skip


@pytest.fixture
def blank_card(new_blank: Callable[[], LiveCard]) -> Iterator[CardConnection]:
    live = new_blank()
    with live.connect() as connection:
        yield connection
    live.discard()


@pytest.fixture
def shop() -> Iterator[Terminal]:
    with TerminalJournal(":memory:", 7) as journal:
        yield Terminal(7, KEYS, journal, clock=lambda: MOMENT)


@pytest.fixture
def card(blank_card: CardConnection, shop: Terminal) -> CardConnection:
    made = personalize(blank_card, KEYS, BENEFICIARY, IDENTITY, pin=PIN)
    shop.deliver(blank_card, issue(entitlement(1), made.serial, KEYS))
    return blank_card


def test_is_asked_above_the_amount_only(card: CardConnection, shop: Terminal) -> None:
    shop.debit(card, SMALL)
    with pytest.raises(PinRequired) as refused:
        shop.debit(card, LARGE)
    assert refused.value.details["balance"] == 800_000
    assert shop.debit(card, LARGE, pin=PIN).receipt.amount == 100_001


def test_is_good_for_one_selection(card: CardConnection, shop: Terminal) -> None:
    shop.debit(card, LARGE, pin=PIN)
    with pytest.raises(PinRequired):
        shop.debit(card, LARGE)


def test_does_not_outlive_a_reset(card: CardConnection, shop: Terminal) -> None:
    command = bytes.fromhex("0020008008") + pin_block(PIN)
    assert card.transmit(command) == b"\x90\x00"
    card.reset()
    with pytest.raises(PinRequired):
        shop.debit(card, LARGE)


@pytest.mark.parametrize(
    ("pins", "sw"), [([PIN], 0x9000), ([PIN, WRONG], 0x9412), ([WRONG, PIN], 0x9000), ([], 0x9412)]
)
def test_a_wrong_one_takes_the_right_one_back(blank: LiveCard, pins: list[str], sw: int) -> None:
    """Within one selection the last VERIFY counts."""
    with blank.connect() as connection:
        personalize(connection, KEYS, BENEFICIARY, IDENTITY, pin=PIN)
    talk = Talk(blank)
    talk.load(wire.entitlement(1, 900_000, pin_above=100_000))
    talk.select()
    command = talk.signed(wire.DEBIT, wire.movement(100_001))
    for pin in pins:
        assert talk.raw(bytes.fromhex("0020008008") + pin_block(pin))[1] == (0x9000 if pin == PIN else 0x63C2)
    assert talk.send(command)[1] == sw
    talk.close()


@pytest.mark.parametrize("medium", sorted(set(Medium) - {Medium.CONTACT, Medium.USB}))
def test_is_refused_in_clear_over_the_air(
    new_blank: Callable[[], LiveCard], simulator: Simulator, medium: Medium
) -> None:
    """Whoever listens near the counter must not learn it; the card says so before it looks at the PIN. A medium that no
    version of the specification names may be such air."""
    live = new_blank()
    simulated = card_at(simulator, live.url)
    with live.connect() as connection:
        personalize(connection, KEYS, BENEFICIARY, IDENTITY, pin=PIN)
        simulator.set_medium(simulated, medium)
        for apdu in ("0020008008" + pin_block(WRONG).hex(), "0024008010" + (pin_block(PIN) + pin_block(OTHER)).hex()):
            assert connection.transmit(bytes.fromhex(apdu)) == bytes.fromhex("6982")
        for contacts in (Medium.CONTACT, Medium.USB):
            simulator.set_medium(simulated, contacts)
            assert connection.transmit(bytes.fromhex("0020008008") + pin_block(PIN)) == b"\x90\x00"
    live.discard()


def test_three_tries_then_blocked_even_for_the_right_one(card: CardConnection, shop: Terminal) -> None:
    for tries in (2, 1):
        with pytest.raises(WrongPin) as wrong:
            shop.debit(card, LARGE, pin=WRONG)
        assert wrong.value.tries == tries
    with pytest.raises(PinBlocked):
        shop.debit(card, LARGE, pin=WRONG)
    card.reset()
    with pytest.raises(PinBlocked):
        shop.debit(card, LARGE, pin=PIN)
    # It says so before it looks at what the new PIN would be.
    malformed = bytes.fromhex("0024008010") + pin_block(PIN) + bytes(8)
    assert card.transmit(malformed) == bytes.fromhex("6983")
    assert shop.debit(card, SMALL).receipt.amount == 100_000, "without a PIN the card still buys rice"


def test_a_right_pin_gives_the_tries_back(card: CardConnection, shop: Terminal) -> None:
    for _ in range(3):
        with pytest.raises(WrongPin) as wrong:
            shop.debit(card, LARGE, pin=WRONG)
        assert wrong.value.tries == 2
        shop.debit(card, LARGE, pin=PIN)


def test_an_update_unblocks_it_once(card: CardConnection, shop: Terminal) -> None:
    def block() -> None:
        for _ in range(2):
            with pytest.raises(WrongPin):
                shop.debit(card, LARGE, pin=WRONG)
        with pytest.raises(PinBlocked):
            shop.debit(card, LARGE, pin=WRONG)

    serial = shop.status(card).serial
    update = issue(entitlement(2, UpdateFlag.UNBLOCK_PIN), serial, KEYS)
    block()
    shop.deliver(card, update)
    shop.debit(card, LARGE, pin=PIN)
    block()
    shop.deliver(card, update)
    with pytest.raises(PinBlocked):
        shop.debit(card, LARGE, pin=PIN)


def test_an_ordinary_update_does_not_unblock(card: CardConnection, shop: Terminal) -> None:
    with pytest.raises(WrongPin):
        shop.debit(card, LARGE, pin=WRONG)
    shop.deliver(card, issue(entitlement(2), shop.status(card).serial, KEYS))
    with pytest.raises(WrongPin) as wrong:
        shop.debit(card, LARGE, pin=WRONG)
    assert wrong.value.tries == 1


def test_change(card: CardConnection, shop: Terminal) -> None:
    with pytest.raises(WrongPin):
        shop.change_pin(card, WRONG, OTHER)
    shop.change_pin(card, PIN, OTHER)
    with pytest.raises(WrongPin):
        shop.debit(card, LARGE, pin=PIN)
    assert shop.debit(card, LARGE, pin=OTHER).receipt.amount == 100_001


@pytest.mark.parametrize("digits", ["1234", "999999999999"])
def test_pins_have_four_to_twelve_digits(card: CardConnection, shop: Terminal, digits: str) -> None:
    shop.change_pin(card, PIN, digits)
    assert shop.debit(card, LARGE, pin=digits).receipt.amount == 100_001


@pytest.mark.parametrize("new", ["23123FFFFFFFFFFF", "2D12345678901234", "04123456FFFFFFFF"])
def test_a_block_that_is_none_is_refused_and_costs_no_try(card: CardConnection, shop: Terminal, new: str) -> None:
    shop.status(card)
    command = bytes.fromhex("0024008010") + pin_block(PIN) + bytes.fromhex(new)
    assert card.transmit(command) == bytes.fromhex("6A80")
    with pytest.raises(WrongPin) as wrong:
        shop.debit(card, LARGE, pin=WRONG)
    assert wrong.value.tries == 2


@pytest.mark.parametrize("block", ["0000000000000000", "A5A5A5A5A5A5A5A5", "23123FFFFFFFFFFF", "2D12345678901234"])
def test_a_presented_block_that_is_none_costs_no_try(card: CardConnection, shop: Terminal, block: str) -> None:
    """It may be what lay in the buffer of a command without data. One given before stays given."""
    shop.status(card)
    for command in ("0020008008" + block, "0024008010" + block + pin_block(OTHER).hex()):
        assert card.transmit(bytes.fromhex(command)) == bytes.fromhex("6A80")
    with pytest.raises(WrongPin) as wrong:
        shop.debit(card, LARGE, pin=WRONG)
    assert wrong.value.tries == 2


@pytest.mark.parametrize("apdu", ["0020000008", "0020018008", "0024008108"])
def test_other_references_are_refused(card: CardConnection, shop: Terminal, apdu: str) -> None:
    shop.status(card)
    assert card.transmit(bytes.fromhex(apdu) + bytes(8)) == bytes.fromhex("6A86")


def test_a_card_without_a_pin_says_so(blank_card: CardConnection, shop: Terminal) -> None:
    made = personalize(blank_card, KEYS, BENEFICIARY, IDENTITY)
    shop.deliver(blank_card, issue(entitlement(1), made.serial, KEYS))
    with pytest.raises(NoPin):
        shop.debit(blank_card, LARGE, pin=PIN)


def test_a_blank_card_has_none(blank_card: CardConnection) -> None:
    blank_card.transmit(bytes.fromhex("00A4040009F053534E434152440100"))
    assert blank_card.transmit(bytes.fromhex("0020008008") + pin_block(PIN)) == bytes.fromhex("6985")


@pytest.mark.parametrize("pin", ["", "123", "1234567890123", "12a4", "١٢٣٤"])
def test_what_is_no_pin(pin: str) -> None:
    with pytest.raises(InputError) as error:
        pin_block(pin)
    assert not pin or pin not in str(error.value)


def test_the_blocks_of_iso_9564() -> None:
    assert pin_block("1234").hex().upper() == "241234FFFFFFFFFF"
    assert pin_block("123456789012").hex().upper() == "2C123456789012FF"
