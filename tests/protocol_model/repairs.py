# SPDX-License-Identifier: Apache-2.0
"""The repairs of issue 10, a switch each, with what happens without it."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace


def _hole(text: str, *invariants: int) -> bool:
    """A repair, in unless taken out: what happens without it, and which invariants then do not hold."""
    switch: bool = field(default=True, metadata={"text": text, "invariants": frozenset(invariants)})
    return switch


@dataclass(frozen=True)
class Repairs:
    # SELECT
    select_bound: bool = _hole("a proxy alters receipt_key_version: 'sold', with a receipt that verifies nowhere", 1, 7)
    minimum_versions: bool = _hole("who stole a retired DEBIT master plays the card and settles doubts", 1)
    # recovery
    by_number: bool = _hole("back-dated debits by another terminal 'prove' that a debit did not happen", 1)
    number_below_proven: bool = _hole("a number quoted too low makes a doubt that only the bank can settle", 1)
    lower_number_asked: bool = _hole("a false card told a high number: the true one is never served again", 1)
    type_compared: bool = _hole("a cut-off CANCEL's body sent as a DEBIT: 'cancelled'", 1)
    body_compared: bool = _hole("another's debit under our transaction number is taken for ours", 1)
    body_journalled: bool = _hole("a staple withdrawn meanwhile makes our own receipt another's", 1)
    intent_per_select: bool = _hole("a silent SELECT, and the journal holds another number than the command", 1)
    negatives_have_macs: bool = _hole("the line says 'not made'", 1)
    gone_stops_nothing: bool = _hole("the log has forgotten: the card is never served again", 1)
    gone_needs_proof: bool = _hole("the bank takes a receipt that it has not for one that is not", 1)
    pin_states_tried: bool = _hole("the bank builds the lost receipt with the wrong PIN state: 'not charged'", 1)
    serial_once: bool = _hole("a serial installed again counts from 1 again", 1)
    new_number_after_9409: bool = _hole("a planted transaction number stops the sale", 1)
    long_digest: bool = _hole("two baskets, one receipt", 6)
    # updates
    expired_total: bool = _hole("the update that forfeits is skipped, nothing is withdrawn", 3)
    valid_until_before_expiry: bool = _hole("the missed expiry is spent meanwhile", 3)
    next_update_key: bool = _hole("the update that moves the UPDATE key on is lost: every later one is refused", 5)
    month_mended: bool = _hole("one debit stamped December", 5)
    mending_counted: bool = _hole("every later update mends again: a month's limit each time", 5)
    mending_awaits_receipt: bool = _hole("of two mendings the first is lost: the second alone gives another month", 3)
    # PIN
    pin_count: bool = _hole("unblocking gives tries, not a PIN; and is lost with its update", 3, 5)
    count_before_tries: bool = _hole("a torn update gives three guesses, again and again", 4)
    choice_in_session: bool = _hole("whoever has a reader chooses the PIN", 4)
    choice_closed: bool = _hole("the choice that nobody made waits for the thief", 4)
    pin_over_sum: bool = _hole("three debits of exactly pin_above", 4)
    floor_follows_updates: bool = _hole("a load opens as much again without PIN", 4)
    cancel_raises_floor: bool = _hole("a debit with PIN cancelled leaves its amount free of PIN", 4)
    verify_in_session: bool = _hole("a forged 9412 harvests PINs", 4)
    terminal_nonce: bool = _hole("an old challenge makes the mask of the PIN a two-time pad", 4)
    mac_before_try: bool = _hole("the line alone blocks the PIN", 4)
    last_try_contacts: bool = _hole("a reader at the holder's pocket blocks the PIN", 5)
    # receipts
    receipt_names_entitlement: bool = _hole("a gap hides its money, and under which rules it was spent", 6)
    update_receipt_states_all: bool = _hole("limits cannot be recomputed without the UPDATE key", 6)

    def without(self, name: str) -> Repairs:
        return replace(self, **{name: False})


ALL = Repairs()
NAMES = tuple(one.name for one in fields(Repairs))
TEXTS: dict[str, str] = {one.name: one.metadata["text"] for one in fields(Repairs)}
INVARIANTS: dict[str, frozenset[int]] = {one.name: one.metadata["invariants"] for one in fields(Repairs)}
