# SPDX-License-Identifier: Apache-2.0
"""What every command shares: ``--json``, the language, tables on stdout, progress and errors on stderr."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ssn_card.protocol.errors import Text, default_language

from .streams import is_unicode

if TYPE_CHECKING:  # Rich is imported where something is printed: a page of help does without it
    from rich.console import Console, RenderableType
    from rich.progress import Progress

_PIPE_WIDTH = 200  #: characters

#: The option ``--json`` of every command.
AsJson = Annotated[bool, typer.Option("--json", help="Machine-readable output / keluaran yang dapat dibaca mesin.")]


def stdout() -> Console:
    """A console on today's stdout (tests replace the stream); a pipe has no width of its own but ``COLUMNS``."""
    from .consoles import Results

    wide = not sys.stdout.isatty() and "COLUMNS" not in os.environ
    return Results(file=sys.stdout, highlight=False, width=_PIPE_WIDTH if wide else None)


def stderr() -> Console:
    """A console on today's stderr, for progress and messages that are no result."""
    from .consoles import Messages

    return Messages(file=sys.stderr, highlight=False)


def say(text: Text) -> str:
    """A text in the reader's language."""
    return text.in_language(default_language())


def warn(message: str | Text) -> None:
    """One line on stderr that is no error."""
    text = say(message) if isinstance(message, Text) else message
    stderr().print(f"ssn: {text}", markup=False, soft_wrap=True)


def emit(command: str, data: Mapping[str, Any], as_json: bool, render: Callable[[], RenderableType]) -> None:
    """Print a result: one JSON object with its schema's name and version, or what ``render`` makes of it."""
    if as_json:
        emit_json({"schema": f"ssn-card/{command}/1", **data})
    else:
        stdout().print(render(), crop=False)  # what is longer than the screen is the terminal's to wrap, not cut


def emit_json(data: Any) -> None:
    """One line of JSON on stdout, escaped where the stream has no other way to show a letter."""
    json.dump(data, sys.stdout, default=str, ensure_ascii=not is_unicode(sys.stdout))
    sys.stdout.write("\n")


def progress(as_json: bool = False, *, rate: bool = False) -> Progress:
    """A progress bar on stderr; silent where stderr is no terminal or the output is JSON.

    ``rate``: also how much is done in a second; tasks may have a field ``unit``.
    """
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from .rates import AmountColumn, RateColumn

    console = stderr()
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        *((AmountColumn(), RateColumn()) if rate else (MofNCompleteColumn(),)),
        TimeRemainingColumn(),
        console=console,
        disable=as_json or not console.is_terminal,
        transient=True,
    )
