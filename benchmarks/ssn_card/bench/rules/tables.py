# SPDX-License-Identifier: Apache-2.0
"""What the rules came to, as tables for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Group, RenderableType

from ssn_card.cli.output import say
from ssn_card.cli.tables import sentence, table
from ssn_card.protocol.errors import Text

_HELD_OUT = Text(" (held out)", " (disisihkan)")
_TOLD = Text(
    "{schemes}{held}: {actors_found} of {actors_planted} actors found; {honest_visited} of {honest_shops} honest shops "
    "would be visited in vain.",
    "{schemes}{held}: {actors_found} dari {actors_planted} pelaku ditemukan; {honest_visited} dari {honest_shops} toko "
    "jujur akan dikunjungi sia-sia.",
)


def tables(data: Mapping[str, Any]) -> RenderableType:
    """Rules, then schemes, then the two figures that count, of each set."""
    rules = table(
        Text("Rules", "Aturan"),
        (
            (Text("rule", "aturan"), "whole"),
            (Text("planted", "ditanam"), "right"),
            (Text("found", "ditemukan"), "right"),
            (Text("honest", "jujur"), "right"),
            (Text("precision", "presisi"), "right"),
            (Text("recall", "daya temu"), "right"),
            (Text("s", "detik"), "right"),
        ),
        (
            (
                one["rule"],
                str(one["planted"]),
                str(one["found"]),
                str(one["flagged_honest"]),
                _share(one["precision"]),
                _share(one["recall"]),
                f"{one['seconds']:.2f}",
            )
            for one in data["rules"]
        ),
    )
    schemes = table(
        Text("Schemes", "Modus"),
        (
            (Text("scheme", "modus"), "whole"),
            (Text("planted", "ditanam"), "right"),
            (Text("found", "ditemukan"), "right"),
        ),
        _schemes(data["schemes"]),
    )
    return Group(rules, "", schemes, "", *(_told(one) for one in data["sets"]))


def _told(one: Mapping[str, Any]) -> RenderableType:
    return sentence(_TOLD.filled(held=say(_HELD_OUT) if one["held_out"] else "", **one))


def _schemes(schemes: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, ...]]:
    return ((one["scheme"], str(one["planted"]), str(one["found"])) for one in schemes)


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.0%}"
