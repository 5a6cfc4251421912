# SPDX-License-Identifier: Apache-2.0
"""What can go wrong between terminal and card beside the card's own refusals (ssn_card.protocol.status)."""

from __future__ import annotations

from ssn_card.protocol.errors import CryptographyError, InputError, SsnCardError, Text, rupiah
from ssn_card.receipts import Receipt


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


class DebitInDoubt(SsnCardError):
    """The answer was lost: the card may have been debited or not. Only the card can tell; do not debit again."""

    code = "in-doubt"
    default_remedy = Text(
        "Present the same card again: the terminal asks it what happened.",
        "Tempelkan kartu yang sama lagi: terminal akan menanyakan apa yang terjadi.",
    )

    def __init__(self, serial: bytes, terminal_txn: int) -> None:
        super().__init__(
            Text(
                f"Transaction {terminal_txn} on card {serial.hex()} is in doubt.",
                f"Transaksi {terminal_txn} pada kartu {serial.hex()} belum pasti.",
            )
        )
        self.serial = serial
        self.terminal_txn = terminal_txn
        self.details = {"serial": serial.hex(), "terminal_txn": terminal_txn}


class EarlierDebitFound(SsnCardError):
    """A debit that was in doubt did happen, and it was not for this basket."""

    code = "earlier-debit-found"
    default_remedy = Text(
        "Hand over those goods, or cancel that debit; then sell again.",
        "Serahkan barangnya, atau batalkan debit itu; lalu ulangi penjualan.",
    )

    def __init__(self, receipt: Receipt) -> None:
        super().__init__(
            Text(
                f"An earlier debit of {rupiah(receipt.amount)} on this card went through.",
                f"Debit sebelumnya sebesar {rupiah(receipt.amount)} pada kartu ini ternyata berhasil.",
            )
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


class NothingToCancel(InputError):
    """This terminal has no debit of that card that could be cancelled."""

    code = "nothing-to-cancel"


class JournalError(SsnCardError):
    """The terminal's journal cannot be used. No debit is made without it."""

    code = "journal"
    default_remedy = Text(
        "Check the file and the disk; never delete a journal.", "Periksa berkas dan disk; jangan hapus jurnal."
    )
