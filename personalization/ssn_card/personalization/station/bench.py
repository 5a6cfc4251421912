# SPDX-License-Identifier: Apache-2.0
"""The card in the station's hand: taken from the feeder, judged by the journal, made, and put where it belongs.

The order of writes is the point: the journal has the card's serial before the first command for it, and the card is
only called done after it was read back. In between it is in doubt. A dead line is the same as a dead station: a doubt
ends when the card is seen again, or when a person declares it lost, and never by itself. Only a station that lives and
has not yet sent the command that can end the blank state knows without looking that the card is blank.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import dataclass
from enum import Enum

from ssn_card.bank.secret import identity_tag
from ssn_card.channel import CardNotOurs, HostRejected
from ssn_card.identity import CardContent
from ssn_card.keys import KeyProvider
from ssn_card.personalization.card.errors import CardAlreadyPersonalized, CardRejected
from ssn_card.personalization.card.groups import KeyVersions
from ssn_card.personalization.card.one_card import OneCardKeys
from ssn_card.personalization.card.personalize import CardState, inspect, personalize, prove_blank, verify
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.journal.records import Entry, NumberState
from ssn_card.personalization.journal.stock import Standing
from ssn_card.protocol.crypto import macs_equal
from ssn_card.protocol.errors import ConfigurationError, InputError, SsnCardError
from ssn_card.protocol.status import WrongData, WrongMac
from ssn_card.transport import CardConnection

from .errors import (
    ForeignCard,
    LostCardFound,
    ReturnedCardFound,
    SerialTaken,
    StationKeysRefused,
    TooManyBadCards,
)
from .feeder import CardFeeder, Fate, OutOfCards
from .interrupts import Interrupts
from .key_proof import KeyProof
from .letter_file import LetterFile
from .report import BatchReport
from .results import ResultsFile
from .watch import RunEvent, Watch, What

MAX_STRANGERS = 3  #: cards in a row that refuse keys which other cards of the run took
#: How a card refuses keys of the station: Key-MAC in the first two, then Key-ENC and Key-DEK.
_KEYS_REFUSED = (CardNotOurs, HostRejected, WrongMac, WrongData)


@dataclass(slots=True)
class _Hand:
    """The connected card."""

    connection: CardConnection
    context: ExitStack
    state: CardState
    keys: KeyProvider  #: the provider's, each derived once for this card
    committing: bool = False  #: the command that can end its blank state may have reached it
    fate: Fate = Fate.UNUSED  #: where it goes if the run ends now


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
        keys: KeyProof,
        reader: str = "1",
        watch: Watch | None = None,
        letters: LetterFile | None = None,
    ) -> None:
        """``reader``: its name for whoever watches."""
        self._provider = provider
        self._feeder = feeder
        self._journal = journal
        self._results = results
        self._versions = versions
        self._needed = versions.required()
        self._report = report
        self._interrupts = interrupts
        self._max_bad = max_bad
        self._keys = keys
        self.reader = reader
        self._watch = watch or Watch()
        self._letters = letters
        self._bad = 0  #: failed cards in a row
        self._strangers = 0  #: those of them that refused the keys
        self._last_error: SsnCardError | None = None
        self._hand: _Hand | None = None
        self.recovered: set[int] = set()  #: journal ids of numbers whose card was found finished

    def load(self, seeking: Entry | None = None) -> None:
        """Have a blank card in hand that no row has, or ``seeking`` settled; settles every other card on the way.

        Raises ``OutOfCards``, :class:`TooManyBadCards`, :class:`StationKeysRefused`, ``ConfigurationError``, and
        ``KeyboardInterrupt`` while no card is half made.
        """
        while self._hand is None and not self._settled(seeking):
            with self._interrupts.waiting():
                coming = self._feeder.next()
            self._take(coming)
            self._stop_if_bad()

    def issue(self, plan: Callable[[], Entry], identity: bytes) -> None:
        """Make the card of one row, with the next cards if the first ones are blank and fail.

        Ends with the row's card done, or in doubt: then no other card may get the row. ``plan`` gives the row's
        number, the same one each time. Raises as :meth:`load`.
        """
        settled = False
        while not settled:
            self.load()
            settled = self._attempt(plan, identity)
            self._stop_if_bad()

    def close(self) -> None:
        """Put the card in hand back."""
        if self._hand is not None:
            self._release(self._hand.fate)

    def _take(self, coming: AbstractContextManager[CardConnection]) -> None:
        """Connect to the next card; keep it in hand if it can be made, else settle and release it."""
        try:
            with ExitStack() as context:
                connection = context.enter_context(coming)
                state = inspect(connection)
                keys = OneCardKeys(self._provider, state.serial, self._needed)
                self._hand = hand = _Hand(connection, context.pop_all(), state, keys)
        except (ConfigurationError, InputError):  # the station's fault, not the card's
            self._feeder.release(Fate.UNUSED)
            raise
        except SsnCardError as error:
            self._journal.reject(None, _reason(error))
            self._count_failure(error)
            self._feeder.release(Fate.REJECTED)
            self._tell(What.REJECTED, fate=Fate.REJECTED, error=error)
            return
        self._judge(hand)

    def _judge(self, hand: _Hand) -> None:
        """Keep the card in hand if it can be made; settle and release it by what the journal knows of its serial."""
        state = hand.state
        entry = self._journal.by_serial(state.serial)
        if entry is None:
            if (why := self._refusal(state)) is not None:
                self._reject(why, Fate.REJECTED)
        elif entry.state is NumberState.SENT:
            self._resume(hand, entry)
        elif entry.state is NumberState.LOST:
            self._turned_up(hand, entry)
        elif state.blank:
            self._reject(SerialTaken(state.serial, entry.state.text), Fate.SUSPECT)
        else:
            self._release(Fate.KNOWN)
            self._tell(What.RETURNED, serial=state.serial, fate=Fate.KNOWN)

    def _refusal(self, state: CardState) -> CardRejected | None:
        """Why a card that no row has is not used; ``None``: it is."""
        standing = self._journal.stock.standing(state.serial)
        if standing is Standing.FOREIGN:
            return ForeignCard(state.serial)
        if standing is Standing.RETURNED:
            return ReturnedCardFound(state.serial)
        return None if state.blank else CardAlreadyPersonalized(state.serial)

    def _resume(self, hand: _Hand, entry: Entry) -> None:
        """A card in doubt is seen again: finish it, or have it as a blank one."""
        hand.fate = Fate.SUSPECT
        found = self._look(hand, entry)
        if found is _Found.COMPLETE:
            self.recovered.add(entry.id)
            self._done(entry, None)
        elif found is _Found.BLANK:
            self._journal.blank_again(entry)
            hand.fate = Fate.UNUSED
        elif not self._let_go(found):
            self._doubt(entry, found)

    def _turned_up(self, hand: _Hand, entry: Entry) -> None:
        """A card that was declared lost is here: whatever it is, it does not come back into use."""
        hand.fate = Fate.SUSPECT
        if self._look(hand, entry) is _Found.COMPLETE:
            self._journal.turn_up(entry)
            self._reject(LostCardFound(hand.state.serial), Fate.SUSPECT)
        else:
            self._reject(SerialTaken(hand.state.serial, entry.state.text), Fate.SUSPECT)

    def _attempt(self, plan: Callable[[], Entry], identity: bytes) -> bool:
        """Make the card in hand; whether the row needs no other card. The card leaves the hand in any case."""
        hand = self._held()
        with self._journal.together():  # one transaction: the disk is waited for once
            entry = plan()
            hand.fate = Fate.SUSPECT
            tag = identity_tag(identity, self._journal.secret)
            entry = self._journal.sent(entry, hand.state.serial, tag, str(self._versions))
        self._tell(What.BEGAN, serial=entry.serial, line=entry.line)

        def committing() -> None:
            hand.committing = True

        try:
            made = personalize(
                hand.connection,
                hand.keys,
                entry.beneficiary_id,
                identity,
                self._versions,
                pin=None if self._letters is None else self._letters.seal(entry),
                committing=committing,
            )
        except ConfigurationError as error:
            self._broken_off(hand, entry, error)
            raise
        except SsnCardError as error:
            return self._failed(hand, entry, error)
        self._keys.fit = True
        self._done(entry, made.seconds)
        return True

    def _broken_off(self, hand: _Hand, entry: Entry, error: SsnCardError) -> None:
        """The station itself fails, such as a token that was pulled out: the run ends, and no card is blamed."""
        what = What.IN_DOUBT
        if not hand.committing:
            self._journal.blank_again(entry)
            hand.fate, what = Fate.UNUSED, What.RETURNED
        self._release(hand.fate)
        self._tell(what, serial=entry.serial, line=entry.line, fate=hand.fate, error=error)

    def _failed(self, hand: _Hand, entry: Entry, error: SsnCardError) -> bool:
        """A try has failed; whether the row needs no other card."""
        found = self._look(hand, entry) if hand.committing else _Found.BLANK
        if found is _Found.COMPLETE:  # only its last answer was lost
            self._keys.fit = True
            self._done(entry, None)
        elif found is _Found.BLANK:
            self._put_aside(hand, entry, error)
            return False
        else:
            self._doubt(entry, error)
        return True

    def _put_aside(self, hand: _Hand, entry: Entry, error: SsnCardError) -> None:
        """A card that is blank and could not be made: the row's number stays, and goes to the next card."""
        ours = isinstance(error, _KEYS_REFUSED) and not self._keys.fit
        self._journal.blank_again(entry, None if ours else _reason(error))
        hand.fate = Fate.UNUSED
        if not self._let_go(error):
            self._count_failure(error)
            self._release(Fate.REJECTED)
            self._tell(What.REJECTED, serial=hand.state.serial, line=entry.line, fate=Fate.REJECTED, error=error)

    def _doubt(self, entry: Entry, error: SsnCardError) -> None:
        """Only a person may declare a card lost that could still be found right."""
        self._journal.doubt(entry, _reason(error))
        self._count_failure(error)
        self._release(Fate.SUSPECT)
        self._tell(What.IN_DOUBT, serial=entry.serial, line=entry.line, fate=Fate.SUSPECT, error=error)

    def _let_go(self, error: SsnCardError) -> bool:
        """Whether a card that failed is let go without a word, for it refuses keys that no card has taken so far.

        Wrong keys are the station's fault: no card is put aside for them. Raises :class:`StationKeysRefused`, also
        without the card in hand.
        """
        if not isinstance(error, _KEYS_REFUSED):
            return False
        if self._keys.fit:
            self._strangers += 1
            return False
        hand = self._held()
        self._release(hand.fate)
        self._tell(What.RETURNED, serial=hand.state.serial, fate=hand.fate, error=error)
        if self._keys.refused():
            raise StationKeysRefused(error)
        return True

    def _look(self, hand: _Hand, entry: Entry) -> _Found | SsnCardError:
        """What a card is that was sent ``entry``, by proof; the error where nothing can be proved."""
        serial = hand.state.serial

        def as_sent(content: CardContent) -> bool:
            tag = identity_tag(content.identity, self._journal.secret)
            return content.beneficiary_id == entry.beneficiary_id and macs_equal(tag, entry.identity_tag or b"")

        try:
            self._revive(hand)
            if prove_blank(hand.connection, hand.keys, serial, self._versions):
                return _Found.BLANK
            verify(hand.connection, hand.keys, serial, as_sent, self._versions)
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
        self._bad = self._strangers = 0
        self._release(Fate.DONE)
        self._tell(What.DONE, serial=entry.serial, line=entry.line, fate=Fate.DONE, seconds=seconds)

    def _reject(self, error: SsnCardError, fate: Fate) -> None:
        serial = self._held().state.serial
        self._journal.reject(serial, _reason(error))
        self._count_failure(error)
        self._release(fate)
        self._tell(What.REJECTED, serial=serial, fate=fate, error=error)

    def _tell(
        self,
        what: What,
        *,
        serial: bytes | None = None,
        line: int | None = None,
        fate: Fate | None = None,
        seconds: float | None = None,
        error: SsnCardError | None = None,
    ) -> None:
        self._watch.tell(RunEvent(what, self.reader, serial, line, fate, seconds, error))

    def _count_failure(self, error: SsnCardError) -> None:
        self._results.deliver()
        self._report.failed(error)
        self._last_error = error
        self._bad += 1

    def _stop_if_bad(self) -> None:
        last = self._last_error
        if last is not None and self._strangers >= MAX_STRANGERS:
            raise StationKeysRefused(last)
        if self._bad >= self._max_bad:
            raise TooManyBadCards

    def _settled(self, seeking: Entry | None) -> bool:
        if seeking is None or seeking.serial is None:
            return False
        found = self._journal.by_serial(seeking.serial)
        return found is None or found.state is not NumberState.SENT

    def _held(self) -> _Hand:
        if self._hand is None:
            raise OutOfCards
        return self._hand

    def _release(self, fate: Fate) -> None:
        hand = self._held()
        self._hand = None
        hand.keys.close()
        with suppress(SsnCardError):  # a dead line cannot be closed well, and needs not
            hand.context.close()
        self._feeder.release(fate)


class _Found(Enum):
    BLANK = 1
    COMPLETE = 2


def _reason(error: SsnCardError) -> str:
    return f"{error.code}: {error.text.en}"
