# SPDX-License-Identifier: Apache-2.0
"""Receipts: layouts by type, the chain, how to verify."""

from __future__ import annotations

from ... import layouts
from ...values import ReceiptType
from .. import receipt_cases
from ..markdown import code, hex_block, layout_table, prose, table
from ..playing import kind_of
from ..receipt_cases import Check


def _checks(checks: tuple[Check, ...]) -> str:
    return table(("", "field", "must be"), ((n, code(c.field), c.rule) for n, c in enumerate(checks, start=1)))


def _differences() -> str:
    """Bytes that have other names than a debit's, type by type."""
    common = [(f.name, layouts.RECEIPT.offset(f.name), f.size) for f in layouts.RECEIPT.fields]
    parts = []
    for kind, layout in layouts.RECEIPT_BY_TYPE.items():
        if layout is layouts.RECEIPT:
            continue
        own = [f for f in layout.fields if (f.name, layout.offset(f.name), f.size) not in common]
        rows = [(layout.offset(f.name), f.size, code(f.name), f.doc) for f in own]
        heading = f"Of type {kind:d} {ReceiptType(kind).name}, where it differs from a debit:"
        parts.append(heading + "\n\n" + table(("offset", "bytes", "field", "meaning"), rows))
    return "\n\n".join(parts)


def _chain() -> str:
    rows = []
    for receipt in receipt_cases.chain():
        values = layouts.RECEIPT_BY_TYPE[kind_of(receipt)].decode(receipt)
        names = ("seq", "balance_after", "granted_total", "month_spent_after", "update_seq")
        rows.append(
            (
                values["seq"],
                kind_of(receipt).name,
                values.get("amount", values.get("loaded_total")),
                *(values[name] for name in names[1:]),
                values["month"].hex(),
                code(values["previous_mac"].hex()),
                code(values["mac"].hex()),
            )
        )
    head = (
        "seq",
        "type",
        "first 4 bytes",
        "balance",
        "granted",
        "month spent",
        "update_seq",
        "month",
        "previous",
        "mac",
    )
    return table(head, rows)


_REFUSED = (
    ("any movement", code("update_seq"), "state of that update is ACTIVE"),
    ("any movement", code("timestamp"), "not after valid_until; not in a month before the predecessor's month"),
    ("DEBIT", code("amount"), "at most debit_max"),
    ("DEBIT", code("categories"), "no bit outside allowed_categories"),
    ("DEBIT", code("month_spent_after"), "at most the month's limit"),
    ("DEBIT", code("pin_state"), "not 0 where balance_after is less than the floor"),
    ("OVERRIDE", code("amount"), "with all that was added to that month before, at most override_max"),
)
_PROBLEMS = (
    (
        "`missing`",
        "the first number that is missing; `seq`",
        "a gap, with the number of `receipts` and what was `spent` in it; at the end, by the tip, without `spent`",
    ),
    (
        "`not_handed_in`",
        "as above",
        "the same beyond the tip, where the set is not whole; `spent` is that of the whole gap, and stands here only",
    ),
    ("`duplicate`", "the receipt's; none", "an exact copy in the same file"),
    (
        "`broken_chain`",
        "the receipt's; `seq`, `previous_mac`, `cancelled_mac`, or `mac`",
        "a second receipt of one number; another history; a cancel of something else; the newest is not the tip's",
    ),
    ("`wrong_arithmetic`", "the receipt's; the field", "a field does not follow, or cannot be true behind the gap"),
    ("`refused`", "the receipt's; the field", "the card would have refused it"),
)


