# SPDX-License-Identifier: Apache-2.0
"""What the errors of a transport say: place, figures and remedy, in both languages."""

from __future__ import annotations

import pytest

from ssn_card.protocol.errors import Text
from ssn_card.transport import (
    BadUrl,
    CardInUse,
    CardMute,
    CardNotReachable,
    CardRemoved,
    CardWasReset,
    ConnectionClosed,
    ConnectionLost,
    ExchangeBroken,
    MalformedCommand,
    NoCard,
    PcscFailure,
    PcscForbidden,
    PcscFull,
    PcscNotAnswering,
    PcscNotRunning,
    PyscardMissing,
    ReaderNameUnreadable,
    ReaderNotFound,
    ShortAnswer,
    TransportError,
    UnknownScheme,
)
from ssn_card.transport.errors import Words, no_answer_in

PLACE = "Reader Ä 00"
WORDS = Words(Text("it rains", "hujan turun"), Text("Wait.", "Tunggu."))
ASK = ("says nothing about whether the card did", "tidak berarti perintah gagal")
OPEN = ("Open a new connection.", "Buka koneksi baru.")


def both(error: TransportError, *figures: str | tuple[str, str]) -> None:
    """Each figure is in the text of either language; of a pair, one in each."""
    for index, language in enumerate(("en", "id")):
        said = error.describe(language)
        assert "None" not in said
        for figure in figures:
            assert (figure if isinstance(figure, str) else figure[index]) in said


@pytest.mark.parametrize("kind", [CardInUse, NoCard, CardMute])
def test_what_is_about_a_card_at_a_place(kind: type[CardInUse | NoCard | CardMute]) -> None:
    own = kind(PLACE)
    assert own.text.en == f"{PLACE}: {kind.words.text.en}."
    assert own.text.id == f"{PLACE}: {kind.words.text.id}."
    assert own.remedy == kind.words.remedy
    other = kind(PLACE, WORDS)
    assert other.text == (f"{PLACE}: it rains.", f"{PLACE}: hujan turun.")
    assert other.remedy == WORDS.remedy


def test_of_the_service() -> None:
    both(PyscardMissing(), "pyscard", "ssn-card[pcsc]")
    both(PcscNotRunning(), "apt install pcscd;", ("then start it", "lalu jalankan"))
    both(PcscNotRunning(installed=True), ("Start it", "Jalankan"))
    assert "apt" not in PcscNotRunning(installed=True).describe("en")
    both(PcscNotAnswering(), "systemctl restart pcscd", ("does not answer", "tidak menjawab"))
    both(PcscFull(199), ("199 connections", "199 koneksi"), "lsof")
    assert PcscFull(199).details == {"connections": 199}
    both(PcscForbidden("/run/x"), "(/run/x)", "polkit")
    failure = PcscFailure(PLACE, 0x80100001, WORDS)
    assert failure.text == (f"{PLACE}: it rains.", f"{PLACE}: hujan turun.")
    assert (failure.number, failure.details, failure.remedy) == (0x80100001, {"pcsc": "80100001"}, WORDS.remedy)


def test_of_the_readers() -> None:
    none = ReaderNotFound("x", [])
    assert none.readers == ()
    both(none, ("No card reader", "Tidak ada pembaca"), ("Plug one in", "Pasang"))
    several = ReaderNotFound("", iter(["A", "B"]))
    assert several.readers == ("A", "B")
    both(several, "0: A; 1: B", ("several readers", "beberapa pembaca"), ("Name one", "Sebut satu"))
    both(ReaderNotFound("C", ["A", "B"]), "0: A; 1: B", "'C'")
    both(ReaderNameUnreadable(), "UTF-8", "FRIENDLYNAME")


def test_before_a_card() -> None:
    both(BadUrl("x:y", Text("why", "mengapa")), ("'x:y': why.", "'x:y': mengapa."), "vpcd:HOST:PORT")
    both(UnknownScheme("x:y", {"b", "a"}), "'x:y'", "a:, b:")
    both(MalformedCommand(3), "65544", "3.")
    both(ConnectionClosed("x:y"), "x:y", OPEN)
    both(CardNotReachable("x:y", "refused"), "x:y: refused.")
    both(CardNotReachable("x:y", Text("why", "mengapa")), ("x:y: why.", "x:y: mengapa."))


def test_with_a_card() -> None:
    for in_flight, remedy in ((True, ASK), (False, OPEN)):
        broken = ExchangeBroken(Text("a", "b"), in_flight=in_flight)
        assert (broken.text, broken.in_flight) == (("a", "b"), in_flight)
        both(broken, remedy)
        assert not broken.remedy.en.endswith(" ")
        both(ExchangeBroken(Text("a", "b"), in_flight=in_flight, remedy=WORDS.remedy), remedy, (" Wait.", " Tunggu."))
        removed = CardRemoved(PLACE, in_flight=in_flight)
        both(removed, (f"{PLACE}: the card was removed.", f"{PLACE}: kartu dilepas."), remedy)
        both(CardRemoved(PLACE, in_flight=in_flight, words=WORDS), (f"{PLACE}: it rains.", "hujan turun."), remedy)
        both(CardRemoved(PLACE, in_flight=in_flight, words=WORDS), (" Wait.", " Tunggu."))
        assert removed.in_flight is in_flight
        lost = ConnectionLost(PLACE, "gone", in_flight=in_flight)
        both(lost, (f"{PLACE}: connection lost: gone.", f"{PLACE}: koneksi terputus: gone."), remedy)
        assert (lost.in_flight, lost.reason) == (in_flight, ("gone", "gone"))
        lost = ConnectionLost(PLACE, WORDS.text, in_flight=in_flight, remedy=WORDS.remedy)
        both(lost, ("lost: it rains.", "terputus: hujan turun."), (" Wait.", " Tunggu."))
    assert CardWasReset(PLACE).in_flight is False
    both(CardWasReset(PLACE), PLACE, ("another program reset the card.", "program lain mereset kartu."), OPEN)
    both(CardWasReset(PLACE, WORDS), (f"{PLACE}: it rains.", "hujan turun."), OPEN, (" Wait.", " Tunggu."))
    both(ShortAnswer(PLACE, 1), PLACE, ("of 1 bytes", "1 byte"), ASK)
    assert ShortAnswer(PLACE, 1).in_flight
    assert no_answer_in(0.5) == ("no answer within 0.5 s", "tidak ada jawaban dalam 0.5 detik")
    assert no_answer_in(30.0).en == "no answer within 30 s"
