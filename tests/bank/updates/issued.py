# SPDX-License-Identifier: Apache-2.0
"""What the store has of a card's updates."""

from __future__ import annotations

from ssn_card.bank.store.bank import Bank
from ssn_card.bank.updates import newest
from ssn_card.entitlement import Entitlement, SignedUpdate


def signed_newest(bank: Bank, serial: str) -> SignedUpdate:
    """The newest update of a card, as it was issued."""
    with bank.reading() as session:
        row = newest(session, serial)
        assert row is not None
        assert row.mac is not None
        assert row.key_version is not None
        return SignedUpdate(bytes.fromhex(serial), Entitlement.decode(row.body), row.key_version, row.mac)
