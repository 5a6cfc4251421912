# SPDX-License-Identifier: Apache-2.0
"""Every status word has one class, one name, and says in both languages what to do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssn_card.protocol import status
from ssn_card.protocol.commands import COMMANDS, COMMON_STATUSES
from ssn_card.protocol.errors import Text
from ssn_card.protocol.status import STATUS_WORDS, CardStatusError


def _classes(parent: type[CardStatusError] = CardStatusError) -> Iterator[type[CardStatusError]]:
    for child in parent.__subclasses__():
        if child.__module__ == status.__name__:
            yield child
        yield from _classes(child)


LEAVES = [cls for cls in _classes() if cls.constant]
each = pytest.mark.parametrize("cls", LEAVES, ids=lambda cls: cls.constant)


def test_no_two_classes_share_a_word_a_name_or_a_code() -> None:
    assert len(STATUS_WORDS) == len(LEAVES)
    for attribute in ("sw", "constant", "code"):
        values = [getattr(cls, attribute) for cls in LEAVES]
        assert len(values) == len(set(values)), attribute


@each
def test_texts_in_both_languages(cls: type[CardStatusError]) -> None:
    for text in (cls.meaning, cls.remedy):
        assert text.en.endswith((".", "?"))
        assert text.id.endswith((".", "?"))
        assert text.en != text.id
    error = cls("DEBIT")
    assert f"{cls.sw:04X}" in error.text.en
    assert f"{cls.sw:04X}" in error.text.id
    assert error.where == "DEBIT"
    assert cls.remedy.id in error.describe("id")


@each
def test_the_word_raises_its_class(cls: type[CardStatusError]) -> None:
    with pytest.raises(cls) as caught:
        status.raise_for(cls.sw, "DEBIT")
    assert type(caught.value) is cls


@each
def test_words_are_errors_of_the_standard_or_proprietary(cls: type[CardStatusError]) -> None:
    first = cls.sw >> 8
    assert first in (0x63, 0x67, 0x69, 0x6A, 0x6D, 0x6E, 0x6F) or first == 0x94


@each
def test_some_command_may_give_it(cls: type[CardStatusError]) -> None:
    given_by = set(COMMON_STATUSES).union(*(command.statuses for command in COMMANDS))
    assert cls in given_by


def test_success_raises_nothing() -> None:
    status.raise_for(status.OK)


@given(st.integers(0, 0xFFFF).filter(lambda sw: sw not in STATUS_WORDS and sw != status.OK))
def test_an_unknown_word_is_never_a_neighbour(sw: int) -> None:
    with pytest.raises(status.UnknownStatus) as caught:
        status.raise_for(sw)
    assert caught.value.sw == sw
    assert f"{sw:04X}" in str(caught.value)


@pytest.mark.parametrize("tries", range(16))
def test_a_wrong_pin_tells_the_tries_left(tries: int) -> None:
    with pytest.raises(status.WrongPin) as caught:
        status.raise_for(0x63C0 + tries, "VERIFY")
    assert (caught.value.sw, caught.value.tries, caught.value.details) == (0x63C0 + tries, tries, {"tries": tries})
    assert caught.value.where == "VERIFY"
    assert f"63C{tries:X}" in caught.value.text.en


@pytest.mark.parametrize("sw", [0x6381, 0x63B0, 0x63D0, 0x62C0, 0x73C0])
def test_no_other_warning_is_a_wrong_pin(sw: int) -> None:
    assert type(status.error_for(sw)) is status.UnknownStatus


def test_an_unknown_word_names_its_command() -> None:
    with pytest.raises(status.UnknownStatus) as caught:
        status.raise_for(0x1234, "DEBIT")
    assert caught.value.where == "DEBIT"
    assert status.UnknownStatus(sw=0x1234).where is None


@each
def test_a_refusal_names_its_command_or_none(cls: type[CardStatusError]) -> None:
    assert status.error_for(cls.sw, "DEBIT").where == "DEBIT"
    assert cls().where is None
    assert status.error_for(cls.sw).where is None
    with pytest.raises(cls) as caught:
        status.raise_for(cls.sw)
    assert caught.value.where is None


def test_a_refusal_explained_keeps_its_figures() -> None:
    refusal = status.error_for(0x9401, "DEBIT")
    assert isinstance(refusal, status.DebitRefused)
    before = refusal.text
    after = refusal.explained(Text("Rp5 left.", "Sisa Rp5."), balance=5)
    assert after is refusal
    assert after.text == (f"{before.en} Rp5 left.", f"{before.id} Sisa Rp5.")
    assert after.details == {"balance": 5}
