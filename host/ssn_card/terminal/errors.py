# SPDX-License-Identifier: Apache-2.0
"""What can go wrong between terminal and card beside the card's own refusals (ssn_card.protocol.status)."""

from __future__ import annotations

from ssn_card.protocol.errors import CryptographyError, InputError, SsnCardError, Text, rupiah
from ssn_card.protocol.status import CardStatusError
from ssn_card.protocol.values import ReceiptType
from ssn_card.receipts import Receipt

_GO_ON = Text("It is in the journal now; repeat what you were about to do.", "Sudah dicatat; ulangi langkah tadi.")


class NotOurCard(SsnCardError):
    """The card in the reader is no SSN card, or not personalized."""

    code = "not-our-card"
    default_remedy = Text("Insert an SSN card.", "Masukkan kartu SSN.")


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
    """The card's log no longer reaches back to the debit in doubt."""

    code = "recovery-uncertain"
    default_remedy = Text(
        "Ask the bank: the receipt has reached it through the card's chain, or the debit never was.",
        "Tanyakan bank: kuitansi sudah sampai lewat rantai kartu, atau debit tidak pernah terjadi.",
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
