# SPDX-License-Identifier: Apache-2.0
"""What can go wrong with a terminal's journal. A file that is refused is not altered."""

from __future__ import annotations

from ssn_card.protocol.errors import SsnCardError, Text


class JournalError(SsnCardError):
    """The terminal's journal cannot be used. No debit is made without it."""

    code = "journal"
    remedy = Text(
        "Check the file and the disk; never delete a journal.", "Periksa berkas dan disk; jangan hapus jurnal."
    )


class JournalNotFound(JournalError):
    """There is no journal of that name, and none was to be made."""

    code = "journal-not-found"
    remedy = Text("Check the path of the journal.", "Periksa lokasi jurnal.")


class JournalNotOurs(JournalError):
    """The file is no terminal's journal: empty, another program's, or the bank's station's."""

    code = "journal-not-ours"
    remedy = Text(
        "Check the path of the journal; a new one needs a name of its own.",
        "Periksa lokasi jurnal; jurnal baru memerlukan nama sendiri.",
    )


class JournalOfAnotherVersion(JournalError):
    """The journal was made by another version of this program."""

    code = "journal-version"
    remedy = Text(
        "Use the program that made it, or a newer one.", "Pakai program yang membuatnya, atau yang lebih baru."
    )


class JournalDamaged(JournalError):
    """The journal is one of ours, and what stands in it cannot be relied on."""

    code = "journal-damaged"
    remedy = Text(
        "Keep the file, sell nothing with this terminal, and ask the bank: it may know transactions in doubt.",
        "Simpan berkasnya, jangan berjualan dengan terminal ini, dan hubungi bank: mungkin ada transaksi belum pasti.",
    )


class JournalBusy(JournalError):
    """Another process, or another part of this one, has the journal open."""

    code = "journal-busy"
    remedy = Text(
        "Close the other program; one process at a time owns a journal.",
        "Tutup program lain; satu jurnal hanya untuk satu proses.",
    )


class JournalOfAnotherTerminal(JournalError):
    """The journal belongs to another terminal: its numbers and receipts are that one's."""

    code = "journal-of-another-terminal"
    text = Text(
        "This journal belongs to terminal {terminal}, not {terminal_id}.",
        "Jurnal ini milik terminal {terminal}, bukan {terminal_id}.",
    )
    remedy = Text("Use one journal per terminal.", "Pakai satu jurnal untuk setiap terminal.")
    figures = ("terminal",)
    terminal: int
    terminal_id: int
    where: str
