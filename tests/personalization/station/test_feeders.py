# SPDX-License-Identifier: Apache-2.0
"""Where cards come from: URLs one by one, or one reader and a person."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from importlib.metadata import EntryPoint
from typing import Any

import pytest

from ssn_card.personalization.station import feeder
from ssn_card.personalization.station.feeder import Fate, OutOfCards, ReaderFeeder, UrlFeeder, open_feeders
from ssn_card.protocol.errors import InputError
from ssn_card.transport import CardMute, NoCard, ReaderNotFound


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is opened; an error in place of the next connection is raised."""
    said: list[Any] = []
    errors: list[Any] = []

    def open_connection(url: str) -> AbstractContextManager[str]:
        said.append(url)
        if errors and (error := errors.pop(0)) is not None:
            raise error
        return nullcontext(url)

    monkeypatch.setattr(feeder, "open_connection", open_connection)
    said_and_errors: list[Any] = [said, errors]
    return said_and_errors


def test_each_url_is_one_card(opened: list[Any]) -> None:
    closed: list[bool] = []
    urls = UrlFeeder(["a:", "b:"], on_close=lambda: closed.append(True))
    urls.expect([bytes(8)])
    for url in ("a:", "b:"):
        with urls.next() as connection:
            assert connection == url  # type: ignore[comparison-overlap]
        urls.release(Fate.DONE)
        with urls.again() as connection:
            assert connection == url  # type: ignore[comparison-overlap]
    with pytest.raises(OutOfCards):
        urls.next()
    assert closed == []
    urls.close()
    assert closed == [True]
    UrlFeeder([]).close()


def test_a_url_is_connected_to_when_its_context_is_entered(opened: list[Any]) -> None:
    coming = UrlFeeder(["a:"]).next()
    assert opened[0] == []
    with coming:
        assert opened[0] == ["a:"]


def test_urls_may_be_endless(opened: list[Any]) -> None:
    urls = UrlFeeder(f"{number}:" for number in iter(int, 1))
    for _ in range(3):
        with urls.next():
            pass


@pytest.mark.parametrize("error", [NoCard("reader"), CardMute("reader")])
def test_an_empty_reader_is_asked_for_again(opened: list[Any], error: Exception) -> None:
    opened[1][:] = [error, None]
    asked: list[Fate | None] = []

    def ask(last: Fate | None) -> bool:
        asked.append(last)
        return True

    reader = ReaderFeeder("pcsc:0", ask)
    reader.expect([bytes(8)])
    reader.release(Fate.DONE)
    with reader.next() as connection:
        assert connection == "pcsc:0"  # type: ignore[comparison-overlap]
    assert asked == [Fate.DONE, None]  # told once where the last card goes
    with reader.again() as connection:
        assert connection == "pcsc:0"  # type: ignore[comparison-overlap]
    reader.close()


def test_a_reader_that_is_gone_is_not_a_card_that_is_missing(opened: list[Any]) -> None:
    opened[1][:] = [ReaderNotFound("0", [])]
    with pytest.raises(ReaderNotFound):
        ReaderFeeder("pcsc:0", lambda _: True).next()


def test_the_operator_ends_the_session(opened: list[Any]) -> None:
    with pytest.raises(OutOfCards) as caught:
        ReaderFeeder("pcsc:0", lambda _: False).next()
    assert opened[0] == []
    assert "same command again" in caught.value.remedy.en


def test_every_fate_is_told_in_two_languages() -> None:
    assert all(fate.value.en and fate.value.id and fate.value.en != fate.value.id for fate in Fate)


READER = "pcsc:Gemalto PC Twin: 00"  #: a name as PC/SC gives it, with a colon of its own


def box(url: str) -> tuple[UrlFeeder]:
    """A feeder of its own scheme, as a maker of card feeders would ship it."""
    return (UrlFeeder([f"of {url}"]),)


@pytest.fixture
def schemes(monkeypatch: pytest.MonkeyPatch) -> None:
    """``box:`` and no other scheme has a feeder of its own."""

    def entry_points(*, group: str) -> list[EntryPoint]:
        assert group == "ssn_card.feeders"
        return [EntryPoint("box", f"{__name__}:box", group)]

    monkeypatch.setattr(feeder, "entry_points", entry_points)


@pytest.mark.usefixtures("schemes")
def test_each_source_of_cards_has_its_feeder(opened: list[Any]) -> None:
    asked: list[Fate | None] = []

    def ask(last: Fate | None) -> bool:
        asked.append(last)
        return True

    for urls, connected in ((["vpcd:a:1", "vpcd:b:2"], "vpcd:a:1"), (["box:7"], "of box:7"), ([READER], READER)):
        with open_feeders(urls, ask)[0].next() as connection:
            assert connection == connected  # type: ignore[comparison-overlap]
    assert asked == [None]  # a person is asked for the reader's card only; there was none before it


@pytest.mark.usefixtures("schemes")
@pytest.mark.parametrize(
    ("urls", "en", "indonesian"),
    [
        ([], "where the cards are", "tempat kartu"),
        (["pcsc:0", "vpcd:a:1"], "pcsc: must be the only", "pcsc: harus"),
        (["vpcd:a:1", "pcsc:0"], "pcsc: must be the only", "pcsc: harus"),
        (["vpcd:a:1", "box:"], "box: must be the only", "box: harus"),
    ],
)
def test_sources_that_go_not_together(urls: list[str], en: str, indonesian: str) -> None:
    with pytest.raises(InputError) as caught:
        open_feeders(urls, lambda _: False)
    assert en in caught.value.text.en
    assert indonesian in caught.value.text.id
    assert caught.value.where == "--cards"
