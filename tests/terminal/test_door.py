# SPDX-License-Identifier: Apache-2.0
"""The vendor's one door: what can leave ``debit`` is found in the sources, and all who tell of it tell the same."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from types import FunctionType

import pytest
from tests.terminal.leaving import leaving, leaving_debit

import ssn_card.terminal as door
from ssn_card.protocol import commands
from ssn_card.protocol.commands import Security
from ssn_card.protocol.errors import SsnCardError
from ssn_card.protocol.status import CardStatusError, UnknownStatus
from ssn_card.transport.pcsc import open_pcsc
from ssn_card.transport.replay import open_replay
from ssn_card.transport.vpcd import open_vpcd

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def of_debit() -> frozenset[type[SsnCardError]]:
    return leaving_debit()


def named(text: str) -> set[str]:
    """Errors named in a text."""
    return {word for word in re.findall(r"\b[A-Z]\w+", text) if _is_error(getattr(door, word, None))}


def _is_error(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, SsnCardError)


def of_docstring() -> set[str]:
    doc = inspect.getdoc(door.Terminal.debit)
    assert doc is not None
    return named(doc.partition("Raises:")[2])


def of_table() -> set[str]:
    page = (ROOT / "docs/vendor.md").read_text("utf-8")
    table = page.partition("## What `debit` can raise")[2].partition("\n\nAll are")[0]
    told = named(table)
    for row in table.splitlines():
        unknown = set(re.findall(r"`([A-Z]\w+)`", row.split("|")[1] if "|" in row else "")) - told
        assert not unknown, f"not to be had by the door: {unknown}"
    return told


def test_docstring_and_table_name_the_same() -> None:
    assert of_docstring() == of_table()


def test_each_that_can_leave_is_named_or_of_a_family_that_is(of_debit: frozenset[type[SsnCardError]]) -> None:
    told = of_docstring()
    # Of a terminal's own, and of what the holder's PIN may meet, each is named; of the rest the family is enough.
    own = {one for one in of_debit if one.__module__ == "ssn_card.terminal.errors"}
    pin = {word for word in commands.VERIFY.statuses if "pin" in word.code or "try" in word.code}
    assert len(pin) == 4
    assert {one.__name__ for one in own | pin} <= told
    families = tuple(getattr(door, name) for name in told)
    assert [one for one in of_debit if not issubclass(one, families)] == []


def test_each_that_is_named_can_leave(of_debit: frozenset[type[SsnCardError]]) -> None:
    idle = {name for name in of_docstring() if not any(issubclass(one, getattr(door, name)) for one in of_debit)}
    assert idle == set()


def test_the_door_has_every_error_that_can_leave_and_none_that_cannot(of_debit: frozenset[type[SsnCardError]]) -> None:
    offered = {one for one in map(vars(door).get, door.__all__) if _is_error(one)}
    assert of_debit | {getattr(door, name) for name in of_docstring()} <= offered
    acts = [value for value in (vars(door.Reader) | vars(door.Terminal)).values() if isinstance(value, FunctionType)]
    openers = (door.TerminalJournal.__init__, inspect.unwrap(door.open_keyring), open_vpcd, open_pcsc, open_replay)
    words = {
        word
        for command in commands.COMMANDS
        if command.security in (Security.DEBIT_MAC, Security.OVERRIDE_MAC, Security.UPDATE_MAC)
        for word in (*command.statuses, *commands.COMMON_STATUSES)
    }
    possible = leaving(*acts, *openers, door.open_connection) | words
    families = {above for one in possible for above in one.__mro__}
    assert offered - families == set()
    assert possible <= offered, {one.__name__ for one in possible - offered}


def test_the_door_is_in_order() -> None:
    assert sorted(door.__all__) == sorted(set(door.__all__))
    for name in door.__all__:
        assert getattr(door, name).__doc__, name


def test_the_walk_sees_what_is_hidden(of_debit: frozenset[type[SsnCardError]]) -> None:
    """Errors that are made far below, behind protocols, base classes, tables and functions handed on."""
    names = {one.__name__ for one in of_debit}
    assert {
        "KeyMissing",
        "ProviderClosed",
        "WithdrawnStapleError",
        "CardRemoved",
        "PcscLost",
        "JournalDamaged",
    } <= names
    assert CardStatusError in of_debit
    assert UnknownStatus in of_debit
    assert names.isdisjoint({"NothingToCancel", "PinInDoubt", "PinChoiceClosed", "JournalNotFound", "WrongPassword"})
    assert {"PinInDoubt", "PinChoiceClosed"} <= {
        one.__name__ for one in leaving(door.Terminal.change_pin, door.Terminal.choose_pin)
    }
