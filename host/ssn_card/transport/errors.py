# SPDX-License-Identifier: Apache-2.0
"""What can go wrong between a program and a card, whatever the transport.

A program that has sent a command should catch :class:`ExchangeBroken`: whether the card did the command is unknown.

The tree::

    SsnCardError
      TransportError
        BadUrl (InputError)
        UnknownScheme (InputError)
        MalformedCommand (InputError)
        ConnectionClosed
        CardNotReachable
        _AtPlace
          CardInUse
          NoCard
          CardMute
            CardNotSupported
        PyscardMissing (ConfigurationError)
        PcscNotRunning (ConfigurationError)
        PcscNotAnswering
        PcscFull
        PcscForbidden (ConfigurationError)
        ReaderNotFound
        ReaderNameUnreadable
        PcscFailure
          PcscLost
        ExchangeBroken
          CardRemoved
          ConnectionLost
          CardWasReset
          ShortAnswer
        BadRecording (InputError)
        ReplayMismatch
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ssn_card.protocol.errors import NO_TEXT, ConfigurationError, InputError, SsnCardError, Text

_ASK_THE_CARD = Text(
    "The answer is lost, which says nothing about whether the card did the command: present the card again and ask it.",
    "Jawaban hilang; itu tidak berarti perintah gagal: tempelkan kartu lagi dan tanyakan kepadanya.",
)
_START = Text(
    "Start it: systemctl start pcscd.socket (in a container: pcscd).",
    "Jalankan: systemctl start pcscd.socket (dalam kontainer: pcscd).",
)


class Words(NamedTuple):
    """What happened, half a sentence without its stop, and what to do about it."""

    text: Text
    remedy: Text


class TransportError(SsnCardError):
    """Root of the errors of a transport."""

    code = "transport"


class BadUrl(TransportError, InputError):
    """A card URL whose part behind the scheme makes no sense."""

    code = "bad-url"
    remedy = Text(
        "Write vpcd:HOST:PORT, pcsc:READER, replay:FILE or sim:, with options as ?name=value&name=value.",
        "Tulis vpcd:HOST:PORT, pcsc:PEMBACA, replay:BERKAS atau sim:, dengan opsi sebagai ?nama=nilai&nama=nilai.",
    )
    text = Text("{url!r}: {what}.", "{url!r}: {what}.")
    url: str
    what: Text  #: half a sentence, without its stop


class UnknownScheme(TransportError, InputError):
    """No transport is registered for the scheme of the URL."""

    code = "unknown-scheme"
    text = Text("No transport for {url!r}.", "Tidak ada transport untuk {url!r}.")
    remedy = Text("Known: {schemes}", "Yang dikenal: {schemes}")
    url: str
    known: Iterable[str]

    @property
    def schemes(self) -> str:
        return ", ".join(f"{scheme}:" for scheme in sorted(self.known))


class MalformedCommand(TransportError, InputError):
    """A command too short or too long to be an APDU; nothing was sent."""

    code = "malformed-command"
    text = Text(
        "A command APDU has 4 to 65544 bytes, not {length}.",
        "APDU perintah terdiri atas 4 sampai 65544 byte, bukan {length}.",
    )
    length: int


class ConnectionClosed(TransportError):
    """The connection was closed, or broke earlier; nothing was sent."""

    code = "connection-closed"
    text = Text("The connection {url} is closed.", "Koneksi {url} sudah ditutup.")
    remedy = Text("Open a new connection.", "Buka koneksi baru.")
    url: str


# ---------------------------------------------------------------- while opening


class CardNotReachable(TransportError):
    """Nothing answers at the address of a ``vpcd:`` URL."""

    code = "card-not-reachable"
    remedy = Text(
        "Check that the simulator runs and that the port is the card's.",
        "Pastikan simulator berjalan dan port itu milik kartu tersebut.",
    )
    text = Text("No card answers at {url}: {reason}.", "Tidak ada kartu yang menjawab di {url}: {reason}.")
    url: str
    reason: Text | str  #: half a sentence, as it stands where it is the system's own


class _AtPlace(TransportError):
    """Something about the card at a place, in words of the class's own or in those of the code that told of it."""

    code = "at-place"
    text = Text("{place}: {words.text}.", "{place}: {words.text}.")
    remedy = Text("{words.remedy}", "{words.remedy}")
    place: str
    words: Words


class CardInUse(_AtPlace):
    """The card or its reader is held by another program."""

    code = "card-in-use"
    words: Words = Words(
        Text("another program holds the card", "kartu sedang dipakai program lain"),
        Text(
            "Close the other program that uses this card, or take the card out of the other reader, then try again.",
            "Tutup program lain yang memakai kartu ini, atau keluarkan kartu dari pembaca lain, lalu coba lagi.",
        ),
    )


