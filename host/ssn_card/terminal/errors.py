# SPDX-License-Identifier: Apache-2.0
"""What can go wrong between terminal and card beside the card's own refusals (ssn_card.protocol.status).

The tree::

    SsnCardError
      NotOurCard
      KeysRetired
      KeysRefuse
      CardDisturbed
      DebitInDoubt
      EarlierDebitFound
      RecoveryUncertain
      ClockBehindJournal
      PinChoiceClosed
      PinInDoubt
      JournalError
        JournalNotFound
        JournalNotOurs
        JournalOfAnotherVersion
        JournalDamaged
        JournalBusy
        JournalOfAnotherTerminal
    CryptographyError
      AnswerNotGenuine
    TimestampBeforeMonth
      CardNeedsMending
    InputError
      BadReference
      ReferenceInUse
      NothingToCancel
"""

from __future__ import annotations

import datetime as dt

from ssn_card.protocol.errors import NO_TEXT, CryptographyError, InputError, SsnCardError, Text, rupiah
from ssn_card.protocol.status import CardStatusError, TimestampBeforeMonth
from ssn_card.protocol.values import ReceiptType
from ssn_card.receipts import Receipt

_GO_ON = Text("It is in the journal now; repeat what you were about to do.", "Sudah dicatat; ulangi langkah tadi.")


class NotOurCard(SsnCardError):
    """The card in the reader is no SSN card, or not personalized."""

    code = "not-our-card"
    remedy = Text("Insert an SSN card.", "Masukkan kartu SSN.")


class KeysRetired(SsnCardError):
    """The card is under a version of DEBIT that this terminal no longer accepts: whoever has it can play any card."""

    code = "keys-retired"
    text = Text(
        "The card uses version {debit_key_version} of the DEBIT key; this terminal accepts {minimum} or later.",
        "Kartu memakai kunci DEBIT versi {debit_key_version}; terminal ini menerima versi {minimum} atau lebih baru.",
    )
    remedy = Text(
        "Deliver the card's newest update, which gives it the new keys; nothing else is done with it until then.",
        "Antarkan pembaruan terbaru kartu ini, yang memberinya kunci baru; sebelum itu kartu tidak dilayani.",
    )
    where = "SELECT"
    figures = ("debit_key_version", "minimum")
    debit_key_version: int
    minimum: int


class KeysRefuse(SsnCardError):
    """The terminal's keys (a SAM, or their software) do not do what was asked of them; nothing was sent."""

    code = "keys-refuse"
    text = Text("The terminal's keys refuse this command.", "Kunci terminal menolak perintah ini.")
    remedy = Text("Update the terminal software.", "Perbarui perangkat lunak terminal.")
    where = "{command}"
    command: str


class AnswerNotGenuine(CryptographyError):
    """The answer's MAC is wrong: not this card, or someone on the line. Nothing in it is believed."""

    code = "answer-not-genuine"
    text = Text("The card's answer is not genuine.", "Jawaban kartu tidak asli.")
    remedy = Text(
        "Check the terminal's keys; if they are right, keep the card and report it.",
        "Periksa kunci terminal; jika benar, tahan kartu dan laporkan.",
    )
    where = "{command}"
    command: str


class CardDisturbed(SsnCardError):
    """The card lost our selection or challenge again and again; nothing was debited."""

    code = "card-disturbed"
    remedy = Text(
        "Close every other program that uses the reader, or seat the card firmly; then repeat.",
        "Tutup program lain yang memakai pembaca, atau pasang kartu dengan benar; lalu ulangi.",
    )
    text = Text(
        "Another program uses this card, or it loses contact (SW {sw}).",
        "Program lain memakai kartu ini, atau kontaknya terputus-putus (SW {sw}).",
    )
    where = "{refusal.where}"
    figures = ("sw",)
    refusal: CardStatusError  #: the last one

    @property
    def sw(self) -> str:
        """Its status word, four hexadecimal digits."""
        return f"{self.refusal.sw:04X}"


class DebitInDoubt(SsnCardError):
    """The answer was lost: the card may have been debited or not. Only the card can tell; do not debit again."""

    code = "in-doubt"
    text = Text(
        "Transaction {terminal_txn} on card {serial} is in doubt.",
        "Transaksi {terminal_txn} pada kartu {serial} belum pasti.",
    )
    remedy = Text(
        "Present the same card again: the terminal asks it what happened.",
        "Tempelkan kartu yang sama lagi: terminal akan menanyakan apa yang terjadi.",
    )
    figures = ("serial", "terminal_txn")
    serial: bytes
    terminal_txn: int


_EARLIER = {
    ReceiptType.DEBIT: Text("An earlier debit", "Debit sebelumnya"),
    ReceiptType.CANCEL: Text("An earlier cancellation", "Pembatalan sebelumnya"),
    ReceiptType.OVERRIDE: Text("An earlier raise of the limit", "Kenaikan batas sebelumnya"),
}


