# SPDX-License-Identifier: Apache-2.0
"""Canonical basket and category bits."""

from __future__ import annotations

from .. import baskets
from ..markdown import prose, table


def _cases() -> str:
    rows = []
    for case in baskets.vectors()["cases"]:
        rows.append((case["name"], f"`{case['canonical']}`", f"`{case['digest']}`"))
    return table(("", "canonical text", "digest"), rows)


def _traps() -> str:
    naive = [
        (f"`{text.rstrip()}`" + (" and a line end" if text.endswith("\n") else ""), case["name"])
        for case in baskets.vectors()["cases"]
        for text in case["not_canonical"]
    ]
    shown = [(text.replace("\x7f", "\u2421"), name) for text, name in naive]  # a page shows no DEL
    return table(("not canonical", "of the basket"), shown)


def basket() -> str:
    """The chapter."""
    return "\n\n".join(
        (
            "## The basket",
            prose(
                f"""
                `basket_digest` of a debit is the first {baskets.DIGEST} bytes of SHA-256 over the **canonical text** of
                the basket: JSON (RFC 8259) in ASCII,

                ```text
                [[staple,quantity,rupiah],[staple,quantity,rupiah],...]
                ```

                - an array of at least one line, each an array of exactly three; lines in the order in which they were
                  sold, never sorted, never added up, not even two of the same goods;
                - no byte of white space, no line end, no byte order mark;
                - `staple` is a JSON string, the goods' code. Escaped are `"` as `\\"`, `\\` as `\\\\`, the controls
                  as `\\b \\f \\n \\r \\t` or `\\u00xx`, DEL as `\\u007f`, everything beyond ASCII as `\\uxxxx` in
                  UTF-16 units with **lower-case** hexadecimal, so two of them, a surrogate pair, for what is beyond 16
                  bits; `/` and everything else stand as they are;
                - `quantity` (units, 1 or more) and `rupiah` (price of the whole line, 1 or more) are integers below
                  2^31 in decimal: no sign, no leading zero, no point, no exponent. Read them into integers; a 32-bit
                  float, or a double printed by a library, breaks them.

                The total of the lines must be the debit's `amount`, and `categories` the OR of the lines' bits. The
                card cannot know; an auditor who is handed the basket, as a JSON array of any spacing, makes the
                canonical text of it and computes all three again.
                """
            ),
            _cases(),
            "Other texts of the same baskets, all with another digest (`baskets.json` has them):",
            _traps(),
            "### Category bits",
            prose(
                """
                `categories` and `allowed_categories` are 16 bits; bit 0 is the least significant of the two bytes
                (`0001`), bit 15 the first bit sent (`8000`). Which goods have which bit is data of the programme, not
                of this protocol: the file `host/ssn_card/programme/data/staples.csv` (columns `bit`, `code`, `name_id`,
                `name_en`, `unit`, `reference_price_rp`, `sold_until`), today BERAS 0, TELUR 1, AYAM 2, IKAN_KALENG 3,
                MINYAK 4, GULA 5, SUSU 6. A bit once given is never given to other goods. A debit sets the bit of each
                staple in its basket; at least one. In an OVERRIDE the field holds a reason code of the companion, and
                no rule looks at it.
                """
            ),
        )
    )
