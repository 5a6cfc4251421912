# SPDX-License-Identifier: Apache-2.0
"""No text that people read is left in one language: help pages, wrong usage, and the words in the source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import Any

import pytest

from ssn_card.cli.help import of_command, of_option

from .commands import arguments, commands, options
from .conftest import Ssn

#: Typer's own words on a help page and in its refusals.
TYPERS_WORDS = re.compile(
    r"\b(Usage|Options|Arguments|Commands|required|default|env var|Show|Install|Try|Error|Missing|Invalid|Did you mean"
    r"|No such|Got unexpected|Possible|requires|Input should|valid|such|give|whole|number|value|missing|takes)\b",
    re.I,
)
ALL = list(commands())
RUNNABLE = [(name, command) for name, command in ALL if name and not hasattr(command, "commands")]


def test_every_help_text_stands_in_both_languages() -> None:
    for name, command in ALL:
        paragraphs = (command.help or "").split("\n\n")
        assert len(paragraphs) % 2 == 0, f"{name}: English and Indonesian paragraphs take turns"
        assert of_command(command.help).en != of_command(command.help).id
        for parameter in (*options(command), *arguments(command)):
            both = of_option(parameter.help)
            assert both.en.lower() != both.id.lower(), (name, parameter.name)


@pytest.mark.parametrize("name", [name for name, _ in ALL])
def test_a_help_page_is_in_one_language(ssn: Ssn, name: tuple[str, ...]) -> None:
    indonesian, english = ssn("--lang", "id", *name, "--help").out, ssn("--lang", "en", *name, "--help").out
    assert TYPERS_WORDS.findall(_without_names(indonesian)) == []
    assert "Pemakaian: ssn" in indonesian
    assert "Usage: ssn" in english
    assert "Pemakaian" not in english
    assert _prose(_without_names(indonesian)) & _prose(_without_names(english)) == set()


def test_every_command_has_json() -> None:
    assert [name for name, command in RUNNABLE if "--json" not in {one.opts[0] for one in options(command)}] == []


def test_wrong_usage_of_groups(ssn: Ssn) -> None:
    assert ssn("--lang", "id", "crad").err == "ssn: Tidak ada perintah 'crad'. Maksud Anda card? Lihat 'ssn --help'.\n"
    assert ssn("--lang", "en", "crad").err == "ssn: There is no command 'crad'. Did you mean card? See 'ssn --help'.\n"
    assert ssn("--lang=id", "card", "--nope").err == "ssn: --nope: Opsi ini tidak ada. Lihat 'ssn card --help'.\n"
    assert ssn("--nope", "--lang", "id").err.startswith("ssn: --nope: Opsi ini tidak ada.")
    assert ssn("--lang", "fr", "card", "info").err.startswith("ssn: --lang: The value 'fr' cannot be used. Give one of")
    assert ssn("card", "info", "--json=1", "--lang", "id").err.startswith("ssn: --json: Opsi ini tidak memakai nilai.")
    assert ssn("card", "info", "--card").err.startswith("ssn: --card: The option needs a value.")
    ran = ssn("--lang", "id", "card")
    assert ran.code == 2
    assert ran.err.startswith("Pemakaian: ssn card [OPSI] PERINTAH")


def test_a_refused_value_says_what_fits(ssn: Ssn) -> None:
    ran = ssn("perso", "run", "x.csv", "--policy", 2025, "--journal", "j", "--results", "r", "--limit", "ten")
    assert ran.err == (
        "ssn: --limit: The value 'ten' cannot be used. Give a whole number from 0. See 'ssn perso run --help'.\n"
    )
    assert "from 0 to 1" in ssn("sim", "insert", "01", "--slot", 9).err
    assert (
        "Berikan salah satu dari bank, terminal"
        in ssn("--lang", "id", "keys", "export", "a", "--out", "b", "--role", "thief").err
    )


def _wrong(command: Any, seen: set[str]) -> Iterator[tuple[object, ...]]:
    """Arguments that the command cannot take: unknown, missing, too many, and a bad value for each option."""
    yield ("--no-such-option",)
    if any(parameter.required for parameter in command.params):
        yield ()
    yield tuple(f"extra-{number}" for number in range(9)) if not _takes_many(command) else ("--nope",)
    for option in options(command):
        if option.opts[0] in seen:
            continue
        kind = option.type_descriptor.annotation
        if kind is int or (isinstance(kind, type) and issubclass(kind, Enum)):
            yield (option.opts[0], "zzz")
        if kind is bool:
            yield (f"{option.opts[0]}=1",)


def _takes_many(command: Any) -> bool:
    return any(argument.nargs == -1 for argument in arguments(command))


def _without_names(page: str) -> str:
    """The page without what is the same in both languages: usage line, first column, options and values."""
    lines = (line for line in page.splitlines() if " ssn " not in line[:20])
    return "\n".join(re.sub(r"^  \S.*?  +|(?<= )'?-\S+|'ssn .*?'|<.*?>", " ", line) for line in lines)


def _prose(page: str) -> set[str]:
    """Runs of three words in a row in lower case: sentences, not names, values or file types."""
    words = page.split()
    runs = zip(words, words[1:], words[2:], strict=False)
    return {" ".join(run) for run in runs if all(re.fullmatch(r"[a-z']{2,}[.:]?", word) for word in run)}


def _wrong_of_all() -> Iterator[tuple[tuple[str, ...], list[tuple[object, ...]]]]:
    """Each command with what it cannot take; a value of an option that many have, in one of them."""
    seen: set[str] = set()
    for name, command in RUNNABLE:
        yield name, list(_wrong(command, seen))
        seen |= {option.opts[0] for option in options(command)}


@pytest.mark.parametrize(("name", "wrongs"), list(_wrong_of_all()))
def test_wrong_usage_is_translated(ssn: Ssn, name: tuple[str, ...], wrongs: list[tuple[object, ...]]) -> None:
    for wrong in wrongs:
        ran = ssn("--lang", "id", *name, *wrong, "--json")
        error = ran.error
        assert (ran.code, error["code"]) == (2, "wrong-usage"), wrong
        assert error["message_en"] != error["message_id"], wrong
        assert TYPERS_WORDS.findall(_without_names(error["message_id"])) == [], wrong
        assert error["remedy_id"] == f"Lihat 'ssn {' '.join(name)} --help'."
        assert ran.err.startswith("ssn: ")
        assert ran.err.count("\n") == 1
