# SPDX-License-Identifier: Apache-2.0
"""The purposes a key may have, who may hold a master of each, and which key a holder gets.

The value of a label is the ``label`` field of the SP 800-108 derivation of a card key, so it is part of the
protocol: changing one changes every card key of that purpose.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from .errors import Text

_ISSUER = Text("the bank, in its HSM", "bank, di dalam HSM")
_REGISTRY = Text("Dinas Sosial, in its field devices", "Dinas Sosial, di dalam perangkat lapangan")
_TRANSPORT = Text("the bank and its personalization station", "bank dan stasiun personalisasinya")


class KeyLabel(enum.Enum):
    """Purpose of a key; the value is the ASCII label of its derivation (docs/protocol.md, keys)."""

    ISSUER_ENC = b"ISSUER-ENC"  #: SCP03 Key-ENC of the issuer: read and correct the identity
    ISSUER_MAC = b"ISSUER-MAC"  #: SCP03 Key-MAC of the issuer
    ISSUER_DEK = b"ISSUER-DEK"  #: SCP03 Key-DEK of the issuer
    REGISTRY_ENC = b"REGISTRY-ENC"  #: SCP03 Key-ENC of the registry: read the identity block, nothing else
    REGISTRY_MAC = b"REGISTRY-MAC"  #: SCP03 Key-MAC of the registry
    REGISTRY_DEK = b"REGISTRY-DEK"  #: SCP03 Key-DEK of the registry
    TRANSPORT_ENC = b"TRANSPORT-ENC"  #: SCP03 Key-ENC of a card on its way from the maker: personalize once
    TRANSPORT_MAC = b"TRANSPORT-MAC"  #: SCP03 Key-MAC of a card on its way
    TRANSPORT_DEK = b"TRANSPORT-DEK"  #: SCP03 Key-DEK of a card on its way
    UPDATE = b"UPDATE"  #: issue entitlement updates: load, block, limits, activation
    OVERRIDE = b"OVERRIDE"  #: allow spending above the monthly limit
    DEBIT = b"DEBIT"  #: debit, cancel, recover, read status and log; recognise a genuine card
    RECEIPT = b"RECEIPT"  #: verify receipts (and, with the master, forge them)

    @property
    def held_by(self) -> Text:
        """Who may hold the master key of this purpose, in both languages."""
        return _HELD_BY[self]

    @classmethod
    def named(cls, name: str) -> KeyLabel:
        """The label with this ASCII value, such as ``"ISSUER-ENC"``. Raises ``ValueError``."""
        return cls(name.encode("ascii", "replace"))

    def __str__(self) -> str:
        """The ASCII value, as it stands in files and messages."""
        return self.value.decode("ascii")


_HELD_BY: Mapping[KeyLabel, Text] = MappingProxyType(
    {
        KeyLabel.ISSUER_ENC: _ISSUER,
        KeyLabel.ISSUER_MAC: _ISSUER,
        KeyLabel.ISSUER_DEK: _ISSUER,
        KeyLabel.REGISTRY_ENC: _REGISTRY,
        KeyLabel.REGISTRY_MAC: _REGISTRY,
        KeyLabel.REGISTRY_DEK: _REGISTRY,
        KeyLabel.TRANSPORT_ENC: _TRANSPORT,
        KeyLabel.TRANSPORT_MAC: _TRANSPORT,
        KeyLabel.TRANSPORT_DEK: _TRANSPORT,
        KeyLabel.UPDATE: _ISSUER,
        KeyLabel.OVERRIDE: Text(
            "the companions, in their devices or SAMs", "pendamping, di dalam perangkat atau SAM mereka"
        ),
        KeyLabel.DEBIT: Text("the terminals, in SAMs or an HSM", "terminal, di dalam SAM atau HSM"),
        KeyLabel.RECEIPT: Text(
            "the bank, in its HSM; auditors get per-card keys only",
            "bank, di dalam HSM; auditor hanya menerima kunci per kartu",
        ),
    }
)


class Role(enum.Enum):
    """A holder of keys in the programme."""

    BANK = "bank"
    TERMINAL = "terminal"
    COMPANION = "companion"
    AUDITOR = "auditor"
    REGISTRY = "registry"

    @property
    def text(self) -> Text:
        """The holder, in both languages."""
        return _ROLES[self]


_ROLES = {
    Role.BANK: Text("bank", "bank"),
    Role.TERMINAL: Text("terminal", "terminal"),
    Role.COMPANION: Text("companion", "pendamping"),
    Role.AUDITOR: Text("auditor", "auditor"),
    Role.REGISTRY: Text("registry", "registri"),
}


class RoleKeys(NamedTuple):
    """What a role may be given."""

    masters: frozenset[KeyLabel]  #: labels whose master keys it may hold
    per_card: frozenset[KeyLabel]  #: labels of which it may hold keys of named cards only


#: A terminal can debit but not forge a receipt, load, unblock or read a NIK; a companion can raise a limit but not
#: load; an auditor holds no master at all, so that no audit file can make a receipt of a card it does not list.
ROLES: Mapping[Role, RoleKeys] = MappingProxyType(
    {
        Role.BANK: RoleKeys(frozenset(KeyLabel), frozenset()),
        Role.TERMINAL: RoleKeys(frozenset({KeyLabel.DEBIT}), frozenset()),
        Role.COMPANION: RoleKeys(frozenset({KeyLabel.OVERRIDE}), frozenset()),
        Role.AUDITOR: RoleKeys(frozenset(), frozenset({KeyLabel.RECEIPT})),
        Role.REGISTRY: RoleKeys(
            frozenset({KeyLabel.REGISTRY_ENC, KeyLabel.REGISTRY_MAC, KeyLabel.REGISTRY_DEK}), frozenset()
        ),
    }
)
