# SPDX-License-Identifier: Apache-2.0
"""What can go wrong with printing.

The tree::

    BankError
      PrintingError
        DesignUnusable (ConfigurationError)
        NameNotPrintable (InputError)
        NothingToPrint (InputError)
        CardNotPrintable (InputError)
        CardNotInJob (InputError)
        JobMoveRefused (InputError)
        PrinterUnknown (InputError)
        PrinterFailed
        PrintNotDone (InputError)
"""

from __future__ import annotations

from ssn_card.protocol.errors import ConfigurationError, InputError, Text

from ..errors import BankError


class PrintingError(BankError):
    """Root of the errors of printing."""

    code = "printing"


class DesignUnusable(PrintingError, ConfigurationError):
    """A design of cards and letters cannot be used."""

    code = "design-unusable"
    text = Text("The design cannot be used: {why}.", "Desain tidak dapat dipakai: {why}.")
    remedy = Text(
        "Correct the file; docs/bank.md has an example.", "Perbaiki berkasnya; contohnya ada di docs/bank.md."
    )
    where: str
    why: Text


class NameNotPrintable(PrintingError, InputError):
    """A name has letters that our fonts do not have; the name itself is not told."""

    code = "name-not-printable"
    text = Text(
        "The name for card {serial} has a letter that cannot be printed: {letter}.",
        "Nama untuk kartu {serial} memuat huruf yang tidak dapat dicetak: {letter}.",
    )
    remedy = Text(
        "Correct the person's name, and have it approved. Nothing was printed.",
        "Perbaiki nama orang itu, dan mintakan persetujuan. Tidak ada yang dicetak.",
    )
    where = "{serial}"
    figures = ("serial", "letter")
    serial: str
    letter: str  #: its code point, such as U+4E2D


class NothingToPrint(PrintingError, InputError):
    """None of the cards that were asked for can be printed; ``why`` counts them."""

    code = "nothing-to-print"
    text = Text("There is nothing to print: {why}.", "Tidak ada yang dapat dicetak: {why}.")
    remedy = Text(
        "Faces and letters are for produced cards of approved batches, once each; for one that came out badly: "
        "ssn bank print reprint.",
        "Muka dan surat untuk kartu yang sudah dibuat dari kelompok yang disetujui, satu kali; untuk cetakan yang "
        "gagal: ssn bank print reprint.",
    )
    why: Text


class CardNotPrintable(PrintingError, InputError):
    """Between the job and its printing something became of a card."""

    code = "card-not-printable"
    text = Text("Card {serial} cannot be printed: {why}.", "Kartu {serial} tidak dapat dicetak: {why}.")
    remedy = Text(
        "Give the job up (ssn bank print fail), and make one without that card.",
        "Hentikan pekerjaan ini (ssn bank print fail), lalu buat yang baru tanpa kartu itu.",
    )
    where = "{serial}"
    figures = ("serial",)
    serial: str
    why: Text


class CardNotInJob(PrintingError, InputError):
    """A card was named that the job does not print."""

    code = "card-not-in-job"
    text = Text("Job {job} does not print card {serial}.", "Pekerjaan {job} tidak mencetak kartu {serial}.")
    remedy = Text("Look at it: ssn bank print show.", "Lihat isinya: ssn bank print show.")
    where = "{serial}"
    figures = ("job", "serial")
    job: int
    serial: str


class JobMoveRefused(PrintingError, InputError):
    """The job's state does not allow it."""

    code = "job-move-refused"
    text = Text("Job {job} is {state}: it cannot be {move}.", "Pekerjaan {job} {state}: tidak dapat {move}.")
    remedy = Text("Possible now: {possible}.", "Yang mungkin sekarang: {possible}.")
    where = "{job}"
    figures = ("job",)
    job: int
    state: Text
    move: Text
    possible: Text


class PrinterUnknown(PrintingError, InputError):
    """No printer of that kind is installed, or its address says nothing that can be used."""

    code = "printer-unknown"
    text = Text("There is no printer {name}: {why}.", "Pencetak {name} tidak ada: {why}.")
    remedy = Text("Printers here: {known}.", "Pencetak di sini: {known}.")
    where = "--printer"
    name: str
    why: Text
    known: str


class PrinterFailed(PrintingError):
    """A printer did not do what it was told."""

    code = "printer-failed"
    text = Text("Printer {printer}: {why}.", "Pencetak {printer}: {why}.")
    remedy = Text(
        "Look at the printer, then send the job again: what it took already is not printed twice.",
        "Periksa pencetaknya, lalu kirim lagi: yang sudah diterimanya tidak dicetak dua kali.",
    )
    where = "{printer}"
    printer: str
    why: Text


class PrintNotDone(PrintingError, InputError):
    """A job cannot be confirmed, as the printer says that it is not done."""

    code = "print-not-done"
    text = Text(
        "Job {job} is not printed: the printer says {said}.", "Pekerjaan {job} belum dicetak: kata pencetak {said}."
    )
    remedy = Text(
        "Wait for it, or send it again, or say that it failed: ssn bank print fail.",
        "Tunggu, kirim lagi, atau nyatakan gagal: ssn bank print fail.",
    )
    where = "{job}"
    figures = ("job",)
    job: int
    said: Text
