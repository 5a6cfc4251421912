# SPDX-License-Identifier: Apache-2.0
"""The next card at one place: waits until there is one, and, from card to card, until it is another."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ssn_card.protocol.errors import Text
from ssn_card.protocol.values import StateClass
from ssn_card.terminal import NotOurCard, select
from ssn_card.transport import CardConnection, CardInUse, CardMute, CardUrl, NoCard, ReaderNotFound, TransportError

from .options import connection
from .output import warn

_LOOK_AGAIN_SECONDS = 0.3
STRANGER = b"?"  #: stands for any card that is blank or none of ours


class CardPlace:
    """A reader, or what a URL of another scheme reaches."""

    def __init__(self, url: str, trace: Path | None, patience: float | None) -> None:
        """``patience``: seconds to wait for a card, ``None``: for ever."""
        self._url = url
        self._trace = trace
        self._patience = patience
        self._any_reader = not CardUrl.parse(url).target

    @contextmanager
    def next(self) -> Iterator[CardConnection]:
        """The card that is there, or comes. Raises ``NoCard``, ``CardMute``, ``CardInUse`` when patience ends."""
        until = self._deadline()
        told = False
        with ExitStack() as stack:
            while True:
                try:
                    line = stack.enter_context(connection(self._url, self._trace))
                    break
                except (NoCard, CardMute, CardInUse, ReaderNotFound) as missing:
                    if _is_over(until) or not self._may_come(missing):
                        raise
                time.sleep(_LOOK_AGAIN_SECONDS)
                if not told:
                    warn(Text("Present the card.", "Tempelkan atau masukkan kartu."))
                    told = True
            yield line

    def wait_for_another(self, serial: bytes) -> None:
        """Until the card with this serial (or :data:`STRANGER`) has gone. Raises ``NoCard`` when patience ends."""
        until = self._deadline()
        while self._is_there(serial):
            if _is_over(until):
                raise NoCard(self._url)
            time.sleep(_LOOK_AGAIN_SECONDS)

    def _is_there(self, serial: bytes) -> bool:
        try:
            with connection(self._url) as line:
                info, _ = select(line)
                return serial == (STRANGER if info.state_class is StateClass.BLANK else info.serial)
        except NotOurCard:
            return serial == STRANGER
        except TransportError:
            return False

    def _may_come(self, missing: TransportError) -> bool:
        """Whether waiting helps: of several readers, none named, the one with a card is meant."""
        return not isinstance(missing, ReaderNotFound) or (self._any_reader and len(missing.readers) > 1)

    def _deadline(self) -> float | None:
        return None if self._patience is None else time.monotonic() + self._patience


def _is_over(until: float | None) -> bool:
    return until is not None and time.monotonic() >= until
