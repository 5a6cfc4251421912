# SPDX-License-Identifier: Apache-2.0
"""The city's kecamatan in both code systems, and their kelurahan.

Kemendagri (``64.72.01``) and BPS (``6472010``) number the same kecamatan differently; the card and the registry use
Kemendagri's. A kelurahan is known on the card by its 1-based place in the kecamatan's list, so regions.csv may only
grow at the end of a list: a place that moves would move every family already personalized.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, field_validator

from ssn_card.programme.errors import UnknownRegionError
from ssn_card.programme.reasons import Unfit
from ssn_card.programme.tables import Entry, packaged, read_table, refuse_twice
from ssn_card.protocol.errors import Text

COLUMNS = ("kode_kemendagri", "kode_bps", "kecamatan", "kelurahan")
ORDINAL_MAX = 9999  #: the card keeps the kelurahan's ordinal in 2 bytes of BCD


class Region(Entry):
    """One kecamatan: one row of regions.csv."""

    code: Annotated[str, Field(pattern=r"^[0-9]{2}\.[0-9]{2}\.[0-9]{2}$", alias="kode_kemendagri")]
    bps_code: Annotated[str, Field(pattern=r"^[0-9]{7}$", alias="kode_bps")]
    kecamatan: Annotated[str, Field(min_length=1)]
    kelurahan: Annotated[tuple[str, ...], Field(min_length=1, max_length=ORDINAL_MAX)]

    @field_validator("kelurahan", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        names = tuple(name.strip() for name in value.split(";"))
        if "" in names or len({name.casefold() for name in names}) != len(names):
            raise Unfit(
                "kelurahan must be names separated by ';', each once",
                "kelurahan harus nama-nama dipisah ';', masing-masing sekali",
            )
        return names

    @property
    def digits(self) -> str:
        """The Kemendagri code without dots, as a NIK begins: ``"647201"``."""
        return self.code.replace(".", "")

    def ordinal(self, kelurahan: str) -> int:
        """1-based place of a kelurahan, in any case of letters. Raises :class:`UnknownRegionError`."""
        wanted = kelurahan.strip().casefold()
        for place, name in enumerate(self.kelurahan, start=1):
            if name.casefold() == wanted:
                return place
        raise UnknownRegionError(
            Text("{region} has no such kelurahan", "{region} tidak punya kelurahan itu").filled(region=self.kecamatan)
        )

    def kelurahan_at(self, ordinal: int) -> str:
        """Name of the kelurahan at a 1-based place. Raises :class:`UnknownRegionError`."""
        if not 1 <= ordinal <= len(self.kelurahan):
            raise UnknownRegionError(
                Text("{region} has no kelurahan {n}", "{region} tidak punya kelurahan {n}").filled(
                    region=self.kecamatan, n=ordinal
                )
            )
        return self.kelurahan[ordinal - 1]


@dataclass(frozen=True)
class Regions:
    """All kecamatan of the city, in the order of the file."""

    entries: tuple[Region, ...]
    city: str = "Samarinda"

    def __iter__(self) -> Iterator[Region]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    @cached_property
    def by_code(self) -> dict[str, Region]:
        """Kecamatan by Kemendagri code with dots, such as ``"64.72.01"``."""
        return {region.code: region for region in self.entries}

    @cached_property
    def by_bps(self) -> dict[str, Region]:
        """Kecamatan by BPS code, such as ``"6472010"``."""
        return {region.bps_code: region for region in self.entries}

    def find(self, code: str) -> Region:
        """The kecamatan of a Kemendagri code, with dots or without. Raises :class:`UnknownRegionError`."""
        digits = code.replace(".", "")
        for region in self.entries:
            if region.digits == digits:
                return region
        raise UnknownRegionError(
            Text("no kecamatan of {city} has that code", "tidak ada kecamatan di {city} dengan kode itu").filled(
                city=self.city
            )
        )


def load_regions(path: Path | None = None, city: str = "Samarinda") -> Regions:
    """The regions of a CSV file (default: the shipped one). Raises ``ProgrammeDataError``."""
    path = path or packaged("regions.csv")
    rows = read_table(path, Region, COLUMNS)
    refuse_twice(path, "kode_kemendagri", ((line, region.code) for line, region in rows))
    refuse_twice(path, "kode_bps", ((line, region.bps_code) for line, region in rows))
    return Regions(tuple(region for _, region in rows), city)
