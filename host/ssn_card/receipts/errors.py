# SPDX-License-Identifier: Apache-2.0
"""Errors of files of receipts and of their verification.

The tree::

    InputError
      ReceiptsUnreadable
      NoReceipts
      BadTips
      BadGone
      BadCards
    SsnCardError
      LinesLost
      NoRoom
"""

from __future__ import annotations

from ssn_card.protocol.errors import InputError, SsnCardError, Text


class ReceiptsUnreadable(InputError):
    """A file or folder of receipts cannot be opened or read; ``where`` is its name."""

    code = "receipts-unreadable"
    remedy = Text("Check the path and its permissions.", "Periksa nama berkas dan izinnya.")
    text = Text("Cannot read the receipts: {why}.", "Kuitansi tidak dapat dibaca: {why}.")
    where: str
    why: Text


class NoReceipts(InputError):
    """There is nothing to verify: a file without a line, a folder without a file. Never a clean result."""

    code = "no-receipts"
    text = Text("There are no receipts: nothing was checked.", "Tidak ada kuitansi: tidak ada yang diperiksa.")
    remedy = Text(
        "Check that this is what was handed in, and that it came whole.",
        "Pastikan inilah yang diserahkan dan diterima utuh.",
    )
    where: str


class LinesLost(SsnCardError):
    """Lines read and lines accounted for differ: the result must not be believed."""

    code = "lines-lost"
    text = Text(
        "{read} lines were read, but {accounted} are accounted for.",
        "{read} baris dibaca, tetapi {accounted} yang tercatat.",
    )
    remedy = Text("This is a bug: please report it.", "Ini kesalahan program: mohon laporkan.")
    read: int
    accounted: int


class NoRoom(SsnCardError):
    """The temporary file that receipts are sorted in cannot be written."""

    code = "no-room"
    remedy = Text(
        "Free space for temporary files, or name another folder in the variable TMPDIR.",
        "Sediakan ruang untuk berkas sementara, atau pilih folder lain lewat variabel TMPDIR.",
    )
    text = Text("Receipts cannot be sorted: {why}.", "Kuitansi tidak dapat diurutkan: {why}.")
    why: Text


class BadTips(InputError):
    """A file of cards' newest receipts that cannot be used; ``where`` is ``file:line field``."""

    code = "bad-tips"
    remedy = Text(
        "Make it anew: ssn card status --add-tip FILE, once for each card.",
        "Buat ulang: ssn card status --add-tip BERKAS, sekali untuk tiap kartu.",
    )


class BadGone(InputError):
    """A file of movements for the bank to settle that cannot be used; ``where`` is ``file:line member``."""

    code = "bad-gone"
    remedy = Text(
        "Have the terminal write it anew: ssn terminal doubts --out FILE.",
        "Minta terminal menulisnya lagi: ssn terminal doubts --out BERKAS.",
    )


class BadCards(InputError):
    """A list of cards that cannot be used; ``where`` is ``file:line field``."""

    code = "bad-cards"
    remedy = Text(
        "A list has the column serial and, of blocked cards, since: CSV or JSON Lines (docs/auditor.md).",
        "Daftar memuat kolom serial dan, untuk kartu diblokir, since: CSV atau JSON Lines (docs/auditor.md).",
    )
