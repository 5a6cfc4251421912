# SPDX-License-Identifier: Apache-2.0
"""Kinds of faults: what is done to one card's receipts, and what an auditor must be told of it.

A kind returns the card as it is handed in, or ``None`` where this card has no room for it. Kinds named ``stolen-…`` are
the work of somebody who holds the RECEIPT key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import Enum
from typing import NamedTuple

from ssn_card.protocol.errors import Text
from ssn_card.protocol.layouts import RECEIPT, RECEIPT_BY_TYPE
from ssn_card.protocol.values import LifeState, ReceiptType
from ssn_card.receipts import Problem
from ssn_card.receipts.receipt import SAME_IN_ALL, names_of

from .card import Card, Damage, Entry, Forger

_Act = Callable[[Card, Forger], Card | None]

DEBIT, CANCEL, OVERRIDE, UPDATE = ReceiptType
ALTERED = frozenset({Problem.FORGED, Problem.MALFORMED, Problem.UNKNOWN_KEY})


class Sort(Enum):
    """Kinds that are told together; the value is their text in English and Indonesian."""

    ALTERED = Text("altered", "diubah")
    RELABELLED = Text("of another card, number or key", "kartu, nomor atau kunci lain")
    INVENTED = Text("invented", "karangan")
    DELETED = Text("deleted", "dihapus")
    DOUBLED = Text("doubled", "digandakan")
    NO_FAULT = Text("no fault: order, overlapping exports", "bukan kesalahan: urutan, ekspor tumpang tindih")
    BASKET = Text("baskets", "keranjang")
    LINE = Text("lines", "baris")
    COLUMNS = Text("columns of tables", "kolom tabel")
    LISTED = Text("cards that lists name", "kartu dalam daftar")
    FORKED = Text("stolen key: copied card, insertion, exchange", "kunci dicuri: kartu disalin, sisipan, tukar")
    BACKDATED = Text("stolen key: backdated", "kunci dicuri: tanggal mundur")
    RECOMPUTED = Text("stolen key: what other receipts tell", "kunci dicuri: yang dinyatakan kuitansi lain")
    REFUSED = Text("stolen key: against the entitlement", "kunci dicuri: melanggar hak")
    FREE = Text("stolen key: what nothing else tells", "kunci dicuri: yang tidak dinyatakan di tempat lain")


#: Whether these are found depends on the value that was drawn.
UNSURE = frozenset({Sort.FREE})
#: History and MACs were made anew, under the stolen key.
STOLEN = frozenset({Sort.FORKED, Sort.BACKDATED, Sort.RECOMPUTED, Sort.REFUSED, Sort.FREE})


class Kind(NamedTuple):
    """One kind: one of ``expected`` must be told of it, nothing at all where that is empty."""

    name: str
    sort: Sort
    act: _Act
    expected: frozenset[Problem]


KINDS: dict[str, Kind] = {}


def _kind(sort: Sort, name: str, *expected: Problem) -> Callable[[_Act], _Act]:
    def register(act: _Act) -> _Act:
        KINDS[name] = Kind(name, sort, act, frozenset(expected))
        return act

    return register


def _put(card: Card, at: int, *instead: Entry) -> Card:
    return (*card[:at], *instead, *card[at + 1 :])


# ---------------------------------------------------------------- single receipts, altered by somebody without the key
@_kind(Sort.ALTERED, "bit", *ALTERED)
def _bit(card: Card, forger: Forger) -> Card | None:
    at = forger.random.randrange(len(card))
    bit = forger.random.randrange(8 * RECEIPT.size)
    raw = bytearray(card[at].raw)
    raw[bit // 8] ^= 0x80 >> bit % 8
    return _put(card, at, card[at].with_raw(bytes(raw)))


@_kind(Sort.ALTERED, "mac-zeroed", Problem.FORGED)
def _mac_zeroed(card: Card, forger: Forger) -> Card | None:
    at = forger.random.randrange(len(card))
    return _put(card, at, card[at].altered(mac=0))


@_kind(Sort.ALTERED, "mac-of-another", Problem.FORGED)
def _mac_of_another(card: Card, forger: Forger) -> Card | None:
    one, other = forger.place(card), forger.place(card)
    if one is None or other is None or one == other:
        return None
    return _put(card, one, card[one].altered(mac=card[other].receipt.mac))


@_kind(Sort.ALTERED, "several-fields", *ALTERED)
def _several_fields(card: Card, forger: Forger) -> Card | None:
    at = forger.place(card, DEBIT)
    if at is None:
        return None
    receipt = card[at].receipt
    less = receipt.amount // 2 or 1
    changed = card[at].altered(amount=less, balance_after=receipt.balance_after + receipt.amount - less)
    return None if changed == card[at] else _put(card, at, changed)


@_kind(Sort.RELABELLED, "another-number", Problem.FORGED)
def _another_number(card: Card, forger: Forger) -> Card | None:
    at = forger.random.randrange(len(card))
    return _put(card, at, card[at], card[at].altered(seq=card[-1].receipt.seq + 1))


@_kind(Sort.RELABELLED, "another-card", Problem.FORGED)
def _another_card(card: Card, forger: Forger) -> Card | None:
    """A receipt of one card, handed in as another's."""
    at = forger.random.randrange(len(card))
    return _put(card, at, card[at].altered(serial=forger.other(card)[0].receipt.serial))


