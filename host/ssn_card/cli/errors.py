# SPDX-License-Identifier: Apache-2.0
"""Errors of the command line itself: what people give it, and what it found.

The tree::

    InputError
      BadArgument
      BadFile
      NoUpdateForCard
      NoSuchReceipt
      NotATerminal
      NoAnswer
      WrongUsage
    ConfigurationError
      KeysNotChosen
      GroupNotLoaded
      ExtraMissing
      OutputLost
      OutputClosed
      SystemRefused
    SsnCardError
      FindingsFound
      UnexpectedError
      IdentityUnreadable
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from ssn_card.protocol.errors import ConfigurationError, InputError, SsnCardError, Text
from ssn_card.protocol.system import system_reason

EXIT_ERROR, EXIT_USAGE, EXIT_FINDINGS, EXIT_INTERRUPTED, EXIT_NO_READER = 1, 2, 3, 130, 141
#: All exit codes of ``ssn``; ``ssn --help`` ends with them.
EXIT_CODES = {
    0: Text("done", "selesai"),
    EXIT_ERROR: Text(
        "could not be done; one line says why and what helps",
        "tidak dapat dilakukan; satu baris menyebut sebab dan jalan keluarnya",
    ),
    EXIT_USAGE: Text("no such command or option, or a wrong value", "perintah, opsi, atau nilai salah"),
    EXIT_FINDINGS: Text(
        "was done, and what was looked at is not as it should be",
        "selesai, dan yang diperiksa tidak sebagaimana mestinya",
    ),
    EXIT_INTERRUPTED: Text("Ctrl-C", "Ctrl-C"),
    EXIT_NO_READER: Text(
        "whoever read the output went away, as head does", "pembaca keluaran sudah pergi, seperti head"
    ),
}
INTERRUPTED = Text("Interrupted.", "Dihentikan.")


class BadArgument(InputError):
    """An option's value that cannot be used; ``where`` is the option."""

    code = "bad-argument"


class BadFile(InputError):
    """A file given to a command that cannot be used; ``where`` is ``file:line field`` as far as it is known."""

    code = "bad-file"
    remedy = Text("Correct the file and try again.", "Perbaiki berkas lalu coba lagi.")

    @classmethod
    def unusable(cls, path: Path, error: Exception) -> BadFile:
        """For a file that cannot be opened, read or written."""
        return cls(
            Text("The file cannot be used: {why}.", "Berkas tidak dapat dipakai: {why}.").filled(
                why=system_reason(error)
            ),
            where=str(path),
            remedy=Text("Check the path and its permissions.", "Periksa nama dan izin berkas."),
        )


class KeysNotChosen(ConfigurationError):
    """A command needs keys and was given none, or more than one source of them."""

    code = "keys-not-chosen"
    text = Text("Exactly one source of keys is needed.", "Perlu tepat satu sumber kunci.")
    remedy = Text("Give one of {listed}.", "Berikan salah satu dari {listed}.")
    options: tuple[str, ...]

    @property
    def listed(self) -> str:
        """The options, for the remedy."""
        return ", ".join(self.options)


class GroupNotLoaded(ConfigurationError):
    """A group of commands is installed, but its package cannot be imported."""

    code = "group-not-loaded"
    text = Text(
        "The commands of 'ssn {name}' cannot be loaded ({reason}).",
        "Perintah 'ssn {name}' tidak dapat dimuat ({reason}).",
    )
    remedy = Text(
        "Install what it needs, or reinstall ssn-card; the other commands are not affected.",
        "Pasang yang diperlukan, atau pasang ulang ssn-card; perintah lain tidak terganggu.",
    )
    name: str
    reason: Text


class NoUpdateForCard(InputError):
    """The file of updates has none for the card in the reader."""

    code = "no-update"
    text = Text("There is no update for card {serial}.", "Tidak ada pembaruan untuk kartu {serial}.")
    remedy = Text(
        "Nothing was changed. Fetch a newer file if one is expected.",
        "Tidak ada yang berubah. Ambil berkas yang lebih baru bila perlu.",
    )
    where = "{path}"
    path: Path
    serial: bytes


class NoSuchReceipt(InputError):
    """The card has no receipt of the number asked for, as it says itself."""

    code = "no-such-receipt"
    text = Text(
        "The card holds no receipt {number}; its newest is {newest}.",
        "Kartu tidak menyimpan kuitansi {number}; yang terbaru {newest}.",
    )
    remedy = Text(
        "Read them all without --number; older ones are in the terminals' journals.",
        "Baca semuanya tanpa --number; yang lebih lama ada di jurnal terminal.",
    )
    where = "--number"
    figures = ("number", "newest")
    number: int
    newest: int


