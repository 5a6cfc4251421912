# SPDX-License-Identifier: Apache-2.0
"""Errors of bulk verification.

The tree::

    ReceiptsUnreadable
      NoReceiptColumn
      ColumnOfAnotherType
      FileTorn
      FileOverfull
      NotSeekable
    InputError
      NotAStore
      StoreDamaged
      ClusterOpen
    SsnCardError
      StoreBusy
      StoreUnwritable
      ClusterLost
      EngineMissing
      NotInOrder
    ConfigurationError
      RecallNotWritten
"""

from __future__ import annotations

from ssn_card.protocol.errors import ConfigurationError, InputError, SsnCardError, Text
from ssn_card.receipts.errors import ReceiptsUnreadable


class NoReceiptColumn(ReceiptsUnreadable):
    """A table of something else: it has no column ``receipt``, or a column that we read more than once."""

    code = "no-receipt-column"
    remedy = Text(
        "Give files that hold each receipt whole, 88 bytes or 176 hexadecimal digits, in a column of that name.",
        "Berikan berkas dengan kuitansi utuh, 88 bita atau 176 digit heksadesimal, pada kolom bernama itu.",
    )
    why: Text = Text("the table needs one column named receipt", "tabel perlu satu kolom bernama receipt")


class ColumnOfAnotherType(ReceiptsUnreadable):
    """A column's name is one of ours, and its values are not."""

    code = "column-of-another-type"
    remedy = Text(
        "Write the column with that type, or leave it out.", "Tulis kolom itu dengan jenis tersebut, atau buang."
    )


class FileTorn(ReceiptsUnreadable):
    """A file that breaks off, or is damaged; ``row`` is the last row before that, 0 if none could be read."""

    code = "file-torn"
    text = Text(
        "Cannot read the receipts behind row {row}: {why}.", "Kuitansi setelah baris {row} tidak dapat dibaca: {why}."
    )
    remedy = Text("Ask for the file again: it did not come whole.", "Minta berkas itu lagi: tidak diterima utuh.")
    row: int = 0


class FileOverfull(ReceiptsUnreadable):
    """A Parquet file whose pages or cells are larger than any receipt needs; it would fill the memory."""

    code = "file-overfull"
    remedy = Text(
        "Write it with pages of 1 MiB, as is usual, or as JSON Lines.",
        "Tulis dengan halaman 1 MiB seperti lazimnya, atau sebagai JSON Lines.",
    )


class NotSeekable(ReceiptsUnreadable):
    """Parquet from a pipe: its table of contents is at the end."""

    code = "not-seekable"
    remedy = Text("Save it to a file first.", "Simpan dulu ke berkas.")
    why: Text = Text("Parquet cannot be read from a pipe", "Parquet tidak dapat dibaca dari pipa")


class NotAStore(InputError):
    """The folder is no store of packed receipts, and is not empty; or the store is of another version."""

    code = "not-a-store"
    text = Text("Not a store of receipts: {why}.", "Bukan gudang kuitansi: {why}.")
    remedy = Text(
        "Name a store that ssn audit pack has made, or an empty folder for a new one.",
        "Sebut gudang buatan ssn audit pack, atau folder kosong untuk yang baru.",
    )
    where: str
    why: Text


class StoreDamaged(InputError):
    """A file of a store is missing, or is not the one that was packed."""

    code = "store-damaged"
    text = Text("The store of receipts is damaged: {why}.", "Gudang kuitansi rusak: {why}.")
    remedy = Text(
        "Restore it from a copy, or pack the receipts again into a new folder.",
        "Pulihkan dari salinan, atau kemas lagi kuitansinya ke folder baru.",
    )
    where: str
    why: Text


class StoreBusy(SsnCardError):
    """Another process is packing into the store."""

    code = "store-busy"
    text = Text("Another process is packing into this store.", "Proses lain sedang mengemas ke gudang ini.")
    remedy = Text("Wait until it has ended, then try again.", "Tunggu sampai selesai, lalu coba lagi.")
    where: str


class StoreUnwritable(SsnCardError):
    """The store cannot be written; what it held it holds still."""

    code = "store-unwritable"
    text = Text(
        "The store of receipts cannot be written: {why}. It is as it was.",
        "Gudang kuitansi tidak dapat ditulis: {why}. Isinya tetap seperti semula.",
    )
    remedy = Text("Check its permissions and the space on its disk.", "Periksa izin dan ruang disknya.")
    where: str
    why: Text


class ClusterOpen(InputError):
    """Workers on another machine without TLS: keys of cards would travel for everybody to read."""

    code = "cluster-open"
    text = Text("Keys would travel unencrypted to {where}.", "Kunci akan dikirim tanpa sandi ke {where}.")
    remedy = Text(
        "Let scheduler and workers speak TLS and give tls://HOST:PORT, or keep them on this machine.",
        "Aktifkan TLS pada penjadwal dan pekerja lalu berikan tls://HOST:PORT, atau jalankan di mesin ini.",
    )
    where: str


class ClusterLost(SsnCardError):
    """The cluster cannot be reached, or cannot go on; nothing was concluded."""

    code = "cluster-lost"
    text = Text("The cluster cannot go on: {why}.", "Klaster tidak dapat melanjutkan: {why}.")
    remedy = Text(
        "Check that scheduler and workers run, with the same version as here, then run it again.",
        "Pastikan penjadwal dan pekerja berjalan dengan versi yang sama, lalu jalankan lagi.",
    )
    why: Text
    where: str


class RecallNotWritten(ConfigurationError):
    """What was verified cannot be kept for the next time; the verdict stands all the same."""

    code = "recall-not-written"
    text = Text("What was verified cannot be kept: {why}.", "Hasil pemeriksaan tidak dapat disimpan: {why}.")
    remedy = Text("Check the path and its permissions.", "Periksa nama berkas dan izinnya.")
    why: Text
    where: str


class EngineMissing(SsnCardError):
    """The engine that was asked for cannot run here; ``why`` says why."""

    code = "engine-missing"
    text = Text(
        "The compiled engine cannot run here: {why}.", "Mesin terkompilasi tidak dapat berjalan di sini: {why}."
    )
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