@_kind(Sort.RELABELLED, "another-key-version", Problem.FORGED, Problem.UNKNOWN_KEY)
def _another_key_version(card: Card, forger: Forger) -> Card | None:
    at = forger.random.randrange(len(card))
    return _put(card, at, card[at].altered(key_version=3 - card[at].receipt.key_version))


@_kind(Sort.INVENTED, "invented", *ALTERED)
def _invented(card: Card, forger: Forger) -> Card | None:
    """A receipt that follows all others, of somebody without the key."""
    at = forger.place(card, DEBIT)
    if at is None:
        return None
    newest = card[-1].receipt
    made = card[at].altered(seq=newest.seq + 1, previous_mac=newest.mac, mac=forger.random.randbytes(8))
    return (*card, made)


@_kind(Sort.ALTERED, "blank", Problem.MALFORMED)
def _blank(card: Card, forger: Forger) -> Card | None:
    at = forger.random.randrange(len(card))
    return _put(card, at, card[at].with_raw(bytes(RECEIPT.size)))


@_kind(Sort.RELABELLED, "another-history", Problem.FORGED)
def _another_history(card: Card, forger: Forger) -> Card | None:
    """The end of one card's history behind the beginning of another's."""
    at, other = forger.random.randrange(1, len(card)), forger.other(card)
    serial = card[0].receipt.serial
    tail = tuple(entry.altered(serial=serial) for entry in other[at:])
    return (*card[:at], *tail) if tail else None


# ---------------------------------------------------------------- sequences
@_kind(Sort.DELETED, "first-deleted", Problem.MISSING)
def _first_deleted(card: Card, forger: Forger) -> Card | None:
    return card[forger.random.randint(1, min(3, len(card) - 1)) :]


@_kind(Sort.DELETED, "one-deleted", Problem.MISSING)
def _one_deleted(card: Card, forger: Forger) -> Card | None:
    at = forger.place(card, last=1)
    return None if at is None else _put(card, at)


@_kind(Sort.DELETED, "some-deleted", Problem.MISSING)
def _some_deleted(card: Card, forger: Forger) -> Card | None:
    if len(card) < 4:
        return None
    first = forger.random.randrange(1, len(card) - 2)
    return (*card[:first], *card[forger.random.randrange(first + 1, len(card)) :])


@_kind(Sort.DELETED, "last-deleted", Problem.MISSING)
def _last_deleted(card: Card, forger: Forger) -> Card | None:
    return card[: -forger.random.randint(1, min(3, len(card) - 1))]


@_kind(Sort.DELETED, "all-deleted", Problem.MISSING)
def _all_deleted(card: Card, forger: Forger) -> Card | None:
    return ()


@_kind(Sort.DOUBLED, "twice-in-a-file", Problem.DUPLICATE)
def _twice_in_a_file(card: Card, forger: Forger) -> Card | None:
    at = forger.random.randrange(len(card))
    return _put(card, at, *[card[at]] * forger.random.randint(2, 4))


@_kind(Sort.NO_FAULT, "in-two-files")
def _in_two_files(card: Card, forger: Forger) -> Card | None:
    """Overlapping exports: no fault, and the money counts once."""
    at = forger.random.randrange(len(card))
    return _put(card, at, card[at], replace(card[at], file=forger.another_file(card[at].file)))


@_kind(Sort.NO_FAULT, "in-another-order")
def _in_another_order(card: Card, forger: Forger) -> Card | None:
    """Order and files are no evidence of anything."""
    entries = [replace(entry, file=forger.random.randrange(forger.files)) for entry in card]
    forger.random.shuffle(entries)
    return tuple(entries)


# ---------------------------------------------------------------- baskets and lines
@_kind(Sort.BASKET, "another-basket", Problem.BASKET)
def _another_basket(card: Card, forger: Forger) -> Card | None:
    at, other = forger.place(card, DEBIT), forger.other(card)
    there = forger.place(other, DEBIT)
    if at is None or there is None or other[there].basket == card[at].basket:
        return None
    return _put(card, at, replace(card[at], basket=other[there].basket))


