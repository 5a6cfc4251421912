# SPDX-License-Identifier: Apache-2.0
"""The smallest terminal: one simulated card, activated and loaded, one sale.

Run it: ``.venv/bin/python examples/vendor_sale.py``.
A real terminal opens ``pcsc:`` instead, has its own DEBIT keys and a journal in a file, and never issues updates.
"""

from __future__ import annotations

import datetime as dt

from ssn_card.entitlement import Entitlement, issue
from ssn_card.identity import IdentityBlock
from ssn_card.keys import development_keyring
from ssn_card.personalization.card.personalize import personalize
from ssn_card.programme import load_policies
from ssn_card.protocol.values import LifeState
from ssn_card.terminal import (
    Basket,
    DebitInDoubt,
    DebitRefused,
    SoftwareTerminalKeys,
    Terminal,
    TerminalJournal,
    open_connection,
)


def main() -> None:
    """Personalize, activate and load a card; sell a basket; be refused the next."""
    keys = development_keyring()
    policy = load_policies().by_id(2025)
    clock = dt.datetime(2025, 10, 3, 10, 0)
    with open_connection("sim:") as card, TerminalJournal(":memory:", terminal_id=7) as journal:
        # The bank's part, at the station and at hand-over.
        someone = IdentityBlock("6472017105639001", "6472012802109001", "64.72.01", 3, "Rahmah Pratama")
        made = personalize(card, keys, bytes.fromhex("0000000000000001"), someone.encode())
        activation = Entitlement(
            update_seq=1,
            loaded_total=policy.loaded_after(1),
            monthly_limit=policy.monthly_limit,
            override_max=policy.override_max,
            debit_max=policy.monthly_limit,
            allowed_categories=policy.category_mask(),
            valid_until=policy.valid_until,
            state=LifeState.ACTIVE,
            policy_id=policy.id,
            issued_at=clock,
        )

        # The terminal's part.
        terminal = Terminal(SoftwareTerminalKeys(keys), journal, clock=lambda: clock)
        terminal.deliver(card, issue(activation, made.serial, keys))
        basket = Basket.of(("BERAS", 10, 162_000), ("TELUR", 30, 55_500))
        try:
            sale = terminal.debit(card, basket, reference="invoice-1")
            print(f"Sold for Rp{sale.receipt.amount}, Rp{sale.receipt.balance_after} left.")
            terminal.debit(card, Basket.of(("BERAS", 30, 486_000)))
        except DebitRefused as refusal:
            print(f"Refused: {refusal}")
        except DebitInDoubt as doubt:
            print(f"Present the card again: {doubt}")


if __name__ == "__main__":
    main()
