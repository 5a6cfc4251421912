# SPDX-License-Identifier: Apache-2.0
"""Lists of cards on the command line: those that receipts are held against."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from ssn_card.receipts import CardLists, read_lists


@dataclass(frozen=True)
class CardListOptions:
    """Lists of issued, blocked and never delivered cards; any of them may be given more than once."""

    issued: Annotated[
        list[Path] | None,
        typer.Option(
            "--issued",
            metavar="FILE",
            help="Cards that were issued, all of them: receipts of any other are a finding / "
            "semua kartu yang diterbitkan: kuitansi kartu lain menjadi temuan.",
        ),
    ] = None
    blocked: Annotated[
        list[Path] | None,
        typer.Option(
            "--blocked",
            metavar="FILE",
            help="Blocked cards, and since when: later movements are a finding / "
            "kartu diblokir, dan sejak kapan: transaksi sesudahnya menjadi temuan.",
        ),
    ] = None
    undelivered: Annotated[
        list[Path] | None,
        typer.Option(
            "--undelivered",
            metavar="FILE",
            help="Cards that nobody was given: receipts of them are a finding / "
            "kartu yang belum diserahkan: kuitansinya menjadi temuan.",
        ),
    ] = None

    def files(self) -> Iterator[tuple[str, list[Path]]]:
        """The files of each kind."""
        for kind in ("issued", "blocked", "undelivered"):
            yield kind, getattr(self, kind) or []

    def read(self) -> CardLists:
        """The lists. Raises :class:`~ssn_card.receipts.errors.BadCards`."""
        return read_lists(self.issued or (), self.blocked or (), self.undelivered or ())


def lists_dict(lists: CardLists) -> dict[str, Any]:
    """How many cards each list has, for ``--json``; ``issued`` is ``None`` where it was not given."""
    return {
        "issued": None if lists.issued is None else len(lists.issued),
        "blocked": len(lists.blocked),
        "undelivered": len(lists.undelivered),
    }
