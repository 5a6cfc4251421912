# SPDX-License-Identifier: Apache-2.0
"""Wrong usage: Typer's refusals as an error of ours, in the reader's language and with ``--json`` as an object."""

from __future__ import annotations

import os
import re
import typing
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from enum import Enum
from typing import Any

import typer
import typer.main

from ssn_card.protocol.errors import InputError, Text

from .errors import EXIT_USAGE
from .help import speak
from .output import stderr

LANGUAGE = "SSN_LANG"
LANGUAGES = ("id", "en")


class WrongUsage(InputError):
    """A command that does not exist, or options that it does not take as they are; ``where`` names the option."""

    code = "wrong-usage"


def invoke(app: typer.Typer, arguments: list[str], program: str) -> int:
    """Run the command that the arguments ask for; returns its exit code.

    Raises :class:`WrongUsage` and whatever the command raises. Sets ``SSN_LANG`` if ``--lang`` is given: errors are put
    into words in packages that know no command line.
    """
    chosen = _language(arguments)
    if chosen is not None:
        os.environ[LANGUAGE] = chosen
    command = typer.main.get_command(app)
    speak(command)
    try:
        code = command.main(arguments, prog_name=program, standalone_mode=False)
    except typer.TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            stderr().print(error.format_message(), markup=False, soft_wrap=True)
            return EXIT_USAGE
        raise _wrong_usage(error, _asked(command, arguments, program)) from None
    return code if isinstance(code, int) else 0


def _language(arguments: list[str]) -> str | None:
    """What ``--lang`` says, wherever it stands: also a refusal of the options before it is read in that language."""
    for place, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == "--lang":
            value = value or "".join(arguments[place + 1 : place + 2])
            return value if value in LANGUAGES else None
    return None


def _asked(command: Any, arguments: Iterable[str], program: str) -> str:
    """``ssn perso run``: the command that the arguments name, as far as there is one."""
    path = [program]
    for argument in arguments:
        below = getattr(command, "commands", {})
        if argument in below:
            path.append(argument)
            command = below[argument]
    return " ".join(path)


def _wrong_usage(error: Any, asked: str) -> WrongUsage:
    describe = _KINDS.get(type(error).__name__, _of_message)
    where, text = describe(error)
    remedy = Text("See '{asked} --help'.", "Lihat '{asked} --help'.").filled(asked=asked)
    return WrongUsage(text, where=where, remedy=remedy)


def _missing(error: Any) -> tuple[str | None, Text]:
    if error.param.param_type_name == "option":
        text = Text("The option is missing.", "Opsi ini belum diberikan.")
    else:
        text = Text("The argument is missing.", "Argumen ini belum diberikan.")
    return _name(error.param), _joined(text, _expected(error.param))


def _bad_value(error: Any) -> tuple[str | None, Text]:
    name = _name(error.param) if error.param is not None else None
    expected = None if error.param is None else _expected(error.param)
    given = _given(error)
    if given is None:
        text = Text("The value cannot be used.", "Nilai tidak dapat dipakai.")
    else:
        text = Text("The value '{given}' cannot be used.", "Nilai '{given}' tidak dapat dipakai.").filled(given=given)
    return name, _joined(text, expected or Text(error.message, ""))


def _no_such_option(error: Any) -> tuple[str | None, Text]:
    text = Text("There is no such option.", "Opsi ini tidak ada.")
    return error.option_name, _joined(text, _meant(error.possibilities or ()))


def _option_usage(error: Any) -> tuple[str | None, Text]:
    takes_none = "does not take a value" in error.message
    text = (
        Text("The option takes no value.", "Opsi ini tidak memakai nilai.")
        if takes_none
        else Text("The option needs a value.", "Opsi ini memerlukan nilai.")
    )
    return error.option_name, text


def _of_message(error: Any) -> tuple[str | None, Text]:
    """Refusals that Typer tells apart by their words alone."""
    if found := re.fullmatch(r"No such command '(?P<name>.*?)'\..*", error.message, re.S):
        text = Text("There is no command '{name}'.", "Tidak ada perintah '{name}'.").filled(name=found["name"])
        known = getattr(getattr(error.ctx, "command", None), "commands", {})
        return None, _joined(text, _meant(get_close_matches(found["name"], known)))
    if found := re.fullmatch(r"Got unexpected extra argument\(s\) \((?P<names>.*)\)", error.message, re.S):
        text = Text("There is no use for '{names}'.", "Tidak ada guna '{names}' di sini.")
        return None, text.filled(names=found["names"])
    if error.message == "Missing command.":
        return None, Text("The command is missing.", "Perintah belum diberikan.")
    return None, Text(error.format_message(), f"Pemakaian salah ({type(error).__name__}).")


_KINDS: dict[str, Callable[[Any], tuple[str | None, Text]]] = {
    "MissingParameter": _missing,
    "BadParameter": _bad_value,
    "NoSuchOption": _no_such_option,
    "BadOptionUsage": _option_usage,
}


def _name(parameter: Any) -> str:
    """``--journal``, or what a positional argument is called on the help page."""
    if parameter.param_type_name == "option":
        return str(max(parameter.opts, key=len))
    return str(parameter.metavar or parameter.name.upper())


def _given(error: Any) -> str | None:
    """The value that was refused, where pydantic tells it."""
    complaints = getattr(error.__cause__, "errors", None)
    return None if complaints is None else str(complaints()[0].get("input"))


def _expected(parameter: Any) -> Text | None:
    """What the parameter takes, from how it is declared."""
    kind = parameter.type_descriptor.annotation
    kind = typing.get_args(kind)[0] if typing.get_origin(kind) is list else kind
    if isinstance(kind, type) and issubclass(kind, Enum):
        values = ", ".join(str(one.value) for one in kind)
        return Text("Give one of {values}.", "Berikan salah satu dari {values}.").filled(values=values)
    if kind is int:
        return _whole(parameter.min, parameter.max)
    return None


def _whole(low: int | None, high: int | None) -> Text:
    if low is not None and high is not None:
        text = Text("Give a whole number from {low} to {high}.", "Berikan bilangan bulat dari {low} sampai {high}.")
    elif low is not None:
        text = Text("Give a whole number from {low}.", "Berikan bilangan bulat mulai {low}.")
    else:
        text = Text("Give a whole number.", "Berikan bilangan bulat.")
    return text.filled(low=low, high=high)


def _meant(names: Iterable[str]) -> Text | None:
    listed = ", ".join(sorted(names))
    return Text("Did you mean {names}?", "Maksud Anda {names}?").filled(names=listed) if listed else None


def _joined(first: Text, second: Text | None) -> Text:
    if second is None:
        return first
    return Text(f"{first.en} {second.en}".strip(), f"{first.id} {second.id}".strip())
