# SPDX-License-Identifier: Apache-2.0
"""What can go wrong between terminal and card beside the card's own refusals (ssn_card.protocol.status)."""

from __future__ import annotations

import datetime as dt

from ssn_card.protocol.errors import CryptographyError, InputError, SsnCardError, Text, rupiah
from ssn_card.protocol.status import CardStatusError, TimestampBeforeMonth
from ssn_card.protocol.values import ReceiptType
from ssn_card.receipts import Receipt

_GO_ON = Text("It is in the journal now; repeat what you were about to do.", "Sudah dicatat; ulangi langkah tadi.")


class NotOurCard(SsnCardError):
    """The card in the reader is no SSN card, or not personalized."""

    code = "not-our-card"
    default_remedy = Text("Insert an SSN card.", "Masukkan kartu SSN.")


class KeysRetired(SsnCardError):
    """The card is under a version of DEBIT that this terminal no longer accepts: whoever has it can play any card."""

    code = "keys-retired"
    default_remedy = Text(
        "Deliver the card's newest update, which gives it the new keys; nothing else is done with it until then.",
        "Antarkan pembaruan terbaru kartu ini, yang memberinya kunci baru; sebelum itu kartu tidak dilayani.",
    )

    def __init__(self, version: int, minimum: int) -> None:
        super().__init__(
            Text(
                f"The card uses version {version} of the DEBIT key; this terminal accepts {minimum} or later.",
                f"Kartu memakai kunci DEBIT versi {version}; terminal ini menerima versi {minimum} atau lebih baru.",
            ),
            where="SELECT",
        )
        self.details = {"debit_key_version": version, "minimum": minimum}


class KeysRefuse(SsnCardError):
    """The terminal's keys (a SAM, or their software) do not do what was asked of them; nothing was sent."""

    code = "keys-refuse"
    default_remedy = Text("Update the terminal software.", "Perbarui perangkat lunak terminal.")

    def __init__(self, command: str) -> None:
        super().__init__(
            Text("The terminal's keys refuse this command.", "Kunci terminal menolak perintah ini."), where=command
        )


class AnswerNotGenuine(CryptographyError):
    """The answer's MAC is wrong: not this card, or someone on the line. Nothing in it is believed."""

    code = "answer-not-genuine"
    default_remedy = Text(
        "Check the terminal's keys; if they are right, keep the card and report it.",
        "Periksa kunci terminal; jika benar, tahan kartu dan laporkan.",
    )

    def __init__(self, command: str) -> None:
        super().__init__(
            Text("The card's answer is not genuine.", "Jawaban kartu tidak asli."),
            where=command,
        )


class CardDisturbed(SsnCardError):
    """The card lost our selection or challenge again and again; nothing was debited."""

    code = "card-disturbed"
    default_remedy = Text(
        "Close every other program that uses the reader, or seat the card firmly; then repeat.",
        "Tutup program lain yang memakai pembaca, atau pasang kartu dengan benar; lalu ulangi.",
    )

    def __init__(self, refusal: CardStatusError) -> None:
        super().__init__(
            Text(
                f"Another program uses this card, or it loses contact (SW {refusal.sw:04X}).",
                f"Program lain memakai kartu ini, atau kontaknya terputus-putus (SW {refusal.sw:04X}).",
            ),
            where=refusal.where,
        )
        self.details = {"sw": f"{refusal.sw:04X}"}


class DebitInDoubt(SsnCardError):
    """The answer was lost: the card may have been debited or not. Only the card can tell; do not debit again."""

    code = "in-doubt"
    default_remedy = Text(
        "Present the same card again: the terminal asks it what happened.",
        "Tempelkan kartu yang sama lagi: terminal akan menanyakan apa yang terjadi.",
    )

    def __init__(self, serial: bytes, terminal_txn: int, *, remedy: Text | None = None) -> None:
        super().__init__(
            Text(
                f"Transaction {terminal_txn} on card {serial.hex()} is in doubt.",
                f"Transaksi {terminal_txn} pada kartu {serial.hex()} belum pasti.",
            ),
            remedy=remedy,
        )
        self.serial = serial
        self.terminal_txn = terminal_txn
        self.details = {"serial": serial.hex(), "terminal_txn": terminal_txn}


_EARLIER = {
    ReceiptType.DEBIT: Text("An earlier debit", "Debit sebelumnya"),
    ReceiptType.CANCEL: Text("An earlier cancellation", "Pembatalan sebelumnya"),
    ReceiptType.OVERRIDE: Text("An earlier raise of the limit", "Kenaikan batas sebelumnya"),
}


class EarlierDebitFound(SsnCardError):
    """A movement that was in doubt did happen, and it is not what was asked for now; nothing new was done."""

    code = "earlier-debit-found"
    default_remedy = Text(
        "Hand over those goods, or cancel that debit; then sell again.",
        "Serahkan barangnya, atau batalkan debit itu; lalu ulangi penjualan.",
    )

    def __init__(self, receipt: Receipt) -> None:
        kind = ReceiptType(receipt.type)
        super().__init__(
            Text(
                f"{_EARLIER[kind].en} of {rupiah(receipt.amount)} on this card went through.",
                f"{_EARLIER[kind].id} sebesar {rupiah(receipt.amount)} pada kartu ini ternyata berhasil.",
            ),
            remedy=None if kind is ReceiptType.DEBIT else _GO_ON,
        )
        self.receipt = receipt
        self.details = {"amount": receipt.amount, "terminal_txn": receipt.terminal_txn}


