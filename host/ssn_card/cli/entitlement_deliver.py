# SPDX-License-Identifier: Apache-2.0
"""``ssn entitlement deliver``: updates from files to whichever of their cards is presented.

An update is a state, so all of it may be repeated: the card takes an update once, says so again when asked again, and
refuses an older one. What the terminal's journal has a receipt of counts as delivered from the start.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from ssn_card.entitlement import SignedUpdate
from ssn_card.entitlement.carried import Carried, read_carried
from ssn_card.protocol.errors import ConfigurationError, SsnCardError, Text
from ssn_card.protocol.values import ReceiptType
from ssn_card.receipts import Receipt
from ssn_card.terminal import Delivery, KeysRetired, NotOurCard, SoftwareTerminalKeys, Terminal, TerminalJournal, select
from ssn_card.transport import CardConnection, CardInUse, CardMute, NoCard, TransportError

from . import words
from .card_presented import STRANGER, CardPlace
from .errors import EXIT_FINDINGS, EXIT_INTERRUPTED, NoUpdateForCard
from .grouped import grouped
from .options import DEFAULT_CARD, CardUrl, DeskOptions, Journal, TerminalOptions, Trace
from .output import AsJson, emit, progress, say
from .receipt_tables import receipt_facts, receipt_fields
from .tables import table
from .update_tables import update_fields

_ONE_CARD_SECONDS = 60.0
_TRIES = 3  #: with a card whose line breaks and that stays where it is
_STRANGERS = 5  #: in a row, after which something else is wrong


class DeliveryOutcome(Enum):
    """What became of one presented card; :attr:`value` is the name for ``--json`` and the words for people."""

    APPLIED = ("applied", Text("update delivered", "pembaruan masuk"))
    ALREADY = ("already_applied", Text("had it already", "sudah memilikinya"))
    HANDED_OVER = (
        "handed_over",
        Text(
            "handed over; its keys are out of use, so only the bank can tell",
            "diserahkan; kuncinya lama, hanya bank yang tahu hasilnya",
        ),
    )
    NEWER = ("newer_on_card", Text("has a newer one", "memiliki yang lebih baru"))
    NONE = ("no_update", Text("no update for this card", "tidak ada pembaruan untuk kartu ini"))
    FAILED = ("failed", Text("not finished: present it again", "belum selesai: tempelkan lagi"))
    REFUSED = ("refused", Text("refused", "ditolak"))
    STRANGER = ("not_our_card", Text("no personalized SSN card", "bukan kartu SSN yang sudah dipersonalisasi"))


#: What is said of one card's delivery.
_DONE = {
    DeliveryOutcome.APPLIED: Text("The update is on the card", "Pembaruan sudah masuk ke kartu"),
    DeliveryOutcome.ALREADY: Text("The card has this update already", "Pembaruan ini sudah ada di kartu"),
    DeliveryOutcome.HANDED_OVER: Text(
        "The update was handed over; the card's keys are out of use, so only the bank can tell from this receipt",
        "Pembaruan sudah diserahkan; kunci kartu tidak berlaku lagi, jadi hanya bank yang dapat memastikannya",
    ),
}


@dataclass(frozen=True, slots=True)
class Presented:
    """One card that was presented. ``error``: why it failed or refused."""

    outcome: DeliveryOutcome
    serial: bytes
    update: SignedUpdate | None = None
    error: SsnCardError | None = None

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "serial": None if self.serial == STRANGER else self.serial.hex(),
            "result": self.outcome.value[0],
            "update_seq": None if self.update is None else self.update.entitlement.update_seq,
            "state": None if self.update is None else self.update.entitlement.state.name,
            "error": None if self.error is None else self.error.as_dict(),
        }

    def row(self) -> tuple[str, ...]:
        """For people."""
        what = None if self.update is None else self.update.entitlement
        return (
            words.NONE if self.serial == STRANGER else self.serial.hex(),
            say(self.outcome.value[1]),
            words.NONE if what is None else str(what.update_seq),
            words.NONE if what is None else say(words.STATES[what.state]),
            words.NONE if self.error is None else say(self.error.text),
        )


class Counter:
    """The desk: serves one presented card after another."""

    def __init__(self, desk: Terminal, journal: TerminalJournal, carried: Mapping[bytes, Carried]) -> None:
        """``carried``: by serial, what there is to deliver."""
        self._desk = desk
        self._carried = carried
        receipts = (receipt for receipt, _ in journal.receipts(believed=True) if receipt.type == ReceiptType.UPDATE)
        known = {(one.serial, one.update_seq, one.movement) for one in receipts}
        self._open = {serial for serial, one in carried.items() if _receipted(one.update) not in known}
        self.earlier = len(carried) - len(self._open)  #: cards whose receipt the journal has
        self.presented: list[Presented] = []
        self._tries = 0
        self._strangers = 0

    @property
    def left(self) -> int:
        """Cards that have not got their update yet, as far as is known here."""
        return len(self._open)

    def serve(self, place: CardPlace, told: Callable[[Presented], None]) -> None:
        """One card after another until none is left. Raises ``NoCard`` and its like when patience ends."""
        while self._open:
            with place.next() as line:
                one = self._one(line)
            self.presented.append(one)
            told(one)
            self._stop_at_strangers(one)
            self._tries = self._tries + 1 if one.outcome is DeliveryOutcome.FAILED else 0
            if self._open and (one.outcome is not DeliveryOutcome.FAILED or self._tries >= _TRIES):
                self._tries = 0
                place.wait_for_another(one.serial)

    def _one(self, line: CardConnection) -> Presented:
        serial = STRANGER
        carried = None
        try:
            serial, on_card = _shown(self._desk, line)
            carried = self._carried.get(serial)
            if carried is None:
                return Presented(DeliveryOutcome.NONE, serial)
            outcome, _ = give(self._desk, line, on_card, carried.update)
        except ConfigurationError:  # keys, journal, reader: no card can help
            raise
        except TransportError as error:
            return Presented(DeliveryOutcome.FAILED, serial, carried and carried.update, error)
        except NotOurCard as error:
            return Presented(DeliveryOutcome.STRANGER, serial, None, error)
        except SsnCardError as error:
            return Presented(DeliveryOutcome.REFUSED, serial, carried and carried.update, error)
        self._open.discard(serial)
        return Presented(outcome, serial, carried.update)

    def _stop_at_strangers(self, one: Presented) -> None:
        self._strangers = self._strangers + 1 if one.outcome is DeliveryOutcome.STRANGER else 0
        if self._strangers >= _STRANGERS and one.error is not None:
            raise one.error


def _receipted(update: SignedUpdate) -> tuple[bytes, int, bytes]:
    """Card, number and content, as the update's receipt has them."""
    return update.serial, update.entitlement.update_seq, update.entitlement.as_receipted()


