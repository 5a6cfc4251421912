# SPDX-License-Identifier: Apache-2.0
"""The list of barred cards: those that a personalization station has in doubt or that a person has declared lost.

None of them may be activated or loaded: the family has, or will get, another card. The station's journal knows them;
``ssn perso barred`` writes this file from it, ``ssn entitlement issue --barred`` makes no card that is in it usable.

JSON Lines: a head with the number of cards (``ssn-card/barred-list/1``), then one line a card (``ssn-card/barred/1``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ssn_card.protocol.errors import InputError, Text
from ssn_card.protocol.system import system_reason
from ssn_card.storage import whole_file

_STRICT = ConfigDict(
    frozen=True,
    extra="forbid",
    alias_generator=lambda name: name.rstrip("_"),  # "schema" is a name of pydantic's own
    populate_by_name=True,
)
_SERIAL = "^[0-9a-f]{16}$"
_Line = TypeVar("_Line", bound=BaseModel)
_STATES = {
    "in_doubt": Text("in doubt at the station", "belum pasti di stasiun"),
    "lost": Text("declared lost", "sudah dinyatakan hilang"),
}


class CardBarred(InputError):
    """An update was asked for a card that must not be activated."""

    code = "card-barred"
    remedy = Text(
        "Only --state blocked or terminated. A card in doubt is settled by showing it to the station; a lost one is"
        " replaced.",
        "Hanya --state blocked atau terminated. Kartu yang belum pasti ditunjukkan ke stasiun; yang hilang diganti.",
    )


class BarredCard(BaseModel):
    """One line: a card that must not be activated."""

    model_config = _STRICT

    schema_: Literal["ssn-card/barred/1"] = Field(
        default="ssn-card/barred/1", validation_alias="schema", serialization_alias="schema"
    )
    serial: str = Field(pattern=_SERIAL)
    beneficiary_id: str = Field(pattern=_SERIAL)
    state: Literal["in_doubt", "lost"]
    turned_up: str | None  #: UTC; when a lost card was seen at the station, personalized


class _Head(BaseModel):
    model_config = _STRICT

    schema_: Literal["ssn-card/barred-list/1"] = Field(
        default="ssn-card/barred-list/1", validation_alias="schema", serialization_alias="schema"
    )
    journal: str
    at: str
    cards: int = Field(ge=0)


def write_barred(path: Path, journal: str, at: str, cards: Sequence[BarredCard]) -> None:
    """Write the list, whole or not at all. ``journal``: its name; ``at``: UTC, ISO 8601. Raises ``InputError``."""
    lines: list[BaseModel] = [_Head(journal=journal, at=at, cards=len(cards)), *cards]
    try:
        with whole_file(path) as file:
            file.writelines(line.model_dump_json(by_alias=True).encode("ascii") + b"\n" for line in lines)
    except OSError as error:
        raise _unusable(path, system_reason(error)) from None


def read_barred(path: Path) -> tuple[BarredCard, ...]:
    """The cards of a list. Raises ``InputError`` for a file that is none, or not whole: nobody would be refused."""
    try:
        lines = path.read_text("ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise _unusable(path, system_reason(error)) from None
    head = _parsed(_Head, lines[0] if lines else "", f"{path}:1")
    cards = tuple(_parsed(BarredCard, line, f"{path}:{number}") for number, line in enumerate(lines[1:], start=2))
    if len(cards) != head.cards:
        raise _unusable(path, Text(f"{len(cards)} of {head.cards} cards", f"{len(cards)} dari {head.cards} kartu"))
    return cards


def refuse_barred(serials: Iterable[bytes], barred: Iterable[BarredCard]) -> None:
    """Refuse the first of the cards that is barred. Raises :class:`CardBarred`."""
    known = {bytes.fromhex(card.serial): card.state for card in barred}
    for serial in serials:
        if (state := known.get(serial)) is not None:
            name, told = serial.hex().upper(), _STATES[state]
            raise CardBarred(
                Text(f"Card {name} is {told.en}; it must not be activated.", f"Kartu {name} {told.id}."), where=name
            )


def _parsed(model: type[_Line], line: str, place: str) -> _Line:
    try:
        return model.model_validate_json(line)
    except ValidationError:
        raise InputError(
            Text("This is no list of barred cards.", "Ini bukan daftar kartu terlarang."),
            where=place,
            remedy=Text("Make it anew: ssn perso barred.", "Buat ulang: ssn perso barred."),
        ) from None


def _unusable(path: Path, why: Text) -> InputError:
    text = Text("The list of barred cards cannot be used: {why}.", "Daftar kartu terlarang tidak dapat dipakai: {why}.")
    return InputError(
        text.filled(why=why),
        where=str(path),
        remedy=Text("Check the path, or make it anew: ssn perso barred.", "Periksa lokasinya, atau: ssn perso barred."),
    )
