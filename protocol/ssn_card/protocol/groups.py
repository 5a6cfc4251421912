# SPDX-License-Identifier: Apache-2.0
"""Personalization data groups (DGI, EMV CPS 1.1 section 3.2) and the key slots of the card.

A slot is a place for one key on the card. The two live versions of a key have a slot each; a personalized card
begins with the first and moves to the next by an update.
"""

from __future__ import annotations

from dataclasses import dataclass

from .labels import KeyLabel

DGI_CARD_DATA = 0x0101
DGI_IDENTITY = 0x0102
DGI_PIN = 0x0103  #: optional: a PIN block
DGI_KEYS = 0x8100  #: plus the key slot; the key in it is wrapped under the DEK
DGI_HEADER = 3  #: bytes: DGI, length


@dataclass(frozen=True)
class KeySlot:
    """A place for one key on the card: ``label`` says what it is derived with, ``following`` that it is the next."""

    index: int
    label: KeyLabel
    following: bool = False

    @property
    def constant(self) -> str:
        """Name in the generated Java constants."""
        return self.label.name + ("_NEXT" if self.following else "")

    @property
    def dgi(self) -> int:
        """DGI that carries this slot's key."""
        return DGI_KEYS + self.index


_SINGLE = (
    KeyLabel.TRANSPORT_ENC,
    KeyLabel.TRANSPORT_MAC,
    KeyLabel.TRANSPORT_DEK,
    KeyLabel.ISSUER_ENC,
    KeyLabel.ISSUER_MAC,
    KeyLabel.ISSUER_DEK,
    KeyLabel.REGISTRY_ENC,
    KeyLabel.REGISTRY_MAC,
    KeyLabel.REGISTRY_DEK,
)
_PAIRED = (KeyLabel.UPDATE, KeyLabel.OVERRIDE, KeyLabel.DEBIT, KeyLabel.RECEIPT)

KEY_SLOTS: tuple[KeySlot, ...] = (
    *(KeySlot(index, label) for index, label in enumerate(_SINGLE)),
    *(
        KeySlot(len(_SINGLE) + 2 * index + int(following), label, following)
        for index, label in enumerate(_PAIRED)
        for following in (False, True)
    ),
)

#: The slots that personalization fills; the transport keys are given at installation.
PERSONALIZED_SLOTS = KEY_SLOTS[3:]
