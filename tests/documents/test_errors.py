# SPDX-License-Identifier: Apache-2.0
"""Every error of every package: its code is its own, it speaks both languages, and the page and trees show it."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

from error_page import every_error, main, tree
from ssn_card.protocol.errors import InputError, SsnCardError

ROOT = Path(__file__).resolve().parents[2]
ERRORS = every_error()
#: Names that two rooms use, each for its own: none is added to this list, and what is renamed leaves it.
SHARED = """
    Bench Change Command Entry Event Exchange Fault Finding Findings Journey JournalFile Kind Line Measured Movement
    NoReceipt Person Prepared Presented Report Row Rule Session Step Stop Target Verdict
"""
#: Groups, and errors of which nobody, or their raiser alone, knows what helps.
NO_REMEDY = """
    SsnCardError InputError ConfigurationError CryptographyError CardStatusError DebitRefused ChannelError KeyringError
    TransportError SimulatorError SimulatorRefused PersonalizationError CardRejected ExtractError
    TableFileError TableForeign
    BadArgument WrongUsage ToolMissing ForeignFileError CardNotCorrected NothingToHandOver BankError BankStoreError
    PrintingError ProposalError StationRefused PlanRefused
    TokenError IdentityError FamilyHasCard NothingToCancel BadSavedCard MalformedCommand
"""


def test_page_and_trees_are_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().out


def test_all_errors_are_found() -> None:
    assert {kind.__name__ for kind in ERRORS} > {"SsnCardError", "PinRequired", "DebitInDoubt", "DemoFailed", "NoRoom"}
    assert len(ERRORS) > 200


def test_every_error_has_a_code_of_its_own() -> None:
    by_code = defaultdict(list)
    for kind in ERRORS:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", kind.code), kind
        by_code[kind.code].append(kind.__name__)
    assert [names for names in by_code.values() if len(names) > 1] == []


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.code)
def test_both_languages_say_the_same(kind: type[SsnCardError]) -> None:
    for text in (kind.text, kind.remedy):
        assert bool(text.en) == bool(text.id)
        assert text.en == text.en.strip()
        assert text.id == text.id.strip()


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.code)
def test_a_meaning_and_what_helps(kind: type[SsnCardError]) -> None:
    assert kind.__doc__
    assert bool(any(kind.remedy)) == (kind.__name__ not in NO_REMEDY.split())


def test_no_two_public_classes_share_a_name() -> None:
    found = defaultdict(set)
    for source in ROOT.glob("*/ssn_card/**/*.py"):
        for node in ast.parse(source.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].add(source)
    assert len(found) > 500
    assert {name for name, sources in found.items() if len(sources) > 1} == set(SHARED.split())


def test_a_tree_shows_further_parents_and_those_of_other_rooms() -> None:
    class Group(SsnCardError):
        pass

    class Low(Group, InputError):
        pass

    assert tree([Group, Low]) == "    SsnCardError\n      Group\n        Low (InputError)\n"
    assert tree([Low]) == "    Group\n      Low (InputError)\n"
