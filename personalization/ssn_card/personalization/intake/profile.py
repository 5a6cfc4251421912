# SPDX-License-Identifier: Apache-2.0
"""How one sender writes its extracts: a TOML file, written by hand or out of what was guessed of a file."""

from __future__ import annotations

import codecs
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator

from ssn_card.bank.sheets.cells import TableLayout
from ssn_card.programme.errors import place
from ssn_card.programme.reasons import Unfit, reason_of
from ssn_card.programme.tables import Entry
from ssn_card.protocol.errors import InputError, Text
from ssn_card.protocol.system import system_reason
from ssn_card.storage import whole_file

from . import dates
from .source import COLUMNS

Words = tuple[Annotated[str, Field(min_length=1)], ...]


class ProfileUnusable(InputError):
    """A profile that cannot be read, or names what there is not. Nothing was taken in."""

    code = "profile-unusable"
    text = Text("The profile cannot be used: {why}.", "Profil tidak dapat dipakai: {why}.")
    remedy = Text("Correct it, or let --write-profile make one.", "Perbaiki, atau buat dengan --write-profile.")
    where: str
    why: Text


class FilePart(Entry):
    """Where in a file the table is; what is left out is guessed."""

    sheet: str | None = None
    header_row: Annotated[int, Field(ge=1, le=1000, strict=True)] | None = None
    delimiter: Literal[",", ";", "\t", "|"] | None = None
    encoding: str | None = None

    @field_validator("encoding")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        if value is None:
            return None
        try:
            return codecs.lookup(value).name
        except LookupError:
            raise Unfit(f"no encoding is called {value}", f"tidak ada pengodean bernama {value}") from None


class DatesPart(Entry):
    """How dates are written, the most frequent first."""

    formats: Words = ()

    @field_validator("formats")
    @classmethod
    def _formats(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for form in value:
            if not dates.is_format(form):
                raise Unfit(
                    f"{form} is no date format: YYYY, MM (or MMM) and DD, once each",
                    f"{form} bukan format tanggal: YYYY, MM (atau MMM) dan DD, masing-masing sekali",
                )
        return value


class GenderPart(Entry):
    """How men and women are written, in any case of letters."""

    L: Words = ()
    P: Words = ()


class IntakeProfile(Entry):
    """A sender's way to write. Constructing one raises pydantic's ``ValidationError``."""

    name: str = ""
    file: FilePart = FilePart()
    columns: dict[str, Words] = Field(default_factory=dict)  #: a column of ours: the headers that may stand over it
    constants: dict[str, str] = Field(default_factory=dict)  #: a column that the file lacks: its value in all rows
    dates: DatesPart = DatesPart()
    gender: GenderPart = GenderPart()

    @field_validator("columns", "constants")
    @classmethod
    def _ours(cls, value: dict[str, Any]) -> dict[str, Any]:
        for column in value:
            if column not in COLUMNS:
                listed = ", ".join(COLUMNS)
                raise Unfit(f"there is no column {column}, but {listed}", f"tidak ada kolom {column}, adanya {listed}")
        return value

    @property
    def layout(self) -> TableLayout:
        """For whoever opens the file."""
        part = self.file
        return TableLayout(part.sheet, part.header_row, part.delimiter, part.encoding)


def load_profile(path: Path) -> IntakeProfile:
    """Raises :class:`ProfileUnusable`, at ``file field``."""
    try:
        with path.open("rb") as file:
            return IntakeProfile.model_validate(tomllib.load(file))
    except OSError as error:
        raise ProfileUnusable(path.name, system_reason(error)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProfileUnusable(path.name, Text(f"no TOML ({error})", f"bukan TOML ({error})")) from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        raise ProfileUnusable(place(path, None, field), reason_of(first)) from None


def write_profile(path: Path, profile: IntakeProfile) -> None:
    """Write it as TOML, whole or not at all, where nothing stands. Raises :class:`ProfileUnusable`."""
    try:
        with whole_file(path, new=True) as file:
            file.write("\n".join(_lines(profile)).encode() + b"\n")
    except OSError as error:
        raise ProfileUnusable(path.name, system_reason(error)) from None


def _lines(profile: IntakeProfile) -> Iterator[str]:
    yield "# How the sender writes its extracts / cara pengirim menulis datanya. ssn perso import --profile"
    content = profile.model_dump(exclude_defaults=True)
    for name, value in content.items():
        if not isinstance(value, dict):
            yield f"{name} = {_toml(value)}"
    for name, part in content.items():
        if isinstance(part, dict):
            yield f"\n[{name}]"
            yield from (f"{key} = {_toml(value)}" for key, value in part.items() if value is not None)


def _toml(value: Any) -> str:
    """A string or a list of strings: JSON's are TOML's."""
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False).replace("\x7f", "\\u007F")
