# SPDX-License-Identifier: Apache-2.0
"""What can go wrong between a program and a card, whatever the transport.

A program that has sent a command should catch :class:`ExchangeBroken`: whether the card did the command is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable

from ssn_card.protocol.errors import ConfigurationError, InputError, SsnCardError, Text

_ASK_THE_CARD = Text(
    "The answer is lost, which says nothing about whether the card did the command: present the card again and ask it.",
    "Jawaban hilang; itu tidak berarti perintah gagal: tempelkan kartu lagi dan tanyakan kepadanya.",
)


class TransportError(SsnCardError):
    """Root of the errors of a transport."""

    code = "transport"


class BadUrl(TransportError, InputError):
    """A card URL whose part behind the scheme makes no sense."""

    code = "bad-url"
    default_remedy = Text(
        "Write vpcd:HOST:PORT, pcsc:READER, replay:FILE or sim:, with options as ?name=value&name=value.",
        "Tulis vpcd:HOST:PORT, pcsc:PEMBACA, replay:BERKAS atau sim:, dengan opsi sebagai ?nama=nilai&nama=nilai.",
    )

    def __init__(self, url: str, en: str, id: str) -> None:
        super().__init__(Text(f"{url!r}: {en}.", f"{url!r}: {id}."))


class UnknownScheme(TransportError, InputError):
    """No transport is registered for the scheme of the URL."""

    code = "unknown-scheme"

    def __init__(self, url: str, known: Iterable[str]) -> None:
        schemes = ", ".join(f"{scheme}:" for scheme in sorted(known))
        super().__init__(
            Text(f"No transport for {url!r}.", f"Tidak ada transport untuk {url!r}."),
            remedy=Text(f"Known: {schemes}", f"Yang dikenal: {schemes}"),
        )


class MalformedCommand(TransportError, InputError):
    """A command too short or too long to be an APDU; nothing was sent."""

    code = "malformed-command"

    def __init__(self, length: int) -> None:
        super().__init__(
            Text(
                f"A command APDU has 4 to 65544 bytes, not {length}.",
                f"APDU perintah terdiri atas 4 sampai 65544 byte, bukan {length}.",
            )
        )


class ConnectionClosed(TransportError):
    """The connection was closed, or broke earlier; nothing was sent."""

    code = "connection-closed"
    default_remedy = Text("Open a new connection.", "Buka koneksi baru.")

    def __init__(self, url: str) -> None:
        super().__init__(Text(f"The connection {url} is closed.", f"Koneksi {url} sudah ditutup."))


# ---------------------------------------------------------------- while opening


class CardNotReachable(TransportError):
    """Nothing answers at the address of a ``vpcd:`` URL."""

    code = "card-not-reachable"
    default_remedy = Text(
        "Check that the simulator runs and that the port is the card's.",
        "Pastikan simulator berjalan dan port itu milik kartu tersebut.",
    )

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(
            Text(f"No card answers at {url}: {reason}.", f"Tidak ada kartu yang menjawab di {url}: {reason}.")
        )


class CardInUse(TransportError):
    """The card or its reader is held by another program."""

    code = "card-in-use"
    default_remedy = Text(
        "Close the other program that uses this card, or take the card out of the other reader, then try again.",
        "Tutup program lain yang memakai kartu ini, atau keluarkan kartu dari pembaca lain, lalu coba lagi.",
    )

    def __init__(self, place: str) -> None:
        super().__init__(Text(f"{place}: the card is in use.", f"{place}: kartu sedang dipakai."))


class PyscardMissing(TransportError, ConfigurationError):
    """The Python package that speaks PC/SC is not installed."""

    code = "pyscard-missing"
    default_remedy = Text(
        "Install it: apt install swig libpcsclite-dev, then pip install 'ssn-card[pcsc]'.",
        "Pasang: apt install swig libpcsclite-dev, lalu pip install 'ssn-card[pcsc]'.",
    )

    def __init__(self) -> None:
        super().__init__(
            Text("PC/SC readers need the package pyscard.", "Pembaca PC/SC memerlukan paket pyscard."),
        )


class PcscNotRunning(TransportError, ConfigurationError):
    """No PC/SC daemon answers."""

    code = "pcsc-not-running"
    default_remedy = Text(
        "Install and start it: apt install pcscd, then systemctl start pcscd.socket (in a container: pcscd).",
        "Pasang dan jalankan: apt install pcscd, lalu systemctl start pcscd.socket (dalam kontainer: pcscd).",
    )

    def __init__(self) -> None:
        super().__init__(Text("The PC/SC service does not run.", "Layanan PC/SC tidak berjalan."))


class ReaderNotFound(TransportError):
    """No reader, or more than one, fits the name; ``readers`` lists those that there are."""

    code = "reader-not-found"

    def __init__(self, wanted: str, readers: Iterable[str]) -> None:
        self.readers = tuple(readers)
        if not self.readers:
            super().__init__(
                Text("No card reader is connected.", "Tidak ada pembaca kartu yang terhubung."),
                remedy=Text("Plug one in and try again.", "Pasang pembaca lalu coba lagi."),
            )
            return
        listed = "; ".join(f"{index}: {name}" for index, name in enumerate(self.readers))
        if wanted:
            text = Text(
                f"No single reader is called {wanted!r}.", f"Tidak ada tepat satu pembaca yang bernama {wanted!r}."
            )
        else:
            text = Text("There are several readers.", "Ada beberapa pembaca.")
        super().__init__(text, remedy=Text(f"Name one of them, by number or name: {listed}", f"Sebut satu: {listed}"))


class NoCard(TransportError):
    """The reader is there and empty."""

    code = "no-card"
    default_remedy = Text("Put the card into the reader.", "Masukkan atau tempelkan kartu pada pembaca.")

    def __init__(self, reader: str) -> None:
        super().__init__(Text(f"No card in reader {reader}.", f"Tidak ada kartu di pembaca {reader}."))


class CardMute(TransportError):
    """The reader feels a card that does not answer."""

    code = "card-mute"
    default_remedy = Text(
        "Take the card out, wipe its contacts, put it in the right way up.",
        "Keluarkan kartu, bersihkan kontaknya, masukkan lagi dengan arah yang benar.",
    )

    def __init__(self, reader: str) -> None:
        super().__init__(Text(f"The card in {reader} does not answer.", f"Kartu di {reader} tidak menjawab."))


class PcscFailure(TransportError):
    """PC/SC reported an error that has no class of its own."""

    code = "pcsc-failure"

    def __init__(self, place: str, number: int, message: str) -> None:
        self.number = number & 0xFFFFFFFF
        detail = f"{message} (PC/SC {self.number:08X})"
        super().__init__(Text(f"{place}: {detail}.", f"{place}: {detail}."))


# ---------------------------------------------------------------- while open


class ExchangeBroken(TransportError):
    """The link to the card broke. ``in_flight``: a command had been sent, so it may or may not have been done."""

    code = "exchange-broken"

    def __init__(self, text: Text, *, in_flight: bool) -> None:
        super().__init__(text, remedy=_ASK_THE_CARD if in_flight else ConnectionClosed.default_remedy)
        self.in_flight = in_flight


class CardRemoved(ExchangeBroken):
    """The card left the reader."""

    code = "card-removed"

    def __init__(self, place: str, *, in_flight: bool) -> None:
        super().__init__(
            Text(f"{place}: the card was removed.", f"{place}: kartu dilepas."),
            in_flight=in_flight,
        )


class ConnectionLost(ExchangeBroken):
    """The reader, its service or the simulator is gone, or did not answer in time."""

    code = "connection-lost"

    def __init__(self, place: str, reason: str, *, in_flight: bool) -> None:
        super().__init__(
            Text(f"{place}: connection lost: {reason}.", f"{place}: koneksi terputus: {reason}."),
            in_flight=in_flight,
        )
        self.reason = reason


class CardWasReset(ExchangeBroken):
    """Another program reset the card: its session is gone, and this command was not done."""

    code = "card-was-reset"

    def __init__(self, place: str) -> None:
        super().__init__(
            Text(f"{place}: another program reset the card.", f"{place}: program lain mereset kartu."),
            in_flight=False,
        )


class ShortAnswer(ExchangeBroken):
    """An answer of less than the two bytes of a status word."""

    code = "short-answer"

    def __init__(self, place: str, length: int) -> None:
        super().__init__(
            Text(
                f"{place}: an answer of {length} bytes has no status word.",
                f"{place}: jawaban {length} byte tidak memuat status word.",
            ),
            in_flight=True,
        )


# ---------------------------------------------------------------- recordings


class BadRecording(TransportError, InputError):
    """A file that is no recording of exchanges, or a line in it that is none."""

    code = "bad-recording"
    default_remedy = Text("Record it again.", "Rekam ulang.")


class ReplayMismatch(TransportError):
    """The program did something else than what was recorded; ``where`` is the file and line."""

    code = "replay-mismatch"
    default_remedy = Text(
        "The program changed since the recording, or it uses random values or the time of day: record it again.",
        "Program berubah sejak rekaman, atau memakai nilai acak atau jam: rekam ulang.",
    )
