# SPDX-License-Identifier: Apache-2.0
"""Checks JSON against the part of JSON Schema (draft 2020-12) that our schema uses; any other keyword is an error."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

_ANNOTATIONS = {"$schema", "$defs", "title", "description"}
_TYPES: dict[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "null": lambda value: value is None,
}


class Checker:
    """Finds what in a value is not as a schema says, as ``path: why``."""

    def __init__(self, root: dict[str, Any]) -> None:
        self._root = root
        self._keywords = {
            "$ref": self._ref, "type": self._type, "properties": self._properties, "required": self._required,
            "additionalProperties": self._additional, "items": self._items, "prefixItems": self._prefix,
            "anyOf": self._any_of, "enum": self._enum, "const": self._const, "pattern": self._pattern,
            "minimum": self._minimum, "maximum": self._maximum, "minItems": self._min_items,
            "maxItems": self._max_items,
        }  # fmt: skip

    def wrong(self, value: Any, schema: dict[str, Any], path: str = "$") -> Iterator[str]:
        """Everything that is wrong with ``value``."""
        for keyword in schema.keys() - _ANNOTATIONS:
            yield from self._keywords[keyword](value, schema, path)

    def _ref(self, value: Any, schema: dict[str, Any], path: str) -> Iterator[str]:
        yield from self.wrong(value, self._root["$defs"][schema["$ref"].removeprefix("#/$defs/")], path)

    def _type(self, value: Any, schema: dict[str, Any], path: str) -> Iterator[str]:
        if not _TYPES[schema["type"]](value):
            yield f"{path}: is no {schema['type']}"

    def _properties(self, value: Any, schema: dict[str, Any], path: str) -> Iterator[str]:
        for name, one in schema["properties"].items():
            if isinstance(value, dict) and name in value:
                yield from self.wrong(value[name], one, f"{path}.{name}")

    def _required(self, value: Any, schema: dict[str, Any], path: str) -> Iterator[str]:
        if isinstance(value, dict):
            yield from (f"{path}: has no {name}" for name in schema["required"] if name not in value)

    def _additional(self, value: Any, schema: dict[str, Any], path: str) -> Iterator[str]:
        rule = schema["additionalProperties"]
        for name in value.keys() - schema.get("properties", {}).keys() if isinstance(value, dict) else ():
            if rule is False:
                yield f"{path}: {name} is not declared"
            else:
                yield from self.wrong(value[name], rule, f"{path}.{name}")

    def _items(self, value: Any, schema: dict[str, Any], path: str) -> Iterator[str]:
        for at, item in enumerate(value if isinstance(value, list) else ()):
            yield from self.wrong(item, schema["items"], f"{path}[{at}]")

    def _prefix(self, value: Any, schema: dict[str, Any], path: str) -> Iterator[str]:
        for at, (item, one) in enumerate(zip(value, schema["prefixItems"], strict=False)):
            yield from self.wrong(item, one, f"{path}[{at}]")

    def _any_of(self, value: Any, schema: dict[str, Any], path: str) -> Iterator[str]:
        found = [list(self.wrong(value, one, path)) for one in schema["anyOf"]]
        if all(found):
            yield from min(found, key=len)

    def _enum(self, value: Any, schema: dict[str, Any], path: str) -> Iterator[str]:
        if value not in schema["enum"]:
            yield f"{path}: {value!r} is none of {schema['enum']}"

    def _const(self, value: Any, schema: dict[str, Any], path: str) -> Iterator[str]:
        if value != schema["const"]:
            yield f"{path}: is not {schema['const']!r}"

    def _pattern(self, value: Any, schema: dict[str, Any], path: str) -> Iterator[str]:
        if isinstance(value, str) and not re.search(schema["pattern"], value):
            yield f"{path}: does not match {schema['pattern']}"

    def _minimum(self, value: Any, schema: dict[str, Any], path: str) -> Iterator[str]:
        if isinstance(value, int) and value < schema["minimum"]:
            yield f"{path}: {value} is below {schema['minimum']}"

    def _maximum(self, value: Any, schema: dict[str, Any], path: str) -> Iterator[str]:
        if isinstance(value, int) and value > schema["maximum"]:
            yield f"{path}: {value} is above {schema['maximum']}"

    def _min_items(self, value: Any, schema: dict[str, Any], path: str) -> Iterator[str]:
        if isinstance(value, list) and len(value) < schema["minItems"]:
            yield f"{path}: too short"

    def _max_items(self, value: Any, schema: dict[str, Any], path: str) -> Iterator[str]:
        if isinstance(value, list) and len(value) > schema["maxItems"]:
            yield f"{path}: too long"
