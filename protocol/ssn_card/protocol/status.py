# SPDX-License-Identifier: Apache-2.0
"""Every status word of the card, each as an exception class with its remedy; the table is made from the classes.

``raise_for(sw)`` turns a status word into its exception. A status word that the table does not know raises
:class:`UnknownStatus`, never a neighbour's class. Status words are ISO 7816-4's where one fits, else 94xx, a
proprietary range (ISO 7816-4 section 5.6).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from .errors import SsnCardError, Text

OK = 0x9000


class CardStatusError(SsnCardError):
    """The card refused a command; it changed nothing."""

    code = "card-status"
    text = Text("{meaning} (SW {sw:04X})", "{meaning} (SW {sw:04X})")
    where = "{command}"
    sw = 0
    #: Name of the status word in the generated Java constants.
    constant = ""
    meaning = Text("The card refused the command.", "Kartu menolak perintah.")
    command: str = ""


class UnknownStatus(CardStatusError):
    """A status word outside the table."""

    code = "unknown-status"
    remedy = Text("Is this an SSN card?", "Apakah ini kartu SSN?")
    sw: int = 0


class DebitRefused(CardStatusError):
    """The purse rules refuse this movement; the card is as it was."""

    code = "refused"

    def explained(self, text: Text, **details: object) -> Self:
        """The same error with a sentence more, such as what is left, and its figures for ``--json``."""
        self.text = Text(f"{self.text.en} {text.en}", f"{self.text.id} {text.id}")
        self.details = details
        return self


class WrongLength(CardStatusError):
    """See ``meaning``."""

    code = "wrong-length"
    sw = 0x6700
    constant = "WRONG_LENGTH"
    meaning = Text("Wrong length.", "Panjang data salah.")
    remedy = Text("Update the terminal software.", "Perbarui perangkat lunak terminal.")


class SecurityStatusNotSatisfied(CardStatusError):
    """See ``meaning``."""

    code = "security-status"
    sw = 0x6982
    constant = "SECURITY_STATUS_NOT_SATISFIED"
    meaning = Text("A secure channel is required.", "Perlu kanal aman.")
    remedy = Text("Open an SCP03 session first.", "Buka sesi SCP03 dahulu.")


class ConditionsNotSatisfied(CardStatusError):
    """See ``meaning``."""

    code = "conditions"
    sw = 0x6985
    constant = "CONDITIONS_NOT_SATISFIED"
    meaning = Text(
        "The command does not fit the card's state or has no fresh challenge.",
        "Perintah tidak cocok dengan keadaan kartu atau tidak ada tantangan baru.",
    )
    remedy = Text("SELECT the card again and repeat.", "SELECT kartu lagi lalu ulangi.")


class WrongMac(CardStatusError):
    """See ``meaning``."""

    code = "wrong-mac"
    sw = 0x6988
    constant = "WRONG_MAC"
    meaning = Text("The card rejects the MAC: wrong key, altered or replayed command.", "Kartu menolak MAC perintah.")
    remedy = Text(
        "Check the terminal's keys; if they are right, close other programs that use the card, and SELECT it again.",
        "Periksa kunci terminal; jika benar, tutup program lain yang memakai kartu, lalu SELECT kartu lagi.",
    )


class CryptogramRejected(CardStatusError):
    """See ``meaning``."""

    code = "cryptogram-rejected"
    sw = 0x6300
    constant = "CRYPTOGRAM_REJECTED"
    meaning = Text("The card rejects the host cryptogram.", "Kartu menolak kriptogram host.")
    remedy = Text("Check the SCP03 keys and their version.", "Periksa kunci SCP03 dan versinya.")


class WrongData(CardStatusError):
    """See ``meaning``."""

    code = "wrong-data"
    sw = 0x6A80
    constant = "WRONG_DATA"
    meaning = Text("The data is not what the card expects.", "Data tidak sesuai dengan yang diharapkan kartu.")
    remedy = Text("Check the data against docs/protocol.md.", "Periksa data terhadap docs/protocol.md.")


class AppletNotFound(CardStatusError):
    """See ``meaning``."""

    code = "applet-not-found"
    sw = 0x6A82
    constant = "FILE_NOT_FOUND"
    meaning = Text("The SSN applet is not on this card.", "Applet SSN tidak ada di kartu ini.")
    remedy = Text("Is this an SSN card?", "Apakah ini kartu SSN?")


class WrongParameters(CardStatusError):
    """See ``meaning``."""

    code = "wrong-parameters"
    sw = 0x6A86
    constant = "WRONG_P1P2"
    meaning = Text("Wrong P1 or P2.", "P1 atau P2 salah.")
    remedy = Text("Update the terminal software.", "Perbarui perangkat lunak terminal.")


class KeyNotFound(CardStatusError):
    """See ``meaning``."""

    code = "key-not-found"
    sw = 0x6A88
    constant = "KEY_NOT_FOUND"
    meaning = Text("The card has no key of that version.", "Kartu tidak memiliki kunci versi itu.")
    remedy = Text(
        "A personalized card no longer accepts transport keys; use the version the card names.",
        "Kartu yang sudah dipersonalisasi tidak menerima kunci transpor; pakai versi yang disebut kartu.",
    )


class InstructionNotSupported(CardStatusError):
    """See ``meaning``."""

    code = "instruction-not-supported"
    sw = 0x6D00
    constant = "INS_NOT_SUPPORTED"
    meaning = Text("The card does not know this command.", "Kartu tidak mengenal perintah ini.")
    remedy = Text("Is this an SSN card of this version?", "Apakah ini kartu SSN versi ini?")


class ClassNotSupported(CardStatusError):
    """See ``meaning``."""

    code = "class-not-supported"
    sw = 0x6E00
    constant = "CLA_NOT_SUPPORTED"
    meaning = Text("The card does not know this class of command.", "Kartu tidak mengenal kelas perintah ini.")
    remedy = Text("Update the terminal software.", "Perbarui perangkat lunak terminal.")


class CardFailure(CardStatusError):
    """See ``meaning``."""

    code = "card-failure"
    sw = 0x6F00
    constant = "FAILURE"
    meaning = Text("The card failed inside.", "Kartu mengalami kegagalan.")
    remedy = Text("Recover the debit, then replace the card.", "Pulihkan transaksi, lalu ganti kartu.")


class InsufficientBalance(DebitRefused):
    """See ``meaning``."""

    code = "insufficient-balance"
    sw = 0x9401
    constant = "INSUFFICIENT_BALANCE"
    meaning = Text("The balance is too low.", "Saldo tidak cukup.")
    remedy = Text("Take less, or wait for the next load.", "Kurangi belanja, atau tunggu pengisian berikutnya.")


class MonthlyLimitExceeded(DebitRefused):
    """See ``meaning``."""

    code = "monthly-limit"
    sw = 0x9402
    constant = "MONTHLY_LIMIT_EXCEEDED"
    meaning = Text("The monthly limit would be exceeded.", "Batas bulanan akan terlampaui.")
    remedy = Text(
        "Take less, wait for next month, or ask the companion to confirm the need.",
        "Kurangi belanja, tunggu bulan depan, atau minta pendamping mengonfirmasi kebutuhan.",
    )


class DebitMaximumExceeded(DebitRefused):
    """See ``meaning``."""

    code = "debit-maximum"
    sw = 0x9403
    constant = "DEBIT_MAXIMUM_EXCEEDED"
    meaning = Text("The amount is above the maximum of one debit.", "Jumlah melebihi batas satu transaksi.")
    remedy = Text("Take less.", "Kurangi belanja.")


class CategoryNotAllowed(DebitRefused):
    """See ``meaning``."""

    code = "category"
    sw = 0x9404
    constant = "CATEGORY_NOT_ALLOWED"
    meaning = Text("The basket holds goods the card may not buy.", "Ada barang yang tidak boleh dibeli dengan kartu.")
    remedy = Text("Take those goods out.", "Keluarkan barang tersebut.")


class Expired(DebitRefused):
    """See ``meaning``."""

    code = "expired"
    sw = 0x9405
    constant = "EXPIRED"
    meaning = Text("The entitlement has expired.", "Masa berlaku bantuan sudah habis.")
    remedy = Text("Check the terminal's clock; ask the bank for an update.", "Periksa jam terminal; hubungi bank.")


class TimestampBeforeMonth(DebitRefused):
    """See ``meaning``."""

    code = "timestamp-before-month"
    sw = 0x9406
    constant = "TIMESTAMP_BEFORE_MONTH"
    meaning = Text("The time lies before the card's month.", "Waktu lebih awal dari bulan pada kartu.")
    remedy = Text("Set the terminal's clock.", "Setel jam terminal.")


class ImpossibleTimestamp(DebitRefused):
    """See ``meaning``."""

    code = "impossible-timestamp"
    sw = 0x9407
    constant = "IMPOSSIBLE_TIMESTAMP"
    meaning = Text("The time is not a possible date.", "Waktu bukan tanggal yang mungkin.")
    remedy = Text("Set the terminal's clock.", "Setel jam terminal.")


class InvalidAmount(DebitRefused):
    """See ``meaning``."""

    code = "invalid-amount"
    sw = 0x9408
    constant = "INVALID_AMOUNT"
    meaning = Text("The amount must be 1 to 2,147,483,647 rupiah.", "Jumlah harus 1 sampai 2.147.483.647 rupiah.")
    remedy = Text("Correct the amount.", "Perbaiki jumlah.")


class NotActivated(DebitRefused):
    """See ``meaning``."""

    code = "not-activated"
    sw = 0x940A
    constant = "NOT_ACTIVATED"
    meaning = Text("The card has not been activated.", "Kartu belum diaktifkan.")
    remedy = Text("Deliver the activation update.", "Antarkan pembaruan aktivasi.")


class Blocked(DebitRefused):
    """See ``meaning``."""

    code = "blocked"
    sw = 0x940B
    constant = "BLOCKED"
    meaning = Text("The card is blocked.", "Kartu diblokir.")
    remedy = Text("Ask the social office or the bank.", "Hubungi Dinas Sosial atau bank.")


class Terminated(DebitRefused):
    """See ``meaning``."""

    code = "terminated"
    sw = 0x940C
    constant = "TERMINATED"
    meaning = Text("The card is out of use for good.", "Kartu tidak berlaku lagi.")
    remedy = Text("Ask the bank for a new card.", "Minta kartu baru ke bank.")


class StaleUpdate(CardStatusError):
    """See ``meaning``."""

    code = "stale-update"
    sw = 0x940D
    constant = "STALE_UPDATE"
    meaning = Text("The card already has a newer entitlement.", "Kartu sudah memiliki hak yang lebih baru.")
    remedy = Text("Nothing to do; deliver the newest update only.", "Tidak perlu; antarkan yang terbaru saja.")


class ConflictingUpdate(CardStatusError):
    """See ``meaning``."""

    code = "conflicting-update"
    sw = 0x940E
    constant = "CONFLICTING_UPDATE"
    meaning = Text("Another update with the same number is on the card.", "Pembaruan lain bernomor sama ada di kartu.")
    remedy = Text("Report to the bank: update_seq was used twice.", "Laporkan ke bank: update_seq dipakai dua kali.")


class InvalidUpdate(CardStatusError):
    """See ``meaning``."""

    code = "invalid-update"
    sw = 0x940F
    constant = "INVALID_UPDATE"
    meaning = Text(
        "The update would shrink a total or a count, overflow one, or leave a terminated card.",
        "Pembaruan mengurangi total atau hitungan, melampaui batas, atau menghidupkan kartu yang sudah diakhiri.",
    )
    remedy = Text("Issue the update anew from the card's status.", "Terbitkan ulang dari status kartu.")


class NotCancellable(DebitRefused):
    """See ``meaning``."""

    code = "not-cancellable"
    sw = 0x9410
    constant = "NOT_CANCELLABLE"
    meaning = Text(
        "Only the card's newest receipt, a debit of this terminal in this month, can be cancelled.",
        "Hanya kuitansi terbaru, debit dari terminal ini di bulan ini, yang dapat dibatalkan.",
    )
    remedy = Text("Settle the difference outside the card.", "Selesaikan selisihnya di luar kartu.")


class OverrideMaximumExceeded(DebitRefused):
    """See ``meaning``."""

    code = "override-maximum"
    sw = 0x9411
    constant = "OVERRIDE_MAXIMUM_EXCEEDED"
    meaning = Text("Companions may not raise the limit that far.", "Pendamping tidak boleh menaikkan batas sejauh itu.")
    remedy = Text("Ask the social office for an update.", "Minta pembaruan ke Dinas Sosial.")


class PinRequired(DebitRefused):
    """See ``meaning``."""

    code = "pin-required"
    sw = 0x9412
    constant = "PIN_REQUIRED"
    meaning = Text(
        "So much has been spent without the PIN that this debit needs it.",
        "Belanja tanpa PIN sudah mencapai batas; transaksi ini memerlukan PIN.",
    )
    remedy = Text("Ask for the PIN, then repeat.", "Minta PIN, lalu ulangi.")


class WrongPin(CardStatusError):
    """See ``meaning``; ``tries`` are left. The status word is 63Cx, x being the tries (ISO 7816-4)."""

    code = "wrong-pin"
    sw = 0x63C0
    constant = "WRONG_PIN"
    meaning = Text("The PIN is wrong.", "PIN salah.")
    remedy = Text("Ask the holder for the PIN again.", "Minta PIN lagi kepada pemegang.")

    text = Text("{meaning} (SW {sw:04X}); tries left: {tries}.", "{meaning} (SW {sw:04X}); sisa percobaan: {tries}.")
    figures = ("tries",)
    tries = 0

    def __init__(self, command: str = "", tries: int = 0) -> None:
        self.sw = WrongPin.sw + tries
        self.tries = tries
        super().__init__(command)


class PinBlocked(CardStatusError):
    """See ``meaning``."""

    code = "pin-blocked"
    sw = 0x6983
    constant = "PIN_BLOCKED"
    meaning = Text("The PIN is blocked after too many wrong tries.", "PIN diblokir karena terlalu banyak salah.")
    remedy = Text(
        "Ask the bank for an update that lets the holder choose a PIN.",
        "Minta pembaruan dari bank agar pemegang dapat memilih PIN.",
    )


class NoPin(CardStatusError):
    """See ``meaning``."""

    code = "no-pin"
    sw = 0x6984
    constant = "NO_PIN"
    meaning = Text("The card has no PIN.", "Kartu tidak memiliki PIN.")
    remedy = Text(
        "None is needed; the bank can let the holder choose one.",
        "Tidak diperlukan; bank dapat mengizinkan pemegang memilih PIN.",
    )


class LastTryContacts(CardStatusError):
    """See ``meaning``: a reader at the holder's pocket shall not block the PIN."""

    code = "last-try-contacts"
    sw = 0x9414
    constant = "LAST_TRY_CONTACTS"
    meaning = Text(
        "The last try for the PIN is taken over contacts only.", "Percobaan PIN terakhir hanya lewat kontak."
    )
    remedy = Text("Put the card into the reader's slot.", "Masukkan kartu ke celah pembaca.")


