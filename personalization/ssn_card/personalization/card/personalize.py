# SPDX-License-Identifier: Apache-2.0
"""One card: from blank to personalized, and the proof of either.

A card is blank until the last STORE DATA commits everything at once. So a card that is removed, or loses power, is
either blank, and :func:`personalize` may be repeated, or complete; :func:`inspect` tells which.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from ssn_card.channel import ChannelRefused, KeySet, Scp03Session, SecurityLevel, keys_from, serial_of
from ssn_card.identity import CardContent, get_content
from ssn_card.keys import KeyProvider
from ssn_card.protocol import status
from ssn_card.protocol.commands import STORE_DATA
from ssn_card.protocol.crypto import macs_equal
from ssn_card.protocol.errors import InputError, Text
from ssn_card.protocol.groups import DGI_IDENTITY
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.pin import pin_block
from ssn_card.protocol.selection import SELECT_APPLET, selected
from ssn_card.protocol.values import PROTOCOL_VERSION, KeyVersionNumber, StateClass

from .errors import (
    CardAlreadyPersonalized,
    NotAnSsnCard,
    SerialChanged,
    UnsupportedProtocol,
    VerificationFailed,
)
from .groups import KeyVersions, data_groups, group, packed, store_data_commands

#: Encrypts keys and persons on the line, and makes the card's 9000 authentic.
LEVEL = SecurityLevel.C_MAC | SecurityLevel.C_DECRYPTION | SecurityLevel.R_MAC | SecurityLevel.R_ENCRYPTION

_TOLD = (KeyLabel.DEBIT, KeyLabel.RECEIPT, KeyLabel.UPDATE, KeyLabel.OVERRIDE)  #: versions that SELECT tells


class Connection(Protocol):
    """What is needed of a card's connection (:mod:`ssn_card.transport`)."""

    def transmit(self, apdu: bytes, /) -> bytes:
        """Send one command; data and status word."""
        ...


@dataclass(frozen=True, slots=True)
class CardState:
    """What SELECT tells of a card. Anybody can imitate it: only a secure channel proves anything."""

    serial: bytes
    blank: bool
    key_versions: Mapping[
        KeyLabel, int
    ]  #: in force, of DEBIT, RECEIPT, UPDATE and OVERRIDE; no meaning on a blank card


@dataclass(frozen=True, slots=True)
class PersonalizedCard:
    """One finished and verified card."""

    serial: bytes
    seconds: float
    apdus: int


def inspect(connection: Connection) -> CardState:
    """SELECT the applet. Raises :class:`NotAnSsnCard`, :class:`UnsupportedProtocol`, and what the line raises."""
    response = connection.transmit(SELECT_APPLET)
    data, sw = response[:-2], int.from_bytes(response[-2:], "big")
    if sw != status.OK:
        raise NotAnSsnCard(
            Text(f"The card has no SSN applet (SW {sw:04X}).", f"Kartu tidak memuat applet SSN (SW {sw:04X}).")
        )
    try:
        info, _ = selected(data)
    except InputError:
        raise _strange() from None
    if not info.is_ours:
        raise UnsupportedProtocol(info.protocol_version, PROTOCOL_VERSION)
    if not info.is_sound:
        raise _strange()
    told = {label: int(getattr(info, f"{label.name.lower()}_key_version")) for label in _TOLD}
    return CardState(info.serial, info.state_class is StateClass.BLANK, MappingProxyType(told))


def personalize(
    connection: Connection,
    provider: KeyProvider,
    beneficiary_id: bytes,
    identity: bytes,
    versions: KeyVersions | None = None,
    pin: str | None = None,
    committing: Callable[[], None] | None = None,
) -> PersonalizedCard:
    """Make a blank card the card of this beneficiary and read it back.

    Args:
        connection: to a card in the reader.
        provider: holds TRANSPORT, ISSUER and all keys that cards get.
        beneficiary_id: 8 bytes, never used before.
        identity: identity block of the person.
        versions: of the keys; version 1 and following 2 by default.
        pin: 4 to 12 digits; without it the card has no PIN.
        committing: called right before the one command that can end the card's blank state. Until then the card is
            certainly blank, from then on it may be complete; what it raises ends the work, and the card is blank.

    Raises:
        InputError: the PIN; nothing was done.
        NotAnSsnCard, UnsupportedProtocol, CardAlreadyPersonalized: nothing was done.
        CardNotOurs, KeyMissing: the transport keys do not fit; the card is blank.
        VerificationFailed: the card is personalized, but not as it should be.
        CardStatusError and what the line raises: the card is blank or complete, ask :func:`inspect`.
    """
    versions = versions or KeyVersions()
    block = None if pin is None else pin_block(pin)
    started = time.monotonic()
    line = _Counted(connection)
    state = inspect(line)
    if not state.blank:
        raise CardAlreadyPersonalized(state.serial)
    with _channel(line, provider, KeyVersionNumber.TRANSPORT, versions.transport, state.serial) as channel:
        groups = data_groups(state.serial, beneficiary_id, identity, provider, channel.wrap_key, versions, block)
        *blocks, last = store_data_commands(packed(groups, channel.max_data))
        for command in blocks:
            _store(channel, command)
        if committing is not None:
            committing()
        _store(channel, last)

    def as_written(content: CardContent) -> bool:
        return content.beneficiary_id == beneficiary_id and macs_equal(content.identity, identity)

    verify(line, provider, state.serial, as_written, versions)
    return PersonalizedCard(state.serial, time.monotonic() - started, line.count)


