# SPDX-License-Identifier: Apache-2.0
"""What an auditor would say of a card's log: are the receipts genuine, linked, and does their money add up?"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from ssn_card.keys import KeyProvider
from ssn_card.protocol.values import LOG_ENTRIES, ReceiptType

from .bench import Observed
from .talk import CardReceipt

#: What the newest receipt says and the card must say too, by the names of either.
_STATED = {
    "seq": "seq", "balance_after": "balance", "month_spent_after": "month_spent", "mac": "last_mac",
    "update_seq": "update_seq", "granted_total": "granted_total", "month": "month",
}  # fmt: skip
#: By how much of its amount a movement changes what was spent in all.
_SPENDS = {ReceiptType.DEBIT: 1, ReceiptType.CANCEL: -1}


def chain_fault(provider: KeyProvider, observed: Observed) -> str:
    """What is wrong with a log, or ``""``."""
    if observed.newest != observed.seq:
        return "SELECT tells another number than GET STATUS"
    if len(observed.log) != min(observed.seq, LOG_ENTRIES):
        return f"{len(observed.log)} receipts of {observed.seq} in the log"
    if not all(one.genuine(provider) for one in observed.log):
        return "a receipt is not genuine"
    for newer, older in itertools.pairwise(observed.log):
        if fault := _link(older, newer):
            return f"receipt {newer.seq}: {fault}"
    return _beginning(observed.log[-1]) or _end(observed.log[0].values, observed.status) if observed.log else ""


def _link(older: CardReceipt, newer: CardReceipt) -> str:
    before, after = older.values, newer.values
    if after["seq"] != before["seq"] + 1 or after["previous_mac"] != before["mac"]:
        return "does not follow the one before"
    spent = _SPENDS.get(newer.type, 0) * after["amount"] if newer.type is not ReceiptType.UPDATE else 0
    if _net(after) != _net(before) + spent:
        return "the money does not add up"
    if newer.type is ReceiptType.UPDATE:
        return "" if after["update_seq"] > before["update_seq"] else "an older update"
    unchanged = all(after[name] == before[name] for name in ("update_seq", "granted_total"))
    return "" if unchanged else "a movement has changed what was granted"


def _net(values: Mapping[str, Any]) -> int:
    """What was spent in all, less what was cancelled."""
    return int(values["granted_total"]) - int(values["balance_after"])


def _beginning(first: CardReceipt) -> str:
    """The card's first receipt follows none; of a later one nothing is known."""
    linked = any(first.previous_mac)
    return "" if linked == (first.seq > 1) else "the first receipt is linked wrongly"


def _end(newest: Mapping[str, Any], card: Mapping[str, Any]) -> str:
    wrong = [told for stated, told in _STATED.items() if newest[stated] != card[told]]
    return f"the newest receipt and GET STATUS differ in {', '.join(wrong)}" if wrong else ""
