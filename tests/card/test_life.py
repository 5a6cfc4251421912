# SPDX-License-Identifier: Apache-2.0
"""The declared life of a card against the applet: every update from every state, and the way out of the blank one."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from tests.card.live_card import LiveCard, Talk
from tests.conftest import BENEFICIARY, IDENTITY
from tests.model import wire
from tests.model.wire import entitlement, movement

from ssn_card.keys import development_keyring
from ssn_card.personalization.card.personalize import personalize
from ssn_card.protocol import commands
from ssn_card.protocol.layouts import STATUS_ANSWER
from ssn_card.protocol.life import LIFE, MOVEMENT_REFUSED, accepted
from ssn_card.protocol.values import LifeState, StateClass
from ssn_card.transport import ConnectionLost

INVALID_UPDATE = 0x940F


def life(talk: Talk) -> LifeState:
    """The state that the card tells."""
    return LifeState(STATUS_ANSWER.decode(talk.status())["state"])


def _movement_status(state: LifeState | StateClass) -> int:
    refused = MOVEMENT_REFUSED.get(state)
    return wire.OK if refused is None else int(refused.sw)


def update(talk: Talk, seq: int, state: LifeState) -> int:
    talk.select()
    return talk.update(entitlement(seq, 900_000, state=state))[1]


@pytest.mark.parametrize("before", LifeState, ids=lambda state: state.name)
@pytest.mark.parametrize("after", LifeState, ids=lambda state: state.name)
def test_every_update_in_every_state_is_as_declared(
    new_card: Callable[[], LiveCard], before: LifeState, after: LifeState
) -> None:
    card = new_card()
    talk = Talk(card)
    assert update(talk, 1, before) == wire.OK
    assert life(talk) is before
    told = update(talk, 2, after)
    talk.challenge = None
    if accepted(before, after):
        assert told == wire.OK
        assert life(talk) is after
    else:
        assert told == INVALID_UPDATE
        assert life(talk) is before
    now = life(talk)
    talk.challenge = None
    assert talk.move(wire.DEBIT, movement(1000))[1] == _movement_status(now)
    talk.close()
    card.discard()


def test_a_blank_card_takes_no_update(new_blank: Callable[[], LiveCard]) -> None:
    card = new_blank()
    talk = Talk(card)
    for state in LifeState:
        if accepted(StateClass.BLANK, state):
            continue
        assert update(talk, 1, state) == 0x6985
        talk.challenge = None
        assert talk.move(wire.DEBIT, movement(1000))[1] == _movement_status(StateClass.BLANK)
        assert talk.select()[9] == StateClass.BLANK
    talk.close()
    card.discard()


class _Taken(ConnectionLost):
    """The card was taken out of its reader."""


def _personalize(card: LiveCard, stored: int) -> None:
    """A personalization that ends before STORE DATA number ``stored``, counted from 0. Raises :class:`_Taken`."""
    with card.connect() as connection:
        send = connection.transmit
        left = iter(range(stored))

        def transmit(apdu: bytes) -> bytes:
            if apdu[1] == commands.STORE_DATA.ins and next(left, None) is None:
                raise _Taken("test", "taken out of the reader", in_flight=False)
            return send(apdu)

        connection.transmit = transmit  # type: ignore[method-assign]
        personalize(connection, development_keyring(), BENEFICIARY, IDENTITY)


def test_only_the_last_command_of_a_personalization_ends_the_blank_state(new_blank: Callable[[], LiveCard]) -> None:
    (step,) = (step for step in LIFE if step.before is StateClass.BLANK)
    assert step.command is commands.STORE_DATA
    card = new_blank()
    for stored in itertools.count():
        try:
            _personalize(card, stored)
        except _Taken:
            talk = Talk(card)
            assert talk.select()[9] == StateClass.BLANK
            talk.close()
        else:
            break
    assert stored > 1
    talk = Talk(card)
    assert talk.select()[9] == StateClass.PERSONALIZED
    assert life(talk) is step.after
    talk.close()
    card.discard()
