# SPDX-License-Identifier: Apache-2.0
"""The rules there are: each file ``aNN_…`` beside this one, then those of other packages (``ssn_card.audit.rules``)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from pkgutil import iter_modules

from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_reason

from .errors import BadRule
from .rule import Rule

GROUP = "ssn_card.audit.rules"  #: of entry points, each of which names a :class:`Rule`
_FILE = re.compile(r"a\d\d_\w+")


def find_rules() -> tuple[Rule, ...]:
    """Every rule, by its code.

    Raises:
        BadRule: of another package, cannot be loaded, is none, or bears a code that is taken.
    """
    rules: dict[str, Rule] = {}
    for name, rule in (*_own(), *_others()):
        if not isinstance(rule, Rule):
            raise BadRule(name, Text("it is no rule", "bukan aturan"))
        if rule.code in rules:
            why = Text("there is a rule {code} already", "sudah ada aturan {code}").filled(code=rule.code)
            raise BadRule(name, why)
        rules[rule.code] = rule
    return tuple(sorted(rules.values(), key=lambda rule: _order(rule.code)))


def _own() -> Iterator[tuple[str, object]]:
    for module in iter_modules([str(Path(__file__).parent)]):
        if _FILE.fullmatch(module.name):
            yield module.name, import_module(f"{__package__}.{module.name}").RULE


def _others() -> Iterator[tuple[str, object]]:
    for point in sorted(entry_points(group=GROUP)):
        try:
            yield point.name, point.load()
        except Exception as error:
            raise BadRule(point.name, system_reason(error)) from error


def _order(code: str) -> tuple[str, int, str]:
    """A2 before A10."""
    letters, number = re.fullmatch(r"(\D*)(\d*).*", code, re.DOTALL).groups()  # type: ignore[union-attr]
    return letters, int(number or 0), code
