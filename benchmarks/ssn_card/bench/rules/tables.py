# SPDX-License-Identifier: Apache-2.0
"""What the rules came to, as tables for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Group, RenderableType

from ssn_card.cli.tables import sentence, table
from ssn_card.protocol.errors import Text


def tables(data: Mapping[str, Any]) -> RenderableType:
    """Rules, then schemes, then the two figures that count."""
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
    told = Text(
        "{found} of {planted} actors found; {share:.1%} of honest shops would be visited in vain.",
        "{found} dari {planted} pelaku ditemukan; {share:.1%} toko jujur akan dikunjungi sia-sia.",
    ).filled(found=data["actors_found"], planted=data["actors_planted"], share=data["honest_flagged_share"])
    return Group(rules, "", schemes, "", sentence(told))


def _schemes(schemes: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, ...]]:
    return ((one["scheme"], str(one["planted"]), str(one["found"])) for one in schemes)


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.0%}"
