# SPDX-License-Identifier: Apache-2.0
"""Every vector file has the form that the schema gives it, and the transcripts leave no status word out."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from tests.protocol.json_schema import Checker
from tests.protocol.vector_files import FILES, FOLDER, NAMES, SCHEMA, TRANSCRIPTS, commands_of

from ssn_card.protocol import commands, status
from ssn_card.protocol.commands import COMMANDS, COMMON_STATUSES, Command
from ssn_card.protocol.generate import schema
from ssn_card.protocol.status import STATUS_WORDS, CardStatusError, WrongPin

CHECKER = Checker(SCHEMA)


def test_every_file_is_named_and_described() -> None:
    assert sorted(schema.ABOUT) == NAMES
    assert {name for name in NAMES if "transcripts" in FILES[name]} == set(schema.TRANSCRIPTS)


@pytest.mark.parametrize("name", NAMES)
def test_every_file_is_of_its_schema(name: str) -> None:
    assert list(CHECKER.wrong(FILES[name], SCHEMA["$defs"][name])) == []
    assert list(CHECKER.wrong(FILES[name], SCHEMA)) == []


def _spoilt(value: Any) -> Any:
    """A value of another kind."""
    return {"spoilt": 1} if isinstance(value, str | int | list) or value is None else "spoilt"


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_finds_what_is_missing_added_or_of_another_kind(name: str) -> None:
    own = SCHEMA["$defs"][name]
    for member in FILES[name]:
        without, other = dict(FILES[name]), dict(FILES[name])
        del without[member]
        other[member] = _spoilt(other[member])
        assert list(CHECKER.wrong(without, own)), member
        assert list(CHECKER.wrong(other, own)), member
    assert list(CHECKER.wrong(FILES[name] | {"surprise": 1}, own))


@pytest.mark.parametrize("member", ["step", "command", "answer", "sw"])
def test_the_schema_reaches_into_exchanges(member: str) -> None:
    content = copy.deepcopy(FILES["journey"])
    exchange = content["transcripts"][0]["exchanges"][0]
    for wrong in ("0G", "ABCD", 1, None):
        if member != "step" or not isinstance(wrong, str):
            exchange[member] = wrong
            assert list(CHECKER.wrong(content, SCHEMA["$defs"]["journey"])), wrong
    del exchange[member]
    assert list(CHECKER.wrong(content, SCHEMA["$defs"]["journey"]))


def test_a_keyword_that_the_checker_does_not_know_is_an_error() -> None:
    with pytest.raises(KeyError):
        list(CHECKER.wrong({}, {"minProperties": 1}))


def test_files_are_lower_case_ascii() -> None:
    for name in NAMES:
        text = (FOLDER / f"{name}.json").read_text(encoding="ascii")
        assert json.loads(text) == FILES[name]


def test_every_transcript_begins_where_another_ends() -> None:
    names = [one["name"] for content in FILES.values() for one in content.get("transcripts", ())]
    assert len(names) == len(set(names))
    for name in names:
        seen = []
        given = TRANSCRIPTS[name]["given"]
        while given is not None:
            assert given not in seen
            seen.append(given)
            given = TRANSCRIPTS[given]["given"]


def _given_words() -> set[tuple[int, str]]:
    """Instruction and status word of every exchange."""
    return {
        (int(exchange["command"][2:4], 16), exchange["sw"])
        for transcript in TRANSCRIPTS.values()
        for exchange in commands_of(transcript)
    }


def test_every_status_word_is_given() -> None:
    given = {int(word, 16) for _, word in _given_words()}
    silent = {status.CardFailure.sw, WrongPin.sw}
    assert given == set(STATUS_WORDS) - silent | {status.OK, WrongPin.sw + 1, WrongPin.sw + 2}


def _own(command: Command) -> list[type[CardStatusError]]:
    """The status words that a vector can bring about: of a form that the runtime sees to, none."""
    common = () if command in (commands.SELECT, commands.STORE_DATA, commands.GET_DATA) else COMMON_STATUSES
    return [one for one in (*command.statuses, *common) if one is not status.CardFailure]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_gives_every_status_word_of_the_table(command: Command) -> None:
    words = {word for ins, word in _given_words() if ins == command.ins}
    assert "9000" in words
    for one in _own(command):
        wanted = {"63c1", "63c2"} if one is WrongPin else {f"{one.sw:04x}"}
        assert wanted <= words, one.constant


def test_no_command_gives_a_word_that_the_table_does_not_have() -> None:
    for ins, word in _given_words():
        command = commands.BY_INS.get(ins)
        if command is None:
            assert word in ("6d00", "6e00")
        elif word != "9000":
            known = {one.sw for one in (*command.statuses, *COMMON_STATUSES)}
            sw = int(word, 16)
            assert (WrongPin.sw if sw & 0xFFF0 == WrongPin.sw else sw) in known, (command.name, word)
