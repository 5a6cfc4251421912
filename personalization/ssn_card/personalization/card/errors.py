# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with one card on the station. None of these holds a person's data.

The tree::

    SsnCardError
      PersonalizationError
        CardRejected
          NotAnSsnCard
          UnsupportedProtocol
          CardAlreadyPersonalized
          SerialChanged
          VerificationFailed
"""

from __future__ import annotations

from ssn_card.protocol.errors import SsnCardError, Text


class PersonalizationError(SsnCardError):
    """Root of the errors of the personalization station."""

    code = "personalization"


class CardRejected(PersonalizationError):
    """This card cannot be personalized here; the next one may."""

    code = "card-rejected"


class NotAnSsnCard(CardRejected):
    """No SSN Card applet on the card, or an answer to SELECT that ours would not give."""

    code = "not-an-ssn-card"
    remedy = Text("Put a blank SSN card in.", "Masukkan kartu SSN kosong.")


class UnsupportedProtocol(CardRejected):
    """The applet speaks another version of the protocol."""

    code = "unsupported-protocol"
    text = Text(
        "The card speaks protocol version {found}, this station {expected}.",
        "Kartu memakai protokol versi {found}, stasiun ini versi {expected}.",
    )
    remedy = Text(
        "Use cards of this release, or the station of the card's release.",
        "Pakai kartu untuk rilis ini, atau stasiun untuk rilis kartu itu.",
    )
    found: int
    expected: int


class CardAlreadyPersonalized(CardRejected):
    """The card belongs to somebody already."""

    code = "already-personalized"
    text = Text("Card {serial:X} is personalized already.", "Kartu {serial:X} sudah dipersonalisasi.")
    remedy = Text(
        "Put it aside; a personalized card is never personalized again.",
        "Sisihkan; kartu yang sudah dipersonalisasi tidak dipersonalisasi lagi.",
    )
    where = "{serial:X}"
    serial: bytes


class SerialChanged(CardRejected):
    """The serial in SELECT and the one in INITIALIZE UPDATE differ: the card was exchanged, or lies."""

    code = "serial-changed"
    remedy = Text("Keep the card and look at it apart.", "Tahan kartu itu dan periksa terpisah.")


class VerificationFailed(CardRejected):
    """A card that says it is personalized does not hold what it should."""

    code = "verification-failed"
    text = Text("Card {serial:X} does not hold what was written: {what}.", "Isi kartu {serial:X} tidak sesuai: {what}.")
    remedy = Text(
        "Keep the card out of circulation; its beneficiary number must not be activated.",
        "Jangan edarkan kartu itu; nomor penerimanya tidak boleh diaktifkan.",
    )
    where = "{serial:X}"
    serial: bytes
    what: Text
