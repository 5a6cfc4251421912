# SPDX-License-Identifier: Apache-2.0
"""From a blank card to a personalized one, and what else a blank card answers."""

from __future__ import annotations

import datetime as dt
from functools import cache

from ... import status
from ...commands import GET_DATA, GET_STATUS, STORE_DATA, UPDATE
from ...groups import DGI_KEYS
from ...values import KeyVersionNumber
from .. import sample, secure
from ..playing import Script
from ..secure import Session

_TRANSPORT = KeyVersionNumber.TRANSPORT
_MORE, _LAST = 0x08, 0x88


def store(session: Session, number: int, data: bytes, p1: int = _MORE) -> secure.Protected:
    """One STORE DATA."""
    return session.exchange(STORE_DATA.header(p1=p1, p2=number), data)


def _whole(name: str, about: str, level: int, *, pin: bool = False) -> Script:
    script = Script(name, about).select("SELECT: state class 0")
    session = script.open(_TRANSPORT, level)
    blocks = secure.all_groups(pin=pin)
    for number, block in enumerate(blocks):
        last = number == len(blocks) - 1
        step = "STORE DATA, the last block: commits" if last else f"STORE DATA, block {number}"
        script.protected(step, store(session, number, block, _LAST if last else _MORE))
    script.personalized = True
    script.card.pin = sample.PIN if pin else None
    return script.select("SELECT: state class 1, version 1 of every key")


@cache
def fresh() -> Script:
    """A card without a PIN."""
    return _whole("personalization", "From blank to personalized: every data group and key, no PIN.", 0x13)


@cache
def with_pin() -> Script:
    """A card with one."""
    return _whole("personalization with a PIN", f"The same with the PIN {sample.PIN}.", 0x13, pin=True)


def _blank() -> Script:
    script = Script("a blank card", "What a blank card answers, and what it refuses.").select()
    query = script.sign(GET_STATUS, script.query(reserved=bytes(8)))
    script.send("a terminal's command", query, status.ConditionsNotSatisfied)
    update = script.sign(UPDATE, sample.entitlement(1, 100_000, dt.datetime(2026, 1, 5, 9, 0, 0)))
    script.send("an update", update, status.ConditionsNotSatisfied)
    script.raw("INITIALIZE UPDATE with the ISSUER's keys", secure.initialize_update(0x30), status.KeyNotFound)
    script.initialize("INITIALIZE UPDATE with 00, which stands for TRANSPORT here", _TRANSPORT, 0x33, said=0)
    session = script.open(_TRANSPORT, 0x33)
    got = session.exchange(GET_DATA.header(), b"")
    script.protected("GET DATA", got, status.ConditionsNotSatisfied)
    return script


def _refused(name: str, refusal: type[status.CardStatusError], *steps: tuple[int, int, bytes]) -> Script:
    """``steps``: P1, block number, data; the last one is refused, and the session is over."""
    script = Script(f"personalization refused: {name}", "The session ends, and the card stays blank.").select()
    session = script.open(_TRANSPORT, 0x13)
    for position, (p1, number, data) in enumerate(steps, start=1):
        refused = refusal if position == len(steps) else None
        script.protected(name if refused else f"STORE DATA, block {number}", store(session, number, data, p1), refused)
    script.protected("another one", store(session, 1, secure.card_data()), status.SecurityStatusNotSatisfied)
    return script.select("SELECT: still blank")


def _refusals() -> list[Script]:
    card, person = secure.card_data(), secure.identity_group()
    key = secure.wrapped_key(secure.slot_of("DEBIT"))
    spoilt = key[:-1] + bytes((key[-1] ^ 1,))
    beyond = secure.group(DGI_KEYS + 0x20, key[3:])
    data, form = status.WrongData, status.WrongParameters
    return [
        _refused("another serial", data, (_MORE, 0, secure.card_data(sample.OTHER_SERIAL))),
        _refused("an unknown data group", data, (_MORE, 0, secure.group(0x0105, bytes(8)))),
        _refused("a data group cut off", data, (_MORE, 0, person[:-1])),
        _refused("a key slot that there is not", data, (_MORE, 0, beyond)),
        _refused("a transport key's slot", data, (_MORE, 0, secure.group(DGI_KEYS, key[3:]))),
        _refused("a check value that does not fit the key", data, (_MORE, 0, card + person), (_MORE, 1, spoilt)),
        _refused("a name of no length", data, (_MORE, 0, secure.identity_group(""))),
        _refused(
            "a PIN block of three digits", data, (_MORE, 0, secure.group(0x0103, bytes.fromhex("23123FFFFFFFFFFF")))
        ),
        _refused("block 1 first", form, (_MORE, 1, card)),
        _refused("P1 that is neither 08 nor 88", form, (0x48, 0, card)),
        _refused("the last block without the keys", status.PersonalizationIncomplete, (_LAST, 0, card + person)),
    ]


def scripts() -> list[Script]:
    """For ``personalization.json``."""
    return [fresh(), with_pin(), _blank(), *_refusals()]
