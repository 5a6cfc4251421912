# SPDX-License-Identifier: Apache-2.0
"""The companion's work: reading the card at the door, verifying, handing over, activating, choosing a PIN, noting.

Whatever is done is in the diary, on the disk, when a method returns. A card is told before the diary is, since only the
card's receipt is proof; a power cut in between leaves the receipt in the terminal's journal (``Visitee.on_card``) or on
the card alone, and to activate again is harmless: the card answers with the same receipt. The tablet's clock says what
day it is on the list, and nothing about money.
"""

from __future__ import annotations

import base64
import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ssn_card.protocol.closing import Closing
from ssn_card.protocol.errors import Text
from ssn_card.protocol.values import LifeState, ReceiptType
from ssn_card.receipts import Receipt
from ssn_card.terminal import CardConnection, CardStatus, SoftwareTerminalKeys, Terminal, TerminalJournal, now, select
from ssn_card.transport import open_connection

from ...moments import utc_now
from ..errors import CardNotListed, CardOfAnother, NoPackage, PackageNotToday, VisitIncomplete, VisitTooLate
from ..forms.outcomes import NOTED, VisitOutcome
from ..forms.package import FieldPackage
from ..forms.patterns import NAME_MOST
from ..forms.result import PICTURE_MOST, VisitRecord
from .card_keys import PackageKeys
from .diary import VisitDiary
from .folder import TabletIdentity
from .packages import drop_old, packages_of
from .visitees import Visitee, visitees

_NOT_VERIFIED = Text("Nobody has verified who this is.", "Identitas belum diperiksa.")
_SIGN_AGAIN = Text("Clear it, and sign again.", "Hapus, lalu tanda tangani lagi.")
_NO_UPDATE = Text("No update was prepared for this card.", "Tidak ada pembaruan yang disiapkan untuk kartu ini.")
_NO_UPDATE_REMEDY = Text(
    "Note the card as handed over; a shop can activate it later.",
    "Catat kartu sebagai diserahkan; warung dapat mengaktifkannya kemudian.",
)


@dataclass(frozen=True)
class SeenCard:
    """A genuine card, and where it stands towards what was prepared for it."""

    status: CardStatus
    waiting: bool  #: the prepared update is newer than what the card has

    @property
    def active(self) -> bool:
        """Whether the card can be used."""
        return self.status.state is LifeState.ACTIVE