def correct_identity(
    connection: Connection,
    provider: KeyProvider,
    beneficiary_id: bytes,
    identity: bytes,
    versions: KeyVersions | None = None,
) -> None:
    """Replace the identity block of a personalized card and read it back. Money, receipts and counters stay.

    Raises :class:`VerificationFailed`, ``CardNotOurs``, ``CardStatusError`` and what the line raises; until the last
    block is taken the card keeps the old identity.
    """
    versions = versions or KeyVersions()
    state = inspect(connection)
    with _channel(connection, provider, KeyVersionNumber.ISSUER, versions.issuer, state.serial) as channel:
        for command in store_data_commands((group(DGI_IDENTITY, identity),)):
            _store(channel, command)
    inspect(connection)
    found = read_content(connection, provider, state.serial, versions)
    if found.beneficiary_id != beneficiary_id or not macs_equal(found.identity, identity):
        raise _differs(state.serial)


def verify(
    connection: Connection,
    provider: KeyProvider,
    serial: bytes,
    expected: Callable[[CardContent], bool],
    versions: KeyVersions | None = None,
) -> None:
    """Prove that the card is personalized with our keys and holds what ``expected`` accepts.

    Raises :class:`VerificationFailed`, ``CardNotOurs``, and what the line raises.
    """
    versions = versions or KeyVersions()
    state = inspect(connection)
    if state.serial != serial:
        raise _serial_changed()
    if state.blank:
        raise VerificationFailed(serial, Text("it is blank", "kartu masih kosong"))
    for label, version in state.key_versions.items():
        if version != versions.of(label):
            raise VerificationFailed(
                serial,
                Text(
                    f"version of {label} is {version}, not {versions.of(label)}",
                    f"versi {label} adalah {version}, bukan {versions.of(label)}",
                ),
            )
    if not expected(read_content(connection, provider, serial, versions)):
        raise _differs(serial)


def read_content(
    connection: Connection, provider: KeyProvider, serial: bytes, versions: KeyVersions | None = None
) -> CardContent:
    """Read beneficiary and identity over the ISSUER channel; the applet must be selected.

    Raises ``CardNotOurs``, ``ChannelRefused`` (blank card), ``ResponseMacError``, :class:`SerialChanged`.
    """
    issuer = (versions or KeyVersions()).issuer
    with _channel(connection, provider, KeyVersionNumber.ISSUER, issuer, serial) as channel:
        return get_content(channel)


def prove_blank(
    connection: Connection, provider: KeyProvider, serial: bytes, versions: KeyVersions | None = None
) -> bool:
    """Whether the card with this serial is certainly blank: it opens a channel with its transport keys.

    A personalized card never does, and nobody else can. False where the card says that it is personalized or refuses.
    Raises ``CardNotOurs``, :class:`SerialChanged`, :class:`NotAnSsnCard`, and what the line raises.
    """
    state = inspect(connection)
    if state.serial != serial:
        raise _serial_changed()
    if not state.blank:
        return False
    transport = (versions or KeyVersions()).transport
    try:
        _channel(connection, provider, KeyVersionNumber.TRANSPORT, transport, serial).close()
    except ChannelRefused:
        return False
    return True


class _Counted:
    """A connection that counts its commands."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.count = 0

    def transmit(self, apdu: bytes, /) -> bytes:
        self.count += 1
        return self._connection.transmit(apdu)


_KEY_SETS = {
    KeyVersionNumber.ISSUER: KeySet.ISSUER,
    KeyVersionNumber.REGISTRY: KeySet.REGISTRY,
    KeyVersionNumber.TRANSPORT: KeySet.TRANSPORT,
}


def _channel(
    connection: Connection, provider: KeyProvider, kvn: KeyVersionNumber, version: int, serial: bytes
) -> Scp03Session:
    keys = keys_from(provider, {kvn: (_KEY_SETS[kvn], version)})
    channel = Scp03Session.open(connection.transmit, keys, kvn=kvn, level=LEVEL)
    if serial_of(channel.diversification) != serial:
        channel.close()
        raise _serial_changed()
    return channel


def _store(channel: Scp03Session, command: bytes) -> None:
    _, sw = channel.send(command)
    status.raise_for(sw, STORE_DATA.name)


def _strange() -> NotAnSsnCard:
    return NotAnSsnCard(
        Text("The card answers SELECT as no SSN card would.", "Jawaban SELECT kartu bukan jawaban kartu SSN.")
    )


def _serial_changed() -> SerialChanged:
    return SerialChanged(Text("The card's serial changed while it was read.", "Nomor seri kartu berubah saat dibaca."))


def _differs(serial: bytes) -> VerificationFailed:
    return VerificationFailed(serial, Text("beneficiary or identity differ", "penerima atau identitas berbeda"))