def _shown(desk: Terminal, line: CardConnection) -> tuple[bytes, int | None]:
    """Serial, and the update that the card has; ``None`` where its keys are out of use, so that nobody believes it."""
    try:
        status = desk.status(line)
    except KeysRetired:
        return select(line)[0].serial, None
    return status.serial, status.update_seq


def give(
    desk: Terminal, line: CardConnection, on_card: int | None, update: SignedUpdate
) -> tuple[DeliveryOutcome, Receipt | None]:
    """Deliver an update to the card that has this one (:func:`_shown`). Raises as :meth:`Terminal.deliver`."""
    number = update.entitlement.update_seq
    if on_card is not None and on_card > number:
        return DeliveryOutcome.NEWER, None
    delivery = desk.deliver(line, update)
    return _outcome(delivery, on_card, number), delivery.receipt


def _outcome(delivery: Delivery, on_card: int | None, number: int) -> DeliveryOutcome:
    if not delivery.believed:
        return DeliveryOutcome.HANDED_OVER
    return DeliveryOutcome.ALREADY if on_card == number else DeliveryOutcome.APPLIED


@grouped
def deliver(
    *,
    places: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE|DIR...",
            help="Updates: files, or folders of .jsonl / pembaruan: berkas, atau folder berisi .jsonl.",
        ),
    ],
    journal: Journal,
    which: TerminalOptions,
    card: CardUrl = DEFAULT_CARD,
    loop: Annotated[
        bool,
        typer.Option(
            "--loop", help="Card after card, until all have theirs / kartu demi kartu, sampai semua mendapatnya."
        ),
    ] = False,
    wait: Annotated[
        float | None,
        typer.Option(
            "--wait",
            min=0,
            metavar="SECONDS",
            help="To wait for a card; a minute, with --loop for ever / "
            "menunggu kartu; semenit, dengan --loop tanpa batas.",
        ),
    ] = None,
    keys: DeskOptions,
    trace: Trace = None,
    json: AsJson = False,
) -> None:
    """Give the card that is presented its newest update from the files. Doing so again is harmless.

    Berikan pembaruan terbaru dari berkas kepada kartu yang ditempelkan. Boleh diulang.
    """
    number = which.number(journal)
    carried = read_carried(places)
    patience = _ONE_CARD_SECONDS if wait is None and not loop else wait
    place = CardPlace(card, trace, patience)
    with keys.provider() as provider, TerminalJournal(journal, number) as book:
        desk = Terminal(SoftwareTerminalKeys(provider), book, minimum_version=keys.min_debit_version)
        if loop:
            _many(Counter(desk, book, carried), place, json)
        else:
            _one(desk, place, carried, places, json)


