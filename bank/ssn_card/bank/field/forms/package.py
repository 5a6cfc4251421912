# SPDX-License-Identifier: Apache-2.0
"""A package: whom one tablet is to visit, with what these visits need and nothing more."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from ssn_card.entitlement import Entitlement, SignedUpdate
from ssn_card.signing import STRICT

from .patterns import (
    BodyText,
    CardKeyText,
    DayText,
    MacText,
    MomentText,
    NameText,
    Personal,
    PublicKeyText,
    SerialText,
    UidText,
)


class CarriedUpdate(BaseModel):
    """An update that waits for its card; the serial stands beside it."""

    model_config = STRICT

    body: BodyText
    key_version: int = Field(ge=1, le=255)
    mac: MacText

    def of(self, serial: str) -> SignedUpdate:
        """As a card takes it. Raises ``InputError`` for a body that is no entitlement."""
        entitlement = Entitlement.decode(bytes.fromhex(self.body))
        return SignedUpdate(bytes.fromhex(serial), entitlement, self.key_version, bytes.fromhex(self.mac))


class CarriedKey(BaseModel):
    """The DEBIT key of one card in one version, never a master."""

    model_config = STRICT

    version: int = Field(ge=1, le=255)
    key: CardKeyText


class PersonToVisit(BaseModel):
    """Somebody who is to be visited, and the card that waits. ``repr`` shows nothing that names a person."""

    model_config = STRICT

    person: int
    serial: SerialText
    number: SerialText  #: beneficiary's number, printed on the card
    life: str  #: of the card, when the package was made
    name: Personal
    no_kk: Personal
    birth_year: int = Field(repr=False)
    kecamatan: Personal
    kelurahan: Personal
    companion: str | None = Field(max_length=40)
    update: CarriedUpdate | None
    keys: tuple[CarriedKey, ...] = Field(repr=False)


class FieldPackage(BaseModel):
    """What is sealed."""

    model_config = STRICT

    schema_: Literal["ssn-card/field-package/1"]
    id: UidText
    tablet: NameText
    terminal_id: int = Field(ge=1, le=2**32 - 1)
    companion: NameText
    first_day: DayText
    last_day: DayText
    made_at: MomentText
    results_to: PublicKeyText  #: the bank's X25519 key
    persons: tuple[PersonToVisit, ...] = Field(min_length=1)
