# SPDX-License-Identifier: Apache-2.0
"""Whom a tablet is to visit, and how far each visit has come, as its packages and its diary say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from ssn_card.protocol.errors import Text

from ..forms.outcomes import VisitOutcome
from ..forms.package import FieldPackage, PersonToVisit
from ..forms.result import VisitRecord


class VisitStanding(StrEnum):
    """Where the visit of a person stands; by it the day's list is filtered."""

    OPEN = "open"
    BEGUN = "begun"  #: verified, or the card has its update already, and not noted as handed over
    DONE = "done"
    AGAIN = "again"  #: not met, ill: to be visited again
    ENDED = "ended"  #: moved, refused, returned

    @property
    def text(self) -> Text:
        """For people."""
        return _TEXTS[self]


_TEXTS = {
    VisitStanding.OPEN: Text("to visit", "belum"),
    VisitStanding.BEGUN: Text("begun", "dimulai"),
    VisitStanding.DONE: Text("done", "selesai"),
    VisitStanding.AGAIN: Text("visit again", "kunjungi lagi"),
    VisitStanding.ENDED: Text("to the bank", "ke bank"),
}
_STANDINGS = {
    VisitOutcome.ACTIVATED: VisitStanding.DONE,
    VisitOutcome.DELIVERED: VisitStanding.DONE,
    VisitOutcome.NOT_MET: VisitStanding.AGAIN,
    VisitOutcome.ILL: VisitStanding.AGAIN,
}


@dataclass(frozen=True)
class Visitee:
    """Somebody on the list, with what was noted of him and stands."""

    person: PersonToVisit
    package: FieldPackage = field(repr=False)
    records: tuple[VisitRecord, ...]  #: without what was taken back, in order
    on_card: bool  #: the tablet has a receipt of the card's update that no record names

    def newest(self, *outcomes: VisitOutcome) -> VisitRecord | None:
        """The newest record of one of these outcomes."""
        return next((one for one in reversed(self.records) if one.outcome in outcomes), None)

    @property
    def ended(self) -> VisitRecord | None:
        """How the visit ended, so far."""
        return next((one for one in reversed(self.records) if one.outcome.told.ends), None)

    @property
    def verified(self) -> VisitRecord | None:
        """The verification, if it was done."""
        return self.newest(VisitOutcome.VERIFIED)

    @property
    def standing(self) -> VisitStanding:
        """Where the visit stands."""
        ended = self.ended
        if self.on_card or (ended is None and self.verified):
            return VisitStanding.BEGUN
        return VisitStanding.OPEN if ended is None else _STANDINGS.get(ended.outcome, VisitStanding.ENDED)


def visitees(
    packages: Iterable[FieldPackage], records: Iterable[VisitRecord], receipts: Iterable[tuple[str, str]]
) -> dict[int, Visitee]:
    """Everybody by person, in the order of kelurahan and name; of one in two packages the newer counts.

    ``receipts``: serial and receipt, hexadecimal, of updates that the terminal has delivered.
    """
    newest = {person.person: (person, package) for package in packages for person in package.persons}
    told = list(records)
    undone = {one.undoes for one in told}
    named = {one.receipt for one in told}
    loose = {serial for serial, receipt in receipts if receipt not in named}
    standing: dict[int, list[VisitRecord]] = defaultdict(list)
    for one in told:
        known = newest.get(one.person)
        counts = known is not None and (one.package == known[1].id or one.outcome.told.final)
        if counts and one.uid not in undone and one.outcome is not VisitOutcome.UNDONE:
            standing[one.person].append(one)
    listed = sorted(newest.values(), key=lambda pair: (pair[0].kelurahan, pair[0].name, pair[0].person))
    return {
        person.person: Visitee(person, package, tuple(standing[person.person]), person.serial in loose)
        for person, package in listed
    }
