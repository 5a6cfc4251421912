# SPDX-License-Identifier: Apache-2.0
"""Judges a card after a tear: is it as before or as after, is no rupiah gone, does it tell the truth, does it work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from ssn_card.personalization.card import inspect, read_content
from ssn_card.protocol import status
from ssn_card.protocol.commands import DEBIT
from ssn_card.protocol.values import LifeState
from ssn_card.receipts import Line, Receipt, ReceiptVerifier, Tip

from .bench import IDENTITY, TERMINAL, Bench, Observed
from .scenes import Kind, Prepared, Scene

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
    """Everything about the card that should be as before or as after; a PIN's tries are not among it."""
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
    problem = chain_fault(bench, observed)
    if not problem and prepared.movement is not None:
        problem = _recover(bench, prepared, content == truth.after, observed)
    if not problem:
        problem = _works(bench, observed)
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


def chain_fault(bench: Bench, observed: Observed) -> str:
    """What is wrong with the log, whose receipts must be genuine, linked and end where the card says, or ``""``."""
    lines = [Line(number, receipt) for number, receipt in enumerate(reversed(observed.log), start=1)]
    tip = Tip(observed.seq, bytes(observed.status["last_mac"]))
    serial = inspect(bench.connection).serial
    report = ReceiptVerifier(bench.provider).verify_lines(lines, {serial: tip})
    first_seen = observed.log[-1].seq if observed.log else 1
    findings = [
        one for one in report.findings if not (one.problem.name == "MISSING" and one.seq == 1 and first_seen > 1)
    ]
    return "; ".join(one.problem.name for one in findings)


def _recover(bench: Bench, prepared: Prepared, happened: bool, observed: Observed) -> str:
    """RECOVER says what is true of the movement that was torn."""
    answer = bench.select().recover(TERMINAL, bench.txn)
    if isinstance(answer, Receipt) != happened:
        return "RECOVER does not tell the truth"
    if isinstance(answer, Receipt) and (answer.raw[:28] != prepared.movement or answer != observed.log[0]):
        return "RECOVER gives another receipt"
    return ""


def _works(bench: Bench, observed: Observed) -> str:
    """The card does what its state allows: a debit of one rupiah, with exactly that effect, or the right refusal."""
    torn = bench.txn
    try:
        receipt = bench.move(DEBIT, bench.body(1))
    except status.DebitRefused as refusal:
        return "" if _must_refuse(observed.status) else f"a debit is refused: {refusal.code}"
    except status.CardStatusError as error:
        return f"a debit fails: {error.code}"
    finally:
        bench.txn = torn
    if receipt.balance_after != observed.balance - 1 or receipt.seq != observed.seq + 1:
        return "the next debit has another effect"
    return "" if receipt.previous_mac == observed.status["last_mac"] else "the next debit breaks the chain"


def _must_refuse(card: dict[str, Any]) -> bool:
    """Whether not even one rupiah may be debited. All scenes end in the card's month."""
    limit = card["monthly_limit"] + (card["month_extra"] if card["extra_month"] == card["month"] else 0)
    return bool(card["state"] != LifeState.ACTIVE or card["balance"] == 0 or card["month_spent"] >= limit)
