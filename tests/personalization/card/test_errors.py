# SPDX-License-Identifier: Apache-2.0
"""What the station says of one card: its serial as it is printed, in both languages, and the place."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ssn_card.personalization.card.errors import (
    CardAlreadyPersonalized,
    CardRejected,
    UnsupportedProtocol,
    VerificationFailed,
)
from ssn_card.personalization.station.errors import LostCardFound, SerialTaken, StationKeysRefused, TooManyBadCards
from ssn_card.protocol.errors import SsnCardError, Text

SERIAL = bytes.fromhex("53530000000000ab")
NAME = "53530000000000AB"


@pytest.mark.parametrize(
    ("make", "en", "indonesian"),
    [
        (
            lambda: CardAlreadyPersonalized(SERIAL),
            f"Card {NAME} is personalized already.",
            f"Kartu {NAME} sudah dipersonalisasi.",
        ),
        (
            lambda: SerialTaken(SERIAL, Text("lost", "hilang")),
            f"Serial {NAME} is in the journal as 'lost'.",
            f"Nomor seri {NAME} ada di jurnal sebagai 'hilang'.",
        ),
        (
            lambda: LostCardFound(SERIAL),
            f"Card {NAME} was declared lost, and it is personalized.",
            f"Kartu {NAME} sudah dinyatakan hilang, dan ternyata sudah dipersonalisasi.",
        ),
        (
            lambda: VerificationFailed(SERIAL, Text("name differs", "nama berbeda")),
            f"Card {NAME} does not hold what was written: name differs.",
            f"Isi kartu {NAME} tidak sesuai: nama berbeda.",
        ),
    ],
)
def test_a_card_is_named_by_its_serial(make: Callable[[], CardRejected], en: str, indonesian: str) -> None:
    error = make()
    assert (error.text.en, error.text.id, error.where) == (en, indonesian, NAME)
    assert getattr(error, "serial", SERIAL) == SERIAL


def test_the_versions_of_a_foreign_protocol() -> None:
    error = UnsupportedProtocol(2, 1)
    assert error.text.en == "The card speaks protocol version 2, this station 1."
    assert error.text.id == "Kartu memakai protokol versi 2, stasiun ini versi 1."


def test_why_a_run_stops() -> None:
    refused = StationKeysRefused(SsnCardError(Text("No.", "Tidak.")))
    assert refused.text == (
        "The station's keys do not fit the cards: No.",
        "Kunci stasiun tidak cocok dengan kartu: Tidak.",
    )
    assert TooManyBadCards().text.en == "Too many cards in a row have failed."
    assert TooManyBadCards().text.id == "Terlalu banyak kartu berturut-turut gagal."
