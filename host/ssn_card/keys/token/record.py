# SPDX-License-Identifier: Apache-2.0
"""The record of a ceremony: what was made, by its check values, for people to sign; nothing in it is secret."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ssn_card.protocol.errors import Text

from .backup import Backup
from .ceremony import Installed
from .sessions import TokenSessions

_TITLE = {
    "ceremony": Text("RECORD OF A KEY CEREMONY", "BERITA ACARA UPACARA KUNCI"),
    "rotate": Text("RECORD OF NEW VERSIONS OF KEYS", "BERITA ACARA VERSI KUNCI BARU"),
    "restore": Text("RECORD OF A RESTORE OF KEYS", "BERITA ACARA PEMULIHAN KUNCI"),
}
_MADE, _IMPORTED = Text("made in a token", "dibuat di token"), Text("out of components", "dari komponen")
_BEFORE = Text("was there before", "sudah ada")
_LIMITS = Text(
    "Every master above is private, sensitive and not extractable in the token, signs by AES-CMAC and does nothing "
    "else, and can be neither changed, copied nor destroyed. Each was unwrapped from the backup and has its check "
    "value: the first three bytes of AES-CMAC over sixteen bytes 00.",
    "Setiap kunci induk di atas bersifat privat, sensitif, dan tidak dapat dikeluarkan dari token, hanya menghitung "
    "AES-CMAC, dan tidak dapat diubah, disalin, atau dimusnahkan. Masing-masing dibuka dari cadangan dan cocok dengan "
    "nilai periksanya: tiga byte pertama AES-CMAC atas enam belas byte 00.",
)
_WIDTH = 100  #: columns
_SIGNED = Text("Name, signature:", "Nama, tanda tangan:")


class Record(NamedTuple):
    """What was done, and with what."""

    kind: str  #: ``"ceremony"``, ``"rotate"`` or ``"restore"``
    sessions: TokenSessions
    backup: Backup
    installed: Sequence[Installed]
    moment: dt.datetime

    def text(self, language: str) -> str:
        """The record as lines of 100 columns at most, in ``"en"`` or ``"id"``. Raises ``TokenError``."""
        return "\n".join(_lines(self, language)) + "\n"


def _lines(done: Record, language: str) -> Iterator[str]:
    def say(text: Text) -> str:
        return text.in_language(language)

    yield say(_TITLE[done.kind])
    yield ""
    yield from _facts(done, language)
    yield ""
    heads = Text("PURPOSE", "KEPERLUAN"), Text("VERSION", "VERSI"), Text("CHECK", "PERIKSA"), Text("ORIGIN", "ASAL")
    yield _row(map(say, heads))
    for one in done.installed:
        origin = say(_IMPORTED if one.imported else _MADE) + ("" if one.new else f", {say(_BEFORE)}")
        yield _row((str(one.place[0]), str(one.place[1]), one.kcv.hex(), origin))
    yield ""
    yield from textwrap.wrap(say(_LIMITS), _WIDTH)
    people = [Text(f"Custodian {number}", f"Pemegang {number}") for number in range(1, done.backup.custodians + 1)]
    for who in (*people, Text("Operator", "Petugas"), Text("Witness", "Saksi")):
        yield ""
        yield f"{say(who):<12} {say(_SIGNED)} {'_' * 50}"


def _facts(done: Record, language: str) -> Iterator[str]:
    token, backup = done.sessions.token, done.backup
    serial = token.serial.decode("ascii", "replace")
    for name, value in (
        (Text("Time", "Waktu"), done.moment.isoformat(sep=" ", timespec="minutes")),
        (
            Text("Token", "Perangkat token"),
            f"{token.label}, {token.manufacturer_id} {token.model}, {serial}",
        ),
        (Text("Set of masters", "Himpunan"), done.sessions.uri.object),
        (Text("Backup", "Cadangan"), backup.path.name),
        (Text("  SHA-256", "  SHA-256"), backup.digest().hex()),
        (Text("  check value", "  nilai periksa"), backup.kcv.hex()),
        (Text("  custodians", "  pemegang"), str(backup.custodians)),
    ):
        yield f"{name.in_language(language):<18} {value}"


def _row(cells: Iterable[str]) -> str:
    purpose, version, check, origin = cells
    return f"{purpose:<16} {version:>7}  {check:<8} {origin}"
