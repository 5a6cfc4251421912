# SPDX-License-Identifier: Apache-2.0
"""Which errors of ours can leave a function: every class of them that is made in it, or in what it calls, and so on.

Read from the sources. What a call means is found by annotations, as a type checker does: of parameters, attributes and
results. A call on something whose class stays unknown counts as every method of that name; one on a base class or a
protocol as that of every class that may stand there. So it finds too much rather than too little.
"""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from ssn_card.protocol import commands
from ssn_card.protocol.errors import SsnCardError
from ssn_card.protocol.status import CardFailure, CardStatusError
from ssn_card.terminal import Terminal

#: Methods that everything has: of something unknown they are not ours.
_COMMON = {
    name
    for cls in (str, bytes, dict, list, set, int, Path, types.GeneratorType, BaseException, typing.IO)
    for name in dir(cls)
}
_WHEN_MADE = ("__init__", "__post_init__", "__call__")


@dataclass
class Walk:
    """What lies below a function, within some modules."""

    modules: tuple[ModuleType, ...]
    errors: set[type[SsnCardError]] = field(default_factory=set)
    seen: set[FunctionType] = field(default_factory=set)

    def below(self, *starts: Callable[..., Any]) -> Walk:
        """Looks through the ``starts`` and all that they reach."""
        todo = [(function, _owner(function)) for start in starts for function in _functions(start)]
        while todo:
            function, owner = todo.pop()
            if function not in self.seen:
                self.seen.add(function)
                todo += _Body(function, owner, self).reached()
        return self

    def is_ours(self, cls: type) -> bool:
        """Whether a class is one of the modules'."""
        return cls in self.classes

    @cached_property
    def classes(self) -> frozenset[type]:
        """All of the modules' own."""
        return frozenset(
            one
            for module in self.modules
            for one in vars(module).values()
            if isinstance(one, type) and one.__module__ == module.__name__
        )

    @cached_property
    def standing(self) -> tuple[object, ...]:
        """What stands in the classes: their attributes that are instances of the modules' own classes."""
        values = (value for cls in self.classes for value in vars(cls).values())
        return tuple(value for value in values if type(value) in self.classes)

    def standing_for(self, cls: type) -> Iterable[type]:
        """The class, and whatever may stand in its place."""
        if getattr(cls, "_is_protocol", False):
            asked = {name for name in vars(cls) if not name.startswith("_")}
            return [one for one in self.classes if asked <= set(dir(one))]
        return [one for one in self.classes if issubclass(one, cls)] or [cls]

    def named(self, name: str) -> Iterator[tuple[FunctionType, type]]:
        """Every method of that name."""
        for cls in self.classes:
            for function in _functions(vars(cls).get(name)):
                yield function, cls


