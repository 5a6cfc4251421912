# SPDX-License-Identifier: Apache-2.0
"""Errors speak the reader's language and keep their names for programs."""

from __future__ import annotations

import pytest

from ssn_card.protocol.errors import NO_TEXT, SsnCardError, Text, default_language, rupiah

ORDER = ("SSN_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
WHAT, DO = Text("It broke.", "Rusak."), Text("Mend it.", "Perbaiki.")


@pytest.fixture
def no_locale(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ORDER:
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.mark.parametrize("name", ORDER)
def test_each_variable_chooses_the_language_and_the_first_one_wins(no_locale: pytest.MonkeyPatch, name: str) -> None:
    assert default_language() == "en"
    for value, language in (("id_ID.UTF-8", "id"), ("ID", "id"), ("C.UTF-8", "en"), ("", "en")):
        no_locale.setenv(name, value)
        assert default_language() == language
    no_locale.setenv(name, "id")
    for later in ORDER[ORDER.index(name) + 1 :]:
        no_locale.setenv(later, "en")
    assert default_language() == "id"
    assert str(SsnCardError(WHAT)) == "Rusak."


@pytest.mark.parametrize("language", ["en", "id"])
def test_a_text_in_a_text_speaks_its_language_whatever_the_readers_is(
    no_locale: pytest.MonkeyPatch, language: str
) -> None:
    no_locale.setenv("SSN_LANG", language)
    assert Text("{what}!", "{what}.").filled(what=WHAT) == ("It broke.!", "Rusak..")


def test_an_error_in_one_line() -> None:
    error = SsnCardError(WHAT, remedy=DO, where="cards.csv:4 nik")
    assert error.describe("en") == "cards.csv:4 nik: It broke. Mend it."
    assert error.describe("id") == "cards.csv:4 nik: Rusak. Perbaiki."
    assert SsnCardError(WHAT).describe("id") == "Rusak."
    assert error.args == ("It broke.",)


def test_an_error_for_programs() -> None:
    error = SsnCardError(WHAT, remedy=DO, where="cards.csv:4 nik")
    plain = {
        "code": "error",
        "where": "cards.csv:4 nik",
        "message_en": "It broke.",
        "message_id": "Rusak.",
        "remedy_en": "Mend it.",
        "remedy_id": "Perbaiki.",
    }
    assert error.details == {}
    assert error.as_dict() == plain
    error.details = {"left": 5}
    assert error.as_dict() == plain | {"details": {"left": 5}}


def test_a_class_has_its_own_remedy() -> None:
    class Torn(SsnCardError):
        default_remedy = DO

    assert Torn(WHAT).remedy == DO
    assert Torn(WHAT, remedy=NO_TEXT).remedy == NO_TEXT
    assert SsnCardError(WHAT).remedy == NO_TEXT


def test_texts_and_amounts() -> None:
    assert Text("{n} left", "sisa {n}").filled(n=3) == ("3 left", "sisa 3")
    assert [rupiah(amount) for amount in (0, 999, 1_000, 1_234_567)] == ["Rp0", "Rp999", "Rp1.000", "Rp1.234.567"]
