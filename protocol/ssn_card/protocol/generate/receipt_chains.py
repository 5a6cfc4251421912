# SPDX-License-Identifier: Apache-2.0
"""Chains of receipts, and what is to be found in them: gaps, forks, copies, and what the card would have refused.

Every receipt here has a right MAC: who makes a false one of these has stolen the RECEIPT key.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from .. import layouts
from .playing import kind_of
from .sample_card import seal
from .scripts import journey, pins

Finding = dict[str, Any]


def changed(receipt: bytes, field: str, value: bytes | int, *, sealed: bool = True) -> bytes:
    """The receipt with one field replaced, by the names of its type."""
    layout = layouts.RECEIPT_BY_TYPE[kind_of(receipt)]
    at = layout.offset(field)
    size = next(one.size for one in layout.fields if one.name == field)
    new = value.to_bytes(size, "big") if isinstance(value, int) else value
    replaced = receipt[:at] + new + receipt[at + size :]
    return seal(replaced) if sealed else replaced


def relinked(receipts: Sequence[bytes]) -> list[bytes]:
    """The receipts, each with the MAC of the one before it: a history that somebody with the key could write."""
    linked = [receipts[0]]
    for receipt in receipts[1:]:
        linked.append(changed(receipt, "previous_mac", linked[-1][-8:]))
    return linked


def spent(receipt: bytes) -> int:
    """Net spending up to a receipt: what was granted less the balance."""
    values = layouts.RECEIPT_BY_TYPE[kind_of(receipt)].decode(receipt)
    return int(values["granted_total"] - values["balance_after"])


def moved(receipt: bytes) -> int:
    """What a receipt itself spent; negative of a cancellation."""
    amount = int.from_bytes(receipt[4:8], "big")
    return {1: amount, 2: -amount}.get(kind_of(receipt), 0)


def case(
    name: str, receipts: Sequence[bytes], *findings: Finding, tip: bytes | None = None, whole: bool = True
) -> dict[str, Any]:
    """A set of receipts of one card, with all that is to be found in it; ``tip``: the newest, as the card states it.

    ``whole``: no receipt is with anybody else.
    """
    entry: dict[str, Any] = {
        "name": name,
        "receipts": [receipt.hex() for receipt in receipts],
        "findings": list(findings),
    }
    if not whole:
        entry["whole"] = False
    if tip is not None:
        entry["tip"] = {"seq": int.from_bytes(tip[:4], "big"), "last_mac": tip[-8:].hex()}
    return entry


def found(problem: str, seq: int, field: str) -> Finding:
    """What is found in a field of one receipt."""
    return {"problem": problem, "seq": seq, "field": field}


def missing(chain: Sequence[bytes], first: int, last: int) -> Finding:
    """The numbers ``first`` to ``last`` of a chain are missing, with what was spent in them."""
    before = spent(chain[first - 2]) if first > 1 else 0
    behind = chain[last]
    gap = spent(behind) - moved(behind) - before
    return found("missing", first, "seq") | {"receipts": last - first + 1, "spent": gap}


def _gaps(chain: list[bytes]) -> Iterator[dict[str, Any]]:
    yield case("whole", chain)
    yield case("whole, in another order", chain[::-1])
    yield case("one receipt missing", chain[:2] + chain[3:], missing(chain, 3, 3))
    yield case("an update among those missing", chain[:4] + chain[6:], missing(chain, 5, 6))
    yield case("the first receipts missing", chain[3:], missing(chain, 1, 3))
    two = chain[:1] + chain[2:4] + chain[6:]
    yield case("two gaps", two, missing(chain, 2, 2), missing(chain, 5, 6))
    yield case("the newest is the tip's", chain, tip=chain[-1])
    end = found("missing", 7, "seq") | {"receipts": 2}
    yield case("the end missing, as the card's own word shows", chain[:6], end, tip=chain[-1])
    yield from _partly(chain)
    other = changed(chain[-1], "previous_mac", 0)
    yield case("the newest is not the tip's", chain, found("broken_chain", 8, "mac"), tip=other)


def _partly(chain: list[bytes]) -> Iterator[dict[str, Any]]:
    """Sets that may not be whole."""
    elsewhere = {"problem": "not_handed_in"}
    gap = missing(chain, 3, 3)
    name = "one receipt missing, perhaps with another shop"
    yield case(name, chain[:2] + chain[3:], gap | elsewhere, whole=False)
    name = "the same, up to the card's own word of its newest: a gap inside is missing too"
    yield case(name, chain[:2] + chain[3:], gap, tip=chain[-1], whole=False)
    both = missing(chain, 3, 6)
    due = {name: both[name] for name in ("problem", "seq", "field")} | {"receipts": 2}
    name = "a gap, in the middle of which lies the receipt that the card named"
    beyond = both | elsewhere | {"seq": 5, "receipts": 2}
    yield case(name, chain[:2] + chain[6:], due, beyond, tip=chain[3], whole=False)


def _forks(chain: list[bytes]) -> Iterator[dict[str, Any]]:
    copy = {"problem": "duplicate", "seq": 4}
    yield case("the same receipt twice", [*chain, chain[3]], copy)
    fork = changed(chain[3], "basket_digest", bytes(16))
    yield case("two receipts with one number", [*chain, fork], found("broken_chain", 4, "seq"))
    stranger = changed(chain[2], "previous_mac", bytes(8))
    yield case(
        "a receipt of another history in its place",
        [*chain[:2], stranger, *chain[3:]],
        found("broken_chain", 3, "previous_mac"),
        found("broken_chain", 4, "previous_mac"),
    )


def _behind_gaps(chain: list[bytes]) -> Iterator[dict[str, Any]]:
    """Receipts behind a gap that cannot be true whatever lay in it."""
    arithmetic = "wrong_arithmetic"
    lower = changed(chain[6], "update_seq", 1)
    yield case(
        "behind a gap: granted more without an update",
        [chain[0], *relinked([lower])],
        missing([*chain[:6], lower], 2, 6),
        found(arithmetic, 7, "granted_total"),
    )
    more = changed(chain[3], "month_spent_after", 119_999)
    yield case(
        "behind a gap: the month's spending does not add up",
        [chain[1], more],
        missing(chain, 1, 1),
        missing([*chain[:3], more], 3, 3),
        found(arithmetic, 4, "month_spent_after"),
    )


def _refused() -> Iterator[dict[str, Any]]:
    """A debit that adds up, of a card that would have refused it."""
    update, debit = journey.journey().card.chain[:2]

    def under(name: str, field: str, **changes: bytes | int) -> dict[str, Any]:
        entitlement = update
        for changed_field, value in changes.items():
            entitlement = changed(entitlement, changed_field, value)
        return case(name, relinked([entitlement, debit]), found("refused", 2, field))

    yield under("blocked", "update_seq", state=3)
    yield under("expired", "timestamp", valid_until=bytes.fromhex("260106"))
    yield under("above debit_max", "amount", debit_max=72_499)
    yield under("goods not allowed", "categories", allowed_categories=0x003E)
    yield under("above the month's limit", "month_spent_after", monthly_limit=72_499)
    card = pins.floor().card.chain
    last = next(at for at, one in enumerate(card) if spent(one) == 50_000 and kind_of(one) == 1)
    more = _next_debit(card[last])
    yield case(
        "without the PIN, one rupiah above pin_above",
        [*card[: last + 1], more],
        found("refused", last + 2, "pin_state"),
    )


def _next_debit(before: bytes) -> bytes:
    """A debit of one rupiah behind another."""
    values = layouts.RECEIPT.decode(before)
    new = values | {
        "seq": values["seq"] + 1,
        "amount": 1,
        "timestamp": values["timestamp"] + dt.timedelta(minutes=1),
        "balance_after": values["balance_after"] - 1,
        "month_spent_after": values["month_spent_after"] + 1,
        "previous_mac": values["mac"],
    }
    return seal(layouts.RECEIPT.encode(new))


def cases() -> list[dict[str, Any]]:
    """For ``receipts.json``."""
    chain = journey.journey().card.chain
    return [*_gaps(chain), *_forks(chain), *_behind_gaps(chain), *_refused()]
