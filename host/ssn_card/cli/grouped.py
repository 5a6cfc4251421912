# SPDX-License-Identifier: Apache-2.0
"""Options that go together, declared once as a dataclass and given to a command as one argument::

    @dataclass(frozen=True)
    class Keys:
        keyring: Annotated[Path | None, typer.Option("--keyring")] = None

    @app.command()
    @grouped
    def status(*, keys: Keys, json: AsJson = False) -> None: ...

Typer sees the fields as parameters of the command, in the place of the group.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from inspect import Parameter, Signature, signature
from typing import Any, get_type_hints


def grouped(command: Callable[..., None]) -> Callable[..., None]:
    """The command with each parameter that is annotated with a dataclass replaced by the dataclass's fields."""
    hints = get_type_hints(command, include_extras=True)
    groups = {name: kind for name, kind in hints.items() if isinstance(kind, type) and is_dataclass(kind)}
    parameters: list[Parameter] = []
    for one in signature(command).parameters.values():
        if one.name in groups:
            parameters += _options(groups[one.name])
        else:
            parameters.append(one.replace(annotation=hints[one.name], kind=Parameter.KEYWORD_ONLY))

    @functools.wraps(command)
    def ungrouped(**values: Any) -> None:
        made = {
            name: kind(**{field.name: values.pop(field.name) for field in fields(kind)})
            for name, kind in groups.items()
        }
        command(**values, **made)

    ungrouped.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    ungrouped.__annotations__ = {one.name: one.annotation for one in parameters}
    return ungrouped


def _options(group: type) -> Iterator[Parameter]:
    hints = get_type_hints(group, include_extras=True)
    for field in fields(group):
        yield Parameter(field.name, Parameter.KEYWORD_ONLY, default=_default(field), annotation=hints[field.name])


def _default(field: Field[Any]) -> Any:
    return Parameter.empty if field.default is MISSING else field.default