class _Body:
    """One function."""

    def __init__(self, function: FunctionType, owner: type | None, walk: Walk) -> None:
        self._function, self._owner, self._walk = function, owner, walk
        self._tree = _tree(function)
        self._types: dict[str, type | None] = _parameters(function, owner)
        self._imported = dict(self._imports())
        for node in ast.walk(self._tree):
            name = node.targets[0] if isinstance(node, ast.Assign) else None
            if isinstance(node, ast.Assign) and isinstance(name, ast.Name) and name.id not in self._types:
                self._types[name.id] = None  # where it is made of itself
                self._types[name.id] = self.type_of(node.value)

    def reached(self) -> Iterator[tuple[FunctionType, type | None]]:
        """The functions that this one calls or hands on; what errors it makes goes to the walk.

        An error that comes out of a table is known by the declared result only.
        """
        result = _class(_hints(self._function).get("return"))
        if result is not None and result is not SsnCardError and issubclass(result, SsnCardError):
            self._walk.errors.add(result)
        for node in ast.walk(self._tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                self._walk.errors.update(_listed(self._global(node.id)))
                yield from self._functions_of(self._global(node.id))
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                self._walk.errors.update(self._kept(node))
                yield from self._members(node)
            for cls in map(self._value, _made(node)):
                if isinstance(cls, type) and self._walk.is_ours(cls):
                    if issubclass(cls, SsnCardError):
                        self._walk.errors.add(cls)
                    for name in _WHEN_MADE:
                        yield from ((one, cls) for one in _functions(inspect.getattr_static(cls, name, None)))

    def _kept(self, node: ast.Attribute) -> set[type[SsnCardError]]:
        """Errors that an attribute holds in what stands in the modules, such as a journal's kind of file."""
        cls = self.type_of(node.value)
        if cls is None or node.attr not in _hints(cls):
            return set()
        held = (getattr(one, node.attr) for one in self._walk.standing if isinstance(one, cls))
        return {one for one in held if isinstance(one, type) and issubclass(one, SsnCardError)}

    def _members(self, node: ast.Attribute) -> Iterator[tuple[FunctionType, type | None]]:
        value = self._value(node.value)
        if isinstance(value, ModuleType | type):
            yield from self._functions_of(inspect.getattr_static(value, node.attr, None))
            return
        if ast.unparse(node.value) == "super()" and self._owner is not None:
            base = next((above for above in self._owner.__mro__[1:] if node.attr in vars(above)), object)
            yield from ((one, base) for one in _functions(vars(base).get(node.attr)))
            return
        cls = self.type_of(node.value)
        if cls is None:
            if node.attr not in _COMMON:
                yield from self._walk.named(node.attr)
        elif self._walk.is_ours(cls):
            for one in self._walk.standing_for(cls):
                owner = next((above for above in one.__mro__ if node.attr in vars(above)), None)
                if owner is not None:
                    yield from ((function, owner) for function in _functions(vars(owner)[node.attr]))

    def _functions_of(self, value: Any) -> Iterator[tuple[FunctionType, type | None]]:
        names = {module.__name__ for module in self._walk.modules}
        if not isinstance(value, type):
            yield from ((one, _owner(one)) for one in _functions(value) if one.__module__ in names)

    def _global(self, name: str) -> Any:
        if name in self._types:
            return None
        return self._imported.get(name) or self._function.__globals__.get(name)

    def _imports(self) -> Iterator[tuple[str, Any]]:
        """What the function itself imports, so that nobody else has to."""
        for node in ast.walk(self._tree):
            if isinstance(node, ast.ImportFrom):
                package = "." * node.level + (node.module or "")
                module = import_module(package, self._function.__globals__["__package__"])
                yield from ((one.asname or one.name, getattr(module, one.name)) for one in node.names)

    def _value(self, node: ast.expr) -> Any:
        """A class, function or module that an expression names, if it names one."""
        if isinstance(node, ast.Name):
            return self._global(node.id)
        if isinstance(node, ast.Attribute) and isinstance(found := self._value(node.value), ModuleType | type):
            static = not isinstance(found, ModuleType)  # of a package some names come when they are asked for
            return inspect.getattr_static(found, node.attr, None) if static else getattr(found, node.attr, None)
        return None

    def type_of(self, node: ast.expr) -> type | None:
        """The class of an expression's value, as far as annotations tell."""
        if isinstance(node, ast.Name):
            known = self._types.get(node.id)
            return known if known is not None or node.id in self._types else _class_of(self._global(node.id))
        if isinstance(node, ast.Attribute):
            cls = self.type_of(node.value)
            return None if cls is None else _attribute(cls, node.attr)
        if isinstance(node, ast.Call):
            return self._result(node.func)
        return None

    def _result(self, called: ast.expr) -> type | None:
        value = self._value(called)
        if value is None and isinstance(called, ast.Attribute) and (cls := self.type_of(called.value)) is not None:
            value = inspect.getattr_static(cls, called.attr, None)
        if isinstance(value, type):
            return value
        return next((_class(_hints(one).get("return"), self._owner) for one in _functions(value)), None)


def _made(node: ast.AST) -> tuple[ast.expr, ...]:
    """What a call calls, and what is raised as a class."""
    if isinstance(node, ast.Call):
        return (node.func,)
    if isinstance(node, ast.Raise) and node.exc is not None:
        return (node.exc.body, node.exc.orelse) if isinstance(node.exc, ast.IfExp) else (node.exc,)
    return ()


def _listed(value: Any) -> set[type[SsnCardError]]:
    """Errors in a table. Words of the card are in the command table, each with the commands that may give it."""
    if not isinstance(value, Mapping):
        return set()
    return {
        one
        for one in value.values()
        if isinstance(one, type) and issubclass(one, SsnCardError) and not issubclass(one, CardStatusError)
    }


def _functions(value: Any) -> Iterator[FunctionType]:
    """The Python functions behind a method, property, decorated or cached function."""
    for one in (value, *(getattr(value, name, None) for name in ("fget", "__func__", "func"))):
        plain = inspect.unwrap(one) if callable(one) and not isinstance(one, type) else None
        if isinstance(plain, FunctionType):
            yield plain


@cache
def _tree(function: FunctionType) -> ast.AST:
    with suppress(OSError, SyntaxError):
        return ast.parse(textwrap.dedent(inspect.getsource(function)))
    return ast.Module([], [])  # made by the machine, as a dataclass's own


def _owner(function: FunctionType) -> type | None:
    found: Any = function.__globals__
    for part in function.__qualname__.split(".")[:-1]:
        found = found.get(part) if isinstance(found, Mapping) else getattr(found, part, None)
    return found if isinstance(found, type) else None


@cache
def _hints(of: Any) -> dict[str, Any]:
    try:
        return typing.get_type_hints(of)
    except (NameError, TypeError, AttributeError):
        return {}


def _parameters(function: FunctionType, owner: type | None) -> dict[str, type | None]:
    types_of: dict[str, type | None] = {name: _class(hint, owner) for name, hint in _hints(function).items()}
    first = next(iter(inspect.signature(function).parameters), None)
    if owner is not None and first in ("self", "cls"):
        types_of[first] = owner
    return types_of


def _class(hint: Any, owner: type | None = None) -> type | None:
    """The class that an annotation names; of a union with ``None`` the other."""
    if hint is typing.Self:
        return owner
    if isinstance(hint, type) and not isinstance(hint, types.GenericAlias):
        return hint
    if typing.get_origin(hint) is typing.ClassVar:
        return _class(typing.get_args(hint)[0], owner)
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        named = [one for one in typing.get_args(hint) if one is not type(None)]
        return _class(named[0], owner) if len(named) == 1 else None
    origin = typing.get_origin(hint)
    return origin if isinstance(origin, type) else None


def _class_of(value: Any) -> type | None:
    return None if value is None or isinstance(value, type | ModuleType | FunctionType) else type(value)


@cache
def _attribute(cls: type, name: str) -> type | None:
    """The class of an attribute: declared, a property's result, or what ``__init__`` puts there."""
    for above in cls.__mro__:
        if not above.__module__.startswith("ssn_card."):
            continue
        if name in _hints(above):
            return _class(_hints(above)[name], cls)
        member = vars(above).get(name)
        for function in _functions(member) if isinstance(member, property) or hasattr(member, "func") else ():
            return _class(_hints(function).get("return"), cls)
        for function in _functions(vars(above).get("__init__")):
            for node in ast.walk(_tree(function)):
                if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == f"self.{name}":
                    return _Body(function, above, Walk(())).type_of(node.value)
    return None


_ROOMS = ("terminal", "keys", "programme", "receipts", "storage", "transport", "protocol")
_SALE = (commands.VERIFY, commands.DEBIT, commands.READ_RECEIPT, commands.GET_STATUS)
_NEVER = {"UnknownShopError"}  #: ``Shop.terminal_id`` has the name of a receipt's number


def leaving(*starts: Callable[..., Any]) -> frozenset[type[SsnCardError]]:
    """What can leave these functions of the rooms that a terminal needs."""
    prefixes = tuple(f"ssn_card.{room}" for room in _ROOMS)
    for package in map(import_module, prefixes):
        for name in getattr(package, "__all__", ()):
            getattr(package, name)  # loaded, where it is not yet
    modules = tuple(module for name, module in sorted(sys.modules.items()) if name.startswith(prefixes))
    return frozenset(one for one in Walk(modules).below(*starts).errors if one.__name__ not in _NEVER)


@cache
def leaving_debit() -> frozenset[type[SsnCardError]]:
    """What can leave ``Terminal.debit``; of the card's words those that a sale's commands may give."""
    words = {word for command in _SALE for word in command.statuses}
    return leaving(Terminal.debit) | words | {CardFailure}