class FindingsFound(SsnCardError):
    """Something was looked at and is not as it should be. The report itself has been printed; ends by EXIT_FINDINGS."""

    code = "findings"
    remedy = Text(
        "Keep the file as it is and follow up each finding.", "Simpan berkas apa adanya dan telusuri setiap temuan."
    )
    where = "{path}"
    figures = ("findings",)
    findings: int
    path: Path | None = None
    text: Text = Text("{found}.", "{findings} temuan.")

    @property
    def found(self) -> str:
        return "1 finding" if self.findings == 1 else f"{self.findings} findings"


class NotATerminal(InputError):
    """Identity data were asked for where their reader is no person."""

    code = "not-a-terminal"
    text = Text(
        "Identity data are shown on a screen only, never written to a file or a pipe.",
        "Data identitas hanya tampil di layar, tidak ditulis ke berkas atau pipa.",
    )
    remedy = Text(
        "Run the command in a terminal window, without a pipe, file or --trace.",
        "Jalankan di jendela terminal, tanpa pipa, berkas, atau --trace.",
    )


class ExtraMissing(ConfigurationError):
    """A command needs packages that are installed as an extra only."""

    code = "extra-missing"
    text = Text("This command needs the package {module}.", "Perintah ini memerlukan paket {module}.")
    remedy = Text(
        'Install the extra that has it: pip install "ssn-card[{extra}]".',
        'Pasang ekstra yang memuatnya: pip install "ssn-card[{extra}]".',
    )
    extra: str
    module: str


class OutputLost(ConfigurationError):
    """The command's result could not be written to standard output."""

    code = "output-lost"
    remedy = Text(
        "What the command does may be done: look before you repeat it.",
        "Perintah mungkin sudah dijalankan: periksa sebelum mengulanginya.",
    )
    text = Text("The result cannot be written: {why}.", "Hasil tidak dapat ditulis: {why}.")
    where = "stdout"
    why: Text


class OutputClosed(ConfigurationError):
    """Standard output was closed before the command began, so it did not begin."""

    code = "output-closed"
    text = Text("Standard output is closed.", "Keluaran standar tertutup.")
    remedy = Text(
        "Nothing was done. Let the output go somewhere, such as to >/dev/null.",
        "Tidak ada yang dilakukan. Arahkan keluaran, misalnya >/dev/null.",
    )
    where = "stdout"


class SystemRefused(ConfigurationError):
    """The operating system or SQLite refused something for which no command has words of its own."""

    code = "system-refused"
    remedy = Text(
        "Put that right, look how far the command came, then run it again.",
        "Perbaiki, periksa sejauh mana perintah berjalan, lalu jalankan lagi.",
    )
    text = Text("The system refuses: {why}.", "Sistem menolak: {why}.")
    why: Text
    where: str | None  #: the file, where the system names one

    @classmethod
    def by(cls, error: OSError | sqlite3.Error) -> SystemRefused:
        name = getattr(error, "filename", None)
        return cls(system_reason(error), None if name is None else str(name))


class NoAnswer(InputError):
    """Standard input ended before a question was answered."""

    code = "no-answer"
    text = Text("The question was not answered.", "Pertanyaan tidak dijawab.")
    remedy = Text("Run the command in a terminal.", "Jalankan perintah di terminal.")
    where = "stdin"


class UnexpectedError(SsnCardError):
    """A defect of ours. Only the type and the place are told: the message of a stranger's exception may hold data."""

    code = "unexpected"
    remedy = Text(
        "Please report it. SSN_DEBUG=1 shows the traceback; look for private data in it before sending it on.",
        "Mohon dilaporkan. SSN_DEBUG=1 menampilkan jejaknya; periksa data pribadi di dalamnya sebelum dikirim.",
    )
    text = Text("Unexpected error {name}.", "Kesalahan tak terduga {name}.")
    name: str
    where: str | None

    @classmethod
    def of(cls, error: BaseException) -> UnexpectedError:
        """Of an exception that nobody expected; the place is where it was raised."""
        frame = error.__traceback__
        while frame is not None and frame.tb_next is not None:
            frame = frame.tb_next
        place = f"{Path(frame.tb_frame.f_code.co_filename).name}:{frame.tb_lineno}" if frame else None
        return cls(type(error).__name__, place)
