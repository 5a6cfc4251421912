# SPDX-License-Identifier: Apache-2.0
"""PC/SC readers: which there are, which one a name means, and waiting for a card."""

from __future__ import annotations

import time

from .errors import NoCard, ReaderNotFound, TransportError
from .pcsc_service import PcscContext

_LOOK_AGAIN_SECONDS = 0.2  #: while there is no such reader yet


def list_readers() -> list[str]:
    """Names of the connected readers. Raises :class:`PcscNotRunning`, :class:`PyscardMissing`."""
    with PcscContext() as context:
        return context.readers()


def find_reader(context: PcscContext, wanted: str) -> str:
    """The reader meant by an exact name, a number in the list, or a part of one name only (in any case).

    Empty means the only reader, or of several the only one with a card in it. Raises :class:`ReaderNotFound`.
    """
    readers = context.readers()
    if wanted in readers:
        return wanted
    if wanted.isascii() and wanted.isdigit() and int(wanted) < len(readers):
        return readers[int(wanted)]
    fitting = [reader for reader in readers if wanted.lower() in reader.lower()]
    if len(fitting) > 1 and not wanted:
        states = context.states(fitting, {}, 0)
        fitting = [reader for reader in fitting if states[reader] & context.api.SCARD_STATE_PRESENT]
    if len(fitting) != 1:
        raise ReaderNotFound(wanted, readers)
    return fitting[0]


def wait_for_card(reader: str = "", timeout: float = 10.0) -> str:
    """Name of the reader meant by ``reader`` (see :func:`find_reader`), once a card that answers is in it.

    Raises:
        ReaderNotFound, NoCard: not within ``timeout`` seconds.
        PcscNotRunning, PyscardMissing.
    """
    deadline = time.monotonic() + timeout
    with PcscContext() as context:
        api, known = context.api, dict[str, int]()
        while True:
            left = deadline - time.monotonic()
            missing: TransportError
            try:
                name = find_reader(context, reader)
            except ReaderNotFound as error:
                missing = error
                pause = min(_LOOK_AGAIN_SECONDS, max(left, 0.0))
                time.sleep(pause)
            else:
                missing = NoCard(name)
                known = context.states([name], known, max(int(left * 1000), 0))
                if known[name] & api.SCARD_STATE_PRESENT and not known[name] & api.SCARD_STATE_MUTE:
                    return name
            if left <= 0:
                raise missing
