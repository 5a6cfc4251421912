# SPDX-License-Identifier: Apache-2.0
"""Errors of bulk verification.

The tree::

    SsnCardError
      EngineMissing
      NotInOrder
"""

from __future__ import annotations

from ssn_card.protocol.errors import SsnCardError, Text


class EngineMissing(SsnCardError):
    """The engine that was asked for cannot run here; ``why`` says why."""

    code = "engine-missing"
    text = Text("The compiled engine cannot run here: {why}.", "Mesin terkompilasi tidak dapat berjalan di sini: {why}.")
    remedy = Text(
        "Leave the choice to the program (--engine auto): numpy's engine finds the same, more slowly.",
        "Biarkan program memilih (--engine auto): mesin numpy menemukan hal yang sama, hanya lebih lambat.",
    )
    why: Text


class NotInOrder(SsnCardError):
    """Receipts that are said to be sorted by card and number are not: what is found would mean nothing."""

    code = "not-in-order"
    text = Text(
        "The receipts are not in the order of cards and numbers, from row {row}.",
        "Kuitansi tidak berurutan menurut kartu dan nomor, mulai baris {row}.",
    )
    remedy = Text("Make the store anew: ssn audit pack.", "Buat ulang gudang: ssn audit pack.")
    row: int
