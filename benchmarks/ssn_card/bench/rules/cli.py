# SPDX-License-Identifier: Apache-2.0
"""The command ``ssn bench rules``."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ssn_card.cli.output import AsJson, emit, progress
from ssn_card.keys import development_keyring

if TYPE_CHECKING:
    from .marking import YearMarks
    from .years import Year

FIRST_SEED, SEEDS = 101, 5  #: seeds below are for tuning
FAMILIES = 1_688
_SETS = ("programme", "held-out")  #: of schemes, by whether they were written apart from the rules


def rules(
    seeds: Annotated[
        int, typer.Option("--seed-count", min=1, metavar="N", help="Seeds to run / banyaknya benih yang dijalankan.")
    ] = SEEDS,
    first: Annotated[
        int,
        typer.Option(
            "--first-seed",
            min=0,
            metavar="N",
            help="The first of them; those from 101 on were never tuned on / "
            "benih pertama; mulai 101 tidak pernah dipakai menyetel.",
        ),
    ] = FIRST_SEED,
    families: Annotated[
        int,
        typer.Option(
            "--families", min=1, metavar="N", help="Families; shops in proportion / banyaknya keluarga; toko sebanding."
        ),
    ] = FAMILIES,
    as_json: AsJson = False,
) -> None:
    """Plant fraud in years on held-out seeds, and count what of it the rules find, and whom they suspect in vain.

    Tanam kecurangan dalam tahun dengan benih yang disisihkan, lalu hitung yang ditemukan aturan dan yang keliru.

    Each seed is run twice: with the programme's schemes, and with schemes that were written apart from the rules.

    Tiap benih dijalankan dua kali: dengan modus program, dan dengan modus yang ditulis terpisah dari aturan.
    """
    from .years import judged_year  # only now: numpy, Arrow and DuckDB are for those who audit

    years: list[Year] = []
    with progress(as_json) as bar:
        task = bar.add_task("", total=2 * seeds)
        for seed in range(first, first + seeds):
            for held_out in (False, True):
                bar.update(task, description=f"seed {seed}{', held out' if held_out else ''}")
                with tempfile.TemporaryDirectory() as folder:
                    years.append(judged_year(seed, families, held_out, development_keyring(), Path(folder)))
                bar.advance(task)
    data = _summed(years, families)
    from .tables import tables

    emit("bench-rules", data, as_json, lambda: tables(data))


def _summed(years: list[Year], families: int) -> dict[str, Any]:
    marks = _together(years)
    return {
        "seeds": sorted({year.seed for year in years}),
        "families": families,
        "rules": [one.as_dict(rule) for rule, one in marks.rules.items()],
        "actors_planted": marks.planted.total(),
        "actors_found": marks.found.total(),
        "honest_flagged_share": round(marks.honest_flagged_share, 5),
        "honest_shops": marks.honest_shops,
        "honest_visited": dict(sorted(marks.honest_visited.items())),
        "schemes": [
            {"scheme": scheme, "planted": planted, "found": marks.found[scheme]}
            for scheme, planted in sorted(marks.planted.items())
        ],
        "sets": [_set(name, [year for year in years if _schemes(year) == name]) for name in _SETS],
        "unjudged": sorted(set(marks.unjudged)),
        "years": [_year(year) for year in years],
    }


def _together(years: Iterable[Year]) -> YearMarks:
    from .marking import YearMarks

    marks = YearMarks()
    for year in years:
        marks.add(year.marks)
    return marks


def _schemes(year: Year) -> str:
    return _SETS[year.held_out]


def _set(name: str, years: Iterable[Year]) -> dict[str, Any]:
    """Of the years with one set of schemes: those that the rules were tuned on say less than those they never met."""
    marks = _together(years)
    return {
        "schemes": name,
        "actors_planted": marks.planted.total(),
        "actors_found": marks.found.total(),
        "honest_shops": marks.honest_shops,
        "honest_visited": marks.honest_visited.total(),
        "honest_flagged_share": round(marks.honest_flagged_share, 5),
        "families_in_vain": marks.families_in_vain,
    }


def _year(year: Year) -> dict[str, Any]:
    marks = year.marks
    return {
        "seed": year.seed,
        "schemes": _schemes(year),
        "receipts": year.receipts,
        "seconds": year.seconds,
        "actors_planted": marks.planted.total(),
        "actors_found": marks.found.total(),
        "honest_flagged_share": round(marks.honest_flagged_share, 5),
    }
