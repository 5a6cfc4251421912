# SPDX-License-Identifier: Apache-2.0
"""Updates on their way: of each card the newest, unless a receipt has shown it there, as files for terminals.

``ssn entitlement deliver FOLDER --loop`` gives whichever card comes its update out of them, offline. The same store
makes the same bytes. Nothing in a bundle is secret, and it names nobody; an update works on its own card alone.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from ssn_card.entitlement import Entitlement, SignedUpdate
from ssn_card.entitlement.files import content_of
from ssn_card.storage import whole_file

from ..roles import BankRole
from ..store.tables.cards import CardRow
from ..store.tables.people import PersonRow
from ..store.tables.updates import DeliveredRow, UpdateRow
from ..store.work import StoreWork

MANIFEST: Final = "manifest.json"
SCHEMA: Final = "ssn-card/bundles/1"
_NOBODY: Final = "other"
_PLAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


class BundleBy(StrEnum):
    """What has a file of its own."""

    KECAMATAN = "kecamatan"
    KELURAHAN = "kelurahan"
    COMPANION = "companion"


def undelivered(session: Session) -> Iterator[tuple[SignedUpdate, str, int, str | None]]:
    """Updates to be carried, by serial; with kecamatan, kelurahan's place and companion."""
    last = (
        select(UpdateRow.serial, func.max(UpdateRow.update_seq).label("number")).group_by(UpdateRow.serial).subquery()
    )
    wanted = (
        select(
            UpdateRow.serial, UpdateRow.body, UpdateRow.key_version, UpdateRow.mac,
            PersonRow.kode_kecamatan, PersonRow.kelurahan, PersonRow.companion,
        )
        .join(last, and_(last.c.serial == UpdateRow.serial, last.c.number == UpdateRow.update_seq))
        .join(CardRow, CardRow.serial == UpdateRow.serial)
        .outerjoin(PersonRow, PersonRow.id == CardRow.person_id)
        .outerjoin(
            DeliveredRow,
            and_(DeliveredRow.serial == UpdateRow.serial, DeliveredRow.update_seq == UpdateRow.update_seq),
        )
        .where(DeliveredRow.serial.is_(None), UpdateRow.mac.is_not(None), UpdateRow.key_version.is_not(None))
        .order_by(UpdateRow.serial)
    )  # fmt: skip
    for serial, body, version, mac, kecamatan, kelurahan, companion in session.execute(wanted):
        update = SignedUpdate(bytes.fromhex(serial), Entitlement.decode(body), version or 0, mac or b"")
        yield update, kecamatan or _NOBODY, kelurahan or 0, companion


def write_bundles(work: StoreWork, folder: Path, by: BundleBy) -> dict[str, Any]:
    """Write the files and their manifest; files of an earlier manifest that hold nothing any more are removed.

    Raises ``NotAllowed``, ``OSError``.
    """
    work.require(BankRole.OPERATOR)
    files: dict[str, list[SignedUpdate]] = {}
    for update, kecamatan, kelurahan, companion in undelivered(work.session):
        files.setdefault(_name(work, by, kecamatan, kelurahan, companion), []).append(update)
    folder.mkdir(parents=True, exist_ok=True)
    for name in _earlier(folder) - files.keys():
        (folder / name).unlink(missing_ok=True)
    told = []
    for name, updates in sorted(files.items()):
        content = content_of(updates)
        _write(folder / name, content)
        told.append({"file": name, "updates": len(updates), "sha256": hashlib.sha256(content).hexdigest()})
    manifest = {"schema": SCHEMA, "by": by.value, "updates": sum(map(len, files.values())), "files": told}
    _write(folder / MANIFEST, json.dumps(manifest, indent=1).encode() + b"\n")
    work.note("bundles-written", by.value, updates=manifest["updates"], files=len(told))
    return manifest


def _name(work: StoreWork, by: BundleBy, kecamatan: str, kelurahan: int, companion: str | None) -> str:
    if by is BundleBy.KECAMATAN:
        return f"{kecamatan}.jsonl"
    if by is BundleBy.KELURAHAN:
        return f"{kecamatan}-{kelurahan:02}.jsonl"
    if companion is None:
        return f"{_NOBODY}.jsonl"
    # A companion is known by a code; whatever else stands there, such as a name, must not become a file's.
    plain = _PLAIN.fullmatch(companion) is not None
    return f"{companion if plain else work.secret.cmac(b'SSN companion' + companion.encode()).hex()}.jsonl"


def _earlier(folder: Path) -> set[str]:
    try:
        said = json.loads((folder / MANIFEST).read_text("utf-8"))
        names = {str(one["file"]) for one in said["files"]} if said["schema"] == SCHEMA else set()
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    return {name for name in names if Path(name).name == name and name.endswith(".jsonl")}


def _write(path: Path, content: bytes) -> None:
    if path.is_file() and path.read_bytes() == content:
        return
    with whole_file(path) as file:
        file.write(content)
