# SPDX-License-Identifier: Apache-2.0
"""A set of files in which some cards are honest and each of the others shows one fault, and who is who."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from random import Random
from typing import NamedTuple

from ssn_card.keys import KeyProvider
from ssn_card.protocol.values import ReceiptType
from ssn_card.receipts import Receipt, Tip
from ssn_card.receipts.cards import ALWAYS, CardLists
from ssn_card.simulator.year.histories import Habits, Histories, HistoryBatch

from .card import Card, Entry, Forger
from .kinds import BLOCKED, STOLEN, UNDELIVERED, UNKNOWN, Kind, Sort

#: Nobody's clock is wrong, so that whatever is told of a day was planted; all that cards can do happens often.
HABITS = Habits(
    clock_ahead=0.0, cancelled=0.12, raised=0.06, expired=0.2, key_moved=0.06, pin_chosen=0.06, baskets=2000
)
FILES = 12  #: of a world
_TRIED = 8  #: kinds for one card
_FEW = 4  #: receipts of a card to which nothing more is done


class Place(NamedTuple):
    """Where a receipt stands: file, and its place among all that the file holds, from 0."""

    file: int
    row: int


@dataclass
class World:
    """``files``: what each holds, in its order; ``planted``: the kind of fault of each card, ``None`` of the honest;
    ``victims``: cards whose name others have borrowed, of which an auditor cannot tell who is who."""

    files: list[list[Entry]]
    tips: dict[bytes, Tip]
    lists: CardLists
    planted: dict[bytes, Kind | None]
    victims: set[bytes] = field(default_factory=set)
    _owner: dict[Place, bytes] = field(default_factory=dict)

    @property
    def receipts(self) -> int:
        """How many lines there are."""
        return sum(map(len, self.files))

    def owner(self, file: int, row: int) -> bytes:
        """The card whose history a row belongs to, whatever serial it shows."""
        return self._owner[Place(file, row)]

    def counts(self) -> Counter[str]:
        """How often each kind is planted."""
        return Counter(kind.name for kind in self.planted.values() if kind is not None)


def cards_of(batch: HistoryBatch, goods: Sequence[str]) -> list[Card]:
    """Cards of a batch; ``goods``: canonical texts of baskets by their numbers."""
    entries = (
        Entry(raw.tobytes(), terminal % FILES, None if basket < 0 else goods[basket])
        for raw, terminal, basket in zip(batch.raw, batch.terminal.tolist(), batch.basket.tolist(), strict=True)
    )
    return [tuple(group) for _, group in groupby(entries, key=lambda entry: entry.receipt.serial)]


def honest_cards(seed: int, provider: KeyProvider, count: int, habits: Habits = HABITS) -> list[Card]:
    """Clean histories, each with a basket for every debit, in the files of their terminals."""
    histories = Histories(seed, provider, habits)
    goods = [basket.as_json() for basket in histories.assortment.baskets]
    return cards_of(histories.batch(0, count), goods)


def honest_world(cards: Sequence[Card]) -> World:
    """Files in which nothing is wrong."""
    world = World([[] for _ in range(FILES)], {_serial(card): _tip(card) for card in cards}, CardLists(), {})
    for card in cards:
        for entry in card:
            world.files[entry.file].append(entry)
    return world


def planted(seed: int, provider: KeyProvider, kinds: Iterable[Kind], cards: int, honest: float = 0.25) -> World:
    """Plant each kind in turn, each in a card of its own.

    Args:
        seed: says all of it.
        provider: has the RECEIPT keys.
        kinds: of faults.
        cards: how many there are.
        honest: share of them in which nothing is planted.
    """
    random = Random(seed)
    clean = honest_cards(seed, provider, cards)
    forger = Forger(random, provider, FILES, clean)
    turns = deque(kinds)
    done: dict[bytes, Kind | None] = {}
    handed_in: list[tuple[bytes, Entry]] = []
    for card in clean:
        serial = _serial(card)
        kind, forged = (None, card) if random.random() < honest else _spoilt(card, turns, forger)
        done[serial] = kind
        handed_in += [(serial, entry) for entry in forged]
    known = (card for card in clean if not _rewritten(done[_serial(card)]))
    return _shuffled(random, handed_in, known, _lists(clean, done), done)


def crowded(seed: int, provider: KeyProvider, kinds: Sequence[Kind], cards: int) -> World:
    """Faults upon faults: up to eight in a card, so that what is wrong hides what else is wrong. Nobody can say what
    must be found; but all judges must say the same. Arguments as of :func:`planted`."""
    random = Random(seed)
    clean = honest_cards(seed, provider, cards)
    forger = Forger(random, provider, FILES, clean)
    listed: dict[bytes, Kind | None] = {}
    handed_in: list[tuple[bytes, Entry]] = []
    for card in clean:
        serial, forged = _serial(card), card
        for kind in random.choices(kinds, k=random.choice((1, 2, 4, 8))):
            if len(forged) < _FEW:
                break
            forged = kind.act(forged, forger) or forged
            if kind.sort is Sort.LISTED:
                listed[serial] = kind
        handed_in += [(serial, entry) for entry in forged]
    return _shuffled(random, handed_in, clean, _lists(clean, listed), {})


def _shuffled(
    random: Random,
    handed_in: list[tuple[bytes, Entry]],
    known: Iterable[Card],
    lists: CardLists,
    done: dict[bytes, Kind | None],
) -> World:
    """The files of the terminals, each in no order; ``known``: cards whose newest receipt is known."""
    random.shuffle(handed_in)
    world = World([[] for _ in range(FILES)], {_serial(card): _tip(card) for card in known}, lists, done)
    for serial, entry in handed_in:
        file = world.files[entry.file]
        world._owner[Place(entry.file, len(file))] = serial
        file.append(entry)
        if entry.receipt.serial != serial:
            world.victims.add(entry.receipt.serial)
    return world


def _spoilt(card: Card, turns: deque[Kind], forger: Forger) -> tuple[Kind | None, Card]:
    """The first kind that this card has room for, which then goes last."""
    for place in range(min(_TRIED, len(turns))):
        forged = turns[place].act(card, forger)
        if forged is not None:
            kind = turns[place]
            del turns[place]
            turns.append(kind)
            return kind, forged
    return None, card


def _rewritten(kind: Kind | None) -> bool:
    """Whether a history was made anew: what the card states of its end would betray that, whatever was changed, and
    hide how much the receipts tell by themselves."""
    return kind is not None and kind.sort in STOLEN


def _lists(cards: Sequence[Card], done: Mapping[bytes, Kind | None]) -> CardLists:
    """Lists that say of some cards that they should have made no receipts."""
    named: dict[str, list[Card]] = {UNKNOWN: [], BLOCKED: [], UNDELIVERED: []}
    for card in cards:
        kind = done.get(_serial(card))
        named.get("" if kind is None else kind.name, []).append(card)
    return CardLists(
        issued=frozenset(map(_serial, cards)) - {_serial(card) for card in named[UNKNOWN]},
        blocked={_serial(card): _last_moment(card) for card in named[BLOCKED]},
        undelivered=frozenset(map(_serial, named[UNDELIVERED])),
    )


def _last_moment(card: Card) -> bytes:
    """Of its movements; before all of them where it has made none."""
    moments = (entry.receipt.timestamp_bytes for entry in card if entry.type != ReceiptType.UPDATE)
    return max(moments, default=ALWAYS)


def _serial(card: Card) -> bytes:
    return card[0].receipt.serial


def _tip(card: Card) -> Tip:
    newest: Receipt = card[-1].receipt
    return Tip(newest.seq, newest.mac)
