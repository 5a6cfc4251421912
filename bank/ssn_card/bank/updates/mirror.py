# SPDX-License-Identifier: Apache-2.0
"""The register's updates in the store. The register stays the truth of numbers; nothing is copied twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from sqlalchemy import func, insert, select

from ssn_card.entitlement import Register
from ssn_card.entitlement.register import Recorded
from ssn_card.programme import WITA

from ..moments import utc
from ..store.tables.cards import CardRow
from ..store.tables.updates import UpdateRow
from ..store.work import StoreWork

_CHUNK: Final = 1000


def mirror(
    work: StoreWork, register: Register, proposal_id: int | None = None, elsewhere: Mapping[str, int] | None = None
) -> int:
    """Copy what the register has and the store has not; how many updates that were.

    Args:
        work: the transaction.
        register: open.
        proposal_id: the run that has issued them, if one has.
        elsewhere: of cards that are not their family's first (:mod:`..cards.loads`).

    Cards that the store does not know are passed over: there is one register for all.
    """
    session = work.session
    session.flush()
    ours = set(session.scalars(select(CardRow.serial)))
    newest = select(UpdateRow.serial, func.max(UpdateRow.update_seq)).group_by(UpdateRow.serial)
    known = {bytes.fromhex(serial): number for serial, number in session.execute(newest)}
    gone = elsewhere or {}
    rows = (
        _values(one, proposal_id, gone.get(one.serial.hex(), 0))
        for one in register.since(known)
        if one.serial.hex() in ours
    )
    copied = 0
    for some in _chunks(rows):
        session.execute(insert(UpdateRow), some)
        copied += len(some)
    if copied:
        work.note("updates-mirrored", "register", updates=copied, proposal=proposal_id)
    return copied


def _values(one: Recorded, proposal_id: int | None, elsewhere: int) -> dict[str, Any]:
    return {
        "serial": one.serial.hex(),
        "update_seq": one.entitlement.update_seq,
        "proposal_id": proposal_id,
        "body": one.entitlement.encode(),
        "key_version": one.key_version,
        "mac": one.mac,
        "issued_at": moment_text(one.entitlement.issued_at),
        "elsewhere": elsewhere,
    }


def moment_text(local: dt.datetime) -> str:
    """A moment of the bank's local time as the store keeps it."""
    return utc(local.replace(tzinfo=WITA))


def _chunks(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    left = iter(rows)
    while some := list(islice(left, _CHUNK)):
        yield some
