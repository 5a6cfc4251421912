# SPDX-License-Identifier: Apache-2.0
"""What can go wrong with the simulator and with pcscd beside it.

The tree::

    SsnCardError
      SimulatorError
        JavaMissing (ConfigurationError)
        SimulatorJarMissing (ConfigurationError)
        SimulatorDied
        SimulatorStopped
        SimulatorRefused
          NoSuchCard
          NameTaken
          CardBusy
          VirtualReaderMissing (ConfigurationError)
          SlotTaken
          NotARealCard
          CannotSave
          CardUnpowered
          NotJavaCard
        BadSavedCard (InputError)
        TearMissed
        NoRunningSimulator
        StaleState
        BadState (InputError)
        AlreadyRunning
        PcscdMissing (ConfigurationError)
        PcscdFailed
        BadFinding (InputError)
    FindingsFound
      TearsNotSurvived
      HostNotWithstood
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ssn_card.cli.errors import FindingsFound
from ssn_card.protocol.errors import NO_TEXT, ConfigurationError, InputError, SsnCardError, Text

_START = Text("Start one: ssn sim start.", "Jalankan: ssn sim start.")


class SimulatorError(SsnCardError):
    """Root of the simulator's errors."""

    code = "simulator"


class JavaMissing(SimulatorError, ConfigurationError):
    """No Java that can run the simulator."""

    code = "java-missing"
    remedy = Text(
        "Install it: apt install openjdk-17-jre-headless, or set JAVA_HOME.",
        "Pasang: apt install openjdk-17-jre-headless, atau atur JAVA_HOME.",
    )
    text = Text("The simulator needs Java 17 or newer.", "Simulator memerlukan Java 17 atau lebih baru.")


class SimulatorJarMissing(SimulatorError, ConfigurationError):
    """The simulator was not built, or SSN_SIMULATOR_JAR names no file."""

    code = "simulator-jar-missing"
    text = Text("No simulator jar at {place}.", "Jar simulator tidak ada di {place}.")
    place: Path
    remedy: Text = Text(
        "Build it with: make java; or let SSN_SIMULATOR_JAR name the jar.",
        "Bangun dengan: make java; atau isi SSN_SIMULATOR_JAR dengan letak jar.",
    )


class SimulatorDied(SimulatorError):
    """The simulator process ended or stopped answering. ``stderr``: its last lines."""

    code = "simulator-died"
    remedy = Text(
        "Start it again; if it happens again, report it with these lines.",
        "Jalankan lagi; bila terulang, laporkan beserta baris-baris ini.",
    )
    text = Text("The simulator died.{said}", "Simulator mati.{said}")
    stderr: Sequence[str] = ()

    @property
    def said(self) -> Text:
        return _said(self.stderr)


class SimulatorStopped(SimulatorError):
    """This simulator was not started, or was stopped."""

    code = "simulator-stopped"
    text = Text("The simulator does not run.", "Simulator tidak berjalan.")
    remedy = Text("Start it before use: with Simulator() as simulator.", "Mulai dulu: with Simulator() as s.")


# ---------------------------------------------------------------- refused requests


class SimulatorRefused(SimulatorError):
    """The simulator cannot do what was asked. ``reason``: its own name for why."""

    code = "simulator-refused"
    text = Text("The simulator refuses: {message}.", "Simulator menolak: {message}.")
    reason: str
    message: str


class NoSuchCard(SimulatorRefused):
    """The simulator has no such card (any more)."""

    code = "no-such-card"
    remedy = Text("List the cards: ssn sim list.", "Lihat kartu yang ada: ssn sim list.")


class NameTaken(SimulatorRefused):
    """Another simulated card has this name."""

    code = "name-taken"
    remedy = Text("Use another serial, or remove that card.", "Pakai nomor seri lain, atau buang kartu itu.")


class CardBusy(SimulatorRefused):
    """A program or a reader holds the card; it cannot be put into a reader."""

    code = "card-busy"
    remedy = Text("Close its connection or eject it first.", "Tutup koneksinya atau keluarkan dulu.")


class VirtualReaderMissing(SimulatorRefused, ConfigurationError):
    """Nothing listens where pcscd's virtual reader should."""

    code = "virtual-reader-missing"
    remedy = Text(
        "Install and start it: apt install pcscd vsmartcard-vpcd, then start pcscd.",
        "Pasang dan jalankan: apt install pcscd vsmartcard-vpcd, lalu jalankan pcscd.",
    )


class SlotTaken(SimulatorRefused):
    """Another card is in this slot of the virtual reader."""

    code = "slot-taken"
    remedy = Text("Eject the other card, or use the other slot.", "Keluarkan kartu lain, atau pakai slot lain.")


class NotARealCard(SimulatorRefused):
    """The card was made with ``real=False``: nothing is counted, torn or saved."""

    code = "not-a-real-card"
    remedy = Text("Make the card with real=True.", "Buat kartu dengan real=True.")


class CannotSave(SimulatorRefused):
    """The card's state cannot be written down, or what was saved does not fit the applet of this simulator."""

    code = "cannot-save-card"
    remedy = Text(
        "Restore a card with the same version of the applet that it was saved with.",
        "Pulihkan kartu dengan versi applet yang sama seperti saat disimpan.",
    )


