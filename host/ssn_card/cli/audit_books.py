# SPDX-License-Identifier: Apache-2.0
"""What commands over the auditor's books share: which store, which data, and the books opened after verification."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .bars import bars
from .options import ReceiptKeyOptions

if TYPE_CHECKING:
    from ssn_card.audit.books import Books, Judged

PackedStore = Annotated[
    Path,
    typer.Argument(metavar="STORE", help="Store that ssn audit pack has made / gudang buatan ssn audit pack."),
]
DataFolder = Annotated[
    Path,
    typer.Option(
        "--data",
        metavar="DIR",
        help="Folder of what offices say beside the receipts: cards.csv, updates.csv, shops.csv and more / "
        "folder data pendamping kuitansi: cards.csv, updates.csv, shops.csv, dan lainnya.",
    ),
]
RuleParameterFile = Annotated[
    Path | None,
    typer.Option(
        "--parameters",
        metavar="FILE",
        help="Parameters of rules, TOML; what it leaves out is default / "
        "parameter aturan, TOML; yang tidak disebut memakai bawaan.",
    ),
]


@contextmanager
def opened_books(store: Path, data: Path, keys: ReceiptKeyOptions, json: bool) -> Iterator[tuple[Books, Judged]]:
    """Verify a store, then open its books. Raises what both raise."""
    from ssn_card.audit.books import judge, open_books

    with keys.provider() as provider, bars(json) as told:
        judged = judge(store, provider, progress=told)
    with open_books(store, data, judged) as books:
        yield books, judged
