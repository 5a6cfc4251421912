# SPDX-License-Identifier: Apache-2.0
"""Errors of the command line itself: what people give it, and what it found."""

from __future__ import annotations

from pathlib import Path

from ssn_card.protocol.errors import ConfigurationError, InputError, SsnCardError, Text
from ssn_card.protocol.system import system_reason
from ssn_card.terminal import DebitInDoubt

EXIT_ERROR = 1  #: could not be done: one line with its remedy on stderr
EXIT_USAGE = 2  #: no such command or option, or a value of the wrong form; click's own
EXIT_FINDINGS = 3  #: was done, and what was looked at is not as it should be: a report on stdout, then one line
EXIT_INTERRUPTED = 130  #: Ctrl-C


class BadArgument(InputError):
    """An option's value that cannot be used; ``where`` is the option."""

    code = "bad-argument"


class BadFile(InputError):
    """A file given to a command that cannot be used; ``where`` is ``file:line field`` as far as it is known."""

    code = "bad-file"
    default_remedy = Text("Correct the file and try again.", "Perbaiki berkas lalu coba lagi.")

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

    def __init__(self, options: tuple[str, ...]) -> None:
        names = ", ".join(options)
        super().__init__(
            Text("Exactly one source of keys is needed.", "Perlu tepat satu sumber kunci."),
            remedy=Text(f"Give one of {names}.", f"Berikan salah satu dari {names}."),
        )


class GroupNotLoaded(ConfigurationError):
    """A group of commands is installed, but its package cannot be imported."""

    code = "group-not-loaded"
    default_remedy = Text(
        "Install what it needs, or reinstall ssn-card; the other commands are not affected.",
        "Pasang yang diperlukan, atau pasang ulang ssn-card; perintah lain tidak terganggu.",
    )

    def __init__(self, name: str, reason: Text) -> None:
        super().__init__(
            Text(
                f"The commands of 'ssn {name}' cannot be loaded ({reason.en}).",
                f"Perintah 'ssn {name}' tidak dapat dimuat ({reason.id}).",
            )
        )


class NoUpdateForCard(InputError):
    """The file of updates has none for the card in the reader."""

    code = "no-update"
    default_remedy = Text(
        "Nothing was changed. Fetch a newer file if one is expected.",
        "Tidak ada yang berubah. Ambil berkas yang lebih baru bila perlu.",
    )

    def __init__(self, path: Path, serial: bytes) -> None:
        super().__init__(
            Text(f"There is no update for card {serial.hex()}.", f"Tidak ada pembaruan untuk kartu {serial.hex()}."),
            where=str(path),
        )


class FindingsFound(SsnCardError):
    """Something was looked at and is not as it should be. The report itself has been printed; ends by EXIT_FINDINGS."""

    code = "findings"
    default_remedy = Text(
        "Keep the file as it is and follow up each finding.", "Simpan berkas apa adanya dan telusuri setiap temuan."
    )

    def __init__(self, path: Path | None, count: int, text: Text | None = None) -> None:
        found = "1 finding" if count == 1 else f"{count} findings"
        text = text or Text(f"{found}.", f"{count} temuan.")
        super().__init__(text, where=None if path is None else str(path))
        self.details = {"findings": count}


class NotATerminal(InputError):
    """Identity data were asked for where their reader is no person."""

    code = "not-a-terminal"
    default_remedy = Text(
        "Run the command in a terminal window, without a pipe, file or --trace.",
        "Jalankan di jendela terminal, tanpa pipa, berkas, atau --trace.",
    )

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Identity data are shown on a screen only, never written to a file or a pipe.",
                "Data identitas hanya tampil di layar, tidak ditulis ke berkas atau pipa.",
            )
        )


class UnexpectedError(SsnCardError):
    """A defect of ours. Only the type and the place are told: the message of a stranger's exception may hold data."""

    code = "unexpected"
    default_remedy = Text(
        "Please report it. SSN_DEBUG=1 shows the traceback; look for private data in it before sending it on.",
        "Mohon dilaporkan. SSN_DEBUG=1 menampilkan jejaknya; periksa data pribadi di dalamnya sebelum dikirim.",
    )

    def __init__(self, error: BaseException) -> None:
        frame = error.__traceback__
        while frame is not None and frame.tb_next is not None:
            frame = frame.tb_next
        place = f"{Path(frame.tb_frame.f_code.co_filename).name}:{frame.tb_lineno}" if frame else None
        name = type(error).__name__
        super().__init__(Text(f"Unexpected error {name}.", f"Kesalahan tak terduga {name}."), where=place)


class InterruptedInDoubt(DebitInDoubt):
    """Ctrl-C, between sending a transaction and its answer."""

    def __init__(self, serial: bytes, terminal_txn: int, journal: Path) -> None:
        super().__init__(serial, terminal_txn)
        ask = f"ssn card recover --journal {journal}"
        self.remedy = Text(
            f"It may have been done or not: do not do it again. Present the same card and run: {ask}",
            f"Mungkin sudah terjadi, mungkin belum: jangan diulang. Tempelkan kartu yang sama dan jalankan: {ask}",
        )
