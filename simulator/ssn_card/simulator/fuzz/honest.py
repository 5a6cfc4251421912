# SPDX-License-Identifier: Apache-2.0
"""The honest terminal that comes after the hostile host: does the card still know its money, and still work?"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from ssn_card.personalization.card.personalize import inspect, read_content
from ssn_card.protocol import bcd, status
from ssn_card.protocol.commands import DEBIT
from ssn_card.protocol.errors import SsnCardError
from ssn_card.protocol.values import WITHOUT_PIN, LifeState

from ..campaign.bench import MOMENT, Bench
from ..campaign.chain import chain_fault
from .fault import Fault
from .witness import Witness

RULE = "honest terminal"
Look = Callable[[Bench, Witness], Fault | None]


def reading(bench: Bench, witness: Witness) -> Fault | None:
    """SELECT and GET STATUS: genuine, and the balance is what the honest side knows. Settles a torn command."""
    try:
        session = bench.select()
        if witness.blank:
            return None
        found = session.status()
    except (SsnCardError, ValueError) as error:
        return Fault(RULE, f"status {type(error).__name__}", str(error))
    if witness.doubt is not None:
        done = found["seq"] == witness.doubt.seq
        witness.purse, witness.doubt = (witness.doubt if done else witness.purse), None
        witness.purse = dataclasses.replace(witness.purse, last_mac=bytes(found["last_mac"]))
    if witness.tries is None:
        witness.settle_pin(found["pin_tries"], bool(found["pin_choice"]))
    wrong = [
        f"{name} {found[name]!r}, not {value!r}" for name, value in _expected(witness).items() if found[name] != value
    ]
    return Fault(RULE, "money", "; ".join(wrong)) if wrong else None


def _expected(witness: Witness) -> dict[str, Any]:
    """What GET STATUS must say."""
    purse = witness.purse
    expected = {
        "seq": purse.seq, "balance": purse.balance, "last_mac": purse.last_mac, "granted_total": purse.granted,
        "pin_floor": purse.floor, "pin_choice": purse.choice, "month": purse.month, "month_spent": purse.month_spent,
        "pin_tries": witness.tries if witness.has_pin else WITHOUT_PIN,
    }  # fmt: skip
    numbers = ("update_seq", "loaded_total", "expired_total", "monthly_limit", "debit_max", "state", "key_selection",
               "pin_above", "pin_count", "mend_count")  # fmt: skip
    return expected | {name: purse.rule(name) for name in numbers}


def working(bench: Bench, witness: Witness) -> Fault | None:
    """The whole log verifies and ends where the card says; then a debit of one rupiah, or the refusal that is due."""
    try:
        if witness.blank:
            bench.personalize()
            return None
        state = inspect(bench.connection)
        identity = read_content(bench.connection, bench.provider, state.serial).identity
        if witness.identity is not None and identity != witness.identity:
            return Fault(RULE, "identity", "the identity on the card is not the one that was stored")
        observed = bench.observe()
        broken = chain_fault(bench.provider, observed)
        found = observed.status | {"pin_tries": observed.tries}
        return Fault(RULE, "chain", broken) if broken else _debit(bench, found)
    except (SsnCardError, ValueError) as error:
        return Fault(RULE, f"work {type(error).__name__}", str(error))


def _debit(bench: Bench, found: Mapping[str, Any]) -> Fault | None:
    bench.moment = _moment(found)
    try:
        receipt = bench.move(DEBIT, bench.body(1))
    except status.DebitRefused as refusal:
        due = _DUE.get(type(refusal))
        allowed = due is not None and due(found, bench.moment)
        return None if allowed else Fault(RULE, f"debit {refusal.code}", "refused without a reason")
    right = (receipt.balance_after, receipt.seq, receipt.previous_mac) == (
        found["balance"] - 1, found["seq"] + 1, found["last_mac"]
    )  # fmt: skip
    return None if right else Fault(RULE, "debit effect", "the debit of one rupiah has another effect")


def _moment(found: Mapping[str, Any]) -> dt.datetime:
    """A time in the card's month, where it has one."""
    month = bytes(found["month"])
    return bcd.to_timestamp(month + bytes.fromhex("01100000")) if any(month) else MOMENT


def _limit(found: Mapping[str, Any]) -> int:
    return int(found["monthly_limit"]) + (found["month_extra"] if found["month"] == found["extra_month"] else 0)


#: When each refusal of a debit of one rupiah is right, by the card's own status.
_DUE: Mapping[type[status.DebitRefused], Callable[[Mapping[str, Any], dt.datetime], bool]] = {
    status.NotActivated: lambda found, _: found["state"] == LifeState.ISSUED,
    status.Blocked: lambda found, _: found["state"] == LifeState.BLOCKED,
    status.Terminated: lambda found, _: found["state"] == LifeState.TERMINATED,
    status.Expired: lambda found, moment: found["valid_until"] is None or found["valid_until"] < moment.date(),
    status.DebitMaximumExceeded: lambda found, _: found["debit_max"] == 0,
    status.PinRequired: lambda found, _: (
        found["pin_tries"] != WITHOUT_PIN and found["balance"] - 1 < found["pin_floor"]
    ),
    status.CategoryNotAllowed: lambda found, _: not found["allowed_categories"] & 1,
    status.MonthlyLimitExceeded: lambda found, _: found["month_spent"] + 1 > _limit(found),
    status.InsufficientBalance: lambda found, _: found["balance"] == 0,
}
