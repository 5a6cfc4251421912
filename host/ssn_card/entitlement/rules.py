# SPDX-License-Identifier: Apache-2.0
"""What a bank's next update of a card must keep to, beyond what the card itself can see (docs/bank.md).

Updates are lost, late and out of order; the newest alone must come to what all of them would have. So totals and counts
only grow, money expires only where the card could not be debited any more, and no month is mended anew before a receipt
shows that the last mending has arrived.
"""

from __future__ import annotations

import datetime as dt

from ssn_card.protocol.values import KeySelection, LifeState

from .errors import ExpiryTooEarly, MendingUnconfirmed, UpdateShrinks
from .update import Entitlement

_GROWING = ("loaded_total", "expired_total", "pin_count", "mend_count")
_USABLE = (LifeState.ISSUED, LifeState.ACTIVE)


def usable(entitlement: Entitlement) -> bool:
    """Whether the card can, or could after activation, be debited under it."""
    return entitlement.state in _USABLE


def require_follows(
    serial: bytes, old: Entitlement, new: Entitlement, today: dt.date, carried: Entitlement | None
) -> None:
    """That ``new`` may be issued behind ``old``.

    Args:
        serial: the card.
        old: the newest that was issued.
        new: the next one.
        today: by the bank's calendar.
        carried: the entitlement that a receipt, or the card itself, has shown to be on the card.

    Raises:
        UpdateShrinks: of a total, a count, the keys, or a month mended to that changes without the count.
        ExpiryTooEarly: money expires that the card can still spend, should this update be missed.
        MendingUnconfirmed: a second mending while the first may be on its way.
    """
    for name in _GROWING:
        if getattr(new, name) < getattr(old, name):
            raise UpdateShrinks(serial, name)
    if old.key_selection & ~new.key_selection & sum(KeySelection):
        raise UpdateShrinks(serial, "key_selection")
    if new.mend_count == old.mend_count and new.mended_to != old.mended_to:
        raise UpdateShrinks(serial, "mended_to")
    if new.expired_total > old.expired_total and usable(old) and usable(new) and old.valid_until >= today:
        raise ExpiryTooEarly(serial, old.valid_until)
    if new.mend_count > old.mend_count > (0 if carried is None else carried.mend_count):
        raise MendingUnconfirmed(serial, old.mend_count)


def update_key_version(first: int, old: Entitlement | None) -> int:
    """Version of UPDATE to sign the next update with: right whether or not the card has had the earlier ones.

    An update that moves the key on is under the version that it finds; every later one under the next, which the card
    takes even if the first was lost, for the later one moves the key on too.

    Args:
        first: version that the card was made with.
        old: the newest entitlement issued, if any.
    """
    return first + (old is not None and KeySelection.UPDATE in old.key_selection)
