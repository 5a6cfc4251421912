# SPDX-License-Identifier: Apache-2.0
"""What makes a file no table. ``where`` is ``file:row``, texts never repeat what stands in a cell.

The tree::

    BankError
      TableFileError (InputError)
        TableUnreadable
        TableEmpty
        TableForeign
        TableEncoding
        TableLineBroken
        TableHeaderMissing
        TableSheetUnknown
        TableSheetUnclear
        TableChanged
        WorkbookRefused
"""

from __future__ import annotations

from ssn_card.protocol.errors import InputError, Text

from ..errors import BankError


class TableFileError(BankError, InputError):
    """Root of what makes a file no table. Nothing was taken of it."""

    code = "table-file"


class TableUnreadable(TableFileError):
    """The file is missing, a folder, a pipe, or not permitted."""

    code = "table-unreadable"
    text = Text("The file cannot be read: {why}.", "Berkas tidak dapat dibaca: {why}.")
    remedy = Text("Check the file's name and permissions.", "Periksa nama dan izin berkas.")
    where: str
    why: Text


class TableEmpty(TableFileError):
    """No row at all, or none below the header but totals."""

    code = "table-empty"
    text = Text("The file holds no rows.", "Berkas tidak berisi baris.")
    remedy = Text("Ask the sender for the file again.", "Mintalah kembali berkas dari pengirim.")
    where: str


class TableForeign(TableFileError):
    """Another kind of file: an archive, a web page, a document. The remedy is its own."""

    code = "table-foreign"
    text = Text("The file is {what}.", "Berkas ini adalah {what}.")
    where: str
    what: Text
    remedy: Text


class TableEncoding(TableFileError):
    """Text in no encoding that we know."""

    code = "table-encoding"
    text = Text("The text is no {encoding}.", "Teks bukan {encoding}.")
    remedy = Text(
        "Save the file as 'CSV UTF-8', or name its encoding in a profile.",
        "Simpan berkas sebagai 'CSV UTF-8', atau sebutkan pengodeannya dalam profil.",
    )
    where: str
    encoding: str


class TableLineBroken(TableFileError):
    """A quote that is not closed on its line, a NUL, or a line without end: where this row ends is uncertain."""

    code = "table-line"
    text = Text("The line is broken: {why}.", "Baris rusak: {why}.")
    remedy = Text("Correct that line, or ask for the file again.", "Perbaiki baris itu, atau mintalah kembali berkas.")
    where: str
    why: Text


class TableHeaderMissing(TableFileError):
    """No row near the top names the columns that are needed, or one names a column twice."""

    code = "table-header"
    text = Text("No row names the columns: {why}.", "Tidak ada baris judul kolom: {why}.")
    remedy = Text(
        "Name the columns in a profile (--profile), or correct the header.",
        "Sebutkan kolom dalam profil (--profile), atau perbaiki baris judul.",
    )
    where: str
    why: Text


class TableSheetUnknown(TableFileError):
    """The workbook has no sheet of that name."""

    code = "table-sheet-unknown"
    text = Text("The workbook has no sheet '{sheet}'.", "Buku kerja tidak memuat lembar '{sheet}'.")
    remedy = Text("Its sheets are: {sheets}.", "Lembarnya: {sheets}.")
    where: str
    sheet: str
    sheets: str


class TableSheetUnclear(TableFileError):
    """Several sheets look like the table: which of them is meant would be a guess."""

    code = "table-sheet-unclear"
    text = Text("Several sheets may be the table: {sheets}.", "Beberapa lembar mungkin tabelnya: {sheets}.")
    remedy = Text('Name one in a profile: sheet = "…".', 'Sebutkan salah satu dalam profil: sheet = "…".')
    where: str
    sheets: str


class TableChanged(TableFileError):
    """Somebody wrote to the file while it was read."""

    code = "table-changed"
    text = Text("The file changed while it was read.", "Berkas berubah saat sedang dibaca.")
    remedy = Text("Start again with the finished file.", "Mulai lagi dengan berkas yang sudah selesai.")
    where: str


class WorkbookRefused(TableFileError):
    """A workbook that is damaged, locked, has macros, or would not fit into memory."""

    code = "workbook-refused"
    text = Text("The workbook is refused: {why}.", "Buku kerja ditolak: {why}.")
    remedy = Text(
        "Open it in a spreadsheet program, copy the table's values into a new workbook, and save that as XLSX.",
        "Buka di program lembar kerja, salin nilai tabel ke buku kerja baru, lalu simpan sebagai XLSX.",
    )
    where: str
    why: Text
