# SPDX-License-Identifier: Apache-2.0
"""What can come of a visit, declared: each step of it is one record."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ssn_card.protocol.errors import Text


class VisitOutcome(StrEnum):
    """One step at the door."""

    VERIFIED = "verified"  #: signed, or known by another means
    ACTIVATED = "activated"  #: handed over, and the card has its update: its receipt says so
    DELIVERED = "delivered"  #: handed over as it is
    PIN_CHOSEN = "pin-chosen"
    NOT_MET = "not-met"
    ILL = "ill"
    MOVED = "moved"
    REFUSED = "refused"
    RETURNED = "returned"  #: the card goes back to the bank
    CORRECTION = "correction"  #: asked for; the bank decides
    UNDONE = "undone"  #: takes back the record that it names

    @property
    def told(self) -> OutcomeKind:
        """How it is told and what it means."""
        return OUTCOMES[self]


@dataclass(frozen=True, slots=True)
class OutcomeKind:
    """How a step is told; ``ends``: it says how the visit ended; ``final``: it cannot be taken back on the tablet."""

    text: Text
    ends: bool = True
    final: bool = False


OUTCOMES = {
    VisitOutcome.VERIFIED: OutcomeKind(Text("identity verified", "identitas diperiksa"), ends=False),
    VisitOutcome.ACTIVATED: OutcomeKind(Text("handed over and active", "diserahkan dan aktif"), final=True),
    VisitOutcome.DELIVERED: OutcomeKind(Text("handed over", "diserahkan")),
    VisitOutcome.PIN_CHOSEN: OutcomeKind(Text("PIN chosen", "PIN dipilih"), ends=False, final=True),
    VisitOutcome.NOT_MET: OutcomeKind(Text("not met", "tidak ditemui")),
    VisitOutcome.ILL: OutcomeKind(Text("ill", "sakit")),
    VisitOutcome.MOVED: OutcomeKind(Text("moved away", "pindah")),
    VisitOutcome.REFUSED: OutcomeKind(Text("refused", "menolak")),
    VisitOutcome.RETURNED: OutcomeKind(Text("card goes back", "kartu dikembalikan")),
    VisitOutcome.CORRECTION: OutcomeKind(Text("correction asked for", "koreksi diminta"), ends=False),
    VisitOutcome.UNDONE: OutcomeKind(Text("taken back", "dibatalkan"), ends=False, final=True),
}

#: What a companion notes where no card was handed over.
NOTED = (
    VisitOutcome.NOT_MET,
    VisitOutcome.ILL,
    VisitOutcome.MOVED,
    VisitOutcome.REFUSED,
    VisitOutcome.RETURNED,
)
