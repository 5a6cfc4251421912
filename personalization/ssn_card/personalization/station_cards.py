# SPDX-License-Identifier: Apache-2.0
"""The card in the station's hand: taken from the feeder, judged by the journal, made, and put where it belongs.

The order of writes is the point: the journal has the card's serial before the first command that can change the card,
and the card is only called done after it was read back.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import dataclass
from enum import Enum

from ssn_card.keys import KeyProvider
from ssn_card.protocol.crypto import macs_equal
from ssn_card.protocol.errors import ConfigurationError, InputError, SsnCardError, Text
from ssn_card.transport import CardConnection

from .card import CardContent, CardState, inspect, personalize, prove_blank, verify
from .card_errors import CardAlreadyPersonalized, PersonalizationError, SerialTaken
from .feeder import CardFeeder, Fate, OutOfCards
from .groups import KeyVersions
from .journal import Journal
from .journal_records import Entry, State
from .journal_secret import identity_tag
from .results import ResultsFile
from .station_interrupts import Interrupts
from .station_report import BatchReport


class TooManyBadCards(PersonalizationError):
    """Card after card fails: the reader, the keys or the whole stock are wrong, not the cards one by one."""

    code = "too-many-bad-cards"
    default_remedy = Text(
        "Check the reader, the keyring and the stock before more cards are put aside.",
        "Periksa pembaca, keyring, dan persediaan sebelum lebih banyak kartu disisihkan.",
    )

    def __init__(self, count: int, last: SsnCardError) -> None:
        super().__init__(
            Text(
                f"{count} cards in a row have failed, the last one so: {last.text.en}",
                f"{count} kartu berturut-turut gagal, yang terakhir: {last.text.id}",
            )
        )


@dataclass(slots=True)
class _Hand:
    """The connected card."""

    connection: CardConnection
    context: ExitStack
    state: CardState
    touched: bool = False  #: commands that can change it were sent


class Bench:
    """Feeds cards, settles those of an earlier run, and makes new ones. Close it at the end of the run."""

    def __init__(
        self,
        provider: KeyProvider,
        feeder: CardFeeder,
        journal: Journal,
        results: ResultsFile,
        versions: KeyVersions,
        report: BatchReport,
        interrupts: Interrupts,
        max_bad: int,
    ) -> None:
        self._provider = provider
        self._feeder = feeder
        self._journal = journal
        self._results = results
        self._versions = versions
        self._report = report
        self._interrupts = interrupts
        self._max_bad = max_bad
        self._bad = 0  #: failed cards in a row
        self._hand: _Hand | None = None
        self.recovered: set[int] = set()  #: journal ids of numbers whose card was found finished

    def load(self) -> None:
        """Have a blank card in hand that no row has; settles every other card on the way.

        Raises ``OutOfCards``, :class:`TooManyBadCards`, ``ConfigurationError``, and ``KeyboardInterrupt`` while no
        card is half made.
        """
        while self._hand is None:
            with self._interrupts.waiting():
                coming = self._feeder.next()
            self._take(coming)
            self._stop_if_bad()

    def issue(self, plan: Callable[[], Entry], identity: bytes) -> None:
        """Make the card of one row, with the next cards if the first ones fail.

        ``plan`` gives the row's number: the same again after a card that is provably blank, else a new one.
        Raises as :meth:`load`.
        """
        made = False
        while not made:
            self.load()
            made = self._attempt(plan(), identity)
            self._stop_if_bad()

    def close(self) -> None:
        """Put the card in hand back."""
        if self._hand is not None:
            self._release(Fate.SUSPECT if self._hand.touched else Fate.UNUSED)

    def _take(self, coming: AbstractContextManager[CardConnection]) -> None:
        """Connect to the next card; keep it in hand if it can be made, else settle and release it."""
        try:
            with ExitStack() as context:
                connection = context.enter_context(coming)
                state = inspect(connection)
                self._hand = hand = _Hand(connection, context.pop_all(), state)
        except (ConfigurationError, InputError):  # the station's fault, not the card's
            self._feeder.release(Fate.UNUSED)
            raise
        except SsnCardError as error:
            self._journal.reject(None, _reason(error))
            self._count_failure(error)
            self._feeder.release(Fate.REJECTED)
            return
        entry = self._journal.by_serial(state.serial)
        if entry is None:
            if not state.blank:
                self._reject(CardAlreadyPersonalized(state.serial), Fate.REJECTED)
        elif entry.state is State.SENT:
            self._resume(hand, entry)
        elif entry.state is State.DONE and not state.blank:
            self._release(Fate.KNOWN)
        else:
            self._reject(SerialTaken(state.serial, entry.state.text), Fate.SUSPECT)

    def _resume(self, hand: _Hand, entry: Entry) -> None:
        """An earlier run died over this card: finish it, or have it as a blank one."""
        hand.touched = True
        found = self._look(hand, entry)
        if found is _Found.COMPLETE:
            self.recovered.add(entry.id)
            self._done(entry, None)
        elif found is _Found.BLANK:
            self._journal.blank_again(entry)
            hand.touched = False
        else:
            # The number stays in doubt: only a person may declare a card lost that could still be found right.
            self._reject(found, Fate.SUSPECT)

    def _attempt(self, entry: Entry, identity: bytes) -> bool:
        """Make the card in hand; whether it is the row's card now. The card leaves the hand in any case."""
        hand = self._held()
        hand.touched = True
        entry = self._journal.sent(entry, hand.state.serial, identity_tag(identity, self._journal.secret))
        try:
            made = personalize(hand.connection, self._provider, entry.beneficiary_id, identity, self._versions)
        except ConfigurationError:
            self._release(Fate.SUSPECT)  # in doubt, until the station works again
            raise
        except SsnCardError as error:
            return self._failed(hand, entry, error)
        self._done(entry, made.seconds)
        return True

    def _failed(self, hand: _Hand, entry: Entry, error: SsnCardError) -> bool:
        found = self._look(hand, entry)
        if found is _Found.COMPLETE:  # only its last answer was lost
            self._done(entry, None)
            return True
        if found is _Found.BLANK:
            self._journal.blank_again(entry, _reason(error))
            self._count_failure(error)
            self._release(Fate.REJECTED)
        else:
            self._journal.lose(entry, _reason(error))
            self._report.lost_cards += 1
            self._count_failure(error)
            self._release(Fate.SUSPECT)
        return False

    def _look(self, hand: _Hand, entry: Entry) -> _Found | SsnCardError:
        """What a card is that was sent ``entry``, by proof; the error where nothing can be proved."""
        serial = hand.state.serial

        def as_sent(content: CardContent) -> bool:
            tag = identity_tag(content.identity, self._journal.secret)
            return content.beneficiary_id == entry.beneficiary_id and macs_equal(tag, entry.identity_tag or b"")

        try:
            self._revive(hand)
            if prove_blank(hand.connection, self._provider, serial, self._versions):
                return _Found.BLANK
            verify(hand.connection, self._provider, serial, as_sent, self._versions)
        except ConfigurationError:
            raise
        except SsnCardError as error:
            return error
        return _Found.COMPLETE

    def _revive(self, hand: _Hand) -> None:
        """Power the card up anew, over a new connection if need be."""
        try:
            hand.connection.reset()
        except SsnCardError:
            hand.context.close()
            hand.connection = hand.context.enter_context(self._feeder.again())

    def _done(self, entry: Entry, seconds: float | None) -> None:
        self._journal.done(entry, seconds)
        self._results.deliver()
        self._bad = 0
        self._release(Fate.DONE)

    def _reject(self, error: SsnCardError, fate: Fate) -> None:
        self._journal.reject(self._held().state.serial, _reason(error))
        self._count_failure(error)
        self._release(fate)

    def _count_failure(self, error: SsnCardError) -> None:
        self._results.deliver()
        self._report.failed_cards += 1
        self._report.last_error = error
        self._bad += 1

    def _stop_if_bad(self) -> None:
        if self._bad >= self._max_bad and self._report.last_error is not None:
            raise TooManyBadCards(self._bad, self._report.last_error)

    def _held(self) -> _Hand:
        if self._hand is None:
            raise OutOfCards
        return self._hand

    def _release(self, fate: Fate) -> None:
        hand = self._held()
        self._hand = None
        with suppress(SsnCardError):  # a dead line cannot be closed well, and needs not
            hand.context.close()
        self._feeder.release(fate)


class _Found(Enum):
    BLANK = 1
    COMPLETE = 2


def _reason(error: SsnCardError) -> str:
    return f"{error.code}: {error.text.en}"
