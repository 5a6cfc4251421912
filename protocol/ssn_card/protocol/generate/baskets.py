# SPDX-License-Identifier: Apache-2.0
"""The canonical basket a second time, beside the host's: examples must not be made by the code that they check."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any, NamedTuple

Line = tuple[str, int, int]  #: staple, quantity, rupiah
DIGEST = 16  #: bytes of SHA-256 that a receipt holds


def canonical(lines: Sequence[Line]) -> str:
    """ASCII JSON: an array of ``[staple, quantity, rupiah]``, no spaces, the order as it was sold."""
    return "[" + ",".join(f"[{_text(staple)},{quantity},{rupiah}]" for staple, quantity, rupiah in lines) + "]"


def _text(staple: str) -> str:
    """A JSON string in ASCII: what is outside it as ``\\uXXXX``, lower-case hexadecimal, in UTF-16 units."""
    return json.dumps(staple, ensure_ascii=True)


def digest(text: str) -> bytes:
    """First 16 bytes of SHA-256 over the canonical text."""
    return hashlib.sha256(text.encode("ascii")).digest()[:DIGEST]


class _Case(NamedTuple):
    name: str
    lines: tuple[Line, ...]
    naive: tuple[str, ...] = ()  #: what a careless writer makes of it


_CASES: tuple[_Case, ...] = (
    _Case(
        "one line",
        (("BERAS", 5, 72_500),),
        ('[["BERAS", 5, 72500]]', '[["BERAS",5,72500]]\n', '[["BERAS",5.0,72500.0]]', '["BERAS",5,72500]'),
    ),
    _Case(
        "two lines: the order is that of the sale, not the alphabet's",
        (("TELUR", 10, 18_500), ("BERAS", 5, 72_500)),
        (
            '[["BERAS",5,72500],["TELUR",10,18500]]',
            '[{"staple":"TELUR","quantity":10,"rupiah":18500},{"staple":"BERAS","quantity":5,"rupiah":72500}]',
        ),
    ),
    _Case(
        "the same goods twice: two lines, never added up",
        (("BERAS", 5, 72_500), ("BERAS", 5, 72_500)),
        ('[["BERAS",10,145000]]', '[["BERAS",5,72500]]'),
    ),
    _Case("an underscore in the code", (("IKAN_KALENG", 2, 24_000),), ('[["IKAN KALENG",2,24000]]',)),
    _Case(
        "a price beyond what a 32-bit float, and close to what a signed 32-bit integer, holds exactly",
        (("BERAS", 16_777_217, 2_147_483_647),),
        ('[["BERAS",16777216,2147483647]]', '[["BERAS",16777217,2.147483647E9]]', '[["BERAS",1.6777217E7,2147483647]]'),
    ),
    _Case(
        "a code that the list does not have today: what was sold is read as it was",
        (("GULA\u00e9\u20ac", 1, 15_000), ('A"B\\C/', 1, 1)),
        (
            '[["GULA\u00e9\u20ac",1,15000],["A\\"B\\\\C/",1,1]]',
            '[["GULA\\u00E9\\u20AC",1,15000],["A\\"B\\\\C/",1,1]]',
            '[["GULA\\u00e9\\u20ac",1,15000],["A\\"B\\\\C\\/",1,1]]',
        ),
    ),
    _Case(
        "controls, of which five have a short escape; DEL has none of its own",
        (("A\b\f\n\r\tB", 1, 1_000), ("\x00\x0b\x1f\x7f", 2, 2_000)),
        (
            '[["A\\u0008\\u000c\\u000a\\u000d\\u0009B",1,1000],["\\u0000\\u000b\\u001f\\u007f",2,2000]]',
            '[["A\\b\\f\\n\\r\\tB",1,1000],["\\u0000\\u000b\\u001f\x7f",2,2000]]',
            '[["A\\b\\f\\n\\r\\tB",1,1000],["\\u0000\\u000B\\u001F\\u007f",2,2000]]',
        ),
    ),
    _Case(
        "beyond 16 bits: two escapes, a surrogate pair",
        (("\U0001f35a", 1, 3_000), ("\U0010ffff\ue000", 1, 4_000)),
        (
            '[["\U0001f35a",1,3000],["\U0010ffff\ue000",1,4000]]',
            '[["\\u1f35a",1,3000],["\\u10ffff\\ue000",1,4000]]',
            '[["\\uD83C\\uDF5A",1,3000],["\\uDBFF\\uDFFF\\uE000",1,4000]]',
        ),
    ),
)


def vectors() -> dict[str, Any]:
    """For ``baskets.json``."""
    cases = []
    for case in _CASES:
        text = canonical(case.lines)
        cases.append(
            {
                "name": case.name,
                "basket": [list(line) for line in case.lines],
                "canonical": text,
                "total": sum(rupiah for _, _, rupiah in case.lines),
                "digest": digest(text).hex(),
                "not_canonical": list(case.naive),
            }
        )
    return {"cases": cases}
