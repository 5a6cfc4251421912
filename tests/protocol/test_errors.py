# SPDX-License-Identifier: Apache-2.0
"""Errors speak the reader's language and keep their names for programs."""

from __future__ import annotations

import pickle
from datetime import date
from typing import ClassVar

import pytest

from ssn_card.protocol.errors import (
    NO_TEXT,
    ConfigurationError,
    InputError,
    SsnCardError,
    Text,
    default_language,
    numeral,
    rupiah,
)

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
        remedy = DO

    assert Torn(WHAT).remedy == DO
    assert Torn(WHAT, remedy=NO_TEXT).remedy == NO_TEXT
    assert SsnCardError(WHAT).remedy == NO_TEXT


def test_texts_and_amounts() -> None:
    assert Text("{n} left", "sisa {n}").filled(n=3) == ("3 left", "sisa 3")
    assert [rupiah(amount) for amount in (0, 999, 1_000, 1_234_567)] == ["Rp0", "Rp999", "Rp1.000", "Rp1.234.567"]


def test_numbers_are_written_as_each_language_does() -> None:
    assert numeral(1_234) == ("1,234", "1.234")
    assert numeral(-1_234_567.891, 2) == ("-1,234,567.89", "-1.234.567,89")
    text = Text("{part:.1%} of {n:,} in {hours:g} h; {times}, {name:.2}", "{part:.1%} dari {n:,}; {times}, {name:.2}")
    assert text.filled(part=0.418, n=11_620, hours=24.0, times=1.25, name="a.b.c") == (
        "41.8% of 11,620 in 24 h; 1.25, a.",
        "41,8% dari 11.620; 1.25, a.",
    )


class Lost(InputError):
    """An error as packages declare them."""

    code = "lost"
    text = Text(
        "{what} of card {serial} at {at:04X} is lost: {why}.", "{what} kartu {serial:X} pada {at} hilang: {why}."
    )
    remedy = Text("Look in {place!r}.", "Cari di {place!r}.")
    where = "{where_else}"
    figures = ("serial", "day", "tries")
    what: Text
    serial: bytes
    at: int
    day: date
    why: Text | str = "unknown"
    where_else: str | None = None
    place = "the drawer"

    @property
    def tries(self) -> int:
        return self.at + 1


def test_places_are_filled_in_both_languages() -> None:
    error = Lost(Text("Money", "Uang"), b"\xab\x01", 0x1F, date(2026, 1, 2))
    assert error.text == ("Money of card ab01 at 001F is lost: unknown.", "Uang kartu AB01 pada 31 hilang: unknown.")
    assert error.remedy == ("Look in 'the drawer'.", "Cari di 'the drawer'.")
    assert error.where is None
    assert error.details == {"serial": "ab01", "day": "2026-01-02", "tries": 32}
    assert (error.serial, error.at, error.args) == (b"\xab\x01", 0x1F, (error.text.en,))
    named = Lost(Text("A", "B"), b"", 1, day=date.min, why=Text("{fire}", "{api}"), where_else="here {x}")
    assert (named.where, named.text) == (
        "here {x}",
        ("A of card  at 0001 is lost: {fire}.", "B kartu  pada 1 hilang: {api}."),
    )


@pytest.mark.parametrize(
    ("given", "named"),
    [((), {}), ((WHAT, b"", 1), {}), ((WHAT, b"", 1, date.min, "", "", 0), {}), ((WHAT, b"", 1, date.min), {"at": 2})],
)
def test_wrong_arguments_are_refused(given: tuple[object, ...], named: dict[str, object]) -> None:
    with pytest.raises(TypeError, match=r"^Lost takes \(what, serial, at, day, why, where_else\)$"):
        Lost(*given, **named)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="Lost takes"):
        Lost(WHAT, b"", 1, date.min, colour="red")  # type: ignore[call-arg]


def test_a_place_is_an_attribute_and_is_missed_at_import() -> None:
    with pytest.raises(TypeError, match="Bad tells of 'who', which it does not have"):
        type("Bad", (SsnCardError,), {"text": Text("It was you.", "{who.name}")})
    with pytest.raises(TypeError, match="tells of 'sum'"):
        type("Bad", (SsnCardError,), {"text": WHAT, "figures": ("sum",)})
    with pytest.raises(TypeError, match="tells of 'file'"):
        type("Bad", (SsnCardError,), {"text": WHAT, "where": "{file}"})
    with pytest.raises(TypeError, match="tells of 'drawer'"):
        type("Bad", (SsnCardError,), {"text": WHAT, "remedy": Text("Look.", "Cari di {drawer}.")})


def test_what_is_given_stands_in_the_place_of_the_class_s_own() -> None:
    class Told(InputError):
        text = WHAT
        remedy = DO

    class Where(Told):
        what: ClassVar[int] = 1
        where: str
        remedy: Text = Text("{what}", "{what}")

    assert (Told().text, Told().remedy, Told().where) == (WHAT, DO, None)
    assert Told(DO, remedy=WHAT, where="{x}").as_dict()["where"] == "{x}"
    assert (Told(DO).text, Told(remedy=WHAT).remedy) == (DO, WHAT)
    assert Told(Text('{"a": 1}', "{b}")).text == ('{"a": 1}', "{b}")
    assert (Where("a").where, Where("a").remedy, Where("a").text) == ("a", ("1", "1"), WHAT)
    assert Where("a", Text("{b}", "{c}")).remedy == ("{b}", "{c}")
    assert Where.arguments == ("where", "remedy")
    with pytest.raises(TypeError, match="InputError has no text of its own: give it one"):
        InputError()


def test_children_take_what_their_parents_take_first() -> None:
    class Deeper(Lost, ConfigurationError):
        text = Text("{what} {depth}", "{what} {depth}")
        depth: float = 1.5

    class Own(Lost):
        made: bool = False

        def __init__(self) -> None:
            self.why, self.made = "made here", True
            super().__init__(WHAT, b"", 1, date.min)

    assert Deeper.arguments == (*Lost.arguments, "depth")
    assert Deeper(WHAT, b"", 1, date.min).text == ("It broke. 1.5", "Rusak. 1.5")
    assert Own().text.en.endswith("made here.")


def test_an_error_survives_pickling() -> None:
    error = Lost(WHAT, b"\x01", 2, date.min)
    error.details["more"] = 1
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert (type(again), again.args, vars(again)) == (Lost, error.args, vars(error))