class RecoveryUncertain(SsnCardError):
    """The card's log has forgotten what became of a movement: the journal keeps it for the bank, no sale is stopped."""

    code = "recovery-uncertain"
    default_remedy = Text(
        "Hand out no goods for it. The bank can settle it: send it the file that 'ssn terminal doubts' writes. "
        "The card can be used on; a new sale needs another reference.",
        "Jangan serahkan barangnya. Bank dapat memastikannya: kirimkan berkas dari 'ssn terminal doubts'. "
        "Kartu tetap dapat dipakai; penjualan baru perlu referensi lain.",
    )

    def __init__(self, serial: bytes, terminal_txn: int, number: int) -> None:
        super().__init__(
            Text(
                f"Card {serial.hex()} no longer holds receipt {number}: it cannot tell about transaction "
                f"{terminal_txn}.",
                f"Kartu {serial.hex()} tidak lagi menyimpan kuitansi {number}: nasib transaksi {terminal_txn} tidak "
                "dapat dipastikan dari kartu.",
            )
        )
        self.details = {"serial": serial.hex(), "terminal_txn": terminal_txn, "seq": number}


class ClockBehindJournal(SsnCardError):
    """The terminal's clock says an earlier time than its own journal. A wrong one costs a family a month's limit."""

    code = "clock-behind-journal"
    default_remedy = Text(
        "Set the terminal's clock. If it is right, and was wrong before, confirm it (confirm_clock=True, "
        "--confirm-clock): the journal remembers.",
        "Setel jam terminal. Jika jamnya benar dan sebelumnya salah, konfirmasikan (confirm_clock=True, "
        "--confirm-clock): jurnal mencatatnya.",
    )

    def __init__(self, clock: dt.datetime, journal: dt.datetime) -> None:
        super().__init__(
            Text(
                f"The terminal's clock says {clock}, its journal has an entry of {journal}.",
                f"Jam terminal menunjukkan {clock}, sedangkan jurnalnya memuat catatan {journal}.",
            ),
            where="clock",
        )
        self.details = {"clock": clock.isoformat(), "journal": journal.isoformat()}


class CardNeedsMending(TimestampBeforeMonth):
    """The card's month lies ahead of the clock: this clock is behind, or the card met one that was ahead."""

    code = "card-needs-mending"
    meaning = Text(
        "The card's month lies ahead: the card needs mending. The money on it is safe.",
        "Bulan pada kartu terlalu maju: kartu perlu dipulihkan. Uang di kartu aman.",
    )
    default_remedy = Text(
        "Check the terminal's clock. If it is right, ask the bank for an update that mends the card.",
        "Periksa jam terminal. Jika jamnya benar, minta pembaruan dari bank untuk memulihkan kartu.",
    )


class PinChoiceClosed(SsnCardError):
    """No update has let the holder choose a PIN, or the choice was used, or a movement has closed it."""

    code = "pin-choice-closed"
    default_remedy = Text(
        "Who knows the PIN can change it; else ask the bank for an update that lets the holder choose one.",
        "Yang masih ingat PIN dapat menggantinya; jika tidak, minta pembaruan dari bank agar dapat memilih PIN.",
    )

    def __init__(self) -> None:
        super().__init__(
            Text("The card has no choice of a PIN open.", "Pemilihan PIN pada kartu ini tidak sedang dibuka."),
            where="CHANGE_REFERENCE_DATA",
        )


class PinInDoubt(SsnCardError):
    """The answer was lost: the new PIN may be set or not."""

    code = "pin-in-doubt"
    default_remedy = Text(
        "Try the new PIN first; if the card refuses it, nothing was changed.",
        "Coba PIN baru lebih dahulu; jika ditolak kartu, berarti belum berubah.",
    )

    def __init__(self) -> None:
        super().__init__(
            Text(
                "The card may have taken the new PIN or not.",
                "Kartu mungkin sudah menerima PIN baru, mungkin belum.",
            ),
            where="CHANGE_REFERENCE_DATA",
        )


class BadReference(InputError):
    """A reference by which no sale could be found again: nothing but blanks, or no printable text."""

    code = "bad-reference"
    default_remedy = Text(
        "Give the number of your invoice, or no reference at all.",
        "Beri nomor nota Anda, atau tanpa referensi sama sekali.",
    )

    def __init__(self, text: Text) -> None:
        super().__init__(text, where="reference")


class ReferenceInUse(InputError):
    """The reference belongs to another sale of the same day: to another card, of another basket, or cancelled."""

    code = "reference-in-use"
    default_remedy = Text(
        "Give every sale of a day its own reference.", "Beri setiap penjualan dalam satu hari referensi sendiri."
    )

    def __init__(self, reference: str, serial: bytes, terminal_txn: int, why: Text) -> None:
        super().__init__(
            Text(f"Reference {reference!r} {why.en}.", f"Referensi {reference!r} {why.id}."),
            where="reference",
        )
        self.details = {"reference": reference, "serial": serial.hex(), "terminal_txn": terminal_txn}


class NothingToCancel(InputError):
    """This terminal has no debit of that card that could be cancelled."""

    code = "nothing-to-cancel"
