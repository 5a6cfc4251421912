# SPDX-License-Identifier: Apache-2.0
"""Results of tablets, taken in: in any order, again, overlapping, from many tablets.

A file is believed as its tablet, if that is registered and not retired; a card is believed itself: where a record says
that a card was activated, its receipt must be genuine, and moves the card (:mod:`...cards.moves`), whatever else is
said of it. Of two tablets that tell of one card, both records are kept, what the card itself has proved holds, and a
person is told. Nothing of a file is taken in where any of it cannot be.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import insert, select

from ssn_card.keys import KeyProvider
from ssn_card.receipts.genuine import ReceiptKeys
from ssn_card.signing import signer_named

from ...roles import BankRole
from ...store.tables.cards import CardRow
from ...store.tables.field import OutreachItemRow, OutreachRow, TabletRow, VisitRow
from ...store.tables.people import ImportRow
from ...store.work import StoreWork
from ..errors import FieldFileRefused, PackageUnknown, ResultContradicts, TabletRetired
from ..forms.envelope import SealedKind, opened
from ..forms.outcomes import VisitOutcome
from ..forms.result import FieldResult, VisitRecord
from .findings import FieldFinding, TakenResult
from .standing import missing_numbers
from .tablets import tablet_of_key
from .whereabouts import genuine_receipt, keep_delivered, move_cards

KIND = "field"
_CHUNK = 500
#: Outcomes that say where the card is.
_WHEREABOUTS = (VisitOutcome.ACTIVATED, VisitOutcome.DELIVERED, VisitOutcome.RETURNED)


def take_in_result(work: StoreWork, path: Path, receiving: X25519PrivateKey, provider: KeyProvider) -> TakenResult:
    """Take in one file.

    Args:
        receiving: the bank's key that results are sealed to.
        provider: holds RECEIPT.

    Raises:
        TabletUnknown, TabletRetired, FieldFileRefused, AttestationRefused, AttestationUnreadable: not believed.
        PackageUnknown, ResultContradicts: names the record.
        NotAllowed
    """
    work.require(BankRole.OPERATOR)
    where = str(path)
    tablet = tablet_of_key(work.session, signer_named(path), where)
    if tablet.retired_at is not None:
        raise TabletRetired(tablet.name, tablet.retired_at[:10], where)
    result = opened(
        FieldResult, SealedKind.RESULT, path, Ed25519PublicKey.from_public_bytes(tablet.signing_key), receiving
    )
    if result.tablet != tablet.name:
        raise FieldFileRefused(where)
    taken = TakenResult(path.name, tablet.name)
    row = _import_row(work, path, tablet, result)
    if row is None:
        taken.known = True
        return taken
    fresh = list(_fresh(work, tablet, result, where))
    _keep(work, tablet, fresh, row)
    taken.records = len(fresh)
    move_cards(work, fresh, row, ReceiptKeys(provider), taken)
    _look_at_loose(work, result, row, ReceiptKeys(provider), taken)
    _look_at_others(work, tablet, fresh, taken)
    taken.missing = missing_numbers(work.session, tablet.name, result.newest)
    if taken.missing:
        taken.findings.append((FieldFinding.NUMBERS_MISSING, tablet.name))
    row.control = json.dumps({"records": taken.records, "newest": result.newest, "missing": len(taken.missing)})
    work.note(
        "outreach-imported", tablet.name, sha256=row.sha256, records=taken.records, moved=taken.moved,
        findings=len(taken.findings),
    )  # fmt: skip
    return taken


def _import_row(work: StoreWork, path: Path, tablet: TabletRow, result: FieldResult) -> ImportRow | None:
    """A new import, or ``None`` where these very bytes were taken in."""
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    same = select(ImportRow.id).where(
        ImportRow.kind == KIND, ImportRow.sha256 == sha256, ImportRow.scope == tablet.name
    )
    if work.session.scalar(same) is not None:
        return None
    control = json.dumps({"newest": result.newest})
    row = ImportRow(
        kind=KIND, sha256=sha256, scope=tablet.name, file=path.name, at=work.at, actor=work.actor.name, control=control
    )
    work.session.add(row)
    work.session.flush()
    return row


def _fresh(work: StoreWork, tablet: TabletRow, result: FieldResult, where: str) -> Iterator[VisitRecord]:
    """Records that are not in the store yet. Raises :class:`ResultContradicts`, :class:`PackageUnknown`."""
    told_before = select(VisitRow.number, VisitRow.uid).where(VisitRow.tablet == tablet.name)
    known: dict[int, str] = dict(work.session.execute(told_before).all())
    given = (
        select(OutreachItemRow.outreach_id, OutreachItemRow.person_id, OutreachItemRow.serial)
        .join(OutreachRow, OutreachRow.id == OutreachItemRow.outreach_id)
        .where(OutreachRow.tablet == tablet.name)
    )
    listed = {(package, person, serial) for package, person, serial in work.session.execute(given)}
    for record in result.visits:
        told = known.setdefault(record.number, record.uid)
        if told != record.uid or record.number > result.newest:
            raise ResultContradicts(record.number, where)
        if (record.package, record.person, record.serial) not in listed:
            raise PackageUnknown(record.number, where)
    stored = set(_stored(work, [record.uid for record in result.visits]))
    yield from (record for record in result.visits if record.uid not in stored)


def _stored(work: StoreWork, uids: Sequence[str]) -> Iterator[str]:
    for at in range(0, len(uids), _CHUNK):
        yield from work.session.scalars(select(VisitRow.uid).where(VisitRow.uid.in_(uids[at : at + _CHUNK])))


def _keep(work: StoreWork, tablet: TabletRow, fresh: Sequence[VisitRecord], row: ImportRow) -> None:
    rows = [
        {
            "uid": record.uid,
            "outreach_id": record.package,
            "tablet": tablet.name,
            "number": record.number,
            "person_id": record.person,
            "serial": record.serial,
            "outcome": record.outcome.value,
            "companion": record.companion,
            "at": record.at,
            "undoes": record.undoes,
            "receipt": None if record.receipt is None else bytes.fromhex(record.receipt),
            "sealed": work.sealer.seal(_personal(record), f"visit:{record.uid}"),
            "import_id": row.id,
        }
        for record in fresh
    ]
    if rows:
        work.session.execute(insert(VisitRow), rows)


def _personal(record: VisitRecord) -> dict[str, object]:
    named = record.model_dump(include={"note", "appointment", "signature", "reference", "correction"})
    return {name: value for name, value in named.items() if value is not None}


def _look_at_loose(work: StoreWork, result: FieldResult, row: ImportRow, keys: ReceiptKeys, taken: TakenResult) -> None:
    """Receipts that no record names: the tablet lost its power between the card's answer and the record."""
    named = {record.receipt for record in result.visits}
    for text in result.receipts:
        receipt = None if text in named else genuine_receipt(keys, text)
        if receipt is None or work.session.get(CardRow, receipt.serial) is None:
            continue
        taken.delivered += keep_delivered(work, [(receipt, result.made_at)], row)
        told = select(VisitRow.uid).where(VisitRow.receipt == receipt.receipt.raw)
        if work.session.scalar(told.limit(1)) is None:
            taken.findings.append((FieldFinding.NO_RECORD, receipt.serial))


def _look_at_others(work: StoreWork, tablet: TabletRow, fresh: Sequence[VisitRecord], taken: TakenResult) -> None:
    """Cards of which another tablet has told, too, where they are."""
    serials = sorted({record.serial for record in fresh if record.outcome in _WHEREABOUTS and record.serial})
    others: set[str] = set()
    undone = select(VisitRow.undoes).where(VisitRow.undoes.is_not(None))
    for at in range(0, len(serials), _CHUNK):
        found = select(VisitRow.serial).where(
            VisitRow.serial.in_(serials[at : at + _CHUNK]),
            VisitRow.tablet != tablet.name,
            VisitRow.outcome.in_([one.value for one in _WHEREABOUTS]),
            VisitRow.uid.not_in(undone),
        )
        others.update(str(serial) for serial in work.session.scalars(found))
    taken.findings.extend((FieldFinding.TWO_TABLETS, serial) for serial in sorted(others))
