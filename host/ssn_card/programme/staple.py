# SPDX-License-Identifier: Apache-2.0
"""The programme's staples, each with its bit in the card's 16-bit category mask and a reference price.

A staple that is withdrawn stays in the table, with its last day: receipts, entitlements and past policies name it for
ever, and its bit is never given to other goods.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from ssn_card.programme.errors import UnknownStapleError, WithdrawnStapleError
from ssn_card.programme.tables import Entry, packaged, read_table, refuse_twice
from ssn_card.protocol.errors import Text

COLUMNS = ("bit", "code", "name_id", "name_en", "unit", "reference_price_rp", "sold_until")
MASK_BITS = 16  #: width of the category mask on the card


class Staple(Entry):
    """One row of staples.csv."""

    bit: Annotated[int, Field(ge=0, lt=MASK_BITS)]
    code: Annotated[str, Field(pattern=r"^[A-Z][A-Z_]*$")]
    name_id: Annotated[str, Field(min_length=1)]
    name_en: Annotated[str, Field(min_length=1)]
    unit: Annotated[str, Field(min_length=1)]  #: Indonesian, as on the shelf: kg, butir, kaleng, liter
    reference_price: Annotated[int, Field(gt=0, alias="reference_price_rp")]  #: rupiah per unit
    sold_until: Annotated[date | None, BeforeValidator(lambda text: text or None)] = None  #: its last day, if withdrawn

    @property
    def name(self) -> Text:
        """The goods' name in both languages."""
        return Text(self.name_en, self.name_id)

    @property
    def mask(self) -> int:
        """The mask with this staple alone."""
        return 1 << self.bit

    def is_sold(self, day: date) -> bool:
        """Whether it can still be bought on that day."""
        return self.sold_until is None or day <= self.sold_until


@dataclass(frozen=True)
class Staples:
    """All staples in the order of their bits."""

    entries: tuple[Staple, ...]

    def __iter__(self) -> Iterator[Staple]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    @cached_property
    def by_code(self) -> dict[str, Staple]:
        """Staples by code, such as ``"BERAS"``."""
        return {staple.code: staple for staple in self.entries}

    def mask(self, codes: Iterable[str], *, sold_on: date | None = None) -> int:
        """The 16-bit mask of some codes, in any order.

        Args:
            sold_on: refuse what was withdrawn before that day.

        Raises:
            UnknownStapleError, WithdrawnStapleError
        """
        mask = 0
        for code in codes:
            staple = self.by_code.get(code)
            if staple is None:
                raise UnknownStapleError(
                    Text("there is no staple {code!r}", "tidak ada bahan pokok {code!r}").filled(code=code)
                )
            if sold_on is not None and not staple.is_sold(sold_on):
                raise WithdrawnStapleError(
                    Text("{code} has been sold until {day}", "{code} dijual sampai {day}").filled(
                        code=code, day=staple.sold_until
                    )
                )
            mask |= staple.mask
        return mask

    def codes(self, mask: int) -> tuple[str, ...]:
        """The codes of a mask, in the order of bits. Raises :class:`UnknownStapleError` on a bit without staple."""
        unknown = mask & ~self.mask(self.by_code)
        if mask < 0 or unknown:
            raise UnknownStapleError(
                Text("category mask {mask} has bits without a staple", "bit kategori {mask} tanpa bahan pokok").filled(
                    mask=f"{mask:#06x}"
                )
            )
        return tuple(staple.code for staple in self.entries if mask & staple.mask)


def load_staples(path: Path | None = None) -> Staples:
    """The staples of a CSV file (default: the shipped one). Raises :class:`ProgrammeDataError`."""
    path = path or packaged("staples.csv")
    rows = read_table(path, Staple, COLUMNS)
    refuse_twice(path, "code", ((line, staple.code) for line, staple in rows))
    refuse_twice(path, "bit", ((line, staple.bit) for line, staple in rows))
    return Staples(tuple(sorted((staple for _, staple in rows), key=lambda staple: staple.bit)))
