# SPDX-License-Identifier: Apache-2.0
"""Entry point of ``ssn``: gathers the command groups and turns errors into one line and an exit code.

Exit codes are in :mod:`.errors`; an error of ours is one line with its remedy on stderr, with ``--json`` also an object
on stdout. ``start`` is what the process begins with.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, entry_points, version
from typing import Annotated, TextIO

import typer

from ssn_card.protocol.errors import SsnCardError, SsnCardWarning

from .errors import (
    EXIT_CODES,
    EXIT_ERROR,
    EXIT_FINDINGS,
    EXIT_INTERRUPTED,
    EXIT_NO_READER,
    EXIT_USAGE,
    INTERRUPTED,
    FindingsFound,
    OutputLost,
    SystemRefused,
    UnexpectedError,
)
from .groups import ENTRY_POINTS, Group, add_group, add_groups
from .output import emit_json, say, stderr, stdout, warn
from .streams import Watched, check_open, watched_output
from .usage import LANGUAGE, WrongUsage, invoke

PROGRAM = "ssn"  #: also the name that shell completion is installed for
_DEBUG = "SSN_DEBUG"
#: The groups of this package; those of others are entry points.
_GROUPS = {
    "card": Group(
        "ssn_card.cli.card:app",
        "Read a card, settle what is in doubt.\n\nBaca kartu, pastikan transaksi yang belum jelas.",
    ),
    "entitlement": Group(
        "ssn_card.cli.entitlement:app",
        "Issue, carry and show entitlement updates.\n\nTerbitkan, antarkan, dan tampilkan pembaruan hak.",
    ),
    "keys": Group(
        "ssn_card.cli.keys:app",
        "Masters in a token or a file; keys for auditors and makers.\n\n"
        "Kunci induk di token atau berkas; kunci untuk auditor dan pembuat kartu.",
    ),
    "terminal": Group(
        "ssn_card.cli.terminal:app",
        "Sell, cancel, raise a limit; every step is journalled first.\n\n"
        "Jual, batalkan, naikkan batas; setiap langkah dicatat lebih dahulu.",
    ),
    "audit": Group(
        "ssn_card.cli.audit:app",
        "Verify receipts by the million, pack them, sign the verdict.\n\n"
        "Periksa jutaan kuitansi, kemas, tanda tangani hasilnya.",
    ),
    "receipts": Group(
        "ssn_card.cli.receipts:app",
        "Verify receipts: forged, doubled, missing; settle doubts.\n\n"
        "Periksa kuitansi: palsu, ganda, hilang; pastikan yang meragukan.",
    ),
}
#: Where a shell puts the line that it completes; the program has no arguments then.
_LINES = ("COMP_WORDS", "_TYPER_COMPLETE_ARGS")
_CODES = {WrongUsage: EXIT_USAGE, FindingsFound: EXIT_FINDINGS}


class Language(StrEnum):
    """Languages that people are spoken to in."""

    INDONESIAN = "id"
    ENGLISH = "en"


def gather(named: Collection[str] | None = None) -> typer.Typer:
    """The command tree with the groups and commands of all installed packages.

    ``named``: arguments; what none of them names is there by its help alone. ``None``: all is loaded.
    """
    app = typer.Typer(
        name=PROGRAM,
        help="SSN Card: personalize, load, sell, verify.\n\nKartu SSN: personalisasi, isi, jual, verifikasi.",
        epilog=_exit_codes(),
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    app.callback()(_program)
    for name, group in _GROUPS.items():
        add_group(app, name, group, named)
    add_groups(app, entry_points(group=ENTRY_POINTS), named)
    return app


def _exit_codes() -> str:
    """One paragraph in each language."""
    english = "; ".join(f"{code} {text.en}" for code, text in EXIT_CODES.items())
    indonesian = "; ".join(f"{code} {text.id}" for code, text in EXIT_CODES.items())
    return f"Exit codes: {english}.\n\nKode keluar: {indonesian}."


def run(arguments: list[str]) -> int:
    """Run ``ssn`` with these arguments; returns the exit code. The environment is left as it was."""
    with _restored_language(), _short_warnings(), watched_output() as output:
        code = _ended(arguments, output)
        try:
            output.deliver()
        except BrokenPipeError:
            return EXIT_NO_READER
        except OutputLost as error:
            return _report(error, [])
        return code


def _ended(arguments: list[str], output: Watched) -> int:
    """Run the command; whatever it raises is told in one line."""
    try:
        check_open(sys.stdout)
        return _interrupted(invoke(gather(_words(arguments)), arguments, PROGRAM))
    except SystemExit as stop:
        return _interrupted(stop.code if isinstance(stop.code, int) else int(stop.code is not None))
    except KeyboardInterrupt:
        return _interrupted(EXIT_INTERRUPTED)
    except SsnCardError as error:
        return _report(error, arguments)
    except Exception as error:
        if os.environ.get(_DEBUG):
            raise
        if error is output.failure:
            return EXIT_ERROR  # told when the output is delivered
        if isinstance(error, OSError | sqlite3.Error):
            return _report(SystemRefused.by(error), arguments)
        if isinstance(error, typer.Abort) and isinstance(error.__cause__, EOFError):  # Typer makes one of the other
            return _report(UnexpectedError.of(error.__cause__), arguments)
        return _report(UnexpectedError.of(error), arguments)


def _words(arguments: list[str]) -> Collection[str]:
    """The arguments, or what of them has been typed where a shell asks how they go on."""
    return {*arguments, *(word for name in _LINES for word in os.environ.get(name, "").split())}


def _interrupted(code: int) -> int:
    """Typer makes an exit code of Ctrl-C inside a command, without a word."""
    if code == EXIT_INTERRUPTED:
        stderr().print(say(INTERRUPTED))
    return code


def _report(error: SsnCardError, arguments: list[str]) -> int:
    """One line on stderr; with ``--json`` the error as an object, unless the report that led to it was printed."""
    with contextlib.suppress(OSError):  # told when the output is delivered
        if "--json" in arguments and not isinstance(error, FindingsFound):
            emit_json({"schema": "ssn-card/error/1", "error": error.as_dict()})
    line = " ".join(error.describe().split())
    stderr().print(f"{PROGRAM}: {line}", markup=False, soft_wrap=True)
    if isinstance(error.__cause__, KeyboardInterrupt):
        return _interrupted(EXIT_INTERRUPTED)
    return exit_code(type(error))


def exit_code(kind: type[SsnCardError]) -> int:
    """How ``ssn`` ends where an error of this class comes out of a command."""
    return next((code for one, code in _CODES.items() if issubclass(kind, one)), EXIT_ERROR)


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
            if issubclass(category, SsnCardWarning):
                if str(message) not in shown:
                    shown.add(str(message))
                    warn(str(message))
            else:
                others(message, category, filename, lineno, file, line)

        warnings.simplefilter("always", SsnCardWarning)
        warnings.showwarning = show
        yield
