# SPDX-License-Identifier: Apache-2.0
"""What can go wrong with a card's life.

The tree::

    BankError
      MoveRefused (InputError)
      MoveIncomplete (InputError)
      MoveUidTaken (InputError)
      ReceiptNotBelieved (InputError)
      ReplacementDecided (InputError)
      NotFinalYet (InputError)
      StillUsable (InputError)
      RightUnchanged (InputError)
"""

from __future__ import annotations

from ssn_card.protocol.errors import InputError, Text

from ..errors import BankError


class MoveRefused(BankError, InputError):
    """The card's life has no such move from the state in which it was then. Nothing was recorded."""

    code = "move-refused"
    text = Text(
        "Card {serial} was {state} at {at}: it cannot be {move}. {why}",
        "Kartu {serial} berstatus {state} pada {at}: tidak dapat {move}. {why}",
    )
    remedy = Text(
        "See what is known of it: ssn bank cards show. Possible from there: {possible}.",
        "Lihat riwayatnya: ssn bank cards show. Yang mungkin dari situ: {possible}.",
    )
    where = "{serial}"
    figures = ("serial", "at")
    serial: str
    state: Text
    at: str
    move: Text
    why: Text
    possible: str


class MoveIncomplete(BankError, InputError):
    """The move lacks what it must bring."""

    code = "move-incomplete"
    text = Text("To be {move}, card {serial} needs {needed}.", "Agar {move}, kartu {serial} memerlukan {needed}.")
    remedy = Text("Give it, and do it again.", "Berikan, lalu ulangi.")
    where = "{serial}"
    figures = ("serial",)
    serial: str
    move: Text
    needed: Text


class MoveUidTaken(BankError, InputError):
    """Other news came under the same name before: one of the two is not what it says."""

    code = "move-uid-taken"
    text = Text("Another move has the name {uid}.", "Perpindahan lain sudah bernama {uid}.")
    remedy = Text(
        "Have whoever told it send the original file once more.", "Mintalah berkas aslinya sekali lagi dari pengirim."
    )
    where = "{uid}"
    uid: str


class ReceiptNotBelieved(BankError, InputError):
    """The receipt is not that card's, or does not show what it is to prove."""

    code = "receipt-not-believed"
    text = Text("The receipt proves nothing for card {serial}: {why}.", "Kuitansi bukan bukti kartu {serial}: {why}.")
    remedy = Text(
        "Read the card's newest receipt: ssn card receipts.", "Baca kuitansi terbaru kartu itu: ssn card receipts."
    )
    where = "{serial}"
    figures = ("serial",)
    serial: str
    why: Text


class ReplacementDecided(BankError, InputError):
    """Another card has taken this one's place already; what it got was counted then."""

    code = "replacement-decided"
    text = Text(
        "Card {serial} has been replaced by {successor} already.", "Kartu {serial} sudah diganti oleh {successor}."
    )
    remedy = Text("See where its money is: ssn bank cards show.", "Lihat letak dananya: ssn bank cards show.")
    where = "{serial}"
    figures = ("serial", "successor")
    serial: str
    successor: str


class NotFinalYet(BankError, InputError):
    """Receipts of the old card may still be on their way; what they may have spent stays held back."""

    code = "not-final-yet"
    text = Text(
        "Receipts of card {serial} may come until {due}.", "Kuitansi kartu {serial} masih mungkin datang sampai {due}."
    )
    remedy = Text(
        "Settle it after that day; or at once, if the card turns up: deliver its newest update to it and import the"
        " receipt (ssn bank import-receipts).",
        "Selesaikan sesudah hari itu; atau segera, bila kartunya ditemukan: antarkan pembaruan terbarunya dan impor"
        " kuitansinya (ssn bank import-receipts).",
    )
    where = "{serial}"
    figures = ("serial", "due")
    serial: str
    due: str


class StillUsable(BankError, InputError):
    """The card could be debited after what it says: its balance is not final."""

    code = "still-usable"
    text = Text("Card {serial} may still be debited.", "Kartu {serial} masih dapat didebit.")
    remedy = Text(
        "Deliver its blocking update first, and give the receipt of that; or replace it as a lost card.",
        "Antarkan dahulu pembaruan blokirnya dan berikan kuitansinya; atau ganti sebagai kartu hilang.",
    )
    where = "{serial}"
    figures = ("serial",)
    serial: str


class RightUnchanged(BankError, InputError):
    """The holder is not in the state that the step begins from, or no reason was given."""

    code = "right-unchanged"
    text = Text(
        "Nothing was changed for the holder of card {serial}, who is {state}.",
        "Tidak ada yang diubah bagi pemegang kartu {serial}, berstatus {state}.",
    )
    remedy = Text(
        "Give a reason; only a person who is ready is deactivated, only a deactivated one reactivated.",
        "Berikan alasan; hanya orang berstatus siap yang dinonaktifkan, hanya yang nonaktif yang diaktifkan kembali.",
    )
    where = "{serial}"
    figures = ("serial", "state")
    serial: str
    state: str
