# SPDX-License-Identifier: Apache-2.0
"""What people at the bank may do."""

from __future__ import annotations

from enum import StrEnum

from ssn_card.protocol.errors import Text


class BankRole(StrEnum):
    """One person may have several; nobody approves what is his own, whatever his roles."""

    OPERATOR = "operator"  #: imports, prepares, prints, hands over
    APPROVER = "approver"  #: approves what others have submitted
    CUSTODIAN = "key-custodian"  #: accounts, secret, backups, upgrades
    READER = "read-only"

    @property
    def text(self) -> Text:
        """For people."""
        return _TEXTS[self]


_TEXTS = {
    BankRole.OPERATOR: Text("operator", "operator"),
    BankRole.APPROVER: Text("approver", "pemberi persetujuan"),
    BankRole.CUSTODIAN: Text("key custodian", "pemegang kunci"),
    BankRole.READER: Text("read-only", "hanya baca"),
}
