# SPDX-License-Identifier: Apache-2.0
"""Entry point of ``ssn``: gathers the command groups and turns errors into one line and an exit code.

Exit codes are in :mod:`.errors`: 0 done, 1 an error of ours (one line with its remedy on stderr; with ``--json`` also
an object on stdout), 2 wrong usage, 3 something was found, 130 interrupted.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, entry_points, version
from typing import Annotated, NoReturn, TextIO

import typer

from ssn_card.keys import ExposedKeyFileWarning
from ssn_card.protocol.errors import SsnCardError, Text

from . import card, entitlement, keys, receipts, terminal
from .errors import (
    EXIT_ERROR,
    EXIT_FINDINGS,
    EXIT_INTERRUPTED,
    EXIT_USAGE,
    FindingsFound,
    InterruptedInDoubt,
    UnexpectedError,
)
from .groups import add_groups
from .output import say, stderr, stdout, warn
from .usage import LANGUAGE, WrongUsage, invoke

PROGRAM = "ssn"  #: also the name that shell completion is installed for
_DEBUG = "SSN_DEBUG"


class Language(StrEnum):
    """Languages that people are spoken to in."""

    INDONESIAN = "id"
    ENGLISH = "en"


def gather() -> typer.Typer:
    """The command tree with the groups and commands of all installed packages."""
    app = typer.Typer(
        name=PROGRAM,
        help="SSN Card: personalize, load, sell, verify.\n\nKartu SSN: personalisasi, isi, jual, verifikasi.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    app.callback()(_program)
    app.add_typer(card.app, name="card")
    app.add_typer(entitlement.app, name="entitlement")
    app.add_typer(keys.app, name="keys")
    app.add_typer(terminal.app, name="terminal")
    app.add_typer(receipts.app, name="receipts")
    add_groups(app, entry_points(group="ssn_card.cli"))
    return app


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run ``ssn`` and exit."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: list[str]) -> int:
    """Run ``ssn`` with these arguments; returns the exit code. The environment is left as it was."""
    with _restored_language(), _short_warnings():
        try:
            return invoke(gather(), arguments, PROGRAM)
        except WrongUsage as error:
            _report(error, arguments)
            return EXIT_USAGE
        except SystemExit as stop:
            if stop.code == EXIT_INTERRUPTED:  # what Typer makes of Ctrl-C inside a command, without a word
                return _interrupted()
            return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
        except KeyboardInterrupt:
            return _interrupted()
        except InterruptedInDoubt as error:
            _report(error, arguments)
            return _interrupted()
        except SsnCardError as error:
            return _report(error, arguments)
        except Exception as error:
            if os.environ.get(_DEBUG):
                raise
            return _report(UnexpectedError(error), arguments)


def _interrupted() -> int:
    stderr().print(say(Text("Interrupted.", "Dihentikan.")))
    return EXIT_INTERRUPTED


def _report(error: SsnCardError, arguments: list[str]) -> int:
    """One line on stderr; with ``--json`` the error as an object, unless the report that led to it was printed."""
    if "--json" in arguments and not isinstance(error, FindingsFound):
        json.dump({"schema": "ssn-card/error/1", "error": error.as_dict()}, sys.stdout, ensure_ascii=False, default=str)
        sys.stdout.write("\n")
    line = " ".join(error.describe().split())
    stderr().print(f"{PROGRAM}: {line}", markup=False, soft_wrap=True)
    return EXIT_FINDINGS if isinstance(error, FindingsFound) else EXIT_ERROR


def _version(wanted: bool) -> None:
    if wanted:
        try:
            number = version("ssn-card")
        except PackageNotFoundError:  # run from a source tree
            number = "(not installed)"
        stdout().print(f"{PROGRAM} {number}", markup=False)
        raise typer.Exit


def _program(
    lang: Annotated[
        Language | None,
        typer.Option(
            "--lang",
            help="Language of messages; default SSN_LANG, else the locale / "
            "bahasa pesan; bawaan SSN_LANG, atau bahasa sistem.",
        ),
    ] = None,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version / tampilkan versi."),
    ] = False,
) -> None:
    """Options of the program itself: ``--lang`` was read before them all, ``--version`` is a callback."""


@contextmanager
def _restored_language() -> Iterator[None]:
    before = os.environ.get(LANGUAGE)
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(LANGUAGE, None)
        else:
            os.environ[LANGUAGE] = before


@contextmanager
def _short_warnings() -> Iterator[None]:
    """Our own warnings as one line for people; those of others stay as they are."""
    with warnings.catch_warnings():
        others = warnings.showwarning
        shown: set[str] = set()  # a file that is opened twice is warned of once

        def show(
            message: Warning | str,
            category: type[Warning],
            filename: str,
            lineno: int,
            file: TextIO | None = None,
            line: str | None = None,
        ) -> None:
            if issubclass(category, ExposedKeyFileWarning):
                if str(message) not in shown:
                    shown.add(str(message))
                    warn(str(message))
            else:
                others(message, category, filename, lineno, file, line)

        warnings.simplefilter("always", ExposedKeyFileWarning)
        warnings.showwarning = show
        yield
