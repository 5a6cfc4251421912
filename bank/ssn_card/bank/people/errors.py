# SPDX-License-Identifier: Apache-2.0
"""What can go wrong with imports of persons and with what somebody decides of them.

The tree::

    BankError
      ControlTotalsDiffer (InputError)
      NoSuchImport (InputError)
      NothingToDecide (InputError)
      ProgrammeListUnusable (InputError)
"""

from __future__ import annotations

from ssn_card.protocol.errors import InputError, Text

from ..errors import BankError


class ControlTotalsDiffer(BankError, InputError):
    """The sender's count or sum is not what the file holds: it was cut, or grew. Nothing was taken in."""

    code = "control-totals-differ"
    text = Text(
        "{what}: the sender states {stated}, the file holds {found}.",
        "{what}: pengirim menyatakan {stated}, berkas memuat {found}.",
    )
    remedy = Text(
        "Ask the sender for the whole file, or for the right totals.",
        "Mintalah berkas yang utuh, atau jumlah yang benar, dari pengirim.",
    )
    figures = ("stated", "found")
    where: str
    what: Text
    stated: int
    found: int


class NoSuchImport(BankError, InputError):
    """The store has no such import of an extract."""

    code = "no-such-import"
    text = Text("There is no import {number} of an extract.", "Tidak ada impor data bernomor {number}.")
    remedy = Text("The number is told by ssn perso import.", "Nomornya disebut oleh ssn perso import.")
    where = "--import"
    number: int


class NothingToDecide(BankError, InputError):
    """There is no open question of that number."""

    code = "nothing-to-decide"
    text = Text("There is no open question {number}.", "Tidak ada pertanyaan terbuka bernomor {number}.")
    remedy = Text(
        "ssn bank doubles list lists those that are open.", "ssn bank doubles list menampilkan yang masih terbuka."
    )
    where = "{number}"
    number: int


class ProgrammeListUnusable(BankError, InputError):
    """No row of a programme's list has a whole NIK or no_kk."""

    code = "programme-list-unusable"
    text = Text("No row has a number of 16 digits as text.", "Tidak ada baris dengan nomor 16 angka sebagai teks.")
    remedy = Text(
        "A spreadsheet may have rounded them: ask for the list with these columns as text.",
        "Lembar kerja mungkin membulatkannya: mintalah daftar dengan kolom itu sebagai teks.",
    )
    where: str
