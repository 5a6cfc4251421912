# SPDX-License-Identifier: Apache-2.0
"""The Java Card 2.2.2 API: which classes and methods a card of that version has (``data/javacard-2.2.2.txt``)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class ApiClass:
    """A class of the API: what it inherits from, and its methods as name and descriptor in one string."""

    above: tuple[str, ...]
    methods: frozenset[str]


@cache
def java_card_222() -> dict[str, ApiClass]:
    """The API by internal class name."""
    result: dict[str, ApiClass] = {}
    text = (files("ssn_card.applet_tools") / "data" / "javacard-2.2.2.txt").read_text("utf-8")
    name, above, methods = "", tuple[str, ...](), set[str]()
    for line in [*text.splitlines(), ""]:
        if line.startswith("#"):
            continue
        if line.startswith(" "):
            methods.add(line.strip())
            continue
        if name:
            result[name] = ApiClass(above, frozenset(methods))
        name, _, inherited = line.partition(" : ")
        above, methods = tuple(inherited.split(", ")) if inherited else (), set()
    return result
