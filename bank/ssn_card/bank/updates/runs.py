# SPDX-License-Identifier: Apache-2.0
"""Runs of updates: planned, approved by a second person, issued exactly as approved.

Issuing goes through the register, whose file is the truth of numbers, and survives being broken off anywhere:

1. the run is *producing*;
2. the register has all of its updates, or none, and writes their file (:mod:`ssn_card.entitlement.register`);
3. the store has them too, and the run is *done*.

The same command goes on where it was. Before the first step every card is planned once more: where anything came
between (another update, a day on which money expires, a card that was lost), nothing is issued.

One thing one person may do alone, because it cannot wait: block. An **urgent** run only blocks; it is issued as soon as
it is submitted, and stays *submitted* until a second person has looked at it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from ssn_card.entitlement import Entitlement, Register, SignedUpdate, issue
from ssn_card.entitlement.rules import update_key_version
from ssn_card.keys import KeyProvider
from ssn_card.programme import Policies

from ..proposals import flow
from ..proposals.errors import EmptyProposal
from ..store.bank import Bank
from ..store.tables.batches import ProposalKind, ProposalRow, ProposalStage, RunItemRow
from ..store.tables.cards import CardRow
from ..store.tables.people import PersonRow
from ..store.tables.updates import UpdateRow
from ..store.work import SignedIn, StoreWork
from .choice import BETWEEN, DEACTIVATED, RunChoice, chosen, refusal
from .errors import RunNotIssued, RunOutdated
from .mirror import mirror
from .missed import granted, remember
from .order import RunKind, RunOrder
from .planning import Planned, RunPlan, RunPlanner

_CHUNK: Final = 500
_SHOWN: Final = 5  #: serials in an error


def new_run(
    work: StoreWork,
    name: str,
    order: RunOrder,
    choice: RunChoice,
    register: Register,
    policies: Policies,
    moment: dt.datetime,
) -> tuple[ProposalRow, RunPlan]:
    """A draft with the next update of each card that is to get one.

    Args:
        work: an operator's.
        name: its own, never used again.
        order: what it changes.
        choice: for which cards.
        register: open; what it has and the store has not is copied first.
        policies: of the programme.
        moment: bank's local time.

    Raises:
        EmptyProposal: no card would get anything; nothing was made.
        NotFound, NotAllowed, ProposalExists, ProposalNameUnfit.
    """
    mirror(work, register)
    options = order.options() | {"choice": {key: value for key, value in dataclasses.asdict(choice).items() if value}}
    row = flow.propose(work, ProposalKind.RUN, name, order.policy or 0, options)
    plan = RunPlanner(work.session, register, policies, order, moment).plan(chosen(work.session, choice))
    if not plan.planned:
        raise EmptyProposal(name)
    flow.filled(work, row)
    items = [
        {"proposal_id": row.id, "serial": one.card.serial, "body": one.entitlement.encode()} for one in plan.planned
    ]
    for start in range(0, len(items), _CHUNK):
        work.session.execute(insert(RunItemRow), items[start : start + _CHUNK])
    return row, plan


def issue_run(
    bank: Bank,
    actor: SignedIn,
    name: str,
    register: Register,
    provider: KeyProvider,
    policies: Policies,
    out: Path,
    moment: dt.datetime,
) -> int:
    """Sign and issue an approved run, or go on with one; how many updates it has.

    Args:
        bank: the store.
        actor: an operator.
        name: of the run.
        register: open for writing.
        provider: has the UPDATE keys.
        policies: of the programme.
        out: file of the updates.
        moment: bank's local time.

    Raises:
        RunNotIssued: it was not approved, and is not urgent.
        RunOutdated: the cards would get something else now.
        ContentChanged, NotFound, NotAllowed, and what register and keys raise.
    """
    with bank.work(actor) as work:
        row = flow.find(work.session, ProposalKind.RUN, name)
        order = RunOrder.of(row.options)
        _require_issuable(row, order)
        items = _items(work.session, row)
        mirror(work, register)
        plans = _planned_again(work, row, order, items, register, policies, moment)
        if row.stage == ProposalStage.APPROVED:
            flow.begin(work, row)
        flow.require_unchanged(work.session, row)
    if plans:
        register.issue(out, _signed(plans, provider), moment)
    with bank.work(actor) as work:
        row = flow.find(work.session, ProposalKind.RUN, name)
        mirror(work, register, row.id, {one.card.serial: one.elsewhere for one in plans})
        granted(work, plans)
        _remember(work, order, row, policies, moment)
        if row.stage == ProposalStage.PRODUCING:
            flow.finish(work, row)
        work.note("run-issued", name, updates=len(items), file=out.name)
    return len(items)


def _require_issuable(row: ProposalRow, order: RunOrder) -> None:
    stage = ProposalStage(row.stage)
    may = {ProposalStage.APPROVED, ProposalStage.PRODUCING}
    if order.urgent and order.kind is RunKind.BLOCK:
        may.add(ProposalStage.SUBMITTED)
    if stage not in may:
        raise RunNotIssued(row.name, flow.STAGES[stage])


def _items(session: Session, row: ProposalRow) -> dict[str, bytes]:
    wanted = select(RunItemRow.serial, RunItemRow.body).where(RunItemRow.proposal_id == row.id)
    return {serial: body for serial, body in session.execute(wanted.order_by(RunItemRow.serial))}  # noqa: C416 rows


def _planned_again(
    work: StoreWork,
    row: ProposalRow,
    order: RunOrder,
    items: Mapping[str, bytes],
    register: Register,
    policies: Policies,
    moment: dt.datetime,
) -> list[Planned]:
    """What is still to be issued, as it was approved: all of it, or, where the register has all of it, nothing.

    Raises :class:`RunOutdated`.
    """
    wanted = (
        select(UpdateRow.serial, UpdateRow.body)
        .join(RunItemRow, RunItemRow.serial == UpdateRow.serial)
        .where(RunItemRow.proposal_id == row.id, RunItemRow.body == UpdateRow.body)
    )
    if {serial for serial, _ in work.session.execute(wanted)} == items.keys():
        return []
    plan = RunPlanner(work.session, register, policies, order, moment).plan(
        chosen(work.session, RunChoice(serials=tuple(items)))
    )
    plans = {one.card.serial: one for one in plan.planned}
    differ = [serial for serial, body in items.items() if not _as_approved(plans.get(serial), body)]
    if differ:
        raise RunOutdated(row.name, len(differ), ", ".join(differ[:_SHOWN]))
    return [dataclasses.replace(plans[serial], entitlement=Entitlement.decode(body)) for serial, body in items.items()]


def _as_approved(planned: Planned | None, body: bytes) -> bool:
    """But for the moment, which is that of the plan."""
    if planned is None:
        return False
    approved = Entitlement.decode(body)
    return dataclasses.replace(planned.entitlement, issued_at=approved.issued_at) == approved


def _signed(plans: Iterable[Planned], provider: KeyProvider) -> list[SignedUpdate]:
    updates = []
    for one in plans:
        version = update_key_version(one.card.update_key, one.base)
        updates.append(issue(one.entitlement, bytes.fromhex(one.card.serial), provider, version))
    return updates


def _remember(work: StoreWork, order: RunOrder, row: ProposalRow, policies: Policies, moment: dt.datetime) -> None:
    """Who was passed over by a load is remembered, whatever the run was planned for then."""
    if order.kind is not RunKind.LOAD:
        return
    reasons = ((card, refusal(order.kind, card)) for card in chosen(work.session, choice_of(row)))
    passed_over = [(card, why) for card, why in reasons if why in (DEACTIVATED, BETWEEN) and why is not None]
    policy = policies.by_id(order.policy) if order.policy is not None else policies.for_date(moment.date())
    remember(work, passed_over, policy, order.tranche or 0)


def choice_of(row: ProposalRow) -> RunChoice:
    """For which cards the run was planned."""
    said: dict[str, Any] = json.loads(row.options).get("choice", {})
    return RunChoice(tuple(said.get("serials", ())), said.get("batch"), tuple(said.get("kecamatan", ())))


def totals(session: Session, row: ProposalRow) -> list[tuple[str, int, int, int]]:
    """By kecamatan: cards, those that get money, rupiah that are loaded. For who is to approve it."""
    wanted = (
        select(RunItemRow.serial, RunItemRow.body, PersonRow.kode_kecamatan)
        .join(CardRow, CardRow.serial == RunItemRow.serial)
        .outerjoin(PersonRow, PersonRow.id == CardRow.person_id)
        .where(RunItemRow.proposal_id == row.id)
    )
    before = _loaded_before(session, row)
    sums: dict[str, list[int]] = {}
    for serial, body, kecamatan in session.execute(wanted):
        loads = Entitlement.decode(body).loaded_total - before.get(serial, 0)
        sums.setdefault(kecamatan or "-", [0, 0, 0])
        for place, value in enumerate((1, int(loads > 0), loads)):
            sums[kecamatan or "-"][place] += value
    return [(kecamatan, *values) for kecamatan, values in sorted(sums.items())]  # type: ignore[misc]


def _loaded_before(session: Session, row: ProposalRow) -> dict[str, int]:
    """What each card of the run had been loaded before it."""
    items = {serial: Entitlement.decode(body).update_seq for serial, body in _items(session, row).items()}
    found: dict[str, int] = {}
    wanted = (
        select(UpdateRow.serial, UpdateRow.update_seq, UpdateRow.body)
        .join(RunItemRow, RunItemRow.serial == UpdateRow.serial)
        .where(RunItemRow.proposal_id == row.id)
        .order_by(UpdateRow.serial, UpdateRow.update_seq)
    )
    for serial, number, body in session.execute(wanted):
        if number < items[serial]:
            found[serial] = Entitlement.decode(body).loaded_total
    return found