@_kind(Sort.BASKET, "basket-of-no-form", Problem.BASKET)
def _basket_of_no_form(card: Card, forger: Forger) -> Card | None:
    at = forger.place(card, DEBIT)
    if at is None:
        return None
    text = forger.random.choice(('[["BERAS",1]]', '[["BERAS","1",1]]', "[]", '{"BERAS":1}', '[["BERAS",0,5]]'))
    return _put(card, at, replace(card[at], basket=text))


@_kind(Sort.BASKET, "no-basket", Problem.NO_BASKET)
def _no_basket(card: Card, forger: Forger) -> Card | None:
    at = forger.place(card, DEBIT)
    return None if at is None else _put(card, at, replace(card[at], basket=None))


@_kind(Sort.LINE, "line-torn", Problem.UNREADABLE)
def _line_torn(card: Card, forger: Forger) -> Card | None:
    at = forger.random.randrange(len(card))
    return _put(card, at, replace(card[at], damage=Damage.TORN))


@_kind(Sort.LINE, "line-of-garbage", Problem.UNREADABLE)
def _line_of_garbage(card: Card, forger: Forger) -> Card | None:
    at = forger.random.randrange(len(card))
    return _put(card, at, card[at], replace(card[at], damage=Damage.GARBAGE))


@_kind(Sort.COLUMNS, "columns-altered", Problem.COLUMNS)
def _columns_altered(card: Card, forger: Forger) -> Card | None:
    at = forger.place(card, DEBIT)
    return None if at is None else _put(card, at, replace(card[at], damage=Damage.COLUMNS))


# ---------------------------------------------------------------- lists of cards
def _left_alone(card: Card, forger: Forger) -> Card | None:
    """Its receipts are in order; the card should have made none."""
    return card


def _moved(card: Card, forger: Forger) -> Card | None:
    """Likewise, of one that has made a movement."""
    return None if all(entry.type == UPDATE for entry in card) else card


UNKNOWN, BLOCKED, UNDELIVERED = "card-unknown", "card-blocked", "card-never-delivered"
_kind(Sort.LISTED, UNKNOWN, Problem.UNKNOWN_CARD)(_left_alone)
_kind(Sort.LISTED, BLOCKED, Problem.BLOCKED_CARD)(_moved)
_kind(Sort.LISTED, UNDELIVERED, Problem.NEVER_DELIVERED)(_left_alone)


# ---------------------------------------------------------------- with the stolen key
@_kind(Sort.FORKED, "stolen-fork", Problem.BROKEN_CHAIN)
def _fork(card: Card, forger: Forger) -> Card | None:
    """A copied card: from some receipt on there are two histories, both genuine."""
    at = forger.place(card, DEBIT, OVERRIDE)
    if at is None:
        return None
    terminal = forger.random.getrandbits(32)
    before = card[at - 1] if at else None
    twin = forger.rechained(before, (card[at].altered(terminal_txn=terminal), *card[at + 1 :]))
    return (*card, *twin[: forger.random.randint(1, len(twin))])


@_kind(Sort.FORKED, "stolen-fork-that-replaces", Problem.BROKEN_CHAIN)
def _replaced(card: Card, forger: Forger) -> Card | None:
    """One receipt in the place of another, whose successor is the old one's."""
    at = forger.place(card, DEBIT, last=1)
    return None if at is None else _put(card, at, forger.resigned(card[at].altered(terminal_txn=1 << 31)))


@_kind(Sort.FORKED, "stolen-insertion", Problem.BROKEN_CHAIN)
def _insertion(card: Card, forger: Forger) -> Card | None:
    """One more receipt between two, under the number of the second."""
    at = forger.place(card, DEBIT, first=1)
    if at is None:
        return None
    previous = card[at - 1].receipt
    made = card[at].altered(previous_mac=previous.mac, seq=previous.seq + 1, terminal_txn=1 << 31)
    return _put(card, at, forger.resigned(made), card[at])


@_kind(Sort.FORKED, "stolen-exchange", Problem.BROKEN_CHAIN)
def _exchange(card: Card, forger: Forger) -> Card | None:
    """Two neighbours under each other's number."""
    at = forger.place(card, last=1)
    if at is None:
        return None
    one, other = card[at], card[at + 1]
    swapped = [forger.resigned(entry.altered(seq=number.receipt.seq)) for entry, number in ((other, one), (one, other))]
    return (*card[:at], *swapped, *card[at + 2 :])


@_kind(Sort.FORKED, "stolen-cancellation-of-another", Problem.BROKEN_CHAIN)
def _cancels_another(card: Card, forger: Forger) -> Card | None:
    at = forger.place(card, CANCEL)
    if at is None:
        return None
    return forger.lie(card, at, card[at].altered(cancelled_mac=forger.random.randbytes(8)))


