# SPDX-License-Identifier: Apache-2.0
"""The repairs of issue 10, a switch each. What happens without it stands behind it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace


@dataclass(frozen=True)
class Repairs:
    # SELECT
    select_bound: bool = True  #: a proxy alters receipt_key_version: "sold", with a receipt that verifies nowhere
    minimum_versions: bool = True  #: who stole a retired DEBIT master plays the card and settles doubts
    # recovery
    by_number: bool = True  #: back-dated debits by another terminal "prove" that a debit did not happen
    number_below_proven: bool = True  #: a number quoted too low makes a doubt that only the bank can settle
    type_compared: bool = True  #: a cut-off CANCEL's body sent as a DEBIT: "cancelled"
    body_compared: bool = True  #: another's debit under our transaction number is taken for ours
    body_journalled: bool = True  #: a staple withdrawn meanwhile makes our own receipt another's
    intent_per_select: bool = True  #: a silent SELECT, and the journal holds another number than the command
    negatives_have_macs: bool = True  #: the line says "not made"
    gone_stops_nothing: bool = True  #: the log has forgotten: the card is never served again
    gone_needs_proof: bool = True  #: the bank takes a receipt that it has not for one that is not
    pin_states_tried: bool = True  #: the bank builds the lost receipt with the wrong PIN state: "not charged"
    serial_once: bool = True  #: a serial installed again counts from 1 again
    new_number_after_9409: bool = True  #: a planted transaction number stops the sale
    long_digest: bool = True  #: two baskets, one receipt
    # updates
    expired_total: bool = True  #: the update that forfeits is skipped, nothing is withdrawn
    valid_until_before_expiry: bool = True  #: the missed expiry is spent meanwhile
    next_update_key: bool = True  #: the update that moves the UPDATE key on is lost: every later one is refused
    month_mended: bool = True  #: one debit stamped December
    mending_counted: bool = True  #: every later update mends again: a month's limit each time
    mending_keeps_month: bool = True  #: of two mendings the first is lost: the second alone gives another month
    # PIN
    pin_count: bool = True  #: unblocking gives tries, not a PIN; and is lost with its update
    count_before_tries: bool = True  #: a torn update gives three guesses, again and again
    choice_in_session: bool = True  #: whoever has a reader chooses the PIN
    choice_closed: bool = True  #: the choice that nobody made waits for the thief
    pin_over_sum: bool = True  #: three debits of exactly pin_above
    floor_follows_updates: bool = True  #: a load opens as much again without PIN
    cancel_raises_floor: bool = True  #: a debit with PIN cancelled leaves its amount free of PIN
    verify_in_session: bool = True  #: a forged 9412 harvests PINs
    terminal_nonce: bool = True  #: an old challenge makes the mask of the PIN a two-time pad
    mac_before_try: bool = True  #: the line alone blocks the PIN
    last_try_contacts: bool = True  #: a reader at the holder's pocket blocks the PIN
    # receipts
    receipt_names_entitlement: bool = True  #: a gap hides its money, and under which rules it was spent
    update_receipt_states_all: bool = True  #: limits cannot be recomputed without the UPDATE key

    def without(self, name: str) -> Repairs:
        return replace(self, **{name: False})


ALL = Repairs()
NAMES = tuple(field.name for field in fields(Repairs))