class NoCard(_AtPlace):
    """The reader is there and empty."""

    code = "no-card"
    words: Words = Words(
        Text("there is no card in the reader", "tidak ada kartu di pembaca"),
        Text("Put the card into the reader.", "Masukkan atau tempelkan kartu pada pembaca."),
    )


class CardMute(_AtPlace):
    """The reader feels a card that does not answer."""

    code = "card-mute"
    words: Words = Words(
        Text("the card does not answer", "kartu tidak menjawab"),
        Text(
            "Take the card out, wipe its contacts, put it in the right way up.",
            "Keluarkan kartu, bersihkan kontaknya, masukkan lagi dengan arah yang benar.",
        ),
    )


class CardNotSupported(CardMute):
    """Card and reader have no language in common: another kind of card, or of reader."""

    code = "card-not-supported"


class PyscardMissing(TransportError, ConfigurationError):
    """The Python package that speaks PC/SC is not installed."""

    code = "pyscard-missing"
    text = Text("PC/SC readers need the package pyscard.", "Pembaca PC/SC memerlukan paket pyscard.")
    remedy = Text(
        "Install it: apt install swig libpcsclite-dev, then pip install 'ssn-card[pcsc]'.",
        "Pasang: apt install swig libpcsclite-dev, lalu pip install 'ssn-card[pcsc]'.",
    )


class PcscNotRunning(TransportError, ConfigurationError):
    """No PC/SC service answers."""

    code = "pcsc-not-running"
    text = Text("The PC/SC service does not run.", "Layanan PC/SC tidak berjalan.")
    remedy = Text(
        "Install it: apt install pcscd; then start it: systemctl start pcscd.socket (in a container: pcscd).",
        "Pasang: apt install pcscd; lalu jalankan: systemctl start pcscd.socket (dalam kontainer: pcscd).",
    )

    def __init__(self, *, installed: bool = False) -> None:
        super().__init__(remedy=_START if installed else None)


class PcscNotAnswering(TransportError):
    """The PC/SC service runs, and does not answer in time."""

    code = "pcsc-not-answering"
    text = Text("The PC/SC service does not answer.", "Layanan PC/SC tidak menjawab.")
    remedy = Text(
        "Restart it: systemctl restart pcscd (in a container: end pcscd and start it again). If it happens again, plug "
        "the reader out and in, or try another one.",
        "Mulai ulang: systemctl restart pcscd (dalam kontainer: hentikan pcscd lalu jalankan lagi). Bila terulang, "
        "cabut dan pasang pembaca, atau coba pembaca lain.",
    )


class PcscFull(TransportError):
    """The PC/SC service runs, and takes no more connections; ``connections`` are open."""

    code = "pcsc-full"
    text = Text(
        "The PC/SC service is full: {connections} connections are open.",
        "Layanan PC/SC penuh: {connections} koneksi terbuka.",
    )
    remedy = Text(
        "A program leaves its connections open: close it (lsof shows which: see pcscd.comm), or restart the service "
        "(systemctl restart pcscd).",
        "Ada program yang membiarkan koneksinya terbuka: tutup program itu (lihat pcscd.comm pada lsof), atau mulai "
        "ulang layanan (systemctl restart pcscd).",
    )
    figures = ("connections",)
    connections: int


class PcscForbidden(TransportError, ConfigurationError):
    """The PC/SC service runs, and this user may not use it."""

    code = "pcsc-forbidden"
    text = Text(
        "This user may not use the PC/SC service ({socket}).",
        "Pengguna ini tidak berhak memakai layanan PC/SC ({socket}).",
    )
    remedy = Text(
        "Let the user at it: the rights of that file and its folder, and polkit's rules for "
        "org.debian.pcsc-lite.access_pcsc and access_card (docs: README.polkit of pcscd).",
        "Beri pengguna izin: hak akses berkas itu dan foldernya, serta aturan polkit untuk "
        "org.debian.pcsc-lite.access_pcsc dan access_card (dokumen: README.polkit milik pcscd).",
    )
    socket: str


class ReaderNotFound(TransportError):
    """No reader, or more than one, fits the name; ``readers`` lists those that there are."""

    code = "reader-not-found"
    text = Text("No single reader is called {wanted!r}.", "Tidak ada tepat satu pembaca yang bernama {wanted!r}.")
    remedy = Text("Name one of them, by number or name: {listed}", "Sebut satu: {listed}")
    wanted = ""

    def __init__(self, wanted: str, readers: Iterable[str]) -> None:
        self.wanted = wanted
        self.readers = tuple(readers)
        if not self.readers:
            super().__init__(
                Text("No card reader is connected.", "Tidak ada pembaca kartu yang terhubung."),
                remedy=Text("Plug one in and try again.", "Pasang pembaca lalu coba lagi."),
            )
        elif wanted:
            super().__init__()
        else:
            super().__init__(Text("There are several readers.", "Ada beberapa pembaca."))

    @property
    def listed(self) -> str:
        return "; ".join(f"{index}: {name}" for index, name in enumerate(self.readers))


