# SPDX-License-Identifier: Apache-2.0
"""Which reader a name means, over readers of every number; that of the virtual one is fixed."""

from __future__ import annotations

from typing import cast

import pytest

from ssn_card.transport import ReaderNotFound
from ssn_card.transport.pcsc_service import PcscContext
from ssn_card.transport.readers import find_reader

PRESENT, OTHER = 0x20, 0x04


class Readers:
    """What a PC/SC service would say of these readers."""

    SCARD_STATE_PRESENT = PRESENT

    def __init__(self, **states: int) -> None:
        self._states, self.asked, self.api = states, 0, self

    def readers(self) -> list[str]:
        return list(self._states)

    def states(self, readers: list[str], known: dict[str, int], milliseconds: int) -> dict[str, int]:
        assert (known, milliseconds) == ({}, 0)  # as they are now, without waiting
        self.asked += 1
        return {reader: self._states[reader] for reader in readers}


def found(readers: Readers, wanted: str) -> str:
    return find_reader(cast(PcscContext, readers), wanted)


def not_found(readers: Readers, wanted: str) -> ReaderNotFound:
    with pytest.raises(ReaderNotFound) as caught:
        found(readers, wanted)
    assert caught.value.readers == tuple(readers.readers())
    return caught.value


@pytest.mark.parametrize(
    ("wanted", "reader"),
    [("ACR", "ACR"), ("0", "ACR"), ("1", "ACR2"), ("2", "Omnikey"), ("key", "Omnikey"), ("OMNI", "Omnikey")],
)
def test_a_name_a_number_or_a_part_in_any_case(wanted: str, reader: str) -> None:
    """A whole name is that reader's, also where it is part of another's."""
    readers = Readers(ACR=0, ACR2=PRESENT, Omnikey=0)
    assert found(readers, wanted) == reader
    assert readers.asked == 0


@pytest.mark.parametrize("wanted", ["3", "17", "-1", "\u0661", "AC", "Gemalto"])
def test_what_fits_none_or_several(wanted: str) -> None:
    """A number is counted from 0; an Arabic one is no number. A part that fits two is not decided by a card."""
    readers = Readers(ACR=0, ACR2=PRESENT, Omnikey=0)
    assert not_found(readers, wanted).wanted == wanted
    assert readers.asked == 0


def test_no_name_means_the_only_reader_or_the_one_with_a_card() -> None:
    only = Readers(ACR=0)
    assert (found(only, ""), only.asked) == ("ACR", 0)  # whether a card is in it is said by who waits for one
    assert found(Readers(ACR=OTHER, Omnikey=OTHER | PRESENT), "") == "Omnikey"
    for states in ({}, {"ACR": 0, "Omnikey": 0}, {"ACR": PRESENT, "Omnikey": PRESENT}):
        not_found(Readers(**states), "")
