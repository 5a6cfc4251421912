# SPDX-License-Identifier: Apache-2.0
"""A token maker's PKCS#11 module in this process, and the tokens that it knows.

A module is started once a process, whoever uses it. A token that was pulled out or restarted is found again only by
starting the module anew, after which it gives out the same numbers for other sessions and other keys. So the module has
a generation, and what was opened under an earlier one is not used any more: a stale number could be another key.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from ssn_card.protocol.errors import Text

from .cryptoki import initialize_for_threads
from .errors import (
    TokenGone,
    TokenModuleUnusable,
    TokenNotFound,
    TokenPinLocked,
    TokenPinWrong,
    TokenRefuses,
    TokenSupportMissing,
)
from .uri import TokenUri

if TYPE_CHECKING:
    import pkcs11

    from .errors import TokenError
    from .pins import TokenPin

Library: TypeAlias = Any  #: ``pkcs11.lib``, which is a function where there are types
TokenKey: TypeAlias = Any  #: a secret key of python-pkcs11, whose class is made out of what the key may do
MODULE_VARIABLE = "PKCS11_MODULE"
#: Names of PKCS#11 errors after which the token may have been pulled out or restarted. A key's handle dies with it;
#: a general or device error may mean anything, so a new start is tried for these too.
_LOST = frozenset(
    {
        "CryptokiNotInitialized", "DeviceError", "DeviceRemoved", "GeneralError", "KeyHandleInvalid",
        "ObjectHandleInvalid", "SessionClosed", "SessionHandleInvalid", "SlotIDInvalid", "TokenNotPresent",
        "TokenNotRecognised", "UserNotLoggedIn",
    }
)  # fmt: skip
_NOT_STARTED = "Initialisation error"  #: how python-pkcs11 tells of CKR_CRYPTOKI_NOT_INITIALIZED
_PIN = {"PinIncorrect", "PinInvalid", "PinLenRange"}
_modules: dict[str, Module] = {}
_guard = threading.Lock()


class _Login(NamedTuple):
    """That this process is logged in to a token."""

    generation: tuple[int, int]
    session: pkcs11.Session
    pin: TokenPin
    users: int


class Module:
    """One module; :meth:`at` gives it, the same to everybody."""

    def __init__(self, path: str) -> None:
        """For :meth:`at`."""
        self.path = path
        self.lock = threading.RLock()
        self._library: Library | None = None
        self._starts = 0
        self._process = os.getpid()
        self._idle = threading.Condition()
        self._users = 0
        self._waiting = 0  #: who want to start the module anew
        self._logins: dict[bytes, _Login] = {}

    @classmethod
    def at(cls, path: Path | None) -> Module:
        """The module of that path, else of ``PKCS11_MODULE``.

        Raises :class:`TokenSupportMissing`, :class:`TokenModuleUnusable`.
        """
        named = str(path) if path is not None else os.environ.get(MODULE_VARIABLE)
        if not named:
            raise TokenModuleUnusable(Text("none is named", "tidak disebutkan"), None)
        named = os.path.realpath(named)  # a library is loaded once, by whatever name
        with _guard:
            module = _modules.setdefault(named, cls(named))
        module.library()
        return module

    @property
    def generation(self) -> tuple[int, int]:
        """Changes with each start of the module, and in a child process, which inherits no session."""
        return os.getpid(), self._starts

    def library(self) -> Library:
        """The loaded module, started. Raises as :meth:`at`."""
        pkcs11 = pkcs11_package()
        if not Path(self.path).exists():
            raise TokenModuleUnusable(Text("it is not there", "tidak ada"), self.path)
        with self.lock:
            if self._library is not None:
                return self._library
            try:
                library = pkcs11.lib(self.path)
            except (pkcs11.PKCS11Error, OSError) as error:
                raise TokenModuleUnusable(Text(*2 * (_reason(error),)), self.path) from None
            answer = initialize_for_threads(self.path)
            if answer:
                raise TokenModuleUnusable(Text(*2 * (f"CK_RV {answer:#x}",)), self.path)
            self._library = library
            return library

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """While the body runs, the module is not started anew: numbers stay those of the same sessions and keys."""
        if self._process != os.getpid():  # a child: what others did at the fork, they do in the parent
            self._idle, self._users, self._waiting, self.lock = threading.Condition(), 0, 0, threading.RLock()
            self.restart(self.generation)
        with self._idle:
            self._idle.wait_for(lambda: not self._waiting)  # or a start would wait for ever, with enough users
            self._users += 1
        try:
            yield
        finally:
            with self._idle:
                self._users -= 1
                self._idle.notify_all()

    def restart(self, seen: tuple[int, int]) -> None:
        """Start the module anew when nobody uses it, unless that was done since ``seen``, the generation of a failure.

        Where it does not start, whoever looks for a token is told.
        """
        with self._idle:
            self._waiting += 1
            try:
                self._idle.wait_for(lambda: not self._users)
                if self.generation == seen:
                    self._starts += 1
                    self._process = os.getpid()
                    initialize_for_threads(self.path)
            finally:
                self._waiting -= 1
                self._idle.notify_all()

    def token(self, uri: TokenUri) -> pkcs11.Token:
        """The one token that fits the URI. Raises :class:`TokenNotFound`, :class:`TokenModuleUnusable`."""
        library = self.library()
        try:
            tokens = [token for slot in library.get_slots(token_present=True) if (token := _token_in(slot)) is not None]
        except pkcs11_package().PKCS11Error as error:
            raise TokenModuleUnusable(Text(*2 * (_reason(error),)), self.path) from None
        fitting = [token for token in tokens if _fits(uri, token)]
        if len(fitting) != 1:
            raise TokenNotFound(len(fitting), str(uri))
        fit: pkcs11.Token = fitting[0]
        return fit

    def log_in(self, token: pkcs11.Token, pin: TokenPin) -> pkcs11.Session:
        """A session that is logged in to the token, and with it all sessions of this process; one for all who ask.

        Raises :class:`TokenPinWrong`, and the errors of PKCS#11.
        """
        there = self._logins.get(token.serial)
        if there is None or there.generation != self.generation:
            there = _Login(self.generation, token.open(rw=True, user_pin=pin.value()), pin, 0)
        elif not pin.equals(there.pin):  # the token would not be asked again
            raise TokenPinWrong(token.label)
        self._logins[token.serial] = there._replace(users=there.users + 1)
        return there.session

    def log_out(self, session: pkcs11.Session) -> None:
        """Whoever has logged in is done; the last one's session is closed, which logs out."""
        serial = session.token.serial
        there = self._logins[serial]
        if there.users > 1:
            self._logins[serial] = there._replace(users=there.users - 1)
            return
        del self._logins[serial]
        with contextlib.suppress(Exception):
            session.close()


