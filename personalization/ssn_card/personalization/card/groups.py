# SPDX-License-Identifier: Apache-2.0
"""The data groups that make a blank card one person's card, and the STORE DATA commands that carry them.

A data group is DGI (2 bytes), length (1 byte), data (EMV CPS 1.1 section 3.2); STORE DATA carries whole groups
(GPC 2.3.1 section 11.11). The order of groups is free, so they are packed for the fewest commands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from ssn_card.channel import KeySet
from ssn_card.keys import KeyProvider
from ssn_card.protocol.commands import STORE_DATA
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.errors import InputError, Text
from ssn_card.protocol.groups import DGI_CARD_DATA, DGI_IDENTITY, DGI_PIN, PERSONALIZED_SLOTS, KeySlot
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.layouts import CARD_DATA, MAX_IDENTITY, WRAPPED_KEY

BENEFICIARY_ID_LENGTH = 8  #: bytes
MORE_BLOCKS, LAST_BLOCK = 0x08, 0x88  #: P1 of STORE DATA (GPC 2.3.1 table 11-89)

_PAIRED = tuple(slot.label for slot in PERSONALIZED_SLOTS if slot.following)

#: ``wrap(key)``: the key under the DEK of the session (16 bytes), such as ``Scp03Session.wrap_key``.
WrapKey = Callable[[SecretKey], bytes]


@dataclass(frozen=True, slots=True)
class KeyVersions:
    """Versions (1 to 255) of the keys that cards are personalized with, and of the transport keys they come with.

    ``following`` names the version that a card moves to by an update, where it is not the current one plus 1.
    Construction raises ``InputError`` for a version out of range, a key that has no following one, or a following
    version that is the current one.
    """

    issuer: int = 1
    registry: int = 1
    transport: int = 1
    current: Mapping[KeyLabel, int] = field(default_factory=dict)  #: UPDATE, OVERRIDE, DEBIT, RECEIPT; 1 if not named
    following: Mapping[KeyLabel, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "current", MappingProxyType(dict(self.current)))
        object.__setattr__(self, "following", MappingProxyType(dict(self.following)))
        for label in (*self.current, *self.following):
            if label not in _PAIRED:
                raise _error(f"{label} has no current and following version", f"{label} tidak punya versi berikutnya")
        for label, version in self.required():
            if not 1 <= version <= 0xFF:
                raise _error(
                    f"version {version} of {label} is not 1 to 255", f"versi {version} untuk {label} bukan 1-255"
                )
        for label in _PAIRED:
            if self.of(label) == self.of(label, following=True):
                raise _error(f"{label} follows itself", f"versi {label} berikutnya sama dengan yang berlaku")

    def of(self, label: KeyLabel, following: bool = False) -> int:
        """Version of a key on the card, or of the key that follows it."""
        if label in KeySet.ISSUER.value:
            return self.issuer
        if label in KeySet.REGISTRY.value:
            return self.registry
        if label in KeySet.TRANSPORT.value:
            return self.transport
        current = self.current.get(label, 1)
        return self.following.get(label, current + 1) if following else current

    def __str__(self) -> str:
        """``issuer=1 registry=1 debit=1:2 …``, without the transport keys, which the card gives up."""
        pairs = (f"{label.name.lower()}={self.of(label)}:{self.of(label, following=True)}" for label in _PAIRED)
        return " ".join((f"issuer={self.issuer}", f"registry={self.registry}", *pairs))

    @classmethod
    def parse(cls, text: str) -> KeyVersions:
        """What ``str`` gives. Raises ``ValueError`` for anything else."""
        try:
            words = (word.partition("=") for word in text.split())
            told = {name: tuple(map(int, versions.split(":"))) for name, _, versions in words}
            (issuer,), (registry,) = told.pop("issuer"), told.pop("registry")
            pairs = {KeyLabel[name.upper()]: (current, following) for name, (current, following) in told.items()}
        except (KeyError, ValueError) as error:
            raise ValueError(f"no versions of keys: {text!r}") from error
        return cls(
            issuer,
            registry,
            current={label: current for label, (current, _) in pairs.items()},
            following={label: following for label, (_, following) in pairs.items()},
        )

    def required(self) -> tuple[tuple[KeyLabel, int], ...]:
        """Every label and version that a personalization takes from the key provider."""
        transport = tuple((label, self.transport) for label in KeySet.TRANSPORT.value)
        return transport + tuple((slot.label, self.of(slot.label, slot.following)) for slot in PERSONALIZED_SLOTS)


def group(dgi: int, data: bytes) -> bytes:
    """One data group."""
    return dgi.to_bytes(2, "big") + bytes([len(data)]) + data


def data_groups(
    serial: bytes,
    beneficiary_id: bytes,
    identity: bytes,
    provider: KeyProvider,
    wrap: WrapKey,
    versions: KeyVersions,
    pin: bytes | None = None,
) -> tuple[bytes, ...]:
    """All groups of one card: card data, identity, and the key of every personalized slot; a PIN if it has one.

    Args:
        serial: 8 bytes, also the context of every key's derivation.
        beneficiary_id: 8 bytes.
        identity: identity block, at most 62 bytes.
        pin: PIN block, 8 bytes.

    Raises:
        InputError: a wrong length. Also what ``provider`` and ``wrap`` raise.
    """
    if len(beneficiary_id) != BENEFICIARY_ID_LENGTH:
        raise _error("beneficiary_id must have 8 bytes", "beneficiary_id harus 8 bita")
    if len(identity) > MAX_IDENTITY:
        raise _error(
            f"an identity block has at most {MAX_IDENTITY} bytes", f"blok identitas paling panjang {MAX_IDENTITY} bita"
        )

    def wrapped(slot: KeySlot) -> bytes:
        version = versions.of(slot.label, slot.following)
        key = provider.diversify(slot.label, version, serial)
        return WRAPPED_KEY.encode({"key_version": version, "wrapped": wrap(key), "kcv": key.kcv()})

    return (
        group(DGI_CARD_DATA, CARD_DATA.encode({"serial": serial, "beneficiary_id": beneficiary_id})),
        group(DGI_IDENTITY, identity),
        *(() if pin is None else (group(DGI_PIN, pin),)),
        *(group(slot.dgi, wrapped(slot)) for slot in PERSONALIZED_SLOTS),
    )


def packed(groups: Iterable[bytes], room: int) -> tuple[bytes, ...]:
    """The groups in blocks of at most ``room`` bytes, never divided: the longest first, each where it first fits.

    Raises ``InputError`` for a group that fits no block.
    """
    blocks: list[bytes] = []
    for one in sorted(groups, key=len, reverse=True):
        if len(one) > room:
            raise _error(f"a data group of {len(one)} bytes fits no block", f"grup data {len(one)} bita tidak muat")
        place = next((i for i, block in enumerate(blocks) if len(block) + len(one) <= room), None)
        if place is None:
            blocks.append(one)
        else:
            blocks[place] += one
    return tuple(blocks)


def store_data_commands(blocks: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """Plain STORE DATA commands, numbered from 0 in P2; the last one commits."""
    last = len(blocks) - 1
    return tuple(
        STORE_DATA.header(LAST_BLOCK if number == last else MORE_BLOCKS, number) + bytes([len(block)]) + block
        for number, block in enumerate(blocks)
    )


def _error(en: str, indonesian: str) -> InputError:
    return InputError(Text(f"personalization data: {en}", f"data personalisasi: {indonesian}"))
