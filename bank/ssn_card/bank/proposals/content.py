# SPDX-License-Identifier: Apache-2.0
"""The content of a batch or a run as one hash, by which what is made is what was approved.

SHA-256 over a line that says what it is (kind, name, policy, options, as canonical JSON) and a line for each item:

- batch: its place, the person's key, the version of his data, a hash of what the card is made from, and the card that
  it replaces. The data of a person who was not corrected since are hashed from the person's own row each time, so that
  nobody can change them in between; somebody who was corrected since gets no card from this batch.
- run: the card's serial, and the update's body as planned.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..canonical import canonical
from ..store.tables.batches import BatchItemRow, ProposalKind, ProposalRow, RunItemRow
from ..store.tables.people import PersonRow

_CHUNK = 2000  #: rows at a time


def content_hash(session: Session, row: ProposalRow) -> str:
    """64 hexadecimal digits of what stands in the store now."""
    session.flush()
    head = {"kind": row.kind, "name": row.name, "policy": row.policy_id, "options": json.loads(row.options)}
    digest = hashlib.sha256(canonical(head).encode() + b"\n")
    for line in _batch_lines(session, row) if row.kind == ProposalKind.BATCH else _run_lines(session, row):
        digest.update(line.encode())
    return digest.hexdigest()


def data_hash(sealed: bytes, kode_kecamatan: str, kelurahan: int) -> str:
    """Of all that a person's card is made from: 64 hexadecimal digits."""
    return hashlib.sha256(sealed + f"|{kode_kecamatan}|{kelurahan}".encode()).hexdigest()


def _batch_lines(session: Session, batch: ProposalRow) -> Iterator[str]:
    items = (
        select(
            BatchItemRow.place,
            PersonRow.key,
            BatchItemRow.person_version,
            BatchItemRow.data,
            BatchItemRow.replaces,
            PersonRow.version,
            PersonRow.sealed,
            PersonRow.kode_kecamatan,
            PersonRow.kelurahan,
        )
        .join(PersonRow, PersonRow.id == BatchItemRow.person_id)
        .where(BatchItemRow.proposal_id == batch.id)
        .order_by(BatchItemRow.place)
    )
    for row in session.execute(items.execution_options(yield_per=_CHUNK)):
        place, key, version, data, replaces, now, sealed, kecamatan, kelurahan = row
        current = data_hash(sealed, kecamatan, kelurahan) if now == version else data
        yield f"{place} {key.hex()} {version} {current} {replaces or '-'}\n"


def _run_lines(session: Session, row: ProposalRow) -> Iterator[str]:
    items = (
        select(RunItemRow.serial, RunItemRow.body).where(RunItemRow.proposal_id == row.id).order_by(RunItemRow.serial)
    )
    for serial, body in session.execute(items.execution_options(yield_per=_CHUNK)):
        yield f"{serial} {body.hex()}\n"
