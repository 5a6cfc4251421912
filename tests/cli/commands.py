# SPDX-License-Identifier: Apache-2.0
"""Every command of ``ssn``, as the command line itself knows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer.main

from ssn_card.cli.main import gather


def commands(command: Any = None, name: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """``("perso", "run")`` and so on, each with its command; groups too, the program itself as ``()``."""
    command = typer.main.get_command(gather()) if command is None else command
    yield name, command
    for part, one in sorted(getattr(command, "commands", {}).items()):
        yield from commands(one, (*name, part))


def options(command: Any) -> Iterator[Any]:
    """The options of a command that are ours: not those that Typer adds to every program."""
    for parameter in command.params:
        if parameter.param_type_name == "option" and not parameter.name.endswith("_completion"):
            yield parameter


def arguments(command: Any) -> Iterator[Any]:
    """The positional arguments of a command."""
    return (parameter for parameter in command.params if parameter.param_type_name == "argument")
