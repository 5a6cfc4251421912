# SPDX-License-Identifier: Apache-2.0
"""The URL of a card, taken apart."""

from __future__ import annotations

import pytest

from ssn_card.transport import BadUrl, CardUrl


def test_scheme_target_and_options() -> None:
    url = CardUrl.parse("PCSC:Reader%20A:1?timeout=2&exclusive=1")
    assert (url.scheme, url.target) == ("pcsc", "Reader A:1")
    assert dict(url.options) == {"timeout": "2", "exclusive": "1"}
    assert str(url) == url.text == "PCSC:Reader%20A:1?timeout=2&exclusive=1"
    assert dict(CardUrl("x:", "x", "").options) == dict(CardUrl.parse("x:").options) == {}
    assert dict(CardUrl.parse("x:?a=").options) == {"a": ""}
    assert CardUrl.parse("x:y?z=1?w").options["z"] == "1?w"


@pytest.mark.parametrize("text", ["pcsc", "", ":x", "?a=1"])
def test_without_a_scheme(text: str) -> None:
    with pytest.raises(BadUrl, match="scheme and a colon") as caught:
        CardUrl.parse(text)
    assert repr(text) in caught.value.describe("id")


def test_an_option_without_value() -> None:
    with pytest.raises(BadUrl, match="no value") as caught:
        CardUrl.parse("x:y?z")
    assert "'x:y?z'" in caught.value.describe("id")


def test_unknown_options() -> None:
    url = CardUrl.parse("x:?known=1&other=2")
    url.check_options({"known", "other", "third"})
    with pytest.raises(BadUrl, match="unknown option other") as caught:
        url.check_options({"known"})
    assert "opsi other" in caught.value.describe("id")
    assert "'x:?known=1&other=2'" in caught.value.describe("id")


@pytest.mark.parametrize(
    ("value", "flag"), [("1", True), ("yes", True), ("True", True), ("0", False), ("NO", False), ("false", False)]
)
def test_flags(value: str, flag: bool) -> None:
    assert CardUrl.parse(f"x:?f={value}").flag("f") is flag


def test_a_flag_is_off_unless_given_and_must_be_one() -> None:
    assert CardUrl.parse("x:").flag("f") is False
    with pytest.raises(BadUrl, match="f is 1 or 0") as caught:
        CardUrl.parse("x:?f=maybe").flag("f")
    assert "'x:?f=maybe': f bernilai" in caught.value.describe("id")


@pytest.mark.parametrize(("value", "seconds"), [("0.5", 0.5), ("86400", 86_400.0), ("1e-3", 0.001), ("1", 1.0)])
def test_seconds(value: str, seconds: float) -> None:
    assert CardUrl.parse(f"x:?s={value}").seconds("s", 7.0) == seconds
    assert CardUrl.parse("x:").seconds("s", 7.0) == 7.0


@pytest.mark.parametrize("value", ["0", "-1", "86400.1", "nan", "inf", "soon", ""])
def test_no_seconds(value: str) -> None:
    with pytest.raises(BadUrl, match="s is a number of seconds") as caught:
        CardUrl.parse(f"x:?s={value}").seconds("s", 7.0)
    assert f"'x:?s={value}': s adalah" in caught.value.describe("id")
