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
    from ssn_card.audit.verify import Given

PackedStore = Annotated[
    Path,
    typer.Argument(metavar="STORE", help="Store that ssn audit pack has made / gudang hasil pengemasan kuitansi."),
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
def opened_books(
    store: Path, data: Path, keys: ReceiptKeyOptions, json: bool, given: Given | None = None
) -> Iterator[tuple[Books, Judged]]:
    """Verify a store, then open its books. ``given``: what is known beside it. Raises what both raise."""
    from ssn_card.audit.books import judge, open_books

    with keys.provider() as provider, bars(json) as told:
        judged = judge(store, provider, given, progress=told)
    with open_books(store, data, judged) as books:
        yield books, judged


def side_files(data: Path, *, personal: bool = False) -> list[tuple[str, Path]]:
    """What the books read of a folder, as far as it is there: ``data``, and the file; ``personal``: names too."""
    from ssn_card.audit.books.programme import POLICIES, REGIONS, STAPLES
    from ssn_card.audit.books.tables import TABLES

    names = [*(table.file for table in TABLES.values() if table.personal <= personal), STAPLES, REGIONS, POLICIES]
    return [("data", data / name) for name in sorted(names) if (data / name).is_file()]
