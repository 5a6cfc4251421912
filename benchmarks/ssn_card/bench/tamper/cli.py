# SPDX-License-Identifier: Apache-2.0
"""The command ``ssn bench tamper``."""

from __future__ import annotations

import hashlib
import secrets
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ssn_card.cli.options import Seed
from ssn_card.cli.output import AsJson, emit, progress, stderr
from ssn_card.keys import development_keyring

from ..errors import TamperOverlooked

if TYPE_CHECKING:
    from .campaign import Heard

_SEED_BYTES = 8
_CROWD = 4  #: of so many cards there is one more with faults upon faults


def tamper(
    rounds: Annotated[
        int, typer.Option("--rounds", min=1, metavar="N", help="How often all is done / banyaknya ulangan.")
    ] = 1,
    cards: Annotated[
        int,
        typer.Option(
            "--card-count",
            min=1,
            metavar="N",
            help="Cards of a round, each with one fault or none / "
            "kartu tiap ulangan, masing-masing satu kesalahan atau tanpa kesalahan.",
        ),
    ] = 4000,
    swept: Annotated[
        int,
        typer.Option(
            "--swept-cards",
            min=0,
            metavar="N",
            help="Cards of which every field of every receipt is altered / "
            "kartu yang setiap kolom dari setiap kuitansinya diubah.",
        ),
    ] = 100,
    seed: Seed = "",
    as_json: AsJson = False,
) -> None:
    """Plant faults of every kind in honest histories, and count what both verifiers find, in every format.

    Tanam kesalahan segala jenis dalam riwayat jujur, lalu hitung yang ditemukan kedua pemeriksa, dalam setiap format.
    """
    from .campaign import Campaign, together  # only now: numpy, numba and Arrow are for those who audit
    from .formats import FORMATS
    from .judges import bulk_judges
    from .kinds import KINDS
    from .sweep import sweep
    from .tables import tables

    seed = seed or secrets.token_hex(_SEED_BYTES)
    stderr().print(f"--seed {seed}", highlight=False)
    provider = development_keyring()
    heard: list[Heard] = []
    crowd: list[Heard] = []
    with tempfile.TemporaryDirectory() as folder, progress(as_json) as bar:
        task = bar.add_task("", total=None)
        judges = bulk_judges(provider)
        campaign = Campaign(provider, Path(folder), judges, told=lambda what: bar.update(task, description=what))
        for number in range(rounds):
            heard += campaign.round(_number(f"{seed} {number}"), cards)
            crowd += campaign.crowd(_number(f"{seed} crowd {number}"), max(1, cards // _CROWD))
        fastest = dict(list(judges.items())[:1])
        every = list(sweep(_number(seed), provider, Path(folder), swept, fastest, tuple(FORMATS))) if swept else []
    sums, crowds = together(heard), together(crowd)
    data = {
        "seed": seed,
        "rounds": rounds,
        "kinds": len(KINDS),
        "judges": [one.as_dict() for one in sums],
        "crowded": [one.counts() for one in crowds],
        "every_field": [one.as_dict() for one in every],
    }
    emit("bench-tamper", data, as_json, lambda: tables(sums, crowds, every))
    faults = sum(one.faults for one in (*sums, *crowds)) + sum(one.faults for one in every)
    if faults:
        raise TamperOverlooked(faults)


def _number(seed: str) -> int:
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4], "big")
