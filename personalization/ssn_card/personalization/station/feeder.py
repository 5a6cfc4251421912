# SPDX-License-Identifier: Apache-2.0
"""Where the station's cards come from, and where they go: card after card, each released with its fate.

:func:`open_feeders` takes URLs. A scheme may have its own feeders: an entry point of the group ``ssn_card.feeders``
with the scheme's name, a function from the URL to :class:`CardFeeder` objects, one for each reader (``sim:`` is one).
``pcsc:`` is one reader that a person serves; several of them at once are in :mod:`.readers`. Any other URL is one card
in one place (:func:`ssn_card.transport.open_connection`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from enum import Enum
from importlib.metadata import entry_points
from typing import Protocol, runtime_checkable

from ssn_card.personalization.card.errors import PersonalizationError
from ssn_card.protocol.errors import InputError, Text
from ssn_card.transport import CardConnection, CardMute, NoCard, open_connection

ENTRY_POINTS = "ssn_card.feeders"
READER = "pcsc"


class Fate(Enum):
    """Where a card goes."""

    DONE = Text("personalized: to the finished cards", "selesai: ke tumpukan kartu jadi")
    KNOWN = Text("was finished before: to the finished cards", "sudah selesai sebelumnya: ke tumpukan kartu jadi")
    UNUSED = Text("still blank: back to the stock", "masih kosong: kembali ke persediaan")
    REJECTED = Text("put it aside", "sisihkan")
    SUSPECT = Text(
        "keep it under lock: it may be personalized", "simpan terkunci: kartu ini mungkin sudah dipersonalisasi"
    )


class OutOfCards(PersonalizationError):
    """The feeder is empty, or its operator has ended the session."""

    code = "out-of-cards"
    text = Text("There are no more cards.", "Kartu sudah habis.")
    remedy = Text(
        "Fill the feeder and run the same command again: it goes on where it stopped.",
        "Isi pengumpan dan jalankan perintah yang sama lagi: proses dilanjutkan dari situ.",
    )


class NoCardYet(Exception):  # no error: a row should not wait where no card is
    """Nobody has put a card in so far; another reader may have one for the row."""


class CardFeeder(Protocol):
    """A source of cards, one at a time: :meth:`next`, the connection's context, then :meth:`release`."""

    def expect(self, serials: Collection[bytes], /) -> None:
        """Told before the first card: these are in doubt, and come first where the feeder can choose."""
        ...

    def next(self) -> AbstractContextManager[CardConnection]:
        """The next card; entering the context connects to it.

        Raises :class:`OutOfCards`, and :class:`NoCardYet` where one of several readers has waited for a while.
        """
        ...

    def again(self) -> AbstractContextManager[CardConnection]:
        """The card of the last :meth:`next` once more, where it still is, after its connection broke."""
        ...

    def release(self, fate: Fate, /) -> None:
        """The card of the last :meth:`next`, after its context has ended."""
        ...

    def close(self) -> None:
        """Give up what the feeder holds."""
        ...


@runtime_checkable
class NamedFeeder(CardFeeder, Protocol):
    """A reader that has a name; others are known by their number."""

    name: str


class UrlFeeder:
    """Each URL is one card; ``urls`` may be endless, and is asked for the next one when a card is needed."""

    def __init__(self, urls: Iterable[str], on_close: Callable[[], None] | None = None) -> None:
        """``on_close``: ends what the URLs come from, such as a simulator."""
        self._urls: Iterator[str] = iter(urls)
        self._on_close = on_close
        self._last = ""

    def expect(self, serials: Collection[bytes], /) -> None:
        """Nothing: the order of the URLs is the caller's."""

    def next(self) -> AbstractContextManager[CardConnection]:
        """The card of the next URL."""
        try:
            self._last = next(self._urls)
        except StopIteration:
            raise OutOfCards from None
        return opened(self._last)

    def again(self) -> AbstractContextManager[CardConnection]:
        """The card of the last URL."""
        return opened(self._last)

    def release(self, fate: Fate, /) -> None:
        """Nothing: the card stays where it is."""

    def close(self) -> None:
        """End what the URLs come from."""
        if self._on_close is not None:
            self._on_close()


#: Tells the operator to put the next card in, given the fate of the last one; false ends the session.
AskForCard = Callable[[Fate | None], bool]


class ReaderFeeder:
    """One reader, and a person who changes the cards."""

    def __init__(self, url: str, ask: AskForCard) -> None:
        """``url``: of the reader; ``ask``: returns when the next card is in."""
        self.name = url.partition(":")[2]
        self._url = url
        self._ask = ask
        self._last: Fate | None = None

    def expect(self, serials: Collection[bytes], /) -> None:
        """Nothing: a person puts the cards in."""

    def next(self) -> AbstractContextManager[CardConnection]:
        """Ask until a card is in the reader."""
        while self._ask(self._last):
            self._last = None
            try:
                return open_connection(self._url)
            except (NoCard, CardMute):
                continue
        raise OutOfCards

    def again(self) -> AbstractContextManager[CardConnection]:
        """What is in the reader now."""
        return opened(self._url)

    def release(self, fate: Fate, /) -> None:
        """Told to the operator with the question for the next card."""
        self._last = fate

    def close(self) -> None:
        """Nothing is held between cards."""


@contextmanager
def opened(url: str) -> Iterator[CardConnection]:
    """Connects on entry, so that a card that does not answer is that card's failure."""
    with open_connection(url) as connection:
        yield connection


def open_feeders(urls: Sequence[str], ask: AskForCard) -> Sequence[CardFeeder]:
    """The feeders of these URLs, one for each reader: of one that a person serves, or of a scheme that has its own;
    more than one URL must be plain cards, fed one after the other.

    Raises ``InputError`` and what a factory raises.
    """
    if not urls:
        raise InputError(Text("Name where the cards are.", "Sebutkan tempat kartu."), where="--cards")
    factories = {point.name: point for point in entry_points(group=ENTRY_POINTS)}
    for url in urls:
        scheme = url.partition(":")[0]
        if scheme != READER and scheme not in factories:
            continue
        if len(urls) > 1:
            raise InputError(
                Text(f"{scheme}: must be the only source of cards.", f"{scheme}: harus satu-satunya sumber kartu."),
                where="--cards",
            )
        if scheme in factories:
            feeders: Sequence[CardFeeder] = factories[scheme].load()(url)
            return feeders
        return (ReaderFeeder(url, ask),)
    return (UrlFeeder(urls),)
