# SPDX-License-Identifier: Apache-2.0
"""The key ceremony, the next versions after it, and a restore: each fills a backup, then the token from the backup.

All three are one thing: what the plan asks for and the backup has not, is made and written to the backup; then what the
backup has and the token has not, is put into the token. So each may be broken off anywhere and run again, and none ever
replaces a master.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from ssn_card.keys.provider import check_version, key_name
from ssn_card.protocol.crypto import macs_equal
from ssn_card.protocol.labels import KeyLabel

from .backup import Backup
from .components import Component
from .errors import MasterNotInBackup
from .objects import Fault, Place, check_value_of, identity_fault, use_fault
from .passage import brought, install, made, rehearse
from .sessions import Line, TokenSessions


class Installed(NamedTuple):
    """One master, as the ceremony leaves it."""

    place: Place
    kcv: bytes
    imported: bool
    new: bool  #: put into the token now


#: The master of a place out of components; ``None`` lets the token make it.
Source = Callable[[Place], Component | None]
Told = Callable[[Place], None]


def plan(labels: Iterable[KeyLabel], versions: Iterable[int]) -> list[Place]:
    """Every label in every version, in the order of the labels' declaration. Raises ``InputError``."""
    wanted = sorted(set(versions))
    for version in wanted:
        check_version(version)
    chosen = set(labels)
    return [(label, version) for label in KeyLabel if label in chosen for version in wanted]


def hold(
    sessions: TokenSessions,
    backup: Backup,
    places: Iterable[Place],
    source: Source = lambda place: None,
    told: Told = lambda place: None,
) -> list[Installed]:
    """Hold a ceremony for these masters, or go on with one that was broken off; ``told`` of each that is in the token.

    Raises :class:`MasterNotInBackup`, :class:`~.errors.BackupDamaged`, ``KeyFileNotWritten``, ``TokenError``, and what
    ``source`` raises.
    """
    require_all_in(sessions, backup)
    for place in places:
        if place not in backup.masters:
            master = source(place)
            key = (
                made(sessions, backup.wrapping_key)
                if master is None
                else brought(sessions, backup.wrapping_key, master)
            )
            backup.add(place, key)
    return restore(sessions, backup, told)


def restore(sessions: TokenSessions, backup: Backup, told: Told = lambda place: None) -> list[Installed]:
    """Put every master of the backup into the token. Raises as :func:`hold`."""
    require_all_in(sessions, backup)
    for place in backup.masters:  # before any is put there
        rehearse(sessions, backup, place)
    installed = []
    for place, kept in backup.masters.items():
        installed.append(Installed(place, kept.kcv, kept.imported, install(sessions, backup, place)))
        told(place)
    return sorted(installed, key=lambda one: (list(KeyLabel).index(one.place[0]), one.place[1]))


def require_all_in(sessions: TokenSessions, backup: Backup) -> None:
    """Raises :class:`MasterNotInBackup` unless every master in the token is in the backup too, as the same key."""

    def compare(line: Line) -> None:
        for place, keys in line.masters.find().items():
            kept = backup.masters.get(place)
            if kept is None or identity_fault(keys) or not macs_equal(check_value_of(keys[0]), kept.kcv):
                raise MasterNotInBackup(key_name(*place), str(sessions.uri))

    sessions.run(compare)


def require_empty(sessions: TokenSessions) -> None:
    """Raises :class:`MasterNotInBackup` where there is a master already, for which a new backup would be too late."""
    for place in sorted(sessions.run(lambda line: line.masters.find()), key=lambda place: (str(place[0]), place[1])):
        raise MasterNotInBackup(key_name(*place), str(sessions.uri))


def next_versions(sessions: TokenSessions, backup: Backup, labels: Iterable[KeyLabel]) -> list[Place]:
    """The version of each label that comes after all that the token and the backup have.

    One that the backup has and the token has not is that of a rotation which was broken off. Raises ``InputError``
    behind version 255, ``TokenError``.
    """
    there = sessions.run(lambda line: frozenset(line.masters.find()))
    wanted = []
    for label in dict.fromkeys(labels):
        begun = sorted(place for place in backup.masters.keys() - there if place[0] is label)
        newest = max((version for held, version in there | backup.masters.keys() if held is label), default=0)
        wanted.append(begun[0] if begun else (label, newest + 1))
        check_version(wanted[-1][1])
    return wanted


def faults(sessions: TokenSessions) -> tuple[dict[Place, bytes], list[Fault]]:
    """Check values of all masters in the token, computed by it, and what is wrong with them. Raises ``TokenError``."""

    def look(line: Line) -> tuple[dict[Place, bytes], list[Fault]]:
        found = line.masters.find()
        wrong = [
            Fault(place, why)
            for place, keys in found.items()
            for why in (identity_fault(keys), *map(use_fault, keys))
            if why is not None
        ]
        return {place: check_value_of(keys[0]) for place, keys in found.items()}, wrong

    return sessions.run(look)