class FieldWork(Closing):
    """An unlocked tablet at work; owns its diary. Any thread may call; the card is one's at a time."""

    def __init__(
        self,
        who: TabletIdentity,
        card: str,
        *,
        clock: Callable[[], dt.datetime] = now,
        connect: Callable[[str], CardConnection] = open_connection,
    ) -> None:
        """
        Args:
            card: URL of the reader.
            clock: local time without a zone.
            connect: opens a card's URL.

        Raises:
            DiaryError, JournalError, FieldFileRefused: a class for each reason.
        """
        self.who = who
        self._card = card
        self._clock = clock
        self._connect = connect
        self._turn = threading.RLock()
        self._terminal: Terminal | None = None
        self._journal: TerminalJournal | None = None
        self._keys: PackageKeys | None = None
        self._packages: list[FieldPackage] = []
        self.diary = VisitDiary(who)
        try:
            drop_old(who, self.today)
            self.look_again()
        except BaseException:
            self.close()
            raise

    @property
    def today(self) -> dt.date:
        """By the tablet's clock."""
        return self._clock().date()

    @property
    def packages(self) -> list[FieldPackage]:
        """Oldest first."""
        return self._packages

    def look_again(self) -> None:
        """Take up packages that have come."""
        with self._turn:
            self._packages = packages_of(self.who)
            if not self._packages:
                return
            self._drop_keys()
            self._keys = PackageKeys(one for package in self._packages for one in package.persons)
            if self._journal is None:
                self._journal = TerminalJournal(self.who.folder.journal, self._packages[-1].terminal_id)
            self._terminal = Terminal(SoftwareTerminalKeys(self._keys), self._journal)

    def everybody(self) -> dict[int, Visitee]:
        """Everybody on the list, by person."""
        return visitees(
            self._packages, self.diary.records(), ((one.serial.hex(), one.raw.hex()) for one in self._kept())
        )

    def visitee(self, person: int) -> Visitee | None:
        """One of them."""
        return self.everybody().get(person)

    def owner(self, serial: bytes) -> Visitee | None:
        """Whose card it is."""
        return next((one for one in self.everybody().values() if one.person.serial == serial.hex()), None)

    def read(self, visitee: Visitee) -> SeenCard:
        """The card in the reader, if it is this person's and genuine.

        Raises:
            CardOfAnother, CardNotListed, NotOurCard, AnswerNotGenuine, TransportError
        """
        with self._at_card(visitee) as (terminal, line):
            return self._seen(visitee, terminal, line)

    def read_any(self) -> Visitee:
        """Whose card is in the reader; it must be a genuine one. Raises as :meth:`read`."""
        terminal = self._ready()
        with self._turn, self._connect(self._card) as line:
            serial = select(line)[0].serial
            found = self.owner(serial)
            if found is None:
                raise CardNotListed(serial)
            terminal.status(line)
            return found

    def verify(self, visitee: Visitee, *, signature: bytes | None = None, reference: str | None = None) -> VisitRecord:
        """Note who this is, by a signature (PNG) or the number of another means. Raises ``VisitIncomplete``."""
        self._require_day(visitee)
        if not signature and not (reference or "").strip():
            raise VisitIncomplete(Text("There is neither signature nor number.", "Belum ada tanda tangan atau nomor."))
        picture = base64.b64encode(signature).decode("ascii") if signature else None
        if picture is not None and len(picture) > PICTURE_MOST:
            raise VisitIncomplete(Text("The picture is too large.", "Gambarnya terlalu besar."), remedy=_SIGN_AGAIN)
        return self._write(visitee, VisitOutcome.VERIFIED, signature=picture, reference=_words(reference))

    def activate(self, visitee: Visitee) -> VisitRecord:
        """Hand the card over and give it its prepared update; again gives the same record.

        Raises:
            VisitIncomplete, PackageNotToday: nothing was sent.
            CardOfAnother, CardNotListed, and what ``Terminal.deliver`` raises.
        """
        self._require_day(visitee)
        self._require_verified(visitee)
        if visitee.person.update is None:
            raise VisitIncomplete(_NO_UPDATE, remedy=_NO_UPDATE_REMEDY)
        update = visitee.person.update.of(visitee.person.serial)
        with self._at_card(visitee) as (terminal, line):
            receipt = terminal.deliver(line, update).receipt
        known = next((one for one in visitee.records if one.receipt == receipt.raw.hex()), None)
        if known is not None:
            return known
        outcome = VisitOutcome.ACTIVATED if receipt.state == LifeState.ACTIVE else VisitOutcome.DELIVERED
        return self._write(visitee, outcome, receipt=receipt.raw.hex())

    def deliver(self, visitee: Visitee, note: str | None = None) -> VisitRecord:
        """Note that the card was handed over as it is. Raises ``VisitIncomplete``, ``PackageNotToday``."""
        self._require_day(visitee)
        self._require_verified(visitee)
        return self._write(visitee, VisitOutcome.DELIVERED, note=_words(note))

    def choose_pin(self, visitee: Visitee, pin: str) -> VisitRecord:
        """Give the card the PIN that its holder has typed; it is kept nowhere. Raises as ``Reader.choose_pin``."""
        with self._at_card(visitee) as (terminal, line):
            terminal.choose_pin(line, pin)
        return self._write(visitee, VisitOutcome.PIN_CHOSEN)

    def note(
        self, visitee: Visitee, outcome: VisitOutcome, note: str | None = None, appointment: dt.date | None = None
    ) -> VisitRecord:
        """Note why no card was handed over. Raises ``VisitIncomplete``, ``VisitTooLate``."""
        if outcome not in NOTED:
            raise VisitIncomplete(Text("This is no outcome to note.", "Ini bukan hasil yang dapat dicatat."))
        if visitee.newest(VisitOutcome.ACTIVATED) is not None:
            raise VisitTooLate
        return self._write(
            visitee, outcome, note=_words(note), appointment=None if appointment is None else appointment.isoformat()
        )

    def correct(self, visitee: Visitee, **fields: str) -> VisitRecord:
        """Note what is right instead of what the list says, for the bank to decide. Raises ``VisitIncomplete``."""
        person = visitee.person
        changed = {
            name: value.strip()[:NAME_MOST]
            for name, value in fields.items()
            if value.strip() not in ("", getattr(person, name))
        }
        if not changed:
            raise VisitIncomplete(Text("Nothing differs from the list.", "Tidak ada yang berbeda dari daftar."))
        return self._write(visitee, VisitOutcome.CORRECTION, correction=changed)

    def undoable(self, visitee: Visitee) -> VisitRecord | None:
        """The newest record of the person, if it can be taken back: not what a card has, nor what a result has told."""
        newest = visitee.records[-1] if visitee.records else None
        if newest is None or newest.outcome.told.final or newest.receipt or newest.number <= self.diary.told:
            return None
        return newest

    def undo(self, visitee: Visitee) -> VisitRecord:
        """Take the newest record of the person back. Raises ``VisitTooLate``."""
        newest = self.undoable(visitee)
        if newest is None:
            raise VisitTooLate
        return self._write(visitee, VisitOutcome.UNDONE, undoes=newest.uid)

    def close(self) -> None:
        """Let go of diary, journal and keys."""
        with self._turn:
            self._terminal = None
            self._drop_keys()
            if self._journal is not None:
                self._journal.close()
            self.diary.close()

    def receipts(self) -> list[Receipt]:
        """What cards have answered to updates, in the order they came."""
        return self._kept()

    def _kept(self) -> list[Receipt]:
        if self._journal is None:
            return []
        return [one for one, _ in self._journal.receipts() if one.type == ReceiptType.UPDATE]

    def _drop_keys(self) -> None:
        if self._keys is not None:
            self._keys.close()
            self._keys = None

    def _ready(self) -> Terminal:
        if self._terminal is None:
            raise NoPackage
        return self._terminal

    @contextmanager
    def _at_card(self, visitee: Visitee) -> Iterator[tuple[Terminal, CardConnection]]:
        """The card of this person, and of nobody else."""
        terminal = self._ready()
        with self._turn, self._connect(self._card) as line:
            serial = select(line)[0].serial
            if serial.hex() != visitee.person.serial:
                raise CardNotListed(serial) if self.owner(serial) is None else CardOfAnother(serial)
            yield terminal, line

    def _seen(self, visitee: Visitee, terminal: Terminal, line: CardConnection) -> SeenCard:
        status = terminal.status(line)
        update = visitee.person.update
        prepared = 0 if update is None else update.of(visitee.person.serial).entitlement.update_seq
        return SeenCard(status, prepared > status.update_seq)

    def _require_day(self, visitee: Visitee) -> None:
        package, today = visitee.package, self.today.isoformat()
        if not package.first_day <= today <= package.last_day:
            raise PackageNotToday(package.first_day, package.last_day, today)

    def _require_verified(self, visitee: Visitee) -> None:
        if visitee.verified is None:
            raise VisitIncomplete(_NOT_VERIFIED)

    def _write(self, visitee: Visitee, outcome: VisitOutcome, **values: Any) -> VisitRecord:
        return self.diary.write(
            package=visitee.package.id,
            person=visitee.person.person,
            serial=visitee.person.serial,
            outcome=outcome,
            companion=self.who.companion,
            at=utc_now(),
            **values,
        )


def _words(text: str | None) -> str | None:
    return (text or "").strip()[:NAME_MOST] or None
