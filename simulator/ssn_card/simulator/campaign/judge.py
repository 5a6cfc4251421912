# SPDX-License-Identifier: Apache-2.0
"""Judges a card after a tear: is it as before or as after, is no rupiah gone, does it tell the truth, does it work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from ssn_card.personalization.card.personalize import inspect, read_content
from ssn_card.protocol import status
from ssn_card.protocol.commands import DEBIT
from ssn_card.protocol.status import CardStatusError
from ssn_card.protocol.values import WITHOUT_PIN, LifeState

from .bench import IDENTITY, Bench, Movement, Observed
from .chain import chain_fault
from .scenes import Kind, Prepared, Scene
from .talk import CardReceipt

#: A card's whole content: what terminals see, and the identity; ``None`` of a blank card.
Content = tuple[Observed, bytes] | None


class Expected(NamedTuple):
    """What the card is before and after the command."""

    before: Content
    after: Content


@dataclass(frozen=True)
class Verdict:
    """What was found. ``lost`` and ``created`` in rupiah."""

    lost: int = 0
    created: int = 0
    stuck: int = 0
    fault: str = ""


def content_of(bench: Bench) -> Content:
    """Everything about the card that should be as before or as after."""
    state = inspect(bench.connection)
    if state.blank:
        return None
    observed = bench.observe()
    inspect(bench.connection)
    return observed, read_content(bench.connection, bench.provider, state.serial).identity


def judge(bench: Bench, scene: Scene, prepared: Prepared, truth: Expected) -> Verdict:
    """Judge a card that has just been powered up. Raises what a card that does not work makes it raise."""
    content = content_of(bench)
    if content not in truth:
        return _difference(content, truth)
    if scene.kind is Kind.PERSONALIZATION:
        return _personalization(bench, content)
    if content is None:
        return Verdict(stuck=1, fault="the card is blank")
    observed, _ = content
    problem = chain_fault(bench.provider, observed)
    if not problem and prepared.movement is not None:
        problem = untrue(bench, prepared.movement, happened=content == truth.after)
    problem = problem or _pin(bench, observed, prepared, truth) or _works(bench, observed)
    return Verdict(stuck=bool(problem), fault=problem)


def _difference(content: Content, truth: Expected) -> Verdict:
    """A card that is neither as before nor as after: how much money, against what its newest receipt says."""
    if content is None or truth.before is None or truth.after is None:
        return Verdict(stuck=1, fault="neither blank nor complete")
    observed = content[0]
    reference = truth.after[0] if observed.seq == truth.after[0].seq else truth.before[0]
    missing = reference.balance - observed.balance
    return Verdict(
        lost=max(missing, 0), created=max(-missing, 0), stuck=0, fault="the card is neither as before nor as after"
    )


def _personalization(bench: Bench, content: Content) -> Verdict:
    if content is None:
        bench.personalize()
        return Verdict()
    right = content[1] == IDENTITY and content[0].seq == 0
    return Verdict() if right else Verdict(stuck=1, fault="personalized with something else")


def untrue(bench: Bench, movement: Movement, *, happened: bool) -> str:
    """What is not the truth in what READ RECEIPT, by number, says of a movement that was torn, or ``""``."""
    answer = bench.select().receipt(movement.number)
    if not isinstance(answer, CardReceipt):
        made = answer.newest >= movement.number
        return "READ RECEIPT does not tell the truth" if happened or made else ""
    ours = answer.seq == movement.number and answer.body == movement.body and answer.command is movement.command
    return "" if ours == happened else "READ RECEIPT gives another receipt"


def _pin(bench: Bench, observed: Observed, prepared: Prepared, truth: Expected) -> str:
    """PIN and tries are those of the side, before or after, that the card is on; or the PIN itself took a try."""
    pins: dict[str | None, None] = {}  # the older first: who has a single try left has not come to a new one
    tries: set[int] = set()
    if truth.before is not None:
        tries.update(truth.before[0].tries - taken for taken in range(prepared.taken + 1))
    for content, pin in zip(truth, (prepared.pins[0], prepared.pins[-1]), strict=True):
        if content is not None and content[0] == observed:
            pins[pin] = None
            tries.add(content[0].tries)
    if observed.tries not in tries:
        return f"{observed.tries} tries are left for the PIN"
    if observed.tries == WITHOUT_PIN:
        return "" if None in pins else "the PIN is gone"
    taken = sum(_takes(bench, pin) for pin in pins if pin is not None)
    return "" if taken == (observed.tries != 0) else f"{taken} PINs are right"


def _takes(bench: Bench, pin: str) -> bool:
    try:
        bench.select().verify(pin)
    except (status.WrongPin, status.PinBlocked):
        return False
    return True


def _works(bench: Bench, observed: Observed) -> str:
    """The card does what its state allows: a debit of one rupiah, with exactly that effect, or the right refusal."""
    torn = bench.txn
    try:
        receipt = bench.move(DEBIT, bench.body(1))
    except status.DebitRefused as refusal:
        return "" if _must_refuse(observed) else f"a debit is refused: {refusal.code}"
    except CardStatusError as error:
        return f"a debit fails: {error.code}"
    finally:
        bench.txn = torn
    if receipt.balance_after != observed.balance - 1 or receipt.seq != observed.seq + 1:
        return "the next debit has another effect"
    if receipt.previous_mac != observed.status["last_mac"]:
        return "the next debit breaks the chain"
    moved = bench.select().status()["pin_floor"] != observed.status["pin_floor"]  # by who gives the PIN alone
    return "the next debit puts the PIN's floor elsewhere" if moved else ""


def _must_refuse(observed: Observed) -> bool:
    """Whether not even one rupiah may be debited without the PIN. All scenes end in the card's month."""
    card: dict[str, Any] = observed.status
    limit = card["monthly_limit"] + (card["month_extra"] if card["extra_month"] == card["month"] else 0)
    pin_due = observed.tries != WITHOUT_PIN and card["balance"] - 1 < card["pin_floor"]
    spent = card["balance"] == 0 or card["month_spent"] >= limit
    return bool(card["state"] != LifeState.ACTIVE or spent or pin_due)
