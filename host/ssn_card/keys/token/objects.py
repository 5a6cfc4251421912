# SPDX-License-Identifier: Apache-2.0
"""Masters as objects of a token: what they are called, what may be done with them, and how that is looked after.

A master's label is ``SET LABEL vVERSION``, such as ``ssn DEBIT v1``; its CKA_ID is its check value. It is private,
sensitive and not extractable, signs by AES-CMAC and does nothing else (CKA_ALLOWED_MECHANISMS, which no session can
widen), and can be neither changed, copied nor destroyed: that takes the whole token, initialized anew.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from ssn_card.keys.check_value import CHECKED, KCV_LENGTH
from ssn_card.keys.provider import MAX_VERSION, key_name
from ssn_card.protocol.crypto import macs_equal
from ssn_card.protocol.errors import Text
from ssn_card.protocol.labels import KeyLabel

from .errors import MasterDamaged
from .module import TokenKey, pkcs11_package
from .uri import TokenUri

if TYPE_CHECKING:
    import pkcs11

_ULONG = 8  #: bytes of a CK_ULONG on the machines that there are
Place = tuple[KeyLabel, int]  #: label and version


class Fault(NamedTuple):
    """What is wrong with one master."""

    place: Place
    why: Text


class Masters:
    """The masters of one set, by one session. Each is compared with its check value before it is used first."""

    def __init__(self, session: pkcs11.Session, uri: TokenUri, known: set[Place]) -> None:
        """``known``: what sessions with this token have seen; filled by each."""
        self._session = session
        self._uri = uri
        self._known = known
        self._found: dict[Place, list[TokenKey]] | None = None
        self._ready: dict[Place, TokenKey] = {}

    def find(self) -> dict[Place, list[TokenKey]]:
        """All objects that are there now; one for each place, if all is well. Raises the errors of PKCS#11."""
        pkcs11 = pkcs11_package()
        wanted = {pkcs11.Attribute.CLASS: pkcs11.ObjectClass.SECRET_KEY, pkcs11.Attribute.TOKEN: True}
        called = re.compile(rf"{re.escape(self._uri.object)} ([A-Z-]+) v([1-9][0-9]{{0,2}})")
        found: dict[Place, list[TokenKey]] = {}
        for key in self._session.get_objects(wanted):
            match = called.fullmatch(key[pkcs11.Attribute.LABEL])
            place = _place(match[1], int(match[2])) if match else None
            if place is not None:
                found.setdefault(place, []).append(key)
        if not self._known <= found.keys():  # some modules find nothing in a token that is not there, and say no more
            raise pkcs11.TokenNotPresent
        self._known.update(found)
        self._found, self._ready = found, {}
        return found

    def places(self) -> frozenset[Place]:
        """What is there, as it was when this session looked last."""
        return frozenset(self.find() if self._found is None else self._found)

    def key(self, place: Place) -> TokenKey | None:
        """The master, ready for use. Raises :class:`MasterDamaged` and the errors of PKCS#11."""
        ready = self._ready.get(place)
        if ready is None:
            found = self._found if self._found is not None and place in self._found else self.find()
            if place not in found:
                return None
            ready = self._ready[place] = self._sound(place, found[place])
        return ready

    def check_value(self, place: Place) -> bytes | None:
        """The check value of a master, computed by it. Raises as :meth:`key`."""
        key = self.key(place)
        return None if key is None else check_value_of(key)

    def _sound(self, place: Place, keys: list[TokenKey]) -> TokenKey:
        why = identity_fault(keys)
        if why is not None:
            raise MasterDamaged(key_name(*place), why, str(self._uri))
        return keys[0]


def identity_fault(keys: list[TokenKey]) -> Text | None:
    """Why these objects of one name are not one master with its check value, if they are not."""
    if len(keys) != 1:
        return Text(f"it is there {len(keys)} times", f"ada {len(keys)} kali")
    if not macs_equal(check_value_of(keys[0]), keys[0][pkcs11_package().Attribute.ID]):
        return Text("its check value is another", "nilai periksanya lain")
    return None


def use_fault(key: TokenKey) -> Text | None:
    """What may be done with a master that must not, if anything. Raises the errors of PKCS#11."""
    attribute = pkcs11_package().Attribute
    for name, wanted in _held_to().items():
        try:
            value = key[name]
        except (pkcs11_package().AttributeTypeInvalid, KeyError):
            value = None
        if value != wanted:
            words = f"{attribute(name).name} = {value}"
            return Text(f"it does not hold to its limits: {words}", f"melampaui batasnya: {words}")
    return None


def check_value_of(key: TokenKey) -> bytes:
    """As :func:`ssn_card.keys.check_value.check_value`, by the token."""
    mac: bytes = key.sign(CHECKED, mechanism=pkcs11_package().Mechanism.AES_CMAC)
    return mac[:KCV_LENGTH]


def object_label(uri: TokenUri, place: Place) -> str:
    """``ssn DEBIT v1``."""
    return f"{uri.object} {key_name(*place)}"


def final_template(uri: TokenUri, place: Place, kcv: bytes) -> dict[Any, Any]:
    """Attributes of a master in the token, for C_UnwrapKey; that it cannot be changed comes last, or stops the rest."""
    attribute = pkcs11_package().Attribute
    limits = _held_to()
    unmodifiable = limits.pop(attribute.MODIFIABLE)
    return {
        **limits,
        attribute.LABEL: object_label(uri, place),
        attribute.ID: kcv,
        attribute.MODIFIABLE: unmodifiable,
    }


def passing_template() -> dict[Any, Any]:
    """Attributes of a master on its way into the token and its backup: in one session only, to be wrapped once."""
    attribute = pkcs11_package().Attribute
    limits = _held_to()
    del limits[attribute.MODIFIABLE], limits[attribute.COPYABLE], limits[attribute.DESTROYABLE]
    return {**limits, attribute.TOKEN: False, attribute.EXTRACTABLE: True}


def attribute_mapper() -> Any:
    """python-pkcs11's, which does not know the list of allowed mechanisms."""
    pkcs11 = pkcs11_package()
    from pkcs11.attributes import AttributeMapper

    mapper = AttributeMapper()
    mapper.register_handler(pkcs11.Attribute.ALLOWED_MECHANISMS, _packed, _unpacked)
    return mapper


def _held_to() -> dict[Any, Any]:
    pkcs11 = pkcs11_package()
    attribute = pkcs11.Attribute
    never = (
        attribute.VERIFY, attribute.ENCRYPT, attribute.DECRYPT, attribute.WRAP, attribute.UNWRAP, attribute.DERIVE,
        attribute.EXTRACTABLE, attribute.COPYABLE, attribute.DESTROYABLE, attribute.MODIFIABLE,
    )  # fmt: skip
    always = (attribute.TOKEN, attribute.PRIVATE, attribute.SENSITIVE, attribute.SIGN)
    return {
        **dict.fromkeys(always, True),
        attribute.ALLOWED_MECHANISMS: [int(pkcs11.Mechanism.AES_CMAC)],
        **dict.fromkeys(never, False),
    }


def _place(label: str, version: int) -> Place | None:
    try:
        return (KeyLabel.named(label), version) if version <= MAX_VERSION else None
    except ValueError:
        return None


def _packed(mechanisms: list[int]) -> bytes:
    return b"".join(one.to_bytes(_ULONG, "little") for one in mechanisms)


def _unpacked(value: bytes) -> list[int]:
    return [int.from_bytes(value[at : at + _ULONG], "little") for at in range(0, len(value), _ULONG)]
