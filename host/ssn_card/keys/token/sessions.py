# SPDX-License-Identifier: Apache-2.0
"""Sessions with one token: logged in to once, as many as are used at a time, and opened anew when it has been away."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from ssn_card.keys.errors import ProviderClosed
from ssn_card.protocol.errors import SsnCardError, Text

from .errors import TokenGone, TokenModuleUnusable, TokenNotFound, TokenPinLocked, TokenPinWrong
from .module import Module, is_lost, pkcs11_package, refusal
from .objects import Masters, Place, attribute_mapper
from .pins import TokenPin
from .uri import TokenUri

if TYPE_CHECKING:
    import pkcs11

_NOT_FOUND = Text("its module finds it no more", "modulnya tidak menemukannya lagi")
_Given = TypeVar("_Given")


class Line:
    """One session, and the masters as it knows them."""

    def __init__(self, session: pkcs11.Session, masters: Masters, generation: tuple[int, int], known: set[str]) -> None:
        """``known``: labels of other objects that sessions with this token have found."""
        self.session = session
        self.masters = masters
        self.generation = generation  #: of the module; a line of an earlier one is dead
        self._known = known

    def expect(self, label: str, found: bool) -> None:
        """That an object was looked for. One that was there before, and is not, is a token that is not there: some
        modules find nothing in it then, and say no more. Raises the error of PKCS#11 for that."""
        if found:
            self._known.add(label)
        elif label in self._known:
            raise pkcs11_package().TokenNotPresent


class TokenSessions:
    """Lends a session to whoever asks, in as many threads as ask."""

    def __init__(self, uri: TokenUri, pin: TokenPin) -> None:
        """Opens the first session. Raises ``TokenError``: a class for each reason."""
        self.uri = uri
        self._pin: TokenPin | None = pin
        self._module = Module.at(uri.module_path)
        self._idle: list[Line] = []
        self._lock = threading.Lock()
        self._generation = self._module.generation
        self._login: pkcs11.Session | None = None
        self._refused: TokenPinWrong | TokenPinLocked | None = None
        self._been_there = False
        self._known: set[Place] = set()
        self._known_labels: set[str] = set()
        self.token: pkcs11.Token = self.run(lambda line: line.session.token)
        self._been_there = True

    def run(self, action: Callable[[Line], _Given]) -> _Given:
        """What ``action`` gives with a session.

        It is done again where the token has been away and is back, so doing it twice must be as doing it once. Raises
        ``TokenError``, ``ProviderClosed``, and what the action raises.
        """
        pkcs11 = pkcs11_package()
        for last in (False, True):
            seen = self._module.generation
            try:
                with self._module.in_use():
                    return self._done(action, self._take())
            except pkcs11.PKCS11Error as error:
                if not is_lost(error) or last:
                    raise self._told(refusal(error, str(self.uri))) from None
            except (TokenNotFound, TokenModuleUnusable):
                if not self._been_there:
                    raise
                if last:
                    raise TokenGone(_NOT_FOUND, str(self.uri)) from None
            self._module.restart(seen)
        raise AssertionError("the second round ends")

    def close(self) -> None:
        """Close all sessions and forget the PIN; later use raises ``ProviderClosed``. Closing twice is allowed."""
        self._pin = None
        with self._module.in_use(), self._module.lock, self._lock:
            lines, self._idle = self._idle, []
            login, self._login = self._login, None
            if self._generation != self._module.generation:
                return  # their numbers are others' by now
            for line in lines:
                with contextlib.suppress(Exception):
                    line.session.close()
            if login is not None:
                self._module.log_out(login)

    def _done(self, action: Callable[[Line], _Given], line: Line) -> _Given:
        sound = False  # after an error of PKCS#11, or an interruption, a session may be in the middle of something
        try:
            given = action(line)
            sound = True
            return given
        except SsnCardError:
            sound = True
            raise
        finally:
            if sound:
                self._give(line)
            else:
                with contextlib.suppress(Exception):
                    line.session.close()

    def _take(self) -> Line:
        if self._pin is None:
            raise ProviderClosed(str(self.uri))
        with self._lock:
            if self._generation != self._module.generation:
                self._idle, self._login = [], None
            if self._idle:
                return self._idle.pop()
        return self._opened(self._pin)

    def _opened(self, pin: TokenPin) -> Line:
        """One more session; the first logs in."""
        if self._refused is not None:
            raise self._refused
        with self._module.lock:
            generation = self._module.generation
            token = self._module.token(self.uri)
            if self._been_there and token.serial != self.token.serial:  # another one under its name
                raise TokenNotFound(0, str(self.uri))
            if self._login is None:
                self._login = self._module.log_in(token, pin)
                self._generation = generation
            session = token.open(rw=True, attribute_mapper=attribute_mapper())
        return Line(session, Masters(session, self.uri, self._known), generation, self._known_labels)

    def _give(self, line: Line) -> None:
        with self._lock:
            if self._pin is not None and line.generation == self._module.generation:
                self._idle.append(line)

    def _told(self, error: Exception) -> Exception:
        if isinstance(error, TokenPinWrong | TokenPinLocked):
            self._refused = error  # not shown to the token again and again
        return error
