# SPDX-License-Identifier: Apache-2.0
"""Errors of bulk verification.

The tree::

    SsnCardError
      NotInOrder
"""

from __future__ import annotations

from ssn_card.protocol.errors import SsnCardError, Text


class NotInOrder(SsnCardError):
    """Receipts that are said to be sorted by card and number are not: what is found would mean nothing."""

    code = "not-in-order"
    text = Text(
        "The receipts are not in the order of cards and numbers, from row {row}.",
        "Kuitansi tidak berurutan menurut kartu dan nomor, mulai baris {row}.",
    )
    remedy = Text("Make the store anew: ssn audit pack.", "Buat ulang gudang: ssn audit pack.")
    row: int
