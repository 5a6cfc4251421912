# SPDX-License-Identifier: Apache-2.0
"""What can go wrong with the simulator and with pcscd beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ssn_card.applet_tools.errors import FROM_A_WHEEL
from ssn_card.cli.errors import FindingsFound
from ssn_card.protocol.checkout import is_checkout
from ssn_card.protocol.errors import ConfigurationError, InputError, SsnCardError, Text

_START = Text("Start one: ssn sim start.", "Jalankan: ssn sim start.")


class SimulatorError(SsnCardError):
    """Root of the simulator's errors."""

    code = "simulator"


class JavaMissing(SimulatorError, ConfigurationError):
    """No Java that can run the simulator."""

    code = "java-missing"
    default_remedy = Text(
        "Install it: apt install openjdk-17-jre-headless, or set JAVA_HOME.",
        "Pasang: apt install openjdk-17-jre-headless, atau atur JAVA_HOME.",
    )

    def __init__(self, found: str = "") -> None:
        if found:
            text = Text(f"{found} is older than Java 17.", f"{found} lebih tua daripada Java 17.")
        else:
            text = Text("The simulator needs Java 17 or newer.", "Simulator memerlukan Java 17 atau lebih baru.")
        super().__init__(text)


class SimulatorJarMissing(SimulatorError, ConfigurationError):
    """The simulator was not built, or SSN_SIMULATOR_JAR names no file."""

    code = "simulator-jar-missing"
    default_remedy = Text(
        "Build it with: make java; or let SSN_SIMULATOR_JAR name the jar.",
        "Bangun dengan: make java; atau isi SSN_SIMULATOR_JAR dengan letak jar.",
    )

    def __init__(self, place: Path) -> None:
        super().__init__(
            Text(f"No simulator jar at {place}.", f"Jar simulator tidak ada di {place}."),
            remedy=None if is_checkout() else FROM_A_WHEEL,
        )


class SimulatorDied(SimulatorError):
    """The simulator process ended or stopped answering. ``stderr``: its last lines."""

    code = "simulator-died"
    default_remedy = Text(
        "Start it again; if it happens again, report it with these lines.",
        "Jalankan lagi; bila terulang, laporkan beserta baris-baris ini.",
    )

    def __init__(self, stderr: Sequence[str] = ()) -> None:
        self.stderr = tuple(stderr)
        said = " | ".join(self.stderr)
        super().__init__(
            Text(
                "The simulator died." + (f" It said: {said}" if said else ""),
                "Simulator mati." + (f" Pesannya: {said}" if said else ""),
            )
        )


class SimulatorStopped(SimulatorError):
    """This simulator was not started, or was stopped."""

    code = "simulator-stopped"
    default_remedy = Text("Start it before use: with Simulator() as simulator.", "Mulai dulu: with Simulator() as s.")

    def __init__(self) -> None:
        super().__init__(Text("The simulator does not run.", "Simulator tidak berjalan."))


# ---------------------------------------------------------------- refused requests


class SimulatorRefused(SimulatorError):
    """The simulator cannot do what was asked. ``reason``: its own name for why."""

    code = "simulator-refused"

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(Text(f"The simulator refuses: {message}.", f"Simulator menolak: {message}."))
        self.reason = reason


class NoSuchCard(SimulatorRefused):
    """The simulator has no such card (any more)."""

    code = "no-such-card"
    default_remedy = Text("List the cards: ssn sim list.", "Lihat kartu yang ada: ssn sim list.")


class NameTaken(SimulatorRefused):
    """Another simulated card has this name."""

    code = "name-taken"
    default_remedy = Text("Use another serial, or remove that card.", "Pakai nomor seri lain, atau buang kartu itu.")


class CardBusy(SimulatorRefused):
    """A program or a reader holds the card; it cannot be put into a reader."""

    code = "card-busy"
    default_remedy = Text("Close its connection or eject it first.", "Tutup koneksinya atau keluarkan dulu.")


class VirtualReaderMissing(SimulatorRefused, ConfigurationError):
    """Nothing listens where pcscd's virtual reader should."""

    code = "virtual-reader-missing"
    default_remedy = Text(
        "Install and start it: apt install pcscd vsmartcard-vpcd, then start pcscd.",
        "Pasang dan jalankan: apt install pcscd vsmartcard-vpcd, lalu jalankan pcscd.",
    )


class SlotTaken(SimulatorRefused):
    """Another card is in this slot of the virtual reader."""

    code = "slot-taken"
    default_remedy = Text("Eject the other card, or use the other slot.", "Keluarkan kartu lain, atau pakai slot lain.")


class NotARealCard(SimulatorRefused):
    """The card was made with ``real=False``: nothing is counted, torn or saved."""

    code = "not-a-real-card"
    default_remedy = Text("Make the card with real=True.", "Buat kartu dengan real=True.")


class CannotSave(SimulatorRefused):
    """The card's state cannot be written down, or what was saved does not fit the applet of this simulator."""

    code = "cannot-save-card"
    default_remedy = Text(
        "Restore a card with the same version of the applet that it was saved with.",
        "Pulihkan kartu dengan versi applet yang sama seperti saat disimpan.",
    )


