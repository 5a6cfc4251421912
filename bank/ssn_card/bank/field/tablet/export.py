# SPDX-License-Identifier: Apache-2.0
"""The end of a day: what the tablet has to tell, in one file for the bank alone.

It tells everything since the oldest package that is still on the tablet, each time, so that a file that was lost is
made good by the next; what was told twice does no harm.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from ssn_card.protocol.errors import InputError, Text
from ssn_card.protocol.system import system_reason
from ssn_card.storage import whole_file

from ...moments import utc_now
from ..errors import NoPackage
from ..forms.envelope import SealedKind, sealed
from ..forms.result import FieldResult
from .work import FieldWork

RESULT_SUFFIX = ".ssnresult"


@dataclass(frozen=True)
class WrittenResult:
    """A result that is on the disk."""

    path: Path
    first: int  #: number of the first record in it
    newest: int
    records: int
    receipts: int


def export(work: FieldWork, to: Path | None = None) -> WrittenResult:
    """Write a result; ``to`` is a folder, such as a memory stick's, or a file; by default the tablet's own folder.

    Raises :class:`NoPackage`, ``InputError``, ``DiaryError``.
    """
    if not work.packages:
        raise NoPackage
    kept = {package.id for package in work.packages}
    everything = work.diary.records()
    first = next((one.number for one in everything if one.package in kept), work.diary.newest + 1)
    told = tuple(one for one in everything if one.number >= first)
    newest = everything[-1].number if everything else 0
    serials = {one.serial for package in work.packages for one in package.persons}
    receipts = tuple(one.raw.hex() for one in work.receipts() if one.serial.hex() in serials)
    result = FieldResult(
        schema_="ssn-card/field-result/1",
        tablet=work.who.tablet,
        made_at=utc_now(),
        newest=newest,
        visits=told,
        receipts=receipts,
    )
    path = _place(work, to, newest)
    recipient = X25519PublicKey.from_public_bytes(bytes.fromhex(work.packages[-1].results_to))
    content = sealed(result, SealedKind.RESULT, recipient, work.who.signing, str(path))
    try:
        with whole_file(path, mode=0o600) as stream:
            stream.write(content)
    except OSError as error:
        raise InputError(
            Text("The result cannot be written: {why}.", "Hasil tidak dapat ditulis: {why}.").filled(
                why=system_reason(error)
            ),
            where=str(path),
            remedy=Text("Check the folder, or the memory stick.", "Periksa foldernya, atau flash disk-nya."),
        ) from None
    work.diary.is_told(newest)
    return WrittenResult(path, first, newest, len(told), len(receipts))


def _place(work: FieldWork, to: Path | None, newest: int) -> Path:
    name = f"{work.who.tablet}-{newest:05d}{RESULT_SUFFIX}"
    if to is None:
        to = work.who.folder.results
    return to / name if to.is_dir() else to
