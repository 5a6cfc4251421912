# SPDX-License-Identifier: Apache-2.0
"""The commands in a document: its fenced blocks, and the commands named in its sentences.

A fenced block without a language is a shell script. A word in capitals (``SERIAL``) stands for the reader's own value.
A line that is meant to end otherwise than well says so behind it: ``# exit code 3``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

_FENCE = re.compile(r"^```(?P<kind>\w*)\n(?P<body>.*?)^```$", re.M | re.S)
_CODE = re.compile(r"``?(?P<code>[^`]+)``?")
_EXIT = re.compile(r"#.*\bexit code (?P<code>\d+)\s*$")
_PLACEHOLDER = re.compile(r"(?<![\w$/.\"'-])[A-Z][A-Z_]{3,}(?![\w=-])|(?<=:)[A-Z][A-Z_]{3,}\b")


class Block(NamedTuple):
    """One fenced block; ``line`` is that of its first line in the document."""

    line: int
    kind: str
    body: str


def blocks(document: str) -> Iterator[Block]:
    """The fenced blocks in order."""
    for found in _FENCE.finditer(document):
        yield Block(document[: found.start()].count("\n") + 2, found["kind"], found["body"])


def named(document: str) -> Iterator[str]:
    """Commands of ``ssn`` that sentences and tables name."""
    prose = _FENCE.sub("", document)
    for found in _CODE.finditer(prose):
        code = " ".join(found["code"].split()).removeprefix(".venv/bin/")
        if code.startswith("ssn "):
            yield code


def script(body: str, values: Mapping[str, str]) -> str:
    """The block for bash: it ends at the first line that fails, or does not fail as it says. Raises ``KeyError``."""
    lines = []
    for line in body.replace("\\\n", " ").splitlines():
        said = _EXIT.search(line)
        plain = _PLACEHOLDER.sub(lambda word: values[word[0]], line if said is None else line[: said.start()])
        lines.append(plain if said is None else f"code=0; {plain.strip()} || code=$?; test $code -eq {said['code']}")
    return "\n".join(("set -euo pipefail", *lines)) + "\n"
