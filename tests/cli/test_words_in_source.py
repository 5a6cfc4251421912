# SPDX-License-Identifier: Apache-2.0
"""The source holds no text for people in one language alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from .shown import SAME

ROOT = Path(__file__).parents[2]
SOURCES = [
    path
    for root in ("protocol", "host", "applet_tools", "personalization", "simulator", "examples", "benchmarks")
    for path in sorted((ROOT / root / "ssn_card").rglob("*.py"))
]
#: Where a text goes to a person as it is: the calls and their arguments that are shown.
SINKS = {"print": 1, "add_row": 99, "add_column": 1, "Styled": 1, "add_task": 1, "warn": 1, "getpass": 1, "Table": 99}
#: Words that both languages have, alone in a text: of Java, of smart cards, of systems.
_JAVA = "boolean char double long short static synchronized lambda invokedynamic interface enum finalize string byte"
_SYSTEMS = "status data mode host keyring bytecode format init reset slot padding"
_SAME = SAME | frozenset(f"{_JAVA} {_SYSTEMS}".split())


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_text_is_left_in_one_language(path: Path) -> None:
    found = list(_untranslated(ast.parse(path.read_text("utf-8")), own=path.name == "system.py"))
    assert found == [], f"{path}: say it as a Text in both languages"


def _untranslated(tree: ast.Module, *, own: bool = False) -> Iterator[tuple[int, str]]:
    """``own``: the module that puts the system's words into ours."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "strerror" and not own:
            yield node.lineno, "strerror: use protocol.system.system_reason"
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name == "Text" and len(node.args) == 2:
            english, indonesian = map(_said, node.args)
            if _words(english) == _words(indonesian) != set():
                yield node.lineno, f"the same in both: {english}"
        for shown in node.args[: SINKS.get(name, 0)]:
            if words := _words(_said(shown)):
                yield node.lineno, f"{name}: {sorted(words)}"


def _said(node: ast.expr) -> str:
    """The literal text of a string, with blanks for what is filled in; nothing of any other expression."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.sub(r"\{[^}]*\}", " ", node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(one.value) if isinstance(one, ast.Constant) else " " for one in node.values)
    return ""


def _words(text: str) -> set[str]:
    """Words in lower case that a dictionary has: no names, codes, options, or what stands in quotes."""
    plain = re.sub(r"'[^']*'|\S*[/\\.:=@\d_-]\S+|--\S+|[A-Z]{2,}\w*|[a-z]+[A-Z]\w*|\bssn( [a-z]+)*", " ", text)
    return {word.lower() for word in re.findall(r"[^\W\d_]{4,}", plain)} - _SAME


def test_what_is_left_is_found() -> None:
    """Of this test itself."""
    assert list(_untranslated(ast.parse('Text("the card is gone", "the card is gone")')))
    assert list(_untranslated(ast.parse('console.print(f"{count} cards done")')))
    assert list(_untranslated(ast.parse("reason = error.strerror")))
    assert not list(_untranslated(ast.parse('Text("the card {x}", "kartu {x}"); table.add_row("DEBIT", f"{x}")')))