@_kind(Sort.BACKDATED, "stolen-backdating", Problem.BACKDATED)
def _backdating(card: Card, forger: Forger) -> Card | None:
    """A movement on an earlier day of its month than the one before it."""
    for at in range(1, len(card)):
        one, other = card[at - 1].receipt, card[at].receipt
        moved = ReceiptType.UPDATE not in (one.type, other.type)
        if moved and one.timestamp_bytes[:2] == other.timestamp_bytes[:2] and one.timestamp_bytes[2] > 1:
            earlier = other.timestamp_bytes[:2] + b"\x01" + other.timestamp_bytes[3:]
            return forger.lie(card, at, card[at].altered(timestamp=earlier))
    return None


@_kind(Sort.ALTERED, "stolen-layout", Problem.MALFORMED)
def _layout(card: Card, forger: Forger) -> Card | None:
    at = forger.random.randrange(len(card))
    return forger.lie(card, at, card[at].altered(layout_version=2))


#: Terms of an update under which a card would have refused what it did, and of which types.
_STRICTER: dict[str, tuple[bytes, tuple[ReceiptType, ...]]] = {
    "monthly_limit": (bytes(4), (DEBIT,)),
    "debit_max": (bytes(4), (DEBIT,)),
    "allowed_categories": (bytes(2), (DEBIT,)),
    "override_max": (bytes(4), (OVERRIDE,)),
    "valid_until": (bytes.fromhex("250930"), (DEBIT, CANCEL, OVERRIDE)),
    "state": (bytes((LifeState.BLOCKED,)), (DEBIT, CANCEL, OVERRIDE)),
}


def _stricter(field: str, value: bytes, types: tuple[ReceiptType, ...]) -> _Act:
    def act(card: Card, forger: Forger) -> Card | None:
        """An update that says less than the card was then allowed to do."""
        places = [at for at in range(1, len(card)) if card[at].type in types and card[at - 1].type == UPDATE]
        if not places:
            return None
        at = forger.random.choice(places) - 1
        return forger.lie(card, at, card[at].altered(**{field: value}))

    return act


for _term, (_value, _types) in _STRICTER.items():
    _kind(Sort.REFUSED, f"stolen-refused-by-{_term}", Problem.REFUSED)(_stricter(_term, _value, _types))


# ---------------------------------------------------------------- every field of every type
def fields_of(kind: ReceiptType) -> tuple[str, ...]:
    """Fields of a receipt of this type."""
    return tuple(field.name for field in RECEIPT_BY_TYPE[kind].fields)


def another_value(entry: Entry, field: str, forger: Forger) -> Entry:
    """A field with other bytes, some near the old ones, some anywhere."""
    where = names_of(entry.type)[field]
    old, size = entry.raw[where], where.stop - where.start
    while True:
        near = (int.from_bytes(old, "big") + forger.random.choice((-1, 1))) % (1 << 8 * size)
        new = forger.random.choice((near.to_bytes(size, "big"), forger.random.randbytes(size), bytes(size)))
        if new != old:
            return entry.altered(**{field: new})


def _field(kind: ReceiptType, field: str, *, stolen: bool) -> _Act:
    def act(card: Card, forger: Forger) -> Card | None:
        at = forger.place(card, kind)
        if at is None:
            return None
        changed = another_value(card[at], field, forger)
        return forger.lie(card, at, changed) if stolen else _put(card, at, changed)

    return act


#: What follows from other receipts, so that a liar who holds the key is found whatever he writes.
_RECOMPUTED = {
    DEBIT: {"amount", "balance_after", "month_spent_after", "update_seq", "granted_total", "month", "basket_digest"},
    CANCEL: {"amount", "balance_after", "month_spent_after", "update_seq", "granted_total", "month", "categories"},
    OVERRIDE: {"balance_after", "month_spent_after", "update_seq", "granted_total"},
    UPDATE: {"loaded_total", "balance_after", "month_spent_after", "granted_total"},
}
_FOUND_OUT = ALTERED | {
    Problem.BROKEN_CHAIN, Problem.WRONG_ARITHMETIC, Problem.REFUSED, Problem.BASKET, Problem.MISSING, Problem.BACKDATED,
    Problem.UNKNOWN_CARD,
}  # fmt: skip


def _every_field() -> None:
    for kind in ReceiptType:
        for field in fields_of(kind):
            name = f"{kind.name.lower()}-{field}"
            _kind(Sort.ALTERED, f"altered-{name}", *ALTERED)(_field(kind, field, stolen=False))
            if field in ("mac", "previous_mac"):
                continue  # made anew, so nothing is left of the change
            sure = field in _RECOMPUTED[kind] or field in SAME_IN_ALL
            sort = Sort.RECOMPUTED if sure else Sort.FREE
            _kind(sort, f"stolen-{name}", *_FOUND_OUT)(_field(kind, field, stolen=True))


_every_field()
