# SPDX-License-Identifier: Apache-2.0
"""The card's two state machines: its life, and the session of one selection.

Declared once: documents and diagrams are drawn from here; tests/card/test_life.py and test_session_states.py try every
state and step on the applet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from . import status
from .commands import (
    CANCEL,
    CHANGE_REFERENCE_DATA,
    DEBIT,
    EXTERNAL_AUTHENTICATE,
    GET_DATA,
    GET_STATUS,
    INITIALIZE_UPDATE,
    OVERRIDE,
    READ_RECEIPT,
    SELECT,
    STORE_DATA,
    UPDATE,
    VERIFY,
    Command,
)
from .labels import KeyLabel
from .status import CardStatusError
from .values import LifeState, StateClass

#: A card is blank, or in a life state.
CardState = StateClass | LifeState

CARD_STATES: tuple[CardState, ...] = (StateClass.BLANK, *LifeState)


@dataclass(frozen=True)
class LifeStep:
    """A change of life that the card accepts, a state that stays included.

    ``key``: what the command must be protected with; ``name``: what the programme calls it, empty where it is no
    part of the programme's own order.
    """

    before: CardState
    after: CardState
    command: Command
    key: KeyLabel
    name: str


_NAMES = {
    (LifeState.ISSUED, LifeState.ACTIVE): "activation",
    (LifeState.ACTIVE, LifeState.BLOCKED): "blocking",
    (LifeState.BLOCKED, LifeState.ACTIVE): "unblocking",
    (LifeState.ISSUED, LifeState.TERMINATED): "termination",
    (LifeState.ACTIVE, LifeState.TERMINATED): "termination",
    (LifeState.BLOCKED, LifeState.TERMINATED): "termination",
}

#: Personalization, then updates: from a state that is not final to any state, with the same one too.
LIFE: tuple[LifeStep, ...] = (
    LifeStep(StateClass.BLANK, LifeState.ISSUED, STORE_DATA, KeyLabel.TRANSPORT_ENC, "personalization"),
    *(
        LifeStep(before, after, UPDATE, KeyLabel.UPDATE, _NAMES.get((before, after), ""))
        for before in LifeState
        for after in LifeState
        if before is not LifeState.TERMINATED or after is LifeState.TERMINATED
    ),
)


#: What a movement of money is told where the card is not active.
MOVEMENT_REFUSED: Mapping[CardState, type[CardStatusError]] = MappingProxyType(
    {
        StateClass.BLANK: status.ConditionsNotSatisfied,
        LifeState.ISSUED: status.NotActivated,
        LifeState.BLOCKED: status.Blocked,
        LifeState.TERMINATED: status.Terminated,
    }
)


def accepted(before: CardState, after: CardState) -> bool:
    """Whether the card has a step from one state to the other."""
    return any((step.before, step.after) == (before, after) for step in LIFE)


class Session(StrEnum):
    """What a personalized card remembers of one selection. SELECT begins it, from every state; power loss, reset and
    deselection end it."""

    NONE = "no challenge"
    LIVE = "challenge live"
    INITIATED = "SCP03 initiated"
    SECURE = "SCP03 open"


class CommandOutcome(StrEnum):
    """How a command ends, as far as sessions go."""

    DONE = "done"
    WRONG_MAC = "wrong MAC"
    WRONG_FORM = "wrong form"  #: refused for its length, P1, P2, class or instruction, before any MAC is looked at


@dataclass(frozen=True)
class SessionStep:
    """From each of ``before``, ``commands`` that end as ``outcome`` lead to ``after``."""

    before: tuple[Session, ...]
    commands: tuple[Command, ...]
    outcome: CommandOutcome
    after: Session


QUERIES: tuple[Command, ...] = (GET_STATUS, READ_RECEIPT, VERIFY, CHANGE_REFERENCE_DATA)
MOVEMENTS: tuple[Command, ...] = (DEBIT, CANCEL, OVERRIDE)
_TERMINAL: tuple[Command, ...] = (*QUERIES, *MOVEMENTS, UPDATE)
_NOT_LIVE = (Session.NONE, Session.INITIATED, Session.SECURE)

#: Whatever is not here is refused and changes nothing.
SESSION: tuple[SessionStep, ...] = (
    SessionStep(tuple(Session), (SELECT,), CommandOutcome.DONE, Session.LIVE),
    SessionStep((Session.LIVE,), QUERIES, CommandOutcome.DONE, Session.LIVE),
    SessionStep((Session.LIVE,), (*MOVEMENTS, UPDATE), CommandOutcome.DONE, Session.NONE),
    SessionStep((Session.LIVE,), _TERMINAL, CommandOutcome.WRONG_MAC, Session.NONE),
    SessionStep((Session.LIVE,), _TERMINAL, CommandOutcome.WRONG_FORM, Session.LIVE),
    SessionStep(_NOT_LIVE, (UPDATE,), CommandOutcome.DONE, Session.NONE),
    SessionStep(_NOT_LIVE, (UPDATE,), CommandOutcome.WRONG_MAC, Session.NONE),
    SessionStep(tuple(Session), (INITIALIZE_UPDATE,), CommandOutcome.DONE, Session.INITIATED),
    SessionStep((Session.INITIATED,), (EXTERNAL_AUTHENTICATE,), CommandOutcome.DONE, Session.SECURE),
    SessionStep((Session.INITIATED,), (EXTERNAL_AUTHENTICATE,), CommandOutcome.WRONG_MAC, Session.NONE),
    SessionStep((Session.SECURE,), (STORE_DATA, GET_DATA), CommandOutcome.DONE, Session.SECURE),
    SessionStep((Session.SECURE,), (STORE_DATA, GET_DATA), CommandOutcome.WRONG_MAC, Session.NONE),
)


def session_after(before: Session, command: Command, outcome: CommandOutcome) -> Session:
    """The state that ``command``, ending as ``outcome`` where the state allows it, leads to."""
    for step in SESSION:
        if before in step.before and command in step.commands and step.outcome is outcome:
            return step.after
    return before