def _one(desk: Terminal, place: CardPlace, carried: Mapping[bytes, Carried], places: list[Path], json: bool) -> None:
    with place.next() as line:
        serial, on_card = _shown(desk, line)
        if serial not in carried:
            raise NoUpdateForCard(places[0], serial)
        update = carried[serial].update
        # An older one goes to the card all the same, whose refusal says what is wrong.
        delivery = desk.deliver(line, update)
    outcome = _outcome(delivery, on_card, update.entitlement.update_seq)
    data = {"result": outcome.value[0], "update": update_fields(update), "receipt": receipt_fields(delivery.receipt)}
    emit("entitlement-deliver", data, json, lambda: receipt_facts(_DONE[outcome], delivery.receipt))


def _many(counter: Counter, place: CardPlace, json: bool) -> None:
    """Serve until nothing is left, the operator ends it, or no card comes; what was done is told in any case."""
    total, stopped, failure = counter.left, "complete", None
    with progress(json) as bar:
        task = bar.add_task(say(Text("cards", "kartu")), total=total)

        def told(one: Presented) -> None:
            bar.update(task, completed=total - counter.left)
            if not json:
                bar.console.print("  ".join(cell for cell in one.row() if cell != words.NONE), markup=False)

        try:
            counter.serve(place, told)
        except KeyboardInterrupt:
            stopped = "interrupted"
        except (NoCard, CardMute, CardInUse):
            stopped = "no_card"
        except SsnCardError as error:
            stopped, failure = "failed", error
    served = total - counter.left
    data = {
        "cards": [one.as_dict() for one in counter.presented],
        "earlier": counter.earlier,
        "delivered": served,
        "left": counter.left,
        "stopped": stopped,
    }
    emit("entitlement-deliver-loop", data, json, lambda: _summary(counter, served))
    if failure is not None:
        raise failure
    if counter.left:
        raise typer.Exit(EXIT_INTERRUPTED if stopped == "interrupted" else EXIT_FINDINGS)


def _summary(counter: Counter, served: int) -> RenderableType:
    title = Text(
        f"Cards with their update: {served} now, {counter.earlier} earlier; left: {counter.left}",
        f"Kartu dengan pembaruannya: {served} sekarang, {counter.earlier} sebelumnya; tersisa: {counter.left}",
    )
    columns = (
        (Text("card", "kartu"), "whole"),
        (Text("result", "hasil"), "left"),
        (Text("no.", "no."), "right"),
        (Text("state", "status"), "left"),
        (Text("why", "sebab"), "left"),
    )
    return table(title, columns, (one.row() for one in counter.presented))