class PersonalizationIncomplete(CardStatusError):
    """See ``meaning``."""

    code = "personalization-incomplete"
    sw = 0x9413
    constant = "PERSONALIZATION_INCOMPLETE"
    meaning = Text("Data groups or keys are missing.", "Grup data atau kunci belum lengkap.")
    remedy = Text("Personalize again from the start.", "Ulangi personalisasi dari awal.")


def _leaves(parent: type[CardStatusError]) -> Iterator[type[CardStatusError]]:
    for child in parent.__subclasses__():
        if child.constant:
            yield child
        yield from _leaves(child)


#: Every status word but 9000, by its value.
STATUS_WORDS: dict[int, type[CardStatusError]] = {
    cls.sw: cls for cls in sorted(_leaves(CardStatusError), key=lambda cls: cls.sw)
}


def error_for(sw: int, command: str = "") -> CardStatusError:
    """The exception for a status word other than 9000; ``command`` names the command for the message."""
    if sw & 0xFFF0 == WrongPin.sw:
        return WrongPin(command, sw & 0x0F)
    cls = STATUS_WORDS.get(sw)
    return cls(command) if cls else UnknownStatus(command, sw)


def raise_for(sw: int, command: str = "") -> None:
    """Raise the exception of ``sw`` unless it is 9000."""
    if sw != OK:
        raise error_for(sw, command)
