# SPDX-License-Identifier: Apache-2.0
"""Tablets: registered by their two public keys, retired for good."""

from __future__ import annotations

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from ...roles import BankRole
from ...store.tables.field import TabletRow
from ...store.work import StoreWork
from ..errors import TabletExists, TabletRetired, TabletUnknown
from ..forms.registration import TabletRegistration

#: Tablets' terminals have numbers of their own, far above those of shops.
_FIRST_TERMINAL = 1_000_000_000


def add_tablet(work: StoreWork, registration: TabletRegistration) -> TabletRow:
    """Register a tablet whose fingerprint somebody has compared. Raises :class:`TabletExists`, ``NotAllowed``."""
    work.require(BankRole.OPERATOR, BankRole.CUSTODIAN)
    signing = bytes.fromhex(registration.signing_key)
    taken = select(TabletRow.name).where(or_(TabletRow.name == registration.tablet, TabletRow.signing_key == signing))
    if work.session.scalar(taken.limit(1)) is not None:
        raise TabletExists(registration.tablet)
    highest = work.session.scalar(select(func.max(TabletRow.terminal_id)))
    row = TabletRow(
        name=registration.tablet,
        companion=registration.companion,
        terminal_id=_FIRST_TERMINAL if highest is None else highest + 1,
        receiving_key=bytes.fromhex(registration.receiving_key),
        signing_key=signing,
        registered_at=work.at,
    )
    work.session.add(row)
    work.note("tablet-added", row.name, companion=row.companion, terminal=row.terminal_id, key=registration.signing_key)
    return row


def retire_tablet(work: StoreWork, name: str) -> TabletRow:
    """Give a tablet nothing more, and believe it nothing more. Raises :class:`TabletUnknown`, ``NotAllowed``."""
    work.require(BankRole.OPERATOR, BankRole.CUSTODIAN)
    row = work.session.get(TabletRow, name)
    if row is None:
        raise TabletUnknown(name)
    if row.retired_at is None:
        row.retired_at = work.at
        work.note("tablet-retired", name)
    return row


def living_tablet(session: Session, name: str) -> TabletRow:
    """A tablet that is not retired. Raises :class:`TabletUnknown`, :class:`TabletRetired`."""
    row = session.get(TabletRow, name)
    if row is None:
        raise TabletUnknown(name)
    if row.retired_at is not None:
        raise TabletRetired(name, row.retired_at[:10], name)
    return row


def tablet_of_key(session: Session, signing_key: bytes, where: str) -> TabletRow:
    """The tablet that signs with this key; retired ones too. Raises :class:`TabletUnknown`."""
    row = session.scalar(select(TabletRow).where(TabletRow.signing_key == signing_key))
    if row is None:
        raise TabletUnknown(where)
    return row
