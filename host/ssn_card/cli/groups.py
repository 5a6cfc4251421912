# SPDX-License-Identifier: Apache-2.0
"""The groups and commands of ``ssn``: each is declared with its help, and imported when an argument names it.

Other packages add theirs by entry points ``ssn_card.cli``: a :class:`Group` or :class:`Command`, or what these declare,
a ``typer.Typer`` or a function, itself. An entry point ``group.command`` adds a command to a group.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from typing import Any

import typer

from ssn_card.protocol.errors import Text

from .errors import GroupNotLoaded

ENTRY_POINTS = "ssn_card.cli"  #: entry-point group
#: A group that cannot be loaded takes any arguments, so that it can say why whatever was asked of it.
_ANY_ARGUMENTS = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}


@dataclass(frozen=True)
class Declared:
    """What the page above a group or command shows of it.

    Args:
        home: ``module:name`` of what is imported when it is asked for.
        help: paragraphs in both languages by turns, as in the docstring of a command.
    """

    home: str
    help: str

    def loaded(self) -> Any:
        """What is at home. Raises whatever its import raises."""
        return EntryPoint("", self.home, ENTRY_POINTS).load()

    def unasked(self) -> Any:
        """What stands in its place on a page where only the help is read."""
        raise NotImplementedError


class Group(Declared):
    """``home`` names a ``typer.Typer``."""

    def unasked(self) -> typer.Typer:
        """A group without commands."""
        return typer.Typer()


class Command(Declared):
    """``home`` names a function."""

    def unasked(self) -> Callable[[], None]:
        """A command that does nothing."""
        return lambda: None


def add_groups(app: typer.Typer, points: Iterable[EntryPoint], named: Collection[str] | None) -> None:
    """Add all groups in the order of their names; one that fails to import becomes a command that says so.

    ``named``: as :func:`add_group` takes it.
    """
    for point in sorted(points, key=lambda point: point.name):
        try:
            add_group(app, point.name, point.load(), named)
        except Exception as error:  # whatever a stranger's module raises must not take the other commands with it
            app.command(
                point.name,
                help="Not available: its package cannot be loaded.\n\nTidak tersedia: paketnya tidak dapat dimuat.",
                context_settings=dict(_ANY_ARGUMENTS),
            )(_failing(point.name, error))


def add_group(app: typer.Typer, name: str, offered: Any, named: Collection[str] | None) -> None:
    """Add what is offered under this name; what is declared is loaded if ``named``, the arguments, or ``None`` for
    everything, has each word of the name. Raises whatever the import raises."""
    more: dict[str, Any] = {}
    if isinstance(offered, Declared):
        more["help"] = offered.help
        asked = named is None or all(word in named for word in name.split("."))
        offered = offered.loaded() if asked else offered.unasked()
    group, _, own = name.rpartition(".")
    parent = _group(app, group) if group else app
    if isinstance(offered, typer.Typer):
        parent.add_typer(offered, name=own, **more)
    else:
        parent.command(own, **more)(offered)


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