class EarlierDebitFound(SsnCardError):
    """A movement that was in doubt did happen, and it is not what was asked for now; nothing new was done."""

    code = "earlier-debit-found"
    text = Text(
        "{what} of {money} on this card went through.", "{what} sebesar {money} pada kartu ini ternyata berhasil."
    )
    remedy = Text(
        "Hand over those goods, or cancel that debit; then sell again.",
        "Serahkan barangnya, atau batalkan debit itu; lalu ulangi penjualan.",
    )
    figures = ("amount", "terminal_txn")
    what = NO_TEXT
    money = ""
    amount = 0
    terminal_txn = 0

    def __init__(self, receipt: Receipt) -> None:
        kind = ReceiptType(receipt.type)
        self.receipt = receipt
        self.what = _EARLIER[kind]
        self.amount = receipt.amount
        self.money = rupiah(self.amount)
        self.terminal_txn = receipt.terminal_txn
        super().__init__(remedy=None if kind is ReceiptType.DEBIT else _GO_ON)


class RecoveryUncertain(SsnCardError):
    """The card's log has forgotten what became of a movement: the journal keeps it for the bank, no sale is stopped."""

    code = "recovery-uncertain"
    text = Text(
        "Card {serial} no longer holds receipt {seq}: it cannot tell about transaction {terminal_txn}.",
        "Kartu {serial} tidak lagi menyimpan kuitansi {seq}: nasib transaksi {terminal_txn} tidak dapat dipastikan "
        "dari kartu.",
    )
    remedy = Text(
        "Hand out no goods for it. The bank can settle it: send it the file that 'ssn terminal doubts' writes. "
        "The card can be used on; a new sale needs another reference.",
        "Jangan serahkan barangnya. Bank dapat memastikannya: kirimkan berkas dari 'ssn terminal doubts'. "
        "Kartu tetap dapat dipakai; penjualan baru perlu referensi lain.",
    )
    figures = ("serial", "terminal_txn", "seq")
    serial: bytes
    terminal_txn: int
    seq: int


class ClockBehindJournal(SsnCardError):
    """The terminal's clock says an earlier time than its own journal. A wrong one costs a family a month's limit."""

    code = "clock-behind-journal"
    text = Text(
        "The terminal's clock says {clock}, its journal has an entry of {journal}.",
        "Jam terminal menunjukkan {clock}, sedangkan jurnalnya memuat catatan {journal}.",
    )
    remedy = Text(
        "Set the terminal's clock. If it is right, and was wrong before, confirm it (confirm_clock=True, "
        "--confirm-clock): the journal remembers.",
        "Setel jam terminal. Jika jamnya benar dan sebelumnya salah, konfirmasikan (confirm_clock=True, "
        "--confirm-clock): jurnal mencatatnya.",
    )
    where = "clock"
    figures = ("clock", "journal")
    clock: dt.datetime
    journal: dt.datetime


class CardNeedsMending(TimestampBeforeMonth):
    """The card's month lies ahead of the clock: this clock is behind, or the card met one that was ahead."""

    code = "card-needs-mending"
    meaning = Text(
        "The card's month lies ahead: the card needs mending. The money on it is safe.",
        "Bulan pada kartu terlalu maju: kartu perlu dipulihkan. Uang di kartu aman.",
    )
    remedy = Text(
        "Check the terminal's clock. If it is right, ask the bank for an update that mends the card.",
        "Periksa jam terminal. Jika jamnya benar, minta pembaruan dari bank untuk memulihkan kartu.",
    )


class PinChoiceClosed(SsnCardError):
    """No update has let the holder choose a PIN, or the choice was used, or a movement has closed it."""

    code = "pin-choice-closed"
    text = Text("The card has no choice of a PIN open.", "Pemilihan PIN pada kartu ini tidak sedang dibuka.")
    remedy = Text(
        "Who knows the PIN can change it; else ask the bank for an update that lets the holder choose one.",
        "Yang masih ingat PIN dapat menggantinya; jika tidak, minta pembaruan dari bank agar dapat memilih PIN.",
    )
    where = "CHANGE_REFERENCE_DATA"


class PinInDoubt(SsnCardError):
    """The answer was lost: the new PIN may be set or not."""

    code = "pin-in-doubt"
    text = Text("The card may have taken the new PIN or not.", "Kartu mungkin sudah menerima PIN baru, mungkin belum.")
    remedy = Text(
        "Try the new PIN first; if the card refuses it, nothing was changed.",
        "Coba PIN baru lebih dahulu; jika ditolak kartu, berarti belum berubah.",
    )
    where = "CHANGE_REFERENCE_DATA"


class BadReference(InputError):
    """A reference by which no sale could be found again: nothing but blanks, or no printable text."""

    code = "bad-reference"
    remedy = Text(
        "Give the number of your invoice, or no reference at all.",
        "Beri nomor nota Anda, atau tanpa referensi sama sekali.",
    )
    where = "reference"
    text: Text


class ReferenceInUse(InputError):
    """The reference belongs to another sale of the same day: to another card, of another basket, or cancelled."""

    code = "reference-in-use"
    text = Text("Reference {reference!r} {why}.", "Referensi {reference!r} {why}.")
    remedy = Text(
        "Give every sale of a day its own reference.", "Beri setiap penjualan dalam satu hari referensi sendiri."
    )
    where = "reference"
    figures = ("reference", "serial", "terminal_txn")
    reference: str
    serial: bytes
    terminal_txn: int
    why: Text


class NothingToCancel(InputError):
    """This terminal has no debit of that card that could be cancelled."""

    code = "nothing-to-cancel"
