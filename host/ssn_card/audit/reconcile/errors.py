# SPDX-License-Identifier: Apache-2.0
"""Errors of reconciliation.

The tree::

    SsnCardError
      AccountsDoNotAddUp
    InputError
      NothingToReconcile
    ConfigurationError
      StatementsNotWritten
"""

from __future__ import annotations

from ssn_card.protocol.errors import ConfigurationError, InputError, SsnCardError, Text


class AccountsDoNotAddUp(SsnCardError):
    """Two sums that must be one differ: no account is given out. ``where``: of which card, shop or kecamatan."""

    code = "accounts-do-not-add-up"
    text = Text(
        "The accounts do not add up: {identity}: {left} and {right}.",
        "Pembukuan tidak klop: {identity}: {left} dan {right}.",
    )
    remedy = Text(
        "Nothing is rounded away. This is a bug: please report it with the name of the sum.",
        "Tidak ada yang dibulatkan. Ini kesalahan program: laporkan beserta nama jumlahnya.",
    )
    figures = ("left", "right")
    where: str
    identity: Text
    left: int
    right: int


class NothingToReconcile(InputError):
    """There is no genuine receipt."""

    code = "nothing-to-reconcile"
    text = Text("There is no genuine receipt to reconcile.", "Tidak ada kuitansi asli untuk direkonsiliasi.")
    remedy = Text(
        "Run ssn audit verify on the store: it says what is wrong with each.",
        "Jalankan ssn audit verify pada gudang: di situ terbaca apa yang salah.",
    )


class StatementsNotWritten(ConfigurationError):
    """The folder of tables and statements cannot be written; nothing of it is left."""

    code = "statements-not-written"
    text = Text("The statements cannot be written: {why}.", "Rekening koran tidak dapat ditulis: {why}.")
    remedy = Text(
        "Give a folder that does not exist yet, or is empty; what was stated once is never replaced.",
        "Berikan folder yang belum ada atau kosong; yang sudah dinyatakan tidak pernah diganti.",
    )
    why: Text
    where: str