class ReaderNameUnreadable(TransportError):
    """A reader's name is no UTF-8, so PC/SC's readers cannot even be listed."""

    code = "reader-name"
    text = Text("The name of a reader is no UTF-8 text.", "Nama sebuah pembaca bukan teks UTF-8.")
    remedy = Text(
        "Unplug that reader, or mend its FRIENDLYNAME in /etc/reader.conf.d and restart the service.",
        "Cabut pembaca itu, atau perbaiki FRIENDLYNAME-nya di /etc/reader.conf.d dan mulai ulang layanan.",
    )


class PcscFailure(TransportError):
    """PC/SC reported an error that has no class of its own; ``number`` as in its documents, unsigned."""

    code = "pcsc-failure"
    text = Text("{place}: {words.text}.", "{place}: {words.text}.")
    remedy = Text("{words.remedy}", "{words.remedy}")
    figures = ("pcsc",)
    place: str
    number: int
    words: Words

    @property
    def pcsc(self) -> str:
        return f"{self.number:08X}"


class PcscLost(PcscFailure):
    """The PC/SC service ended, or was restarted, while it was in use; nothing was under way."""

    code = "pcsc-lost"


# ---------------------------------------------------------------- while open


class ExchangeBroken(TransportError):
    """The link to the card broke. ``in_flight``: a command had been sent, so it may or may not have been done."""

    code = "exchange-broken"
    remedy = _ASK_THE_CARD

    def __init__(self, text: Text | None = None, *, in_flight: bool, remedy: Text = NO_TEXT) -> None:
        """``remedy``: said after that of an exchange that broke."""
        first = _ASK_THE_CARD if in_flight else ConnectionClosed.remedy
        self.in_flight = in_flight
        super().__init__(text, remedy=Text(f"{first.en} {remedy.en}".strip(), f"{first.id} {remedy.id}".strip()))


class CardRemoved(ExchangeBroken):
    """The card left the reader."""

    code = "card-removed"
    text = Text("{place}: the card was removed.", "{place}: kartu dilepas.")
    place = ""

    def __init__(self, place: str, *, in_flight: bool, words: Words | None = None) -> None:
        self.place = place
        if words is None:
            super().__init__(in_flight=in_flight)
        else:
            super().__init__(_placed(place, words.text), in_flight=in_flight, remedy=words.remedy)


class ConnectionLost(ExchangeBroken):
    """The reader, its service or the simulator is gone, or did not answer in time."""

    code = "connection-lost"
    text = Text("{place}: connection lost: {reason}.", "{place}: koneksi terputus: {reason}.")
    place = ""
    reason = NO_TEXT

    def __init__(self, place: str, reason: Text | str, *, in_flight: bool, remedy: Text = NO_TEXT) -> None:
        """``reason``: half a sentence, as it stands where it is the system's own."""
        self.place = place
        self.reason = Text(reason, reason) if isinstance(reason, str) else reason
        super().__init__(in_flight=in_flight, remedy=remedy)


class CardWasReset(ExchangeBroken):
    """Another program reset the card: its session is gone, and this command was not done."""

    code = "card-was-reset"
    text = Text("{place}: another program reset the card.", "{place}: program lain mereset kartu.")
    remedy = ConnectionClosed.remedy
    place = ""

    def __init__(self, place: str, words: Words | None = None) -> None:
        self.place = place
        if words is None:
            super().__init__(in_flight=False)
        else:
            super().__init__(_placed(place, words.text), in_flight=False, remedy=words.remedy)


class ShortAnswer(ExchangeBroken):
    """An answer of less than the two bytes of a status word."""

    code = "short-answer"
    text = Text(
        "{place}: an answer of {length} bytes has no status word.",
        "{place}: jawaban {length} byte tidak memuat status word.",
    )
    place = ""
    length = 0

    def __init__(self, place: str, length: int) -> None:
        self.place = place
        self.length = length
        super().__init__(in_flight=True)


def no_answer_in(seconds: float) -> Text:
    """Reason of a :class:`ConnectionLost` after a time limit."""
    return Text(f"no answer within {seconds:g} s", f"tidak ada jawaban dalam {seconds:g} detik")


def _placed(place: str, text: Text) -> Text:
    return Text(f"{place}: {text.en}.", f"{place}: {text.id}.")


# ---------------------------------------------------------------- recordings


class BadRecording(TransportError, InputError):
    """A file that is no recording of exchanges, or a line in it that is none."""

    code = "bad-recording"
    remedy = Text("Record it again.", "Rekam ulang.")


class ReplayMismatch(TransportError):
    """The program did something else than what was recorded; ``where`` is the file and line."""

    code = "replay-mismatch"
    remedy = Text(
        "The program changed since the recording, or it uses random values or the time of day: record it again.",
        "Program berubah sejak rekaman, atau memakai nilai acak atau jam: rekam ulang.",
    )