class CardUnpowered(SimulatorRefused):
    """A command to a card without power, through the laboratory."""

    code = "card-unpowered"
    remedy = Text("Reset the connection: it powers the card up.", "Reset koneksi: kartu akan dinyalakan.")


class NotJavaCard(SimulatorRefused):
    """The applet uses what no Java Card has, so its memory cannot be followed."""

    code = "not-java-card"
    remedy = Text(
        "Remove it from the applet, or make the card with real=False.",
        "Hapus dari applet, atau buat kartu dengan real=False.",
    )


class BadSavedCard(SimulatorError, InputError):
    """These bytes are no saved card."""

    code = "bad-saved-card"
    text = Text("This is not a saved card.", "Ini bukan kartu yang disimpan.")


class TearMissed(SimulatorError):
    """A command that was to be torn at a place did not come there: it does not do the same each time."""

    code = "tear-missed"
    text = Text("No tear came {point}.", "Tidak terjadi putus daya: {point}.")
    remedy = Text(
        "Seed the card's random numbers, so that the command does the same each time.",
        "Tetapkan benih bilangan acak kartu agar perintah selalu sama.",
    )
    point: str


_REFUSALS: dict[str, type[SimulatorRefused]] = {
    "no-such-card": NoSuchCard,
    "name-taken": NameTaken,
    "card-busy": CardBusy,
    "no-pcscd": VirtualReaderMissing,
    "slot-taken": SlotTaken,
    "not-a-real-card": NotARealCard,
    "cannot-save": CannotSave,
    "no-power": CardUnpowered,
    "not-java-card": NotJavaCard,
}


def refusal(reason: str, message: str) -> SimulatorRefused:
    """The error for a refused request."""
    return _REFUSALS.get(reason, SimulatorRefused)(reason, message)


# ---------------------------------------------------------------- a simulator of another process


class NoRunningSimulator(SimulatorError):
    """There is no state file of a running simulator."""

    code = "no-running-simulator"
    text = Text("No simulator was started.", "Belum ada simulator yang dijalankan.")
    remedy = _START
    where = "{path}"
    path: Path


class StaleState(SimulatorError):
    """The state file tells of a simulator that is no more."""

    code = "stale-simulator-state"
    text = Text("The simulator of this file no longer runs.", "Simulator pada berkas ini sudah tidak berjalan.")
    remedy = _START
    where = "{path}"
    path: Path


class BadState(SimulatorError, InputError):
    """The state file cannot be read, is no state file, or is open to other users."""

    code = "bad-simulator-state"
    text = Text("The state file {what}.", "Berkas status {what}.")
    remedy = Text("Remove the file and start again: ssn sim start.", "Hapus berkas lalu: ssn sim start.")
    where = "{path}"
    path: Path
    what: Text


class AlreadyRunning(SimulatorError):
    """The state file already names a running simulator."""

    code = "simulator-already-running"
    text = Text("A simulator already runs.", "Simulator sudah berjalan.")
    remedy = Text("Use it, or stop it first: ssn sim stop.", "Pakai saja, atau hentikan: ssn sim stop.")
    where = "{path}"
    path: Path


# ---------------------------------------------------------------- pcscd


class PcscdMissing(SimulatorError, ConfigurationError):
    """pcscd is not installed."""

    code = "pcscd-missing"
    text = Text("The PC/SC daemon is not installed.", "Daemon PC/SC belum terpasang.")
    remedy = Text(
        "Install both: apt install pcscd vsmartcard-vpcd.", "Pasang keduanya: apt install pcscd vsmartcard-vpcd."
    )


class PcscdFailed(SimulatorError):
    """pcscd ended, or was not ready in time. ``log``: its last lines."""

    code = "pcscd-failed"
    remedy = Text(
        "pcscd needs root, and vsmartcard-vpcd for its virtual reader.",
        "pcscd memerlukan root, dan vsmartcard-vpcd untuk pembaca virtualnya.",
    )
    text = Text("pcscd did not become ready.{said}", "pcscd tidak siap.{said}")
    log: Sequence[str]

    @property
    def said(self) -> Text:
        return _said(self.log)


def _said(lines: Sequence[str]) -> Text:
    """A process's last words as a sentence more."""
    words = " | ".join(lines)
    return Text(f" It said: {words}", f" Pesannya: {words}") if words else NO_TEXT


class TearsNotSurvived(FindingsFound):
    """A tear campaign found a card that lost money, made some, or is stuck."""

    code = "tears-not-survived"
    remedy = Text("Look at the failures listed.", "Lihat kegagalan yang tercantum.")
    text = Text("{findings} tears were not survived.", "{findings} pemutusan daya tidak selamat.")


class HostNotWithstood(FindingsFound):
    """The fuzzer found a card that a hostile host can break, open or read the secrets of."""

    code = "host-not-withstood"
    remedy = Text(
        "Each finding is a file: ssn sim fuzz --replay FILE.", "Tiap temuan adalah berkas: ssn sim fuzz --replay FILE."
    )


class BadFinding(SimulatorError, InputError):
    """This file is no finding of the fuzzer."""

    code = "bad-finding"
    text = Text("This is no finding: {what}.", "Ini bukan temuan: {what}.")
    remedy = Text("Use a file that ssn sim fuzz has written.", "Pakai berkas yang ditulis ssn sim fuzz.")
    where = "{path}"
    path: Path
    what: Text
