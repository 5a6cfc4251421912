# SPDX-License-Identifier: Apache-2.0
"""One name for one thing: an option means the same in every command, and nothing has two names."""

from __future__ import annotations

import typing
from collections import defaultdict
from enum import Enum
from typing import Any

from .commands import arguments, commands, options


def test_a_name_means_one_thing() -> None:
    meanings: dict[str, dict[tuple[Any, ...], list[str]]] = defaultdict(lambda: defaultdict(list))
    for name, command in commands():
        for option in options(command):
            for spelled in (*option.opts, *option.secondary_opts):
                meanings[spelled][_meaning(option)].append(" ".join(name))
    assert {name: dict(found) for name, found in meanings.items() if len(found) > 1} == {}


def test_a_thing_has_one_name() -> None:
    names: dict[str, set[str]] = defaultdict(set)
    for _, command in commands():
        for option in options(command):
            names[_help(option)].add(option.opts[0])
        for argument in arguments(command):
            names[_help(argument)].add(argument.metavar)
    assert {help_text: found for help_text, found in names.items() if len(found) > 1} == {}


def test_a_flag_has_one_spelling() -> None:
    """``--no-force`` beside ``--force``, in one command and not in another, would be a second."""
    flags = {option.opts[0]: option.secondary_opts for _, command in commands() for option in options(command)}
    assert {name: others for name, others in flags.items() if others} == {}


def test_every_option_says_what_it_is() -> None:
    silent = [
        (" ".join(name), parameter.name)
        for name, command in commands()
        for parameter in (*options(command), *arguments(command))
        if len(_help(parameter)) < 10 or (_takes_a_value(parameter) and not parameter.metavar)
    ]
    assert silent == []


def _meaning(option: Any) -> tuple[Any, ...]:
    declared = option.type_descriptor.parameter_info
    return _help(option), option.metavar, _kind(option), declared.min, declared.max


def _kind(parameter: Any) -> Any:
    """The type of one value: that of ``int`` and of ``list[int]`` alike."""
    annotation = parameter.type_descriptor.annotation
    return typing.get_args(annotation)[0] if typing.get_origin(annotation) is list else annotation


def _help(parameter: Any) -> str:
    return parameter.help or ""


def _takes_a_value(parameter: Any) -> bool:
    return not getattr(parameter, "is_flag", False) and not issubclass(_kind(parameter), Enum)