class CardUnpowered(SimulatorRefused):
    """A command to a card without power, through the laboratory."""

    code = "card-unpowered"
    default_remedy = Text("Reset the connection: it powers the card up.", "Reset koneksi: kartu akan dinyalakan.")


class NotJavaCard(SimulatorRefused):
    """The applet uses what no Java Card has, so its memory cannot be followed."""

    code = "not-java-card"
    default_remedy = Text(
        "Remove it from the applet, or make the card with real=False.",
        "Hapus dari applet, atau buat kartu dengan real=False.",
    )


class BadSavedCard(SimulatorError, InputError):
    """These bytes are no saved card."""

    code = "bad-saved-card"

    def __init__(self) -> None:
        super().__init__(Text("This is not a saved card.", "Ini bukan kartu yang disimpan."))


class TearMissed(SimulatorError):
    """A command that was to be torn at a place did not come there: it does not do the same each time."""

    code = "tear-missed"
    default_remedy = Text(
        "Seed the card's random numbers, so that the command does the same each time.",
        "Tetapkan benih bilangan acak kartu agar perintah selalu sama.",
    )

    def __init__(self, point: str) -> None:
        super().__init__(Text(f"No tear came {point}.", f"Tidak terjadi putus daya: {point}."))


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
    default_remedy = _START

    def __init__(self, path: Path) -> None:
        super().__init__(Text("No simulator was started.", "Belum ada simulator yang dijalankan."), where=str(path))


class StaleState(SimulatorError):
    """The state file tells of a simulator that is no more."""

    code = "stale-simulator-state"
    default_remedy = _START

    def __init__(self, path: Path) -> None:
        super().__init__(
            Text("The simulator of this file no longer runs.", "Simulator pada berkas ini sudah tidak berjalan."),
            where=str(path),
        )


class BadState(SimulatorError, InputError):
    """The state file cannot be read, is no state file, or is open to other users."""

    code = "bad-simulator-state"
    default_remedy = Text("Remove the file and start again: ssn sim start.", "Hapus berkas lalu: ssn sim start.")

    def __init__(self, path: Path, what: Text) -> None:
        super().__init__(Text("The state file {what}.", "Berkas status {what}.").filled(what=what), where=str(path))


class AlreadyRunning(SimulatorError):
    """The state file already names a running simulator."""

    code = "simulator-already-running"
    default_remedy = Text("Use it, or stop it first: ssn sim stop.", "Pakai saja, atau hentikan: ssn sim stop.")

    def __init__(self, path: Path) -> None:
        super().__init__(Text("A simulator already runs.", "Simulator sudah berjalan."), where=str(path))


# ---------------------------------------------------------------- pcscd


class PcscdMissing(SimulatorError, ConfigurationError):
    """pcscd is not installed."""

    code = "pcscd-missing"
    default_remedy = Text(
        "Install both: apt install pcscd vsmartcard-vpcd.", "Pasang keduanya: apt install pcscd vsmartcard-vpcd."
    )

    def __init__(self) -> None:
        super().__init__(Text("The PC/SC daemon is not installed.", "Daemon PC/SC belum terpasang."))


class PcscdFailed(SimulatorError):
    """pcscd ended, or was not ready in time. ``log``: its last lines."""

    code = "pcscd-failed"
    default_remedy = Text(
        "pcscd needs root, and vsmartcard-vpcd for its virtual reader.",
        "pcscd memerlukan root, dan vsmartcard-vpcd untuk pembaca virtualnya.",
    )

    def __init__(self, log: Sequence[str]) -> None:
        self.log = tuple(log)
        said = " | ".join(self.log)
        super().__init__(
            Text(
                "pcscd did not become ready." + (f" It said: {said}" if said else ""),
                "pcscd tidak siap." + (f" Pesannya: {said}" if said else ""),
            )
        )


class TearsNotSurvived(FindingsFound):
    """A tear campaign found a card that lost money, made some, or is stuck."""

    code = "tears-not-survived"
    default_remedy = Text("Look at the failures listed.", "Lihat kegagalan yang tercantum.")

    def __init__(self, failures: int) -> None:
        text = Text(f"{failures} tears were not survived.", f"{failures} pemutusan daya tidak selamat.")
        super().__init__(None, failures, text)


class HostNotWithstood(FindingsFound):
    """The fuzzer found a card that a hostile host can break, open or read the secrets of."""

    code = "host-not-withstood"
    default_remedy = Text(
        "Each finding is a file: ssn sim fuzz --replay FILE.", "Tiap temuan adalah berkas: ssn sim fuzz --replay FILE."
    )

    def __init__(self, findings: int) -> None:
        super().__init__(None, findings)


class BadFinding(SimulatorError, InputError):
    """This file is no finding of the fuzzer."""

    code = "bad-finding"
    default_remedy = Text("Use a file that ssn sim fuzz has written.", "Pakai berkas yang ditulis ssn sim fuzz.")

    def __init__(self, path: Path, what: Text) -> None:
        super().__init__(Text(f"This is no finding: {what.en}.", f"Ini bukan temuan: {what.id}."), where=str(path))
