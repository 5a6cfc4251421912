# SPDX-License-Identifier: Apache-2.0
"""Parameters of rules, out of a TOML file with a table for each rule and one for visits; what it leaves out is default.

``parameters.toml`` beside this file holds every parameter at its default, with its meaning; it is made of the models.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from pydantic import ValidationError

from ssn_card.programme.errors import place
from ssn_card.programme.reasons import reason_of
from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_reason

from .errors import BadRuleParameters
from .rule import Rule, RuleParameters
from .visits import VisitParameters

VISIT = "visit"  #: the table of those that decide on visits
SHIPPED = Path(__file__).parent / "parameters.toml"
_Model = TypeVar("_Model", bound=RuleParameters)


@dataclass(frozen=True)
class AllParameters:
    """Of each rule, by its code, and of visits."""

    rules: Mapping[str, RuleParameters]
    visit: VisitParameters

    def as_dict(self) -> dict[str, dict[str, object]]:
        """For reports."""
        return {code: one.model_dump() for code, one in self.rules.items()} | {VISIT: self.visit.model_dump()}


def load_parameters(rules: Sequence[Rule], path: Path | None = None) -> AllParameters:
    """The parameters of these rules: those of a file where it gives any, else defaults.

    Raises:
        BadRuleParameters: for the first thing that is wrong.
    """
    text, tables = ("", {}) if path is None else _read(path)
    models = {rule.code: rule.parameters for rule in rules}
    for name, table in tables.items():
        if name not in models and name != VISIT:
            why = Text("there is no rule {name}", "tidak ada aturan {name}").filled(name=name)
            raise _bad(path, text, name, None, why)
        if not isinstance(table, dict):
            raise _bad(path, text, None, name, Text("it stands in no rule's table", "tidak di dalam tabel aturan"))
    found = {code: _made(model, tables.get(code, {}), path, text, code) for code, model in models.items()}
    return AllParameters(MappingProxyType(found), _made(VisitParameters, tables.get(VISIT, {}), path, text, VISIT))


def as_toml(rules: Sequence[Rule]) -> str:
    """Every parameter at its default, with its meaning."""
    return "\n".join(_toml(rules))


def _toml(rules: Sequence[Rule]) -> Iterator[str]:
    yield "# SPDX-License-Identifier: Apache-2.0"
    yield "# Parameters of the auditor's rules at their defaults; tools/rules_page.py makes this file of the rules."
    yield "# Give a file of your own with --parameters: what it leaves out stays as it is here."
    yield "# Parameter aturan auditor; berikan berkas sendiri dengan --parameters."
    models: list[tuple[str, Text, type[RuleParameters]]] = [(one.code, one.title, one.parameters) for one in rules]
    models.append((VISIT, Text("whom to visit", "siapa yang dikunjungi"), VisitParameters))
    for name, title, model in models:
        yield f"\n# {title.en} / {title.id}\n[{name}]"
        for field, info in model.model_fields.items():
            yield f"# {info.description}\n{field} = {_written(info.default)}"
    yield ""


def _written(value: object) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    return f"{value:_}" if isinstance(value, int) and value >= 10_000 else str(value)


def _read(path: Path) -> tuple[str, dict[str, object]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadRuleParameters(place(path), system_reason(error)) from None
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        why = Text("not TOML: {why}", "bukan TOML yang benar: {why}").filled(why=error)
        raise BadRuleParameters(place(path, int(line[1]) if line else None), why) from None


def _made(model: type[_Model], table: object, path: Path | None, text: str, name: str) -> _Model:
    try:
        return model.model_validate(table, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = str(first["loc"][0]) if first["loc"] else None
        why = reason_of(first)
        if first["type"] == "extra_forbidden":
            why = Text("{rule} has no such parameter", "{rule} tidak punya parameter itu").filled(rule=name)
        raise _bad(path, text, name, field, why) from None


def _bad(path: Path | None, text: str, table: str | None, field: str | None, why: Text) -> BadRuleParameters:
    names = ".".join(name for name in (table, field) if name)
    return BadRuleParameters(place(path or SHIPPED, _line(text, table, field), names), why)


def _line(text: str, table: str | None, field: str | None) -> int | None:
    """The line of a parameter in a table, or of the table; ``None`` where it is written in another way."""
    here, head = table is None, None
    for number, line in enumerate(text.splitlines(), start=1):
        if named := re.match(r"\s*\[\s*\"?([^\]\"]+?)\"?\s*\]", line):
            here = named[1] == table
            head = number if here else head
        elif here and field and re.match(rf"\s*\"?{re.escape(field)}\"?\s*=", line):
            return number
    return head
