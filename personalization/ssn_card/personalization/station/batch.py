# SPDX-License-Identifier: Apache-2.0
"""An approved batch as what a run works on: its persons straight out of the bank's store, and no file of them.

The batch's content hash names it in the journal, as an extract's SHA-256 would, and its lines are the batch's items.
Store and station know people by keys under one secret. Whose data have changed since the batch was submitted gets no
card from it: what is made is what was approved.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from sqlalchemy.orm import Session

from ssn_card.bank.people.persons import StoredPerson, opened
from ssn_card.bank.proposals import batches
from ssn_card.bank.sealing import FieldSealer
from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.tables.batches import BatchItemRow, ProposalRow
from ssn_card.bank.store.tables.people import PersonRow, PersonState
from ssn_card.bank.store.work import SignedIn
from ssn_card.personalization.intake.nik import FamilyNumber, Nik
from ssn_card.personalization.intake.rows import Beneficiary, Row, RowRejected
from ssn_card.personalization.intake.summary import count_rows
from ssn_card.programme import Policies, Policy, Regions, load_regions
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.errors import Text

from .issuing import IssueRows

WITHDRAWN = Text("withdrawn from the batch", "ditarik dari kelompok")
CORRECTED = Text("corrected since the batch was submitted", "diperbaiki setelah kelompok diajukan")
NOT_READY = Text("held, refused or deactivated since", "kemudian ditahan, ditolak, atau dinonaktifkan")


class BegunBatch(NamedTuple):
    """A batch that is being produced, its policy, and the store's secret, which the station's journal must have."""

    row: ProposalRow
    policy: Policy
    secret: SecretKey


def begin_batch(bank: Bank, actor: SignedIn, name: str, policies: Policies, today: dt.date | None = None) -> BegunBatch:
    """Begin a batch that was approved, or go on with it; ``today``: its policy must not be over.

    Raises ``NotFound``, ``ProposalStageRefused``, ``ContentChanged``, ``PolicyDiffers``, ``NotAllowed``,
    ``UnknownPolicyError``, ``PolicyExpired``. Nothing is begun then.
    """
    with bank.work(actor) as work:
        row = batches.begin(work, name)
        policy = policies.by_id(row.policy_id)
        batches.require_policy(row, policy.entitlement_total)
        if today is not None:
            policy.require_not_over(today)
        return BegunBatch(row, policy, work.secret)


def batch_rows(bank: Bank, begun: BegunBatch, regions: Regions | None = None) -> IssueRows:
    """The rows of a batch that was begun. Raises ``BankStoreDamaged``, ``UnknownRegionError``."""
    regions = load_regions() if regions is None else regions
    with bank.reading() as session:
        rows, replaces = _rows(session, bank.sealer, begun.row, regions)
    return IssueRows(count_rows(begun.row.name, begun.row.sha256 or "", rows, begun.policy), rows, replaces)


def beneficiary(line: int, person: StoredPerson, regions: Regions) -> Beneficiary:
    """A person of the store as a row of an extract. Raises ``UnknownRegionError``, ``NumberError``."""
    region = regions.find(person.kode_kecamatan)
    return Beneficiary(
        line=line,
        nik=Nik(person.nik),
        kk=FamilyNumber(person.no_kk),
        name=person.name,
        birth_date=person.birth_date,
        gender=person.gender,
        region_code=region.code,
        kecamatan=region.kecamatan,
        kelurahan=region.kelurahan_at(person.kelurahan),
        kelurahan_ordinal=person.kelurahan,
        decile=person.decile,
        companion=person.companion,
    )


def _rows(
    session: Session, sealer: FieldSealer, batch: ProposalRow, regions: Regions
) -> tuple[tuple[Row, ...], dict[int, bytes]]:
    rows: list[Row] = []
    replaces: dict[int, bytes] = {}
    for item, person, made in batches.lines(session, batch):
        fault = None if made else _fault(item, person)
        if fault is not None:
            rows.append(RowRejected(item.place, "", *fault))
            continue
        rows.append(beneficiary(item.place, opened(person, sealer), regions))
        if item.replaces is not None:
            replaces[item.place] = bytes.fromhex(item.replaces)
    return tuple(rows), replaces


def _fault(item: BatchItemRow, person: PersonRow) -> tuple[Text, str] | None:
    """Why nobody's card is made from an item."""
    if item.withdrawn_at is not None:
        return WITHDRAWN, "withdrawn"
    if person.version != item.person_version:
        return CORRECTED, "corrected-since"
    return None if person.state == PersonState.READY else (NOT_READY, "not-ready")
