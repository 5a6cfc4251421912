# SPDX-License-Identifier: Apache-2.0
"""What the campaign has come to, for people."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType

from ssn_card.cli.output import say
from ssn_card.cli.tables import table
from ssn_card.protocol.errors import Text

from .campaign import Heard
from .formats import FORMATS
from .kinds import Sort
from .sweep import Swept

_NOT_THERE = "-"
_ONE_EACH = Text("Who judged: one fault a card", "Yang memeriksa: satu kesalahan per kartu")
_CROWDED = Text("Who judged: faults upon faults", "Yang memeriksa: kesalahan bertumpuk")
_JUDGE = ((Text("judge", "pemeriksa"), "whole"), (Text("form", "bentuk"), "whole"))


def tables(heard: Sequence[Heard], crowds: Sequence[Heard], swept: Sequence[Swept]) -> RenderableType:
    """Found of planted, by sort of fault and by who judged what; then all else that must hold."""
    parts = [_found(heard), "", _judges(_ONE_EACH, heard), "", _judges(_CROWDED, crowds)]
    return Group(*parts, "", _swept(swept)) if swept else Group(*parts)


def _found(heard: Sequence[Heard]) -> RenderableType:
    names = [Text(f"{one.judge} {one.format}", f"{one.judge} {one.format}") for one in heard]
    columns = ((Text("planted", "ditanam"), "left"), *((name, "right") for name in names))
    rows = ([say(sort.value), *(_share(one, sort) for one in heard)] for sort in Sort)
    return table(Text("Found / planted", "Ditemukan / ditanam"), columns, rows)


def _share(heard: Heard, sort: Sort) -> str:
    tally = heard.by_sort().get(sort)
    shown = sort is not Sort.COLUMNS or FORMATS[heard.format].tables
    return f"{tally.found:,} / {tally.planted:,}" if tally and shown else _NOT_THERE


def _judges(title: Text, heard: Sequence[Heard]) -> RenderableType:
    columns = (
        *_JUDGE,
        (Text("receipts", "kuitansi"), "right"),
        (Text("findings", "temuan"), "right"),
        (Text("others than the one judge's", "berbeda dari pemeriksa acuan"), "right"),
        (Text("honest cards", "kartu jujur"), "right"),
        (Text("false alarms", "alarm palsu"), "right"),
        (Text("lines lost", "baris hilang"), "right"),
        (Text("seconds", "detik"), "right"),
    )
    rows = (
        (
            one.judge, one.format,
            *(f"{value:,}" for value in (
                one.receipts, one.findings, one.differing, one.honest, one.false_alarms, one.lost
            )),
            f"{one.seconds:.1f}",
        )
        for one in heard
    )  # fmt: skip
    return table(title, columns, rows)


def _swept(swept: Sequence[Swept]) -> RenderableType:
    columns = (
        *_JUDGE,
        (Text("receipts altered", "kuitansi diubah"), "right"),
        (Text("found", "ditemukan"), "right"),
        (Text("field named", "kolom disebut"), "right"),
        (Text("false alarms", "alarm palsu"), "right"),
        (Text("seconds", "detik"), "right"),
    )
    rows = (
        (
            one.judge, one.format,
            *(f"{sum(counts.values()):,}" for counts in (one.planted, one.found, one.named)),
            f"{one.false_alarms:,}", f"{one.seconds:.1f}",
        )
        for one in swept
    )  # fmt: skip
    return table(Text("Every field of every receipt", "Setiap kolom dari setiap kuitansi"), columns, rows)
