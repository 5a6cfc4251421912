# SPDX-License-Identifier: Apache-2.0
"""The packages on a tablet: taken in, opened in memory, dropped when they are long over."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from ssn_card.protocol.errors import InputError, Text
from ssn_card.protocol.system import system_reason
from ssn_card.storage import whole_file

from ..errors import FieldFileRefused
from ..forms.envelope import SealedKind, opened
from ..forms.package import FieldPackage
from .folder import TabletIdentity

_SUFFIX = ".ssnpackage"
KEPT_DAYS = 30  #: behind the last day; what was noted stays in the diary


def take_in(who: TabletIdentity, path: Path) -> FieldPackage:
    """Put a package into the tablet's folder, sealed as it is; again does nothing.

    Raises :class:`FieldFileRefused`, ``AttestationRefused``, ``AttestationUnreadable``, ``UnknownAttestation``,
    ``KeyringDamaged``, ``InputError``.
    """
    package = _opened(who, path)
    try:
        with whole_file(who.folder.packages / f"{package.id}{_SUFFIX}", mode=0o600) as stream:
            stream.write(path.read_bytes())
    except OSError as error:
        raise InputError(
            Text("The package cannot be kept: {why}.", "Paket tidak dapat disimpan: {why}.").filled(
                why=system_reason(error)
            ),
            where=str(path),
            remedy=Text("Free some space, and open it again.", "Kosongkan sebagian ruang, lalu buka lagi."),
        ) from None
    return package


def packages_of(who: TabletIdentity) -> list[FieldPackage]:
    """All packages of the tablet, oldest first. Raises as :func:`take_in`."""
    found = [_opened(who, path) for path in sorted(who.folder.packages.glob(f"*{_SUFFIX}"))]
    return sorted(found, key=lambda package: (package.made_at, package.id))


def drop_old(who: TabletIdentity, today: dt.date) -> int:
    """Delete packages whose last day is long over, and with them names and keys; returns how many."""
    old = [one for one in packages_of(who) if today > dt.date.fromisoformat(one.last_day) + dt.timedelta(KEPT_DAYS)]
    for package in old:
        (who.folder.packages / f"{package.id}{_SUFFIX}").unlink(missing_ok=True)
    return len(old)


def _opened(who: TabletIdentity, path: Path) -> FieldPackage:
    package = opened(FieldPackage, SealedKind.PACKAGE, path, who.bank, who.receiving)
    if package.tablet != who.tablet:
        raise FieldFileRefused(str(path))
    return package
