# SPDX-License-Identifier: Apache-2.0
"""The option ``--secret``, which the station has too."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

SecretPath = Annotated[
    Path | None,
    typer.Option(
        "--secret",
        metavar="PATH",
        help="The secret under which persons are known, one for bank and station; default BANK.secret, at a station "
        "KEYRING.station, with keys in a token JOURNAL.station / rahasia pengenal orang, satu untuk bank dan stasiun; "
        "bawaan BANK.secret, di stasiun KEYRING.station, dengan kunci di token JOURNAL.station.",
    ),
]
