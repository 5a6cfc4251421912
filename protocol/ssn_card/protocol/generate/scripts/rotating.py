# SPDX-License-Identifier: Apache-2.0
"""Key rotation: each key moves on by an update, which may be lost, late or under the next key."""

from __future__ import annotations

from functools import cache
from typing import Any

from ... import commands, status
from ...labels import KeyLabel
from ...values import KeySelection
from .. import sample
from ..playing import Script
from ..sample import Values, movement, overriding
from .journey import moment
from .movements import active, bought

_DAY = moment("2026-01-07T10:15:30")
_UPDATE, _ALL = KeySelection.UPDATE, sum(KeySelection)
_LABELS = {
    KeySelection.UPDATE: KeyLabel.UPDATE,
    KeySelection.OVERRIDE: KeyLabel.OVERRIDE,
    KeySelection.DEBIT: KeyLabel.DEBIT,
    KeySelection.RECEIPT: KeyLabel.RECEIPT,
}


def _next(script: Script, **changes: Any) -> Values:
    old = script.card.entitlement
    return old | {"update_seq": old["update_seq"] + 1} | changes


def _key(label: KeyLabel, version: int) -> Any:
    return sample.card_key(label, version)


def _everything(script: Script) -> None:
    """A movement of each key, a query, an update."""
    script.select()
    script.status()
    script.debit("a debit behind it", movement(1_000, _DAY, script.txn()))
    script.select()
    script.ask("an override", commands.OVERRIDE, overriding(1_000, _DAY, script.txn()))
    script.select()
    script.update("an update", _next(script, debit_max=140_000))
    script.select()
    script.read("the receipt of a debit of before", 2)


def _one(bit: KeySelection) -> Script:
    name = bit.name or ""
    script = Script(f"rotation of {name}", f"{name} moves on alone; then each kind of command.", bought()).select()
    script.update(
        "the key moves on; receipt and answer are under the keys before", _next(script, key_selection=int(bit))
    )
    moves = script.card.entitlement
    _everything(script)
    label = _LABELS[bit]
    script.select()
    if label in (KeyLabel.DEBIT, KeyLabel.OVERRIDE):
        command = commands.DEBIT if label is KeyLabel.DEBIT else commands.OVERRIDE
        values = (movement if label is KeyLabel.DEBIT else overriding)(1_000, _DAY, script.txn())
        script.send("under the former key", script.sign(command, values, key=_key(label, 1)), status.WrongMac)
        script.select()
    back = _next(script, key_selection=0)
    script.update("the bit taken back", back, status.InvalidUpdate)
    script.select()
    stale = status.WrongMac if label is KeyLabel.UPDATE else status.StaleUpdate
    script.update(
        "the update that moved it on, which is not the newest any more", moves, stale, _key(KeyLabel.UPDATE, 1)
    )
    return script


def _former() -> Script:
    script = Script("the former UPDATE key", "What is still taken under it, and what is not.", bought()).select()
    moves = _next(script, key_selection=int(_UPDATE))
    request = script.sign(commands.UPDATE, moves)
    script.send("UPDATE moves on", request)
    script.select()
    script.send("the same again, under the former key: answered again", request)
    former = _key(KeyLabel.UPDATE, 1)
    script.select()
    script.update("another one of that number", moves | {"debit_max": 1}, status.WrongMac, former)
    script.select()
    script.update("a newer one", _next(script), status.WrongMac, former)
    script.select()
    script.update("an older one", moves | {"update_seq": 1}, status.WrongMac, former)
    script.select()
    conflicting = moves | {"debit_max": 1}
    script.update("another one of that number, under the key in force", conflicting, status.ConflictingUpdate)
    script.select()
    script.update("the same fields under the key in force: another MAC", moves, status.ConflictingUpdate)
    script.select()
    script.update("a newer one, under the key in force", _next(script))
    script.select()
    script.send("the one that moved the key on, too late", request, status.WrongMac)
    return script


def _following() -> Script:
    script = Script("an update under the next UPDATE key", "The one that moves the key on was lost.", bought()).select()
    following = _key(KeyLabel.UPDATE, 2)
    stays = _next(script)
    script.update("it does not set the bit", stays, status.WrongMac, following)
    script.select()
    moves = _next(script, key_selection=int(_UPDATE)) | {"update_seq": 4}
    request = script.sign(commands.UPDATE, moves, key=following)
    script.send("it sets the bit: taken", request)
    script.select()
    script.send("the same again", request)
    script.select()
    script.update("the lost one, at last", moves | {"update_seq": 3}, status.WrongMac, _key(KeyLabel.UPDATE, 1))
    script.select()
    script.update("the next one, under the key in force", _next(script))
    return script


def _debit_again() -> Script:
    script = Script("the same update behind a rotation of DEBIT", "Its answer is under the key in force.", bought())
    script.select()
    moves = _next(script, key_selection=int(KeySelection.DEBIT))
    request = script.sign(commands.UPDATE, moves)
    script.send("DEBIT moves on: answered under version 1", request)
    script.select()
    script.send("the same again: answered under version 2, the receipt the same", request)
    return script


@cache
def _all() -> Script:
    script = Script("rotation of all keys", "All four keys move on by one update.", active()).select()
    script.update("all move on", _next(script, key_selection=int(_ALL)))
    _everything(script)
    return script


@cache
def of_receipt() -> Script:
    """RECEIPT alone, whose receipts are under two versions."""
    return _one(KeySelection.RECEIPT)


def scripts() -> list[Script]:
    """For ``rotation.json``."""
    others = [_one(bit) for bit in KeySelection if bit is not KeySelection.RECEIPT]
    return [*others, of_receipt(), _former(), _following(), _debit_again(), _all()]
