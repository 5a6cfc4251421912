# SPDX-License-Identifier: Apache-2.0
"""Entry point of ``ssn``: gathers the command groups and turns errors into one line and an exit code.

Exit codes: 0 done, 1 an error of ours (one line with its remedy on stderr; with ``--json`` also an object on stdout),
2 wrong usage, 130 interrupted.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import entry_points
from typing import NoReturn

import click
import typer

from ssn_card.protocol.errors import SsnCardError

from . import card, entitlement, keys, receipts, terminal
from .output import stderr

app = typer.Typer(
    name="ssn",
    help="SSN Card: personalize, load, sell, verify / personalisasi, isi, jual, verifikasi.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(card.app, name="card")
app.add_typer(entitlement.app, name="entitlement")
app.add_typer(keys.app, name="keys")
app.add_typer(terminal.app, name="terminal")
app.add_typer(receipts.app, name="receipts")


def gather() -> typer.Typer:
    """The command tree with the groups and commands of all installed packages."""
    for point in sorted(entry_points(group="ssn_card.cli"), key=lambda point: point.name):
        loaded = point.load()
        if isinstance(loaded, typer.Typer):
            app.add_typer(loaded, name=point.name)
        else:
            app.command(point.name)(loaded)
    return app


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run ``ssn`` and exit."""
    arguments = sys.argv[1:] if arguments is None else arguments
    sys.exit(run(arguments))


def run(arguments: list[str]) -> int:
    """Run ``ssn`` with these arguments; returns the exit code."""
    try:
        result = gather()(arguments, standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as usage:
        usage.show()
        return usage.exit_code
    except (click.Abort, KeyboardInterrupt):
        stderr().print("Interrupted / dihentikan.")
        return 130
    except SsnCardError as error:
        if "--json" in arguments:
            json.dump({"schema": "ssn-card/error/1", "error": error.as_dict()}, sys.stdout, ensure_ascii=False)
            sys.stdout.write("\n")
        stderr().print(f"ssn: {error.describe()}", markup=False, soft_wrap=True)
        return 1
