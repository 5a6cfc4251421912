# SPDX-License-Identifier: Apache-2.0
"""Possible and impossible moments, nibble by nibble, in a movement and in an update; and updates out of range."""

from __future__ import annotations

import pytest
from tests.card.live_card import Talk
from tests.model import wire
from tests.model.reference_entitlement import possible
from tests.model.wire import entitlement, movement

TOP = wire.NEVER
#: Every value of each byte of YYMMDDhhmmss, the others good; and the last days of all months.
MOMENTS = [
    *(bytes(at) + bytes((value,)) + bytes(5 - at) for at in range(6) for value in range(256)),
    *(
        bytes((year, month, day, 0, 0, 0))
        for year in (0x24, 0x25)
        for month in range(0x14)
        for day in (0x28, 0x29, 0x30, 0x31, 0x32)
    ),
    *(bytes.fromhex(f"{year:02d}{month}29010101") for year in range(80) for month in ("02", "12")),
]
GOOD = bytes.fromhex("250615101530")


def completed(moment: bytes) -> bytes:
    """Zero bytes filled in from a good moment, where only one byte was given."""
    if moment[0] in (0x24, 0x25) and moment[3:] == bytes(3):
        return moment
    return bytes(value or good for value, good in zip(moment, GOOD, strict=True))


CASES = sorted(
    {completed(moment) for moment in MOMENTS} | {b"\x25\x06\x15\x00\x00\x00", bytes(6), b"\x25\x06\x00" + bytes(3)}
)


def test_moments_of_a_movement(sim_talk: Talk) -> None:
    """Amounts above the balance, so that the month never moves: a possible moment is refused for the money."""
    sim_talk.load(entitlement(1, 100, limit=TOP, override_max=0, debit_max=TOP, until="791231"))
    for moment in CASES:
        sw = sim_talk.move(wire.DEBIT, movement(101, when=moment.hex()))[1]
        assert sw == (0x9401 if possible(moment) else 0x9407), moment.hex()


@pytest.mark.parametrize("field", ["issued", "until"])
def test_dates_of_an_update(sim_talk: Talk, field: str) -> None:
    number = 1
    for moment in CASES:
        date = moment if field == "issued" else moment[:3]
        sim_talk.select()
        sw = sim_talk.update(entitlement(number, 100, **{field: date.hex()}))[1]  # type: ignore[arg-type]
        good = possible(date.ljust(6, b"\x00"))
        assert sw == (wire.OK if good else 0x9407), date.hex()
        number += good


@pytest.mark.parametrize(
    ("changes", "sw"),
    [
        ({"limit": TOP, "override_max": 0}, 0x9000),
        ({"limit": TOP, "override_max": 1}, 0x940F),
        ({"limit": 0, "override_max": TOP}, 0x9000),
        ({"limit": 1, "override_max": TOP}, 0x940F),
        ({"limit": 0x7FFF_0000, "override_max": 0xFFFF}, 0x9000),
        ({"limit": 0x7FFF_0001, "override_max": 0xFFFF}, 0x940F),
        ({"limit": TOP + 1}, 0x940F),
        ({"override_max": TOP + 1}, 0x940F),
        ({"debit_max": TOP}, 0x9000),
        ({"debit_max": TOP + 1}, 0x940F),
        ({"loaded": TOP}, 0x9000),
        ({"loaded": TOP + 1}, 0x940F),
        ({"seq": TOP}, 0x9000),
        ({"seq": TOP + 1}, 0x940F),
        ({"categories": 0xFFFF}, 0x9000),
        ({"state": 0}, 0x940F),
        ({"state": 5}, 0x940F),
        ({"state": 0x82}, 0x940F),
        ({"pin_above": TOP + 1}, 0x940F),
        ({"keys": 0x10}, 0x940F),
        ({"keys": 0x80}, 0x940F),
        ({"expired": 100}, 0x9000),
        ({"expired": 101}, 0x940F),
        ({"expired": TOP, "loaded": TOP}, 0x9000),
        ({"expired": TOP + 1, "loaded": TOP}, 0x940F),
        ({"pin_count": 0xFF}, 0x9000),
        ({"mend_count": 0xFF, "mended_to": "2501"}, 0x9000),
    ],
)
def test_updates_out_of_range(sim_talk: Talk, changes: dict[str, int | str], sw: int) -> None:
    sim_talk.select()
    body = entitlement(**({"seq": 1, "loaded": 100} | changes))  # type: ignore[arg-type]
    assert sim_talk.update(body)[1] == sw
    assert sim_talk.told()["update_seq"] == (0 if sw != wire.OK else changes.get("seq", 1))


def test_months_of_a_mending(sim_talk: Talk) -> None:
    """Looked at where there is a mending, again with every update that carries it; free where there is none."""
    number = 1
    for mend_count in (0, 1):
        for month in sorted({moment[:2] for moment in CASES}):
            good = mend_count == 0 or possible(month + b"\x01\x00\x00\x00")
            sim_talk.select()
            body = entitlement(number, 100, mend_count=mend_count, mended_to=month.hex())
            assert sim_talk.update(body)[1] == (wire.OK if good else 0x9407), month.hex()
            number += good
