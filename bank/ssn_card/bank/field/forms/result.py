# SPDX-License-Identifier: Apache-2.0
"""A result: what a tablet has to tell, record by record, in its own count."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, Field, model_validator

from ssn_card.signing import STRICT

from .outcomes import VisitOutcome
from .patterns import DayText, MomentText, NameText, ReceiptText, SerialText, UidText, WordsText

PICTURE_MOST = 1 << 18  #: characters of a signature in base64; one of a finger has ten thousand


class VisitRecord(BaseModel):
    """One step at the door.

    Args:
        number: of the tablet's own count, from 1 without gaps.
        at: UTC by the tablet's clock, which decides nothing about money.
        appointment: day on which somebody who is ill is to be visited again.
        signature: PNG in base64; reference: number of a verification by other means, such as a biometric one.
        correction: what is right, by field; a request.
        receipt: of the card, where it has taken an update.
        undoes: the record that this one takes back.
    """

    model_config = STRICT

    number: int = Field(ge=1)
    uid: UidText
    package: UidText
    person: int
    serial: SerialText | None
    outcome: VisitOutcome
    companion: NameText
    at: MomentText
    note: WordsText | None = Field(default=None, repr=False)
    appointment: DayText | None = None
    signature: str | None = Field(default=None, max_length=PICTURE_MOST, pattern=r"^[A-Za-z0-9+/]+={0,2}$", repr=False)
    reference: WordsText | None = Field(default=None, repr=False)
    correction: dict[Literal["name", "kelurahan"], WordsText] | None = Field(default=None, repr=False)
    receipt: ReceiptText | None = None
    undoes: UidText | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """What an outcome is nothing without."""
        needed = {
            VisitOutcome.ACTIVATED: self.receipt is not None and self.serial is not None,
            VisitOutcome.UNDONE: self.undoes is not None,
            VisitOutcome.CORRECTION: bool(self.correction),
            VisitOutcome.VERIFIED: self.signature is not None or bool(self.reference),
        }
        if not needed.get(self.outcome, True):
            raise ValueError(f"{self.outcome} lacks its evidence")
        return self


class FieldResult(BaseModel):
    """What is sealed. ``receipts``: all that the tablet's terminal has kept, whether a record names them or not."""

    model_config = STRICT

    schema_: Literal["ssn-card/field-result/1"]
    tablet: NameText
    made_at: MomentText
    newest: int = Field(ge=0)  #: number of the newest record on the tablet
    visits: tuple[VisitRecord, ...]
    receipts: tuple[ReceiptText, ...]
