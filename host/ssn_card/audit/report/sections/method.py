# SPDX-License-Identifier: Apache-2.0
"""The last part: how it was done, with which parameters, on which bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ssn_card.paper.foreign import shown

from ..data import ReportData
from ..document import Block, CellKind, Grid, Paragraph, Points, Section
from ..speech import Speech
from ..words import common
from ..words import method as words


def method(data: ReportData, speech: Speech) -> Iterator[Block]:
    """Everything that somebody needs who wants to do it again."""
    yield Section(1, speech.say(words.TITLE), "method")
    yield Points(tuple(map(speech.say, words.HOW)))
    yield _rules(data, speech)
    yield _parameters(data, speech)
    versions = ", ".join(map(str, data.checked.key_versions))
    yield Paragraph(speech.say(words.KEYS, keys=data.checked.keys, versions=versions))
    heads = (words.FILE, words.SIZE, words.SHA256)
    rows = tuple((one.name, speech.number(one.size), _hash(one.sha256)) for one in data.inputs)
    kinds = (CellKind.WORDS, CellKind.NUMBER, CellKind.HASH)
    yield Grid(speech.say(words.INPUTS), tuple(map(speech.say, heads)), kinds, rows)
    yield Paragraph(speech.say(words.CHECK))


def _rules(data: ReportData, speech: Speech) -> Grid:
    heads = (common.RULE, words.LOOKS_FOR, words.SOURCE, words.FLAGS, words.OF_VISITS)
    rows = tuple(
        (
            rule.code,
            speech.say(rule.title),
            rule.source,
            speech.number(rule.flags),
            speech.number(rule.visits),
        )
        for rule in data.rules
    )
    kinds = (CellKind.CODE, CellKind.WORDS, CellKind.WORDS, CellKind.NUMBER, CellKind.NUMBER)
    return Grid(speech.say(words.RULES), tuple(map(speech.say, heads)), kinds, rows)


def _parameters(data: ReportData, speech: Speech) -> Grid:
    """Values as JSON writes them: what is to be repeated is not put into words."""
    given = [(rule.code, rule.parameters) for rule in data.rules] + [(speech.say(words.VISITING), data.visiting)]
    rows = tuple((name, _values(values)) for name, values in given if values)
    heads = (common.RULE, words.PARAMETER)
    return Grid(speech.say(words.PARAMETERS), tuple(map(speech.say, heads)), (CellKind.CODE, CellKind.WORDS), rows)


def _values(values: Mapping[str, Any]) -> str:
    written = (f"{name} = {json.dumps(value, ensure_ascii=False, default=str)}" for name, value in values.items())
    return shown("; ".join(written))


def _hash(digits: str) -> str:
    """In groups, to be compared and to be broken between them."""
    return " ".join(digits[start : start + 8] for start in range(0, len(digits), 8))
