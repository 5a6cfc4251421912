# SPDX-License-Identifier: Apache-2.0
"""Errors of a registry extract as a file: nothing of it can be trusted, so no row is given out.

``line`` is the physical line, 1-based; texts never repeat content of the file beyond plain column names.

The tree::

    InputError
      ExtractError
        UnreadableExtractError
        EmptyExtractError
        ForeignFileError
        EncodingError
        NulByteError
        QuotingError
        LineError
        ChangedExtractError
        HeaderError
          NoHeaderError
          MissingColumnError
          UnknownColumnError
          DuplicateColumnError
      NothingCorrected
      NoExceptions
      ExceptionsOfAnotherPolicy
      ExceptionsNotWritten
      NumberError
      ProfileUnusable
"""

from __future__ import annotations

from pathlib import Path

from ssn_card.protocol.errors import InputError, Text


class ExtractError(InputError):
    """Root of the file errors."""

    code = "extract"

    def __init__(
        self, path: Path, text: Text, line: int | None = None, field: str | None = None, *, remedy: Text | None = None
    ) -> None:
        where = path.name if line is None else f"{path.name}:{line}"
        sentence = Text(f"{text.en}.", f"{text.id}.")
        super().__init__(sentence, remedy=remedy, where=where if field is None else f"{where} {field}")
        self.line = line
        self.field = field


class UnreadableExtractError(ExtractError):
    """The file is missing, a folder, or not permitted."""

    code = "extract-unreadable"
    remedy = Text("Check the file's name and permissions.", "Periksa nama dan izin berkas.")


class EmptyExtractError(ExtractError):
    """No line at all, or a header without rows."""

    code = "extract-empty"
    remedy = Text("Ask the registry for the extract again.", "Mintalah kembali berkas dari instansi asal.")


class ForeignFileError(ExtractError):
    """Another kind of file under the name of a CSV file: a workbook, an archive, a web page. The remedy is its own."""

    code = "extract-not-csv"


class EncodingError(ExtractError):
    """Not UTF-8: typically Windows-1252 or UTF-16 from a spreadsheet."""

    code = "extract-encoding"
    remedy = Text("Save the file as 'CSV UTF-8'.", "Simpan berkas sebagai 'CSV UTF-8'.")


class NulByteError(ExtractError):
    """A NUL byte: UTF-16 without its mark, or a damaged disk or transfer."""

    code = "extract-nul"
    remedy = Text("Transfer the file again, as UTF-8.", "Kirim ulang berkas, dalam UTF-8.")


class QuotingError(ExtractError):
    """A quote that is not closed on its line, or not doubled: where this row ends is uncertain, and so is the next."""

    code = "extract-quoting"
    remedy = Text("Correct the quotes on that line.", "Perbaiki tanda kutip pada baris itu.")


class LineError(ExtractError):
    """A line that is too long, or with a carriage return inside: the line ends are not those of a CSV file."""

    code = "extract-line"
    remedy = Text("Save the file with LF or CRLF line ends.", "Simpan berkas dengan akhir baris LF atau CRLF.")


class ChangedExtractError(ExtractError):
    """Somebody wrote to the file while it was being read. Rows given out so far belong to the older content."""

    code = "extract-changed"
    remedy = Text("Start again with the finished file.", "Mulai lagi dengan berkas yang sudah selesai.")


class HeaderError(ExtractError):
    """The first line does not name the columns once each."""

    code = "extract-header"
    remedy = Text("Correct the first line of the file.", "Perbaiki baris pertama berkas.")


class NoHeaderError(HeaderError):
    """The first line names no known column: it is probably data already."""

    code = "extract-no-header"


class MissingColumnError(HeaderError):
    """A column that every row needs is not there."""

    code = "extract-missing-column"


class UnknownColumnError(HeaderError):
    """A column that we do not know; it might change what a row means."""

    code = "extract-unknown-column"


class DuplicateColumnError(HeaderError):
    """One column is named twice: which of the two holds would be a guess."""

    code = "extract-duplicate-column"
