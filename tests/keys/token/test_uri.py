# SPDX-License-Identifier: Apache-2.0
"""RFC 7512: what a URI says, and where it is wrong."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import hypothesis.strategies as st
import pytest
from hypothesis import given

from ssn_card.keys.token import TokenUri, is_token_uri
from ssn_card.keys.token.errors import BadTokenUri


def test_all_that_a_uri_may_say() -> None:
    uri = TokenUri.parse(
        "pkcs11:token=Kunci%20Bank;serial=00ab;manufacturer=ACME%2c+Inc;model=x1;object=prog-2;type=secret-key"
        "?module-path=/usr/lib/a|b.so&pin-source=file:///run/pin"
    )
    assert uri == TokenUri("Kunci Bank", "00ab", "ACME,+Inc", "x1", "prog-2", Path("/usr/lib/a|b.so"), Path("/run/pin"))
    assert str(uri) == "pkcs11:token=Kunci%20Bank;serial=00ab;manufacturer=ACME,+Inc;model=x1;object=prog-2"
    assert TokenUri.parse(str(uri)) == TokenUri("Kunci Bank", "00ab", "ACME,+Inc", "x1", "prog-2")


def test_what_it_need_not_say() -> None:
    assert TokenUri.parse("pkcs11:token=ssn") == TokenUri("ssn")
    assert TokenUri.parse("PKCS11:serial=1?pin-source=/a") == TokenUri(serial="1", pin_source=Path("/a"))
    assert TokenUri.parse("pkcs11:token=a&b?module-path=x?y") == TokenUri("a&b", module_path=Path("x?y"))
    assert str(TokenUri.parse("pkcs11:token=ssn?pin-source=/a&module-path=/b")) == "pkcs11:token=ssn;object=ssn"


@pytest.mark.parametrize(
    ("text", "at", "why"),
    [
        ("bank.keys", 1, "begin"),
        ("pkcs11:", 8, "no token"),
        ("pkcs11:object=ssn", 8, "no token"),
        ("pkcs11:?module-path=/x", 8, "no token"),
        ("pkcs11:token=a;token=b", 16, "twice"),
        ("pkcs11:token=", 8, "empty"),
        ("pkcs11:token", 8, "none of"),
        ("pkcs11:token=a;", 16, "none of"),
        ("pkcs11:token=a;objekt=b", 16, "none of"),
        ("pkcs11:token=a;id=%01", 16, "none of"),
        ("pkcs11:token=a b", 15, "in percents"),
        ("pkcs11:token=a/b", 15, "in percents"),
        ("pkcs11:token=a%2", 15, "in percents"),
        ("pkcs11:token=é", 14, "in percents"),
        ("pkcs11:token=a%ff", 14, "UTF-8"),
        ("pkcs11:token=a;object=a%2fb", 16, "letters"),
        ("pkcs11:token=a;type=public", 16, "secret-key"),
        ("pkcs11:token=a?module-path=/x&pin-value=1234", 31, "never an argument"),
        ("pkcs11:token=a;pin-value=1234", 16, "never an argument"),
        ("pkcs11:token=a?module-path=/x;y", 30, "in percents"),
        ("pkcs11:token=a?module-name=softhsm2", 16, "none of"),
    ],
)
def test_where_it_is_wrong(text: str, at: int, why: str) -> None:
    with pytest.raises(BadTokenUri) as caught:
        TokenUri.parse(text)
    assert caught.value.where == f"PKCS#11 URI, character {at}"
    assert why in caught.value.text.en
    assert "1234" not in str(caught.value)


@given(st.text(min_size=1).filter(lambda text: not any("\ud800" <= one <= "\udfff" for one in text)))
def test_any_name_of_a_token(name: str) -> None:
    assert TokenUri.parse(f"pkcs11:token={quote(name, safe='')}").token == name
    assert TokenUri.parse(str(TokenUri(name))).token == name


def test_a_file_is_no_token() -> None:
    assert is_token_uri("pkcs11:token=x")
    assert not is_token_uri("pkcs11.keys")
