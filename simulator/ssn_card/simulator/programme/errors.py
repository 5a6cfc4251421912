# SPDX-License-Identifier: Apache-2.0
"""What can go wrong with a simulated year.

The tree::

    InputError
      NotAYear
      AnotherYear
    SsnCardError
      YearNotWritten
"""

from __future__ import annotations

from pathlib import Path

from ssn_card.protocol.errors import InputError, SsnCardError, Text


class NotAYear(InputError):
    """The folder holds something else than a simulated year; it is left as it is."""

    code = "not-a-year"
    text = Text(
        "{folder} holds something else than a simulated year.", "{folder} berisi hal lain, bukan tahun simulasi."
    )
    remedy = Text("Name another folder, or a new one.", "Sebutkan folder lain, atau yang baru.")
    where = "--out-dir"
    folder: Path


class AnotherYear(InputError):
    """The folder holds a year of another seed, size, keys or fraud, or made the other way."""

    code = "another-year"
    text = Text(
        "{folder} holds a year of another seed, size, keys, fraud or way of playing.",
        "{folder} berisi tahun dengan benih, ukuran, kunci, kecurangan, atau cara lain.",
    )
    remedy = Text("Name another folder, or remove that one.", "Sebutkan folder lain, atau hapus yang itu.")
    where = "--out-dir"
    folder: Path


class YearNotWritten(SsnCardError):
    """The system refuses to write the year."""

    code = "year-not-written"
    text = Text("The year cannot be written to {folder}: {why}.", "Tahun tidak dapat ditulis ke {folder}: {why}.")
    remedy = Text("Look to the disk, then run the command again.", "Periksa disk, lalu jalankan lagi perintahnya.")
    folder: Path
    why: Text