def receipts() -> str:
    """The chapter on receipts."""
    debit = receipt_cases.chain()[1]
    cuts = [layouts.RECEIPT.offset(name) for name in ("amount", "balance_after", "type", "month", "mac")]
    parts = [debit[start:end] for start, end in zip([0, *cuts], [*cuts, len(debit)], strict=True)]
    return "\n\n".join(
        (
            "## Receipts",
            layout_table(layouts.RECEIPT),
            prose(
                f"""
                The MAC is under the card's RECEIPT key of `key_version` over all that precedes, five whole blocks,
                without padding and without a constant block. A receipt has the same size and the same places for every
                type; `key_version` is that of the RECEIPT key, `update_seq` and `granted_total` say under which
                entitlement it was made, so net spending up to it is `granted_total - balance_after`. The receipt of an
                update holds, in the movement's {layouts.MOVEMENT.size} bytes, all that the update set. Its own number
                stands as `update_seq`.
                """
            ),
            _differences(),
            "The bytes of a debit:",
            hex_block(*zip(("seq", "movement", "result", "constants", "tail", "mac"), parts, strict=True)),
            "### The chain",
            prose(
                """
                The receipts of a card are numbered from 1 without gaps, and each holds the MAC of the one before,
                zero in the first. So nobody, the terminal that carries them included, can leave one out unnoticed
                once a later one is known. What a card did after the newest receipt known, only the card can tell (GET
                STATUS: `seq`, `last_mac`).
                """
            ),
            _chain(),
            "### How to verify a receipt alone",
            prose(
                """
                In this order; the first failure names the field. Nothing before the MAC is trusted: it only chooses
                the key.
                """
            ),
            _checks(receipt_cases.ALONE),
            table(("field", "what a card writes"), ((code(c.field), c.rule) for c in receipt_cases.WRITTEN)),
            prose(
                """
                Then, of a debit whose basket was handed in: its digest is `basket_digest`, its total `amount`, its
                categories `categories` (see the canonical basket).
                """
            ),
            "### How to verify a chain",
            prose(
                """
                Sort by `seq`; drop exact copies, which are the same receipt delivered twice. Two different receipts
                of one card with one `seq`, both with a right MAC, are a copied card, or a stolen key: report, do not
                choose, and follow each. In which file and order receipts stand is no evidence. Then check each against
                its predecessor, in this order:
                """
            ),
            _checks(receipt_cases.CHAINED),
            prose(
                """
                With B, G, M, S for `balance_after`, `granted_total`, `month` and `month_spent_after`, and a prime for
                the predecessor's (all 0 before the first):

                ```text
                DEBIT     B = B' - amount   G = G'   M = month of the timestamp   S = amount, + S' where M = M'
                CANCEL    B = B' + amount   G = G'   M = M', that of the timestamp   S = S' - amount
                OVERRIDE  B = B'            G = G'   M = M'                          S = S'
                UPDATE    B = min(B' + loaded_total - loaded_total', loaded_total - expired_total)
                          G = G' + B - B'
                          M = M', or an earlier month, not 0000, where mend_count grew (mended_to, which no
                              receipt states)
                          S = S'
                ```

                In the rule of G, B is the balance that follows, not the one stated, so that one wrong field is not
                laid to another. `loaded_total'` is that of the newest update before, 0 if there is none. Totals and
                counts of updates never shrink, `key_selection` loses no bit, TERMINATED stays: compared with the newest
                update of which there is a receipt, behind a gap too. `key_version` changes once, behind the update that
                set the RECEIPT bit, to any other version. `pin_state` 2 (no PIN) never follows 0 or 1; 0 or 1 follows 2
                where the choice was open: an update with a higher `pin_count` has come since the movement that stated
                2. Another update between them, of the same `pin_count`, does not close it.

                Where `previous_mac` is not the predecessor's, nothing else of the predecessor is compared: it is
                another history, and the receipt is looked at by itself only. Of two receipts with one number, a later
                receipt follows the one whose MAC it names. Where a gap follows them, none is named, and what is
                computed across the gap is computed from the first of them as handed in: such a card is told of already.

                ### What the card would have refused

                A verifier that has the receipt of the update in force also recomputes what the card enforced, in the
                card's order. A genuine receipt that fails here betrays a stolen RECEIPT key or a broken card. The
                month's limit counts what OVERRIDEs added to that month; the PIN's floor moves as said above, from 0.
                """
            ),
            table(("of", "field", "must be"), _REFUSED),
            "### After a gap",
            prose(
                """
                A gap is a jump of `seq`. It is *missing* where all receipts should be there: the set is declared whole,
                or the card's own word (the tip) names a number, up to which every number is due, inner gaps included.
                What lies beyond the tip is *not handed in*: another shop may hold it. Of a receipt behind a gap, with n
                the last before it:

                - **what was spent in the gap**, net of what was given back, is
                  `(granted_total - balance_after) of it, less its own amount (a cancel: plus), - (granted_total -
                  balance_after) of n`. Exactly, from two receipts;
                - `update_seq` is not less than that of n; of an update it is more, and its totals, counts, bits and
                  TERMINATED are held against the newest update in hand;
                - what was spent since n is not less than its own amount (`balance_after`; a cancel: 0), less the amount
                  of n where n is a debit, which the gap may have cancelled;
                - where `update_seq` is the same, no update lies in the gap:
                  `granted_total` is the same, the month is not earlier, and, in the same month,
                  `month_spent_after` is that of n plus all that was spent since n, its own amount included (a
                  cancel: less). In a later month it is at most what was spent since n, plus the amount of n where n is
                  a debit, which the gap may have cancelled;
                - balance, month, month spent and entitlement begin anew with it. What companions added inside the gap,
                  and the PIN's floor until the next PIN, are known between bounds only; accuse nobody by them. Where
                  the receipt of the update in force is in the gap, its number is known and its limits are not;
                - the chain of MACs begins anew.
                """
            ),
            prose(
                """
                `receipts.json` holds a chain of every type (`chain`); for each check, a receipt that fails at it
                (`invalid`: `first_wrong` is the field, `previous` the predecessor, empty where the receipt is wrong
                alone; `previous` is a receipt of `chain`, and all of `chain` up to it is needed, since an update is
                held against the one before it). One of them, *a version that no update brought*, has a right MAC under
                version 2 of RECEIPT, whose key for this card is in `derivation.json`; `key` is that of version 1. And
                there are `chains`, each a set of receipts in the order of one file, declared whole but where `whole` is
                false, perhaps with the card's own word of its newest (`tip`), and all `findings`:
                """
            ),
            table(("problem", "seq, field", "when"), _PROBLEMS),
            prose(
                """
                Our verifier also notes a movement on a day before that of one with a lower number (`backdated`), as no
                fault, and holds cards against lists; neither is in the vectors.
                """
            ),
        )
    )
