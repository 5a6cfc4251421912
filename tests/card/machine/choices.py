# SPDX-License-Identifier: Apache-2.0
"""Values worth trying."""

from __future__ import annotations

import hypothesis.strategies as st
from tests.card.machine.base import Tear
from tests.model import wire

from ssn_card.simulator import Rest

TOP = (1 << 31) - 1

#: Where a 32-bit sum in two shorts may go wrong: at the ends, at multiples of 2^16, at 2^15 within the low short.
EDGES = (0, 1, 2, 0x7FFF, 0x8000, 0x8001, 0xFFFF, 0x10000, 0x10001, 0x17FFF, 0x18000, 0x1FFFF, 0x20000, TOP - 1, TOP)
BEYOND = (TOP + 1, TOP + 2, 0xFFFF_0000, 0xFFFF_FFFF)
amounts = st.one_of(
    st.sampled_from(EDGES),
    st.builds(lambda k, d: k * 0x10000 + d, st.integers(1, 40), st.integers(-2, 2)),
    st.integers(0, 2_000_000),
)
limits = st.one_of(st.sampled_from(EDGES), st.sampled_from((TOP, TOP, 1_000_000, 1 << 30)), st.integers(0, 0x40000))
near = st.sampled_from((-1, 0, 1))
#: MMDDhhmmss parts that are possible, and some that are not.
MONTHS = ("2501", "2502", "2503", "2512", "2601", "7912")
DAYS = ("01000000", "15101530", "28235959")
WRONG_MOMENTS = (
    "250230100000", "251301100000", "250001100000", "250100100000", "250132100000", "250431100000",
    "250101240000", "250101106000", "250101100060", "25010110005A", "25010A100000", "2A0101100000", "800101100000",
    "250101A00000", "25011A100000", "2501010A0000", "251A01100000", "FFFFFFFFFFFF", "000000000000",
)  # fmt: skip
moments = st.builds(lambda month, rest: month + rest, st.sampled_from(MONTHS[:4]), st.sampled_from(DAYS))
dates = st.sampled_from(("791231", "260115", "251231", "250215", "250228", "250301"))

PINS = tuple(map(wire.pin_block, ("482917", "1234", "999999999999")))
WRONG_PIN = wire.pin_block("482918")
#: Wrong format, too few digits, too many.
BAD_PINS = (b"\x16" + PINS[0][1:], b"\x23" + PINS[0][1:], b"\x2d" + PINS[0][1:])

#: For what takes a write or two. 0: the answer is lost.
short_tears = st.builds(Tear, st.sampled_from((0, 1, 1, 2)), st.integers(0, 75), st.sampled_from(Rest))
tears = st.one_of(
    short_tears,
    st.builds(Tear, st.integers(1, 50), st.integers(0, 15), st.sampled_from(Rest)),
)
