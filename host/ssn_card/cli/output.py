# SPDX-License-Identifier: Apache-2.0
"""What every command shares: ``--json``, the language, tables on stdout, progress and errors on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, Literal

import typer
from rich.console import Console, Group, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text as Styled

from ssn_card.protocol.errors import Text, default_language, rupiah

__all__ = ["AsJson", "emit", "facts", "progress", "rupiah", "say", "sentence", "stderr", "stdout", "table", "warn"]

_PIPE_WIDTH = 200  #: characters

#: The option ``--json`` of every command.
AsJson = Annotated[bool, typer.Option("--json", help="Machine-readable output / keluaran untuk mesin.")]


def stdout() -> Console:
    """A console on today's stdout (tests replace the stream); lines in a pipe are not broken at 80 characters."""
    return Console(file=sys.stdout, highlight=False, width=None if sys.stdout.isatty() else _PIPE_WIDTH)


def stderr() -> Console:
    """A console on today's stderr, for progress and messages that are no result."""
    return Console(file=sys.stderr, highlight=False)


def say(text: Text) -> str:
    """A text in the reader's language."""
    return text.in_language(default_language())


def warn(message: str | Text) -> None:
    """One line on stderr that is no error."""
    text = say(message) if isinstance(message, Text) else message
    stderr().print(f"ssn: {text}", markup=False, soft_wrap=True)


def facts(title: Text, rows: Iterable[tuple[Text, str]]) -> RenderableType:
    """A table of names and values under a title, in the reader's language."""
    result = Table(show_header=False, box=None, pad_edge=False)
    result.add_column(style="dim")
    result.add_column(overflow="fold")
    for name, value in rows:
        result.add_row(Styled(say(name)), Styled(value))
    return Group(sentence(title), result)


def table(title: Text, columns: Iterable[tuple[Text, str]], rows: Iterable[Iterable[str]]) -> RenderableType:
    """A table with a head under a title; ``columns`` are a name and ``"left"``, ``"right"`` or ``"whole"``: left, and
    never broken, as a serial that is to be copied."""
    result = Table(box=None, pad_edge=False, header_style="bold")
    for name, side in columns:
        justify: Literal["left", "right"] = "right" if side == "right" else "left"
        result.add_column(say(name), justify=justify, overflow="fold", no_wrap=side == "whole")
    for row in rows:
        result.add_row(*(Styled(cell) for cell in row))
    return Group(sentence(title), result)


def sentence(text: Text) -> Styled:
    """A sentence in the reader's language, never broken and without markup: ``[red]`` may be part of a path."""
    return Styled(say(text), no_wrap=True, overflow="ignore")


def emit(command: str, data: Mapping[str, Any], as_json: bool, render: Callable[[], RenderableType]) -> None:
    """Print a result: one JSON object with its schema's name and version, or what ``render`` makes of it."""
    if as_json:
        json.dump({"schema": f"ssn-card/{command}/1", **data}, sys.stdout, default=str, ensure_ascii=False)
        sys.stdout.write("\n")
    else:
        stdout().print(render(), crop=False)  # a sentence may be longer than the screen


def progress(as_json: bool = False) -> Progress:
    """A progress bar on stderr; silent where stderr is no terminal or the output is JSON."""
    console = stderr()
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        disable=as_json or not console.is_terminal,
        transient=True,
    )
