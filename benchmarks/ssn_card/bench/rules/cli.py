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
from ssn_card.simulator.programme.cli import FAMILIES_OPTION, SCHEMES
from ssn_card.simulator.programme.sets import HELD_OUT, SchemeSet

if TYPE_CHECKING:
    from .marking import YearMarks
    from .years import Year

FIRST_SEED, SEEDS = 101, 5  #: seeds below are for tuning
FAMILIES = 1_688
JUDGED = {SchemeSet.PROGRAMME} | HELD_OUT  #: sets of which the sums are, unless others are asked for alone


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
    families: Annotated[int, FAMILIES_OPTION] = FAMILIES,
    schemes: Annotated[list[SchemeSet] | None, SCHEMES] = None,
    as_json: AsJson = False,
) -> None:
    """Plant fraud in years on held-out seeds, and count what of it the rules find, and whom they suspect in vain.

    Tanam kecurangan dalam tahun dengan benih yang disisihkan, lalu hitung yang ditemukan aturan dan yang keliru.

    Each seed is run with each author's schemes, or with those that --schemes names. Sums are of the programme's and the
    held-out ones, on which no rule was tuned: the others are told beside them.

    Tiap benih dijalankan dengan modus tiap penulis, atau yang disebut --schemes. Jumlahnya dari modus program dan yang
    disisihkan, yang tidak pernah dipakai menyetel: yang lain disebut di sampingnya.
    """
    from .years import judged_year  # only now: numpy, Arrow and DuckDB are for those who audit

    sets = [one for one in SchemeSet if not schemes or one in schemes]
    years: list[Year] = []
    with progress(as_json) as bar:
        task = bar.add_task("", total=len(sets) * seeds)
        for seed in range(first, first + seeds):
            for one in sets:
                bar.update(task, description=f"seed {seed}, {one}")
                with tempfile.TemporaryDirectory() as folder:
                    years.append(judged_year(seed, families, one, development_keyring(), Path(folder)))
                bar.advance(task)
    data = _summed(years, families)
    from .tables import tables

    emit("bench-rules", data, as_json, lambda: tables(data))


def _summed(years: list[Year], families: int) -> dict[str, Any]:
    sets = {one: [year for year in years if year.schemes is one] for one in SchemeSet}
    marks, every = _together([year for year in years if year.schemes in JUDGED] or years), _together(years)
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
            {"scheme": scheme, "planted": planted, "found": every.found[scheme]}
            for scheme, planted in sorted(every.planted.items())
        ],
        "sets": [_set(one, theirs) for one, theirs in sets.items() if theirs],
        "unjudged": sorted(set(every.unjudged)),
        "years": [_year(year) for year in years],
    }


def _together(years: Iterable[Year]) -> YearMarks:
    from .marking import YearMarks

    marks = YearMarks()
    for year in years:
        marks.add(year.marks)
    return marks


def _set(schemes: SchemeSet, years: Iterable[Year]) -> dict[str, Any]:
    """Of the years with one set of schemes: those that the rules were tuned on say less than those they never met."""
    marks = _together(years)
    return {
        "schemes": schemes,
        "held_out": schemes in HELD_OUT,
        "actors_planted": marks.planted.total(),
        "actors_found": marks.found.total(),
        "honest_shops": marks.honest_shops,
        "honest_visited": marks.honest_visited.total(),
        "honest_flagged_share": round(marks.honest_flagged_share, 5),
        "families_in_vain": marks.families_in_vain,
        "rules": [one.as_dict(rule) for rule, one in marks.rules.items()],
    }


def _year(year: Year) -> dict[str, Any]:
    marks = year.marks
    return {
        "seed": year.seed,
        "schemes": year.schemes,
        "receipts": year.receipts,
        "seconds": year.seconds,
        "actors_planted": marks.planted.total(),
        "actors_found": marks.found.total(),
        "honest_flagged_share": round(marks.honest_flagged_share, 5),
    }
