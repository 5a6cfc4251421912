# SPDX-License-Identifier: Apache-2.0
"""Names of errors, which programs depend on: of one form everywhere, and each of one kind of error."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator

import ssn_card
from ssn_card.protocol.errors import SsnCardError


def _all_below(parent: type[SsnCardError]) -> Iterator[type[SsnCardError]]:
    for child in parent.__subclasses__():
        yield child
        yield from _all_below(child)


def test_codes_are_words_joined_by_hyphens_and_name_one_kind_of_error() -> None:
    for module in pkgutil.walk_packages(ssn_card.__path__, "ssn_card."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    names = defaultdict(set)
    for error in _all_below(SsnCardError):
        if error.__module__.startswith("ssn_card.") and "code" in vars(error):
            names[error.code].add(error.__name__)
    assert len(names) > 100
    assert [code for code in names if not re.fullmatch(r"[a-z]+(-[a-z]+)*", code)] == []
    # Station and terminal each have a journal, and each may meet a card that is not ours.
    assert {code: kinds for code, kinds in names.items() if len(kinds) > 1} == {}
