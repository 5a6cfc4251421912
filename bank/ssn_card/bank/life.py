# SPDX-License-Identifier: Apache-2.0
"""A card's life, declared: which states there are, which moves lead from one to another, who may, and what it needs.

docs/life.md has this as tables, made from here. What the card itself does is another matter: a move that needs a
receipt has its proof in it, and no other. How news that comes late is taken: :mod:`.cards.moves`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Flag, StrEnum, auto
from typing import Final

from ssn_card.protocol.errors import Text

from .roles import BankRole


class LifePhase(StrEnum):
    """Where a card stands."""

    IN_STOCK = "in-stock"  #: blank, counted in
    PRODUCED = "produced"  #: personalized and read back
    PRINTED = "printed"  #: its face and letter are confirmed
    DELIVERED = "delivered"  #: in the hands of the family
    ACTIVATED = "activated"  #: and usable
    TEMPORARILY_LOST = "temporarily-lost"
    FOUND = "found"  #: after it was lost; not usable until it is activated again
    DAMAGED = "damaged"
    RETURNED = "returned"  #: came back undelivered
    BLOCKED = "blocked"
    REPLACED = "replaced"
    TERMINATED = "terminated"

    @property
    def text(self) -> Text:
        """For people."""
        return _TEXTS[self]


#: States of a card that a family has, or will have. It has one such card.
LIVE: Final = frozenset(
    {
        LifePhase.PRODUCED,
        LifePhase.PRINTED,
        LifePhase.DELIVERED,
        LifePhase.ACTIVATED,
        LifePhase.TEMPORARILY_LOST,
        LifePhase.FOUND,
        LifePhase.RETURNED,
        LifePhase.BLOCKED,
    }
)


class Needs(Flag):
    """What a move must bring."""

    NOTHING = 0
    REASON = auto()  #: words, without personal data
    RECEIPT = auto()  #: of the card, genuine, that shows the state after
    JOURNAL = auto()  #: a row of the station's journal
    PRINT = auto()  #: confirmed print jobs
    SUCCESSOR = auto()  #: the card that takes its place


@dataclass(frozen=True, slots=True)
class Move:
    """One kind of move."""

    name: str
    text: Text
    before: frozenset[LifePhase]
    after: LifePhase
    roles: frozenset[BankRole]
    needs: Needs = Needs.NOTHING
    stops: bool = False  #: news of it counts from when it is told, where it cannot count from when it was


_OPERATOR: Final = frozenset({BankRole.OPERATOR})
_S = LifePhase
_IN_HAND: Final = frozenset({_S.DELIVERED, _S.ACTIVATED})
_AT_THE_BANK: Final = frozenset({_S.PRODUCED, _S.PRINTED, _S.RETURNED})  #: as far as it knows: a tablet may know more
_STOPPED: Final = frozenset({_S.TEMPORARILY_LOST, _S.FOUND, _S.DAMAGED, _S.BLOCKED})


def _from(*states: LifePhase) -> frozenset[LifePhase]:
    return frozenset(states)


#: All moves, by name. ``activate`` and ``unblock`` are the card's own doing: an update brought it there, and its
#: receipt says so. ``block`` and the others that stop a card hold at the bank at once, before the card has heard of it.
MOVES: Final = {
    move.name: move
    for move in (
        Move("produce", Text("personalized", "dipersonalisasi"), _from(_S.IN_STOCK), _S.PRODUCED, _OPERATOR,
             Needs.JOURNAL),
        Move("spoil", Text("spoiled at the station", "rusak di stasiun"), _from(_S.IN_STOCK), _S.DAMAGED, _OPERATOR,
             Needs.JOURNAL),
        Move("restock", Text("found blank after all", "ternyata masih kosong"), _from(_S.DAMAGED), _S.IN_STOCK,
             _OPERATOR, Needs.JOURNAL),
        Move("give-back", Text("given back to its maker", "dikembalikan ke pembuatnya"),
             _from(_S.IN_STOCK, _S.DAMAGED), _S.TERMINATED, _OPERATOR, Needs.JOURNAL),
        Move("print", Text("face and letter printed", "muka dan surat dicetak"), _from(_S.PRODUCED), _S.PRINTED,
             _OPERATOR, Needs.PRINT),
        Move("deliver", Text("handed over", "diserahkan"), _AT_THE_BANK | _from(_S.FOUND), _S.DELIVERED, _OPERATOR),
        Move("return", Text("came back undelivered", "kembali tanpa diserahkan"),
             _from(_S.PRODUCED, _S.PRINTED, _S.DELIVERED), _S.RETURNED, _OPERATOR, Needs.REASON),
        Move("activate", Text("activated", "diaktifkan"), _from(_S.PRODUCED, _S.PRINTED, _S.DELIVERED, _S.FOUND),
             _S.ACTIVATED, _OPERATOR, Needs.RECEIPT),
        Move("report-lost", Text("reported lost for now", "dilaporkan hilang sementara"), _IN_HAND | _AT_THE_BANK,
             _S.TEMPORARILY_LOST, _OPERATOR, Needs.REASON, stops=True),
        Move("find", Text("found", "ditemukan"), _from(_S.TEMPORARILY_LOST), _S.FOUND, _OPERATOR),
        Move("damage", Text("damaged", "rusak"), _IN_HAND | _AT_THE_BANK | _from(_S.FOUND), _S.DAMAGED, _OPERATOR,
             Needs.REASON),
        Move("block", Text("blocked", "diblokir"), _IN_HAND | _AT_THE_BANK | _from(_S.TEMPORARILY_LOST, _S.FOUND),
             _S.BLOCKED, _OPERATOR, Needs.REASON, stops=True),
        Move("unblock", Text("unblocked", "dibuka kembali"), _from(_S.BLOCKED), _S.ACTIVATED, _OPERATOR,
             Needs.RECEIPT),
        Move("replace", Text("replaced", "diganti"), _IN_HAND | _STOPPED | _AT_THE_BANK, _S.REPLACED, _OPERATOR,
             Needs.REASON | Needs.SUCCESSOR),
        Move("terminate", Text("terminated", "diakhiri"), _IN_HAND | _STOPPED | _AT_THE_BANK | _from(_S.IN_STOCK),
             _S.TERMINATED, frozenset({BankRole.APPROVER}), Needs.REASON),
    )
}  # fmt: skip

_TEXTS: Final = {
    _S.IN_STOCK: Text("in stock", "dalam stok"),
    _S.PRODUCED: Text("produced", "selesai dibuat"),
    _S.PRINTED: Text("printed", "selesai dicetak"),
    _S.DELIVERED: Text("delivered", "diserahkan"),
    _S.ACTIVATED: Text("activated", "aktif"),
    _S.TEMPORARILY_LOST: Text("temporarily lost", "hilang sementara"),
    _S.FOUND: Text("found", "ditemukan"),
    _S.DAMAGED: Text("damaged", "rusak"),
    _S.RETURNED: Text("returned", "kembali"),
    _S.BLOCKED: Text("blocked", "diblokir"),
    _S.REPLACED: Text("replaced", "diganti"),
    _S.TERMINATED: Text("terminated", "diakhiri"),
}
