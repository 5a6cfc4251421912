# SPDX-License-Identifier: Apache-2.0
"""The groups of other packages: entry points ``ssn_card.cli``, each a ``typer.Typer`` or one command's function.

An entry point ``group.command`` adds a command to a group.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib.metadata import EntryPoint

import typer

from ssn_card.protocol.errors import Text

from .errors import GroupNotLoaded

#: A group that cannot be loaded takes any arguments, so that it can say why whatever was asked of it.
_ANY_ARGUMENTS = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}


def add_groups(app: typer.Typer, points: Iterable[EntryPoint]) -> None:
    """Add all groups in the order of their names; one that fails to import becomes a command that says so."""
    for point in sorted(points, key=lambda point: point.name):
        try:
            loaded = point.load()
        except Exception as error:  # whatever a stranger's module raises must not take the other commands with it
            app.command(
                point.name,
                help="Not available: its package cannot be loaded.\n\nTidak tersedia: paketnya tidak dapat dimuat.",
                context_settings=dict(_ANY_ARGUMENTS),
            )(_failing(point.name, error))
            continue
        group, dot, command = point.name.partition(".")
        if dot:
            _group(app, group).command(command)(loaded)
        elif isinstance(loaded, typer.Typer):
            app.add_typer(loaded, name=point.name)
        else:
            app.command(point.name)(loaded)


def _group(app: typer.Typer, name: str) -> typer.Typer:
    """The group of that name, for the entry point ``name.command`` of another package."""
    for known in app.registered_groups:
        if known.name == name and known.typer_instance is not None:
            return known.typer_instance
    group = typer.Typer()
    app.add_typer(group, name=name)
    return group


def _failing(name: str, error: Exception) -> Callable[[], None]:
    reason = Text(type(error).__name__, type(error).__name__)
    if isinstance(error, ModuleNotFoundError):
        reason = Text(str(error), f"modul {error.name} tidak ada")
    elif isinstance(error, ImportError | AttributeError):
        reason = Text(str(error), reason.id)

    def fail() -> None:
        raise GroupNotLoaded(name, reason)

    return fail
