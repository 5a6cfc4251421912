# SPDX-License-Identifier: Apache-2.0
"""A document as PDF, and its pages as pictures. Texts go to typst as data, which it never reads as markup."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

from ssn_card.paper import Press
from ssn_card.paper.foreign import letters

from .document import Block, CellKind, Chart, Document, Grid

_TEMPLATE: Final = Path(__file__).parent / "templates/report.typ"
_MANY = 7  #: columns from which a table is set small
_SHORT = 14  #: letters of a column that is never broken
_POWER = 0.65


def as_pdf(document: Document, dated: date) -> bytes:
    """The file; ``dated``: the day that it was made by its own word. Raises ``PaperNotSet``."""
    return _press(dated).pdf(_data(document))


def as_pictures(document: Document, dated: date, dots: int = 100) -> list[bytes]:
    """Its pages as PNG. Raises ``PaperNotSet``."""
    return _press(dated).pictures(_data(document), dots=dots)


def _press(dated: date) -> Press:
    return Press(_TEMPLATE, datetime.combine(dated, time()))


def _data(document: Document) -> dict[str, Any]:
    blocks = [_block(block) for block in document.blocks]
    return {
        "title": document.title,
        "language": document.language,
        "lead": _plain(document.lead),
        "blocks": blocks,
    }


def _block(block: Block) -> dict[str, Any]:
    kind = {"kind": type(block).__name__}
    if isinstance(block, Chart):
        return kind | {"svg": block.svg, "title": letters(block.title), "told": letters(block.told)}
    told: dict[str, Any] = kind | _plain(asdict(block))
    if isinstance(block, Grid):
        told |= {"widths": _widths(block), "size": 7.5 if len(block.heads) >= _MANY else 8.5}
    return told


def _widths(grid: Grid) -> list[float]:
    """0: as wide as its widest cell, of what is short or stays in one piece; else a share of the rest.

    By how much there is to say, and by less than in proportion, so that a column of few words has room for them.
    """
    longest = [max([len(head), *(len(row[place]) for row in grid.rows)]) for place, head in enumerate(grid.heads)]
    return [
        length**_POWER if column is CellKind.WORDS and length > _SHORT else 0.0
        for length, column in zip(longest, grid.columns, strict=True)
    ]


def _plain(value: Any) -> Any:
    """As JSON has it, in letters that the paper has."""
    if isinstance(value, str):
        return letters(value)
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.value if isinstance(value, CellKind) else value
