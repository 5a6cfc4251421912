# SPDX-License-Identifier: Apache-2.0
"""The PIN block of ISO 9564-1 format 2, whose example in EMV Book 3 (VERIFY) is that of PIN 1234."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssn_card.protocol.errors import InputError
from ssn_card.protocol.pin import pin_block


@pytest.mark.parametrize(
    ("pin", "block"),
    [("1234", "241234ffffffffff"), ("482917", "26482917ffffffff"), ("000000000000", "2c000000000000ff")],
)
def test_blocks(pin: str, block: str) -> None:
    assert pin_block(pin).hex() == block


@given(st.text("0123456789", min_size=4, max_size=12))
def test_the_block_holds_the_pin_and_its_length(pin: str) -> None:
    block = pin_block(pin).hex()
    assert (len(block), block[0], int(block[1], 16)) == (16, "2", len(pin))
    assert block[2 : 2 + len(pin)] == pin
    assert set(block[2 + len(pin) :]) == {"f"}


@pytest.mark.parametrize("pin", ["", "739", "7395173951739", "73a9", "739 ", "٧٣٩١", "7391²", "-739", "739\n"])
def test_no_other_pin_is_taken_and_none_is_told(pin: str) -> None:
    with pytest.raises(InputError) as caught:
        pin_block(pin)
    assert caught.value.where == "pin"
    assert not pin or pin not in f"{caught.value!r} {caught.value.as_dict()}"
    for text in caught.value.text:
        assert "4" in text
        assert "12" in text
