# SPDX-License-Identifier: Apache-2.0
"""A process that writes to a store: ``writer.py PLACE USER COUNT``, or ``hang`` in the middle of a piece of work."""

from __future__ import annotations

import os
import sys
import time

from ssn_card.bank.roles import BankRole
from ssn_card.bank.secret import development_secret
from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.tables.people import FamilyRow
from ssn_card.bank.store.work import SignedIn


def main(where: str, name: str, count: str) -> None:
    user = SignedIn(name, frozenset({BankRole.OPERATOR}))
    with Bank.open(where, development_secret()) as bank:
        for number in range(1 if count == "hang" else int(count)):
            with bank.work(user) as work:
                work.session.add(FamilyRow(key=os.urandom(16)))
                work.note("family-added", f"{name}-{number}")
                if count == "hang":
                    sys.stdout.write("written\n")
                    sys.stdout.flush()
                    time.sleep(600)


if __name__ == "__main__":
    main(*sys.argv[1:])
