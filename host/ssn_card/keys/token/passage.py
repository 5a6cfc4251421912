# SPDX-License-Identifier: Apache-2.0
"""How a master gets into a token: made or brought there in a session, wrapped for the backup, and unwrapped for good.

In the session it may be wrapped, and is gone when it closes; in the token it may not. So what the backup holds is what
the token holds, and nothing can take a second copy later: not with the PIN, nor with the security officer's.
"""

from __future__ import annotations

from typing import Any

from ssn_card.keys.provider import key_name
from ssn_card.protocol.crypto import macs_equal

from .backup import Backup, Kept
from .components import MASTER_LENGTH, Component
from .errors import BackupDamaged, MasterNotInBackup
from .module import TokenKey, pkcs11_package
from .objects import Place, check_value_of, final_template, identity_fault, passing_template
from .sessions import Line, TokenSessions


def made(sessions: TokenSessions, wrapping: Component) -> Kept:
    """A new master by the token's random numbers, which exists wrapped only. Raises ``TokenError``."""
    pkcs11 = pkcs11_package()

    def make(line: Line) -> Kept:
        key = line.session.generate_key(
            pkcs11.KeyType.AES,
            8 * MASTER_LENGTH,
            store=False,
            capabilities=pkcs11.MechanismFlag.SIGN,
            template=passing_template(),
        )
        return _wrapped(line, wrapping, key, imported=False)

    return sessions.run(make)


def brought(sessions: TokenSessions, wrapping: Component, master: Component) -> Kept:
    """A master out of components, wrapped by the token. Raises ``TokenError``."""
    return sessions.run(lambda line: _wrapped(line, wrapping, _put(line, master, passing_template()), imported=True))


def install(sessions: TokenSessions, backup: Backup, place: Place) -> bool:
    """Unwrap a master of the backup into the token, if it is not there; whether it was put there now.

    Raises :class:`BackupDamaged`, where it is not the key of its check value; :class:`MasterNotInBackup`, where the
    token has another under its name; ``TokenError``.
    """
    kept = backup.masters[place]

    def unwrap(line: Line) -> bool:
        there = line.masters.find().get(place)
        if there is not None:
            if identity_fault(there) is not None or not macs_equal(check_value_of(there[0]), kept.kcv):
                raise MasterNotInBackup(key_name(*place), str(sessions.uri))
            return False
        # First for this session only: nothing wrong is ever in the token, not for a moment.
        _unwrapped(line, backup, place, passing_template()).destroy()
        _unwrapped(line, backup, place, final_template(sessions.uri, place, kept.kcv))
        line.masters.find()
        return True

    return sessions.run(unwrap)


def rehearse(sessions: TokenSessions, backup: Backup, place: Place) -> None:
    """Unwrap a master for a moment, compare it with its check value, and forget it. Raises as :func:`install`."""
    sessions.run(lambda line: _unwrapped(line, backup, place, passing_template()).destroy())


def _unwrapped(line: Line, backup: Backup, place: Place, template: dict[Any, Any]) -> TokenKey:
    pkcs11 = pkcs11_package()
    kept, where = backup.masters[place], f"{backup.path}: {key_name(*place)}"
    wrapper = _wrapper(line, backup.wrapping_key)
    try:
        key = wrapper.unwrap_key(
            pkcs11.ObjectClass.SECRET_KEY,
            pkcs11.KeyType.AES,
            kept.wrapped,
            mechanism=pkcs11.Mechanism.AES_KEY_WRAP,
            capabilities=pkcs11.MechanismFlag.SIGN,
            store=template[pkcs11.Attribute.TOKEN],
            template=template,
        )
    except (pkcs11.WrappedKeyInvalid, pkcs11.WrappedKeyLenRange, pkcs11.EncryptedDataInvalid):
        raise BackupDamaged(where) from None
    finally:
        wrapper.destroy()
    if not macs_equal(check_value_of(key), kept.kcv):
        raise BackupDamaged(where)
    return key


def _wrapped(line: Line, wrapping: Component, key: TokenKey, *, imported: bool) -> Kept:
    wrapper = _wrapper(line, wrapping)
    try:
        wrapped = wrapper.wrap_key(key, mechanism=pkcs11_package().Mechanism.AES_KEY_WRAP)
        return Kept(check_value_of(key), wrapped, imported)
    finally:
        wrapper.destroy()
        key.destroy()


def _wrapper(line: Line, wrapping: Component) -> TokenKey:
    """The key of the backup, in this session, for wrapping only."""
    pkcs11 = pkcs11_package()
    attribute = pkcs11.Attribute
    template = passing_template()
    template |= {
        attribute.EXTRACTABLE: False,
        attribute.SIGN: False,
        attribute.WRAP: True,
        attribute.UNWRAP: True,
        attribute.ALLOWED_MECHANISMS: [int(pkcs11.Mechanism.AES_KEY_WRAP)],
    }
    return _put(line, wrapping, template)


def _put(line: Line, value: Component, template: dict[Any, Any]) -> TokenKey:
    pkcs11 = pkcs11_package()
    attribute = pkcs11.Attribute
    return line.session.create_object(
        {
            **template,
            attribute.CLASS: pkcs11.ObjectClass.SECRET_KEY,
            attribute.KEY_TYPE: pkcs11.KeyType.AES,
            attribute.VALUE: value.value(),
        }
    )
