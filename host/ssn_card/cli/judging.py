# SPDX-License-Identifier: Apache-2.0
"""What an auditor says of a set of receipts beside the receipts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from ssn_card.receipts import Tip, read_tips
from ssn_card.receipts.verifier import FIRST

from .card_lists import CardListOptions

MaxFindings = Annotated[
    int,
    typer.Option(
        "--max-findings",
        min=0,
        metavar="N",
        help="Of each kind: listed, and searched for what was altered; 0: all / "
        "tiap jenis: yang ditampilkan dan dicari apa yang diubah; 0: semua.",
    ),
]


TipsFile = Annotated[
    Path | None,
    typer.Option(
        "--tips",
        metavar="FILE",
        help="Each card's newest receipt, as it stated it: up to there nothing may be missing / "
        "kuitansi terakhir menurut tiap kartu sendiri: sampai di situ tidak boleh ada yang hilang.",
    ),
]


@dataclass(frozen=True)
class JudgingOptions(CardListOptions):
    """What is known beside the receipts, and how many findings are shown."""

    tips: TipsFile = None
    whole: Annotated[
        bool,
        typer.Option(
            "--whole",
            help="These files are all there is: every gap is a missing receipt / "
            "berkas ini sudah lengkap: setiap celah adalah kuitansi hilang.",
        ),
    ] = False
    no_baskets: Annotated[
        bool,
        typer.Option(
            "--no-baskets",
            help="Cards' own logs, which have none: debits without a basket are only counted / "
            "catatan dari kartu sendiri, yang tidak memuatnya: debit tanpa keranjang hanya dihitung.",
        ),
    ] = False
    max_findings: MaxFindings = FIRST

    @property
    def first(self) -> int | None:
        """Findings kept of a kind; ``None``: all."""
        return self.max_findings or None

    def ends(self) -> dict[bytes, Tip]:
        """The tips. Raises :class:`~ssn_card.receipts.errors.BadTips`."""
        return ends_of(self.tips)


def ends_of(tips: Path | None) -> dict[bytes, Tip]:
    """The tips of a file, if there is one. Raises :class:`~ssn_card.receipts.errors.BadTips`."""
    return {} if tips is None else read_tips(tips)
