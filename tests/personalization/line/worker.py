# SPDX-License-Identifier: Apache-2.0
"""The station as a process of its own, that can be killed.

Its cards come out of the running simulator, made as they are needed. Of each card its serial decides whether it is torn
once, a stranger's, or on a line that dies in the middle and never answers again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import sys
from contextlib import AbstractContextManager
from itertools import count
from pathlib import Path
from threading import Lock

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from tests.personalization.station.support import CuttableConnection

from ssn_card.bank.secret import development_secret
from ssn_card.keys import TokenKeyring, development_keyring
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.station.feeder import Fate
from ssn_card.personalization.station.issuing import extract_rows
from ssn_card.personalization.station.letter_file import LetterFile
from ssn_card.personalization.station.run import run
from ssn_card.programme import load_policies
from ssn_card.protocol.labels import KeyLabel
from ssn_card.simulator import SimulatedCard, Simulator, blank_card
from ssn_card.transport import CardConnection, ConnectionLost, open_connection

_TODAY = dt.datetime(2025, 10, 1, 8, 0)
_MILLE = 1000
TORN, STRANGERS, DYING = 5, 10, 10  #: of a thousand cards
_TRANSPORT = (KeyLabel.TRANSPORT_ENC, KeyLabel.TRANSPORT_MAC, KeyLabel.TRANSPORT_DEK)
_STRANGE_VERSION = 3
FIRST = 0x5353_0000_0000_0001  #: serial of the first card that is made
CUSTODIAN = X25519PrivateKey.from_private_bytes(bytes(range(32)))  #: of the PIN letters


class Lot:
    """What is the matter with a card, by its serial; ``share``: times as many as usual."""

    def __init__(self, serial: bytes, share: int) -> None:
        digest = hashlib.sha256(b"lot" + serial).digest()
        place, self.number = int.from_bytes(digest[:4], "big") % _MILLE, digest[4]
        self.torn = place < TORN * share
        self.strange = TORN * share <= place < (TORN + STRANGERS) * share
        self.dies = (TORN + STRANGERS) * share <= place < (TORN + STRANGERS + DYING) * share


class Stock:
    """Blank cards without end; what an earlier process left in its readers comes first."""

    def __init__(self, simulator: Simulator, folder: Path, share: int) -> None:
        self._simulator, self._folder, self._share = simulator, folder, share
        self._lock = Lock()
        cards = simulator.cards()
        self._serials = count(FIRST + len(cards))
        self._left = [card for card in cards if not self._gone(card)]

    def next(self) -> SimulatedCard:
        with self._lock:
            return self._left.pop(0) if self._left else self._made()

    def lot(self, card: SimulatedCard) -> Lot:
        return Lot(bytes.fromhex(card.name), self._share)

    def away(self, card: SimulatedCard, where: str) -> None:
        """The card is in a bin, or behind a dead line, and is not fed again."""
        (self._folder / where).mkdir(exist_ok=True)
        (self._folder / where / card.name).touch()

    def _gone(self, card: SimulatedCard) -> bool:
        return any((self._folder / where / card.name).exists() for where in ("good", "aside", "dead"))

    def _made(self) -> SimulatedCard:
        serial = next(self._serials).to_bytes(8, "big")
        lot = Lot(serial, self._share)
        if lot.strange:
            keys = (development_keyring().diversify(one, _STRANGE_VERSION, serial).value() for one in _TRANSPORT)
            return self._simulator.create_card(serial + b"".join(keys), name=serial.hex())
        card = blank_card(self._simulator, serial)
        if lot.torn:
            self._simulator.arm_tear(card, 1 + lot.number % 60)
        return card


class Reader:
    """One reader: each card once, then into its bin."""

    def __init__(self, stock: Stock) -> None:
        self._stock = stock
        self._card: SimulatedCard
        self._dead = False

    def expect(self, serials: object, /) -> None: ...

    def next(self) -> AbstractContextManager[CardConnection]:
        self._card, self._dead = self._stock.next(), False
        lot = self._stock.lot(self._card)
        if not lot.dies:
            return self.again()

        def cut(number: int) -> str | None:
            if number < 2 + lot.number % 12:
                return None
            self._dead = True
            self._stock.away(self._card, "dead")
            return "after" if lot.number % 2 else "before"

        return CuttableConnection(self._card.url, cut)

    def again(self) -> AbstractContextManager[CardConnection]:
        if self._dead:
            raise ConnectionLost(self._card.url, "the line is dead", in_flight=False)
        return open_connection(self._card.url)

    def release(self, fate: Fate, /) -> None:
        if not self._dead and fate is not Fate.UNUSED:
            self._stock.away(self._card, "good" if fate in (Fate.DONE, Fate.KNOWN) else "aside")

    def close(self) -> None: ...


def main(folder: Path, readers: int, share: int) -> int:
    """Go on until every row has its card or is in doubt."""
    policy, secret = load_policies().by_id(2025), development_secret()
    with (
        Simulator.attach() as simulator,
        TokenKeyring.open(os.environ["LINE_TOKEN"]) as keys,
        Journal.open(folder / "journal.db", secret) as journal,
        LetterFile(folder / "letters.jsonl", CUSTODIAN.public_key(), journal) as letters,
    ):
        stock = Stock(simulator, folder, share)
        feeders = [Reader(stock) for _ in range(readers)]
        rows, results = extract_rows(folder / "extract.csv", policy), folder / "results.jsonl"
        report = run(
            rows, policy, keys, feeders, journal, results, clock=lambda: _TODAY, max_bad=20, force=True, letters=letters
        )
    return 0 if report.balanced and report.stop is None else 9


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
