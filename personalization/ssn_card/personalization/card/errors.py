# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with one card on the station. None of these holds a person's data."""

from __future__ import annotations

from ssn_card.protocol.errors import SsnCardError, Text


class PersonalizationError(SsnCardError):
    """Root of the errors of the personalization station."""

    code = "personalization"


class CardRejected(PersonalizationError):
    """This card cannot be personalized here; the next one may."""

    code = "card-rejected"


class NotOurCard(CardRejected):
    """No SSN Card applet on the card, or an answer to SELECT that ours would not give."""

    code = "not-our-card"
    default_remedy = Text("Put a blank SSN card in.", "Masukkan kartu SSN kosong.")


class UnsupportedProtocol(CardRejected):
    """The applet speaks another version of the protocol."""

    code = "unsupported-protocol"
    default_remedy = Text(
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
    default_remedy = Text(
        "Put it aside; a personalized card is never personalized again.",
        "Sisihkan; kartu yang sudah dipersonalisasi tidak dipersonalisasi lagi.",
    )

    def __init__(self, serial: bytes) -> None:
        name = serial.hex().upper()
        super().__init__(
            Text(f"Card {name} is personalized already.", f"Kartu {name} sudah dipersonalisasi."), where=name
        )
        self.serial = serial


class SerialChanged(CardRejected):
    """The serial in SELECT and the one in INITIALIZE UPDATE differ: the card was exchanged, or lies."""

    code = "serial-changed"
    default_remedy = Text("Keep the card and look at it apart.", "Tahan kartu itu dan periksa terpisah.")


class VerificationFailed(CardRejected):
    """A card that says it is personalized does not hold what it should."""

    code = "verification-failed"
    default_remedy = Text(
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
