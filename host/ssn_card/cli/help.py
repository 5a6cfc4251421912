# SPDX-License-Identifier: Apache-2.0
"""Help pages in the reader's language alone. In the source each text stands in both:

``"English / Indonesian"`` for an option or argument, paragraphs by turns for a command. Typer's own words are English.
"""

from __future__ import annotations

import re
from typing import Any

import typer

from ssn_card.protocol.errors import Text

from .output import say

_BETWEEN = " / "
_HEADINGS = {"Options": "Opsi", "Commands": "Perintah", "Arguments": "Argumen"}
_TYPERS_OWN = {
    "Show this message and exit.": "Tampilkan bantuan ini.",
    "Install completion for the current shell": "Pasang pelengkapan perintah untuk shell ini",
    "Show completion for the current shell, to copy it or customize the installation": (
        "Tampilkan pelengkapan perintah untuk shell ini, untuk disalin atau disesuaikan"
    ),
    "[OPTIONS]": "[OPSI]",
    "COMMAND [ARGS]...": "PERINTAH [ARGUMEN]...",
}
#: What stands in square brackets at the end of an option's line.
_PARTICULARS = {"required": "wajib", "default:": "bawaan:", "env var:": "variabel:"}


def of_option(text: str) -> Text:
    """Both languages of an option's help; one that is written in English alone stays so."""
    english, _, indonesian = text.removesuffix(".").partition(_BETWEEN)
    return Text(english, indonesian[:1].upper() + indonesian[1:] or english)


def of_command(text: str) -> Text:
    """Both languages of a command's help: paragraphs by turns."""
    paragraphs = text.split("\n\n")
    return Text("\n\n".join(paragraphs[::2]), "\n\n".join(paragraphs[1::2] or paragraphs))


def speak(command: Any) -> None:
    """Put the help of a command and of all below it into the reader's language; ``command``: as Typer has built it."""
    command.context_class = _Context
    command.help = command.help and say(of_command(command.help))
    command.epilog = command.epilog and say(of_command(command.epilog))
    for parameter in command.params:
        parameter.help = parameter.help and say(of_option(parameter.help))
    for one in getattr(command, "commands", {}).values():
        speak(one)


# Typer gives its formatter no public name; a context tells which one it uses.
_Formatter: Any = typer.Context.formatter_class


class _HelpPage(_Formatter):  # type: ignore[misc]
    """Typer's page with its own words translated too."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, _own(args), prefix or say(Text("Usage: ", "Pemakaian: ")))

    def write_heading(self, heading: str) -> None:
        super().write_heading(say(Text(heading, _HEADINGS.get(heading, heading))))

    def write_dl(self, rows: Any, *args: Any, **more: Any) -> None:
        super().write_dl([(_kind(first), _own(second)) for first, second in rows], *args, **more)


class _Context(typer.Context):
    formatter_class = _HelpPage


def _kind(text: str) -> str:
    """``<issued|active>`` tells a person something, ``<list[str]>`` and ``<path>`` do not."""
    return re.sub(r" <(list\[)?(path|Path|str|int)\]?>$", "", re.sub(r"<list\[(.*\|.*)\]>", r"<\1>", text))


def _own(text: str) -> str:
    """A line of help in which what Typer wrote is in the reader's language."""
    indonesian = text
    for own, translated in _TYPERS_OWN.items():
        indonesian = indonesian.replace(own, translated)
    return say(Text(text, re.sub(r"\[[^\]]*\]$", _particulars, indonesian)))


def _particulars(found: re.Match[str]) -> str:
    bracket = found[0]
    for own, translated in _PARTICULARS.items():
        bracket = re.sub(rf"(?<=[\[ ]){own}", translated, bracket)
    return bracket
