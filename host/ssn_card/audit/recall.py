# SPDX-License-Identifier: Apache-2.0
"""Verdicts over partitions of a store, kept from one verification to the next: what is as it was is not judged again.

A verdict holds while its file is the same (by the system's own marks, the last of which no program can set), and so are
keys, this program, and the terms as far as they concern its cards. The record is sealed by a key that a holder of those
RECEIPT keys alone can derive; what is not rightly sealed is not even read, and everything is judged again. A partition
with receipts that no key was given for is never kept, since the key may be given next time.
"""

from __future__ import annotations

import hashlib
import hmac
import pickle
import threading
from collections.abc import Sequence
from contextlib import suppress
from importlib import resources
from pathlib import Path
from typing import NamedTuple, Self

from ssn_card.keys import SERIAL_LENGTH, KeyProvider
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.system import system_reason
from ssn_card.storage import whole_file

from .errors import RecallNotWritten
from .stamp import Stamp, stamp_of
from .store import Partition
from .terms import Terms, Verdict, concerning

MAGIC = b"ssn-card/recall/1\n"  #: how the file of a record begins
_SEAL = 32
_NOBODY = b"\xff" * SERIAL_LENGTH  #: a serial that no card has
_PACKAGES = ("protocol", "receipts", "audit", "audit.kernel", "audit.lockstep", "audit.store")


class _Kept(NamedTuple):
    """Verdicts over one partition, and what they hold for."""

    stamp: Stamp
    names: int
    terms: bytes
    verdicts: tuple[Verdict, ...]


class Recall:
    """What is known of partitions; of one store or several. ``used``: partitions that were not judged again."""

    def __init__(self, path: Path, key: bytes, kept: dict[str, _Kept]) -> None:
        """For :meth:`open`."""
        self._path, self._key, self._before = path, key, kept
        self._after: dict[str, _Kept] = {}
        self._guard = threading.Lock()
        self.used = 0

    @classmethod
    def open(cls, path: Path, provider: KeyProvider) -> Self:
        """What stands in a file, if these keys have sealed it; nothing of any other, or of one that is not there."""
        key = _sealing_key(provider)
        return cls(path, key, _read(path, key))

    def verdicts(self, part: Partition, terms: Terms) -> Sequence[Verdict] | None:
        """The verdicts over a partition, if they still hold."""
        kept = self._before.get(str(part.path))
        if kept is None or kept.stamp != stamp_of(part.path) or kept.terms != _digest(terms, kept.names, kept.verdicts):
            return None
        with self._guard:
            self._after[str(part.path)] = kept
            self.used += 1
        return kept.verdicts

    def keep(self, part: Partition, stamp: Stamp | None, terms: Terms, verdicts: Sequence[Verdict]) -> None:
        """Keep verdicts over a partition that had this stamp before it was read, if it still has it."""
        if stamp is None or stamp != stamp_of(part.path):
            return
        if any(verdict.judged is not None or not verdict.suspects.has_key.all() for verdict in verdicts):
            return
        names = len(terms.names)
        kept = _Kept(stamp, names, _digest(terms, names, verdicts), tuple(verdicts))
        with self._guard:
            self._after[str(part.path)] = kept

    def save(self) -> None:
        """Write what is known now, whole or not at all. Raises :class:`RecallNotWritten`."""
        content = pickle.dumps((_program(), self._before | self._after))
        try:
            with whole_file(self._path) as file:
                file.write(MAGIC + _seal(self._key, content) + content)
        except OSError as error:
            raise RecallNotWritten(system_reason(error), str(self._path)) from None


def _read(path: Path, key: bytes) -> dict[str, _Kept]:
    with suppress(OSError):
        data = path.read_bytes() if path.is_file() else b""  # a device may have no end, a pipe no writer
        seal, content = data[len(MAGIC) : len(MAGIC) + _SEAL], data[len(MAGIC) + _SEAL :]
        if data.startswith(MAGIC) and hmac.compare_digest(seal, _seal(key, content)):
            program, kept = pickle.loads(content)  # noqa: S301 by whoever holds the keys, and the seal says who
            return dict(kept) if program == _program() else {}
    return {}


def _sealing_key(provider: KeyProvider) -> bytes:
    """Known to those alone who can make the MACs that are judged."""
    said = hashlib.sha256(b"ssn-card recall")
    serials = getattr(provider, "serials", None)
    for version in provider.versions(KeyLabel.RECEIPT):
        listed = [_NOBODY] if serials is None else serials()
        block = provider.diversify_many(KeyLabel.RECEIPT, version, b"".join(listed))
        said.update(bytes((version,)) + block.value() + block.missing)
    return said.digest()


def _seal(key: bytes, content: bytes) -> bytes:
    return hmac.digest(key, content, "sha256")


def _digest(terms: Terms, names: int, verdicts: Sequence[Verdict]) -> bytes:
    """The terms as far as they concern the cards of these verdicts, and the sources there were."""
    cards = {int(serial).to_bytes(SERIAL_LENGTH, "big") for one in verdicts for serial in one.serials.tolist()}
    own = concerning(terms, cards)
    lists = own.lists
    said = (
        list(own.names[:names]), sorted((serial, tip.seq, tip.mac) for serial, tip in own.tips.items()),
        own.whole, own.baskets, own.most, own.searched,
        lists.issued and sorted(lists.issued), sorted(lists.blocked.items()), sorted(lists.undelivered),
    )  # fmt: skip
    return hashlib.sha256(repr(said).encode()).digest()


def _program() -> bytes:
    """The rules by which was judged, by their own text."""
    said = hashlib.sha256()
    for package in _PACKAGES:
        for file in sorted(resources.files(f"ssn_card.{package}").iterdir(), key=lambda one: one.name):
            if file.name.endswith(".py"):
                said.update(file.read_bytes())
    return said.digest()
