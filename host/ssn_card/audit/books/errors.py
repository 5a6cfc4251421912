# SPDX-License-Identifier: Apache-2.0
"""Errors of the auditor's books; ``where`` is ``file:line field`` as far as it is known.

The tree::

    InputError
      SideFileUnusable
        SideFileMissing
        SideFileColumns
        SideFileValue
        SideFileKeyTwice
        SideFileStranger
        SideFileContradicts
    SsnCardError
      BooksDiffer
      BooksNoRoom
"""

from __future__ import annotations

from ssn_card.protocol.errors import InputError, SsnCardError, Text

_CORRECT = Text(
    "Ask the office that wrote the file for a right one; docs/data.md says what belongs there.",
    "Minta berkas yang benar dari kantor pembuatnya; docs/data.md menjelaskan isinya.",
)


class SideFileUnusable(InputError):
    """A file beside the receipts cannot be read, or is no table."""

    code = "side-file-unusable"
    text = Text("This file beside the receipts cannot be used: {why}.", "Berkas data ini tidak dapat dipakai: {why}.")
    remedy = _CORRECT
    where: str
    why: Text


class SideFileMissing(SideFileUnusable):
    """A file without which nothing can be judged is not there."""

    code = "side-file-missing"
    remedy = Text(
        "Give the folder that holds it with --data; docs/data.md lists the files.",
        "Berikan folder yang memuatnya dengan --data; docs/data.md menyebut semua berkas.",
    )
    why: Text = Text("it is not there, and is needed", "berkas tidak ada, padahal diperlukan")


class SideFileColumns(SideFileUnusable):
    """Its columns are others than those declared."""

    code = "side-file-columns"


class SideFileValue(SideFileUnusable):
    """A value is not of its column's kind."""

    code = "side-file-value"


class SideFileKeyTwice(SideFileUnusable):
    """Two rows share what no two may share."""

    code = "side-file-key-twice"


class SideFileStranger(SideFileUnusable):
    """It names a shop, staple, card, policy or kecamatan that the file of those does not."""

    code = "side-file-stranger"


class SideFileContradicts(SideFileUnusable):
    """Two rows say different things of one matter, such as two prices of one day."""

    code = "side-file-contradicts"


class BooksDiffer(SsnCardError):
    """The books hold other receipts than those that verification found genuine."""

    code = "books-differ"
    text = Text(
        "Verification found {judged} genuine receipts, the books hold {held}.",
        "Pemeriksaan menemukan {judged} kuitansi asli, pembukuan memuat {held}.",
    )
    remedy = Text(
        "The store has changed since it was verified, or this is a bug: run the command again; if it stays, report it.",
        "Gudang berubah sejak diperiksa, atau ini kesalahan program: jalankan lagi; bila tetap, laporkan.",
    )
    figures = ("judged", "held")
    where: str
    judged: int
    held: int


class BooksNoRoom(SsnCardError):
    """The books cannot be kept: no memory, or no space for temporary files."""

    code = "books-no-room"
    text = Text("The books cannot be kept: {why}.", "Pembukuan tidak dapat disimpan: {why}.")
    remedy = Text(
        "Make room in memory, or in the folder of temporary files (TMPDIR), then run it again.",
        "Sediakan memori, atau ruang di folder berkas sementara (TMPDIR), lalu jalankan lagi.",
    )
    why: Text
