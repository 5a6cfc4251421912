# SPDX-License-Identifier: Apache-2.0
"""A document of few kinds of blocks, made once and then set as HTML and as PDF, so that both say the same."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class CellKind(Enum):
    """How a column of a table is set."""

    WORDS = "words"
    NUMBER = "number"  #: to the right, in one piece
    CODE = "code"  #: in one piece: serials, dates
    HASH = "hash"  #: in groups, between which it may be broken


@dataclass(frozen=True)
class Section:
    """A heading. ``level``: 1 for a part, which ``anchor`` names in the list of contents, 2 or 3 below it."""

    level: int
    text: str
    anchor: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Prose. ``strong``: what must not be overlooked, set in a frame; ``leads``: no page ends behind it."""

    text: str
    strong: bool = False
    leads: bool = False


@dataclass(frozen=True)
class Points:
    """A list of sentences."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """A table with a head. Each row has a cell for each column."""

    caption: str
    heads: tuple[str, ...]
    columns: tuple[CellKind, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Chart:
    """A picture, as SVG. ``title``: what it shows, in a sentence; ``told``: for those who do not see it."""

    svg: str
    title: str
    told: str


Block = Section | Paragraph | Points | Grid | Chart


@dataclass(frozen=True)
class Document:
    """A report in one language. ``lead``: lines below the title; ``contents``: word for the list of parts;
    ``skip``: of the link past it."""

    language: str
    title: str
    lead: tuple[str, ...]
    contents: str
    skip: str
    blocks: tuple[Block, ...]

    @property
    def parts(self) -> tuple[Section, ...]:
        """For the list of contents."""
        return tuple(block for block in self.blocks if isinstance(block, Section) and block.level == 1)
