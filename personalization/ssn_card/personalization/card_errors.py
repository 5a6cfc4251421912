# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with one card on the station. None of these holds a person's data."""

from __future__ import annotations

from ssn_card.protocol.errors import InputError, SsnCardError, Text


class PersonalizationError(SsnCardError):
    """Root of the errors of the personalization station."""

    code = "personalization"


class CardRejected(PersonalizationError):
    """This card cannot be personalized here; the next one may."""

    code = "card-rejected"


class NotOurCard(CardRejected):
    """No SSN Card applet on the card, or an answer to SELECT that ours would not give."""

    code = "not-our-card"
    remedy = Text("Put a blank SSN card in.", "Masukkan kartu SSN kosong.")


class UnsupportedProtocol(CardRejected):
    """The applet speaks another version of the protocol."""

    code = "unsupported-protocol"
    remedy = Text(
        "Use cards of this release, or the station of the card's release.",
        "Pakai kartu untuk rilis ini, atau stasiun untuk rilis kartu itu.",
    )

    def __init__(self, found: int, expected: int) -> None:
        super().__init__(
            Text(
                f"The card speaks protocol version {found}, this station {expected}.",
                f"Kartu memakai protokol versi {found}, stasiun ini versi {expected}.",
            )
        )


class CardAlreadyPersonalized(CardRejected):
    """The card belongs to somebody already."""

    code = "already-personalized"
    remedy = Text(
        "Put it aside; a personalized card is never personalized again.",
        "Sisihkan; kartu yang sudah dipersonalisasi tidak dipersonalisasi lagi.",
    )

    def __init__(self, serial: bytes) -> None:
        name = serial.hex().upper()
        super().__init__(
            Text(f"Card {name} is personalized already.", f"Kartu {name} sudah dipersonalisasi."), where=name
        )
        self.serial = serial


class SerialTaken(CardRejected):
    """A card with the serial of a card that was declared lost, or a blank one with a serial that is in use."""

    code = "serial-taken"
    remedy = Text(
        "Keep the card under lock and tell the card maker if it is new.",
        "Simpan kartu itu terkunci dan beri tahu pembuat kartu bila kartu itu baru.",
    )

    def __init__(self, serial: bytes, state: Text) -> None:
        name = serial.hex().upper()
        super().__init__(
            Text(
                f"Serial {name} is in the journal as '{state.en}'.",
                f"Nomor seri {name} ada di jurnal sebagai '{state.id}'.",
            ),
            where=name,
        )


class LostCardFound(CardRejected):
    """A card that was declared lost has turned up, and it is personalized: its family has, or gets, another one."""

    code = "lost-card-found"
    remedy = Text(
        "Keep it under lock and destroy it by the rules of the house; it must never be activated.",
        "Simpan terkunci lalu musnahkan menurut aturan; kartu ini tidak boleh diaktifkan.",
    )

    def __init__(self, serial: bytes) -> None:
        name = serial.hex().upper()
        super().__init__(
            Text(
                f"Card {name} was declared lost, and it is personalized.",
                f"Kartu {name} sudah dinyatakan hilang, dan ternyata sudah dipersonalisasi.",
            ),
            where=name,
        )


class SerialChanged(CardRejected):
    """The serial in SELECT and the one in INITIALIZE UPDATE differ: the card was exchanged, or lies."""

    code = "serial-changed"
    remedy = Text("Keep the card and look at it apart.", "Tahan kartu itu dan periksa terpisah.")


class VerificationFailed(CardRejected):
    """A card that says it is personalized does not hold what it should."""

    code = "verification-failed"
    remedy = Text(
        "Keep the card out of circulation; its beneficiary number must not be activated.",
        "Jangan edarkan kartu itu; nomor penerimanya tidak boleh diaktifkan.",
    )

    def __init__(self, serial: bytes, what: Text) -> None:
        name = serial.hex().upper()
        super().__init__(
            Text(
                f"Card {name} does not hold what was written: {what.en}.", f"Isi kartu {name} tidak sesuai: {what.id}."
            ),
            where=name,
        )
        self.serial = serial


class TooManyBadCards(PersonalizationError):
    """Card after card fails: the reader or the whole stock is wrong, not the cards one by one."""

    code = "too-many-bad-cards"
    remedy = Text(
        "Check the reader and the stock before more cards are put aside.",
        "Periksa pembaca dan persediaan sebelum lebih banyak kartu disisihkan.",
    )

    def __init__(self) -> None:
        super().__init__(Text("Too many cards in a row have failed.", "Terlalu banyak kartu berturut-turut gagal."))


class StationKeysRefused(PersonalizationError):
    """Cards refuse the station's keys: the keyring or its version is wrong, or the stock is another issuer's."""

    code = "station-keys-refused"
    remedy = Text(
        "The cards are not at fault and no number was used. Check --keyring and the versions of its keys, such as that "
        "of the transport keys of this stock (--use-key transport=N), then run the same command again.",
        "Kartu tidak bersalah dan tidak ada nomor terpakai. Periksa --keyring dan versi kuncinya, misalnya versi kunci "
        "transport persediaan ini (--use-key transport=N), lalu jalankan perintah yang sama lagi.",
    )

    def __init__(self, last: SsnCardError) -> None:
        super().__init__(
            Text(
                f"The station's keys do not fit the cards: {last.text.en}",
                f"Kunci stasiun tidak cocok dengan kartu: {last.text.id}",
            )
        )


class BatchRefused(PersonalizationError, InputError):
    """A batch that is not started: a finding about the file as a whole, or a file that is another policy's."""

    code = "batch-refused"
    remedy = Text(
        "Clear the finding with the registry; only if it is harmless, force the batch.",
        "Selesaikan temuan itu dengan instansi asal; hanya bila tidak berbahaya, paksa batch ini.",
    )
