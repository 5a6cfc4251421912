# SPDX-License-Identifier: Apache-2.0
"""Who sits in front of the tablet: unlocked by a password, known by a cookie, locked again by itself.

One tablet has one companion and so one session. The tokens are made anew at each unlocking and live in memory alone.
When nobody has touched the page for a while, keys, names and session are dropped, asked or not.
"""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from ssn_card.protocol.errors import SsnCardError, Text

from ..errors import TabletLocked
from ..tablet.folder import TabletFolder, TabletIdentity
from ..tablet.work import FieldWork, SeenCard
from .plain import plain

IDLE_SECONDS = 300
_FREE_TRIES = 3
_LONGEST_WAIT = 60  #: seconds
_SHOWN_SECONDS = 120  #: that what a card said is shown


@dataclass(frozen=True)
class Flash:
    """What the next page tells first; ``person``: whom it leads to."""

    text: str
    remedy: str = ""
    good: bool = True
    person: int | None = None


class TabletSession:
    """The state of the page: locked or not."""

    def __init__(
        self,
        folder: TabletFolder,
        start: Callable[[TabletIdentity], FieldWork],
        *,
        idle_seconds: float = IDLE_SECONDS,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self.folder = folder
        self.language = "id"
        self.token = ""
        self.csrf = ""
        self.flash: Flash | None = None
        self.idle_seconds = idle_seconds
        self._start = start
        self._timer = timer
        self._guard = threading.RLock()
        self._work: FieldWork | None = None
        self._touched = 0.0
        self._wrong = 0
        self._wait_until = 0.0
        self._seen: tuple[int, SeenCard, float] | None = None
        self._watch: threading.Timer | None = None

    def unlock(self, password: str) -> None:
        """Raises ``WrongPassword``, ``TabletFolderMissing``, ``KeyringDamaged``, ``DiaryError``, ``JournalError``."""
        with self._guard:
            try:
                who = self.folder.unlock(password)
            except SsnCardError:
                self._wrong += 1
                if self._wrong >= _FREE_TRIES:
                    self._wait_until = self._timer() + min(2**self._wrong, _LONGEST_WAIT)
                raise
            self.lock()
            self._work = self._start(who)
            self._wrong = 0
            self.token, self.csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
            self._touch()

    def lock(self) -> None:
        """Drop keys, names and session."""
        with self._guard:
            if self._watch is not None:
                self._watch.cancel()
                self._watch = None
            if self._work is not None:
                self._work.close()
            self._work = self._seen = self.flash = None
            self.token = self.csrf = ""

    @property
    def waiting(self) -> int:
        """Seconds before another password is looked at."""
        return max(0, round(self._wait_until - self._timer()))

    def work(self, token: str | None) -> FieldWork:
        """The tablet's work, for whoever has the session's cookie. Raises ``TabletLocked``."""
        with self._guard:
            if self._work is not None and self._timer() - self._touched > self.idle_seconds:
                self.lock()
            if self._work is None or not token or not hmac.compare_digest(token.encode(), self.token.encode()):
                raise TabletLocked
            self._touch()
            return self._work

    def is_own_form(self, csrf: str) -> bool:
        """Whether a form was made by a page of this session."""
        return bool(self.csrf) and hmac.compare_digest(csrf.encode(), self.csrf.encode())

    def saw(self, person: int, card: SeenCard | None) -> None:
        """Remember, for a little while, what a card has said."""
        self._seen = None if card is None else (person, card, self._timer())

    def seen(self, person: int) -> SeenCard | None:
        """What the card of this person has said just now."""
        found = self._seen
        fresh = found is not None and found[0] == person and self._timer() - found[2] < _SHOWN_SECONDS
        return found[1] if found is not None and fresh else None

    def tell(self, text: Text, *, good: bool = True) -> None:
        """Have the next page tell it."""
        self.flash = Flash(text.in_language(self.language), good=good)

    def tell_error(self, error: SsnCardError, person: int | None = None) -> None:
        """Have the next page tell what went wrong and what helps."""
        said = plain(error)
        self.flash = Flash(
            said.text.in_language(self.language), said.remedy.in_language(self.language), good=False, person=person
        )

    def taken_flash(self) -> Flash | None:
        """What is to be told, once."""
        told, self.flash = self.flash, None
        return told

    def _touch(self) -> None:
        self._touched = self._timer()
        if self._watch is not None:
            self._watch.cancel()
        self._watch = threading.Timer(self.idle_seconds + 1, self._lock_if_idle)
        self._watch.daemon = True
        self._watch.start()

    def _lock_if_idle(self) -> None:
        with self._guard:
            if self._work is not None and self._timer() - self._touched >= self.idle_seconds:
                self.lock()