def pkcs11_package() -> Any:
    """The package, imported only where there is a token. Raises :class:`TokenSupportMissing`."""
    try:
        import pkcs11
    except ImportError:
        raise TokenSupportMissing from None
    return pkcs11


def is_lost(error: Exception) -> bool:
    """Whether a token that answers so may have been pulled out or restarted."""
    return type(error).__name__ in _LOST or _NOT_STARTED in str(error)


def refusal(error: Exception, where: str) -> TokenError:
    """What a PKCS#11 error means to us; its own words hold names of ours alone."""
    name = type(error).__name__
    if name in _PIN:
        return TokenPinWrong(where)
    if name == "PinLocked":
        return TokenPinLocked(where)
    if is_lost(error):
        return TokenGone(Text(*2 * (_reason(error),)), where)
    return TokenRefuses(_reason(error), where)


def _reason(error: Exception) -> str:
    return f"{type(error).__name__} {error}".strip()


def _token_in(slot: pkcs11.Slot) -> pkcs11.Token | None:
    """What is in a slot; ``None`` for what the module itself cannot make out, such as a card of somebody else's."""
    with contextlib.suppress(pkcs11_package().TokenNotPresent, pkcs11_package().TokenNotRecognised):
        return slot.get_token()
    return None


def _fits(uri: TokenUri, token: pkcs11.Token) -> bool:
    has = {
        "token": token.label,
        "serial": token.serial.decode("utf-8", "replace").rstrip("\0 "),
        "manufacturer": token.manufacturer_id,
        "model": token.model,
    }
    return all(getattr(uri, name) in (None, value) for name, value in has.items())
