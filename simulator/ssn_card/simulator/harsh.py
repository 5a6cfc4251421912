# SPDX-License-Identifier: Apache-2.0
"""The option by which campaigns run on cards that take every freedom of the specification."""

from __future__ import annotations

from typing import Annotated

import typer

Harsh = Annotated[
    bool,
    typer.Option(
        "--harsh", help="Cards that read the Java Card specification at its worst / kartu dengan tafsiran terburuk."
    ),
]
