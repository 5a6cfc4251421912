# SPDX-License-Identifier: Apache-2.0
"""Takes type descriptors apart (Java Virtual Machine Specification, section 4.3)."""

from __future__ import annotations

import re

_ONE = r"\[*(?:[BCDFIJSZ]|L[^;()\[]+;)"
_TYPE = re.compile(_ONE + "|V")
_FIELD = re.compile(_ONE)
_METHOD = re.compile(rf"\((?:{_ONE})*\)(?:{_ONE}|V)")

#: Base types that the Java Card VM does not have by default, with their names in the source.
UNSUPPORTED = {"C": "char", "D": "double", "F": "float", "I": "int", "J": "long"}


def is_descriptor(text: str, *, method: bool) -> bool:
    """Whether ``text`` is the descriptor of a method, or of a field."""
    return (_METHOD if method else _FIELD).fullmatch(text) is not None


def parameters(descriptor: str) -> list[str]:
    """The types of a method's parameters."""
    return _TYPE.findall(descriptor[1 : descriptor.index(")")])


def result(descriptor: str) -> str:
    """The type that a method returns; ``V`` for none."""
    return descriptor[descriptor.index(")") + 1 :]


def types(descriptor: str) -> list[str]:
    """Every type that a field's or method's descriptor names."""
    return _TYPE.findall(descriptor)


def class_of(type_: str) -> str | None:
    """The class that a type refers to, arrays taken off; ``None`` for primitive types."""
    base = type_.lstrip("[")
    return base[1:-1] if base.startswith("L") else None


def unsupported(type_: str) -> str | None:
    """The name of a type that no Java Card has: ``int``, ``char[]``, an array of arrays; else ``None``."""
    if type_.startswith("[["):
        return "multidimensional array"
    name = UNSUPPORTED.get(type_.lstrip("["))
    return None if name is None else name + "[]" * type_.startswith("[")


def dotted(name: str) -> str:
    """A class's internal name as the source writes it."""
    return name.replace("/", ".")
