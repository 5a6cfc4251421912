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
                          M = M', or an earlier month where mend_count grew (mended_to, which no receipt states)
                          S = S'
                ```

                `loaded_total'` is that of the newest update before, 0 if there is none. Totals and counts of updates
                never shrink, `key_selection` loses no bit, TERMINATED stays. `key_version` changes once, behind the
                update that set the RECEIPT bit. `pin_state` 2 (no PIN) never follows 0 or 1.

                A verifier that has the receipt of the newest update also recomputes what the card enforced: state,
                `valid_until`, `debit_max`, `allowed_categories`, the month's limit with what OVERRIDEs added to that
                month, and the PIN's floor. A genuine receipt that breaks one of these betrays a stolen RECEIPT key or a
                broken card.
                """
            ),
            "### After a gap",
            prose(
                """
                A gap is a jump of `seq`. It is *missing* where all receipts should be there (the set is declared whole,
                or the card itself named a number beyond), else *not handed in*: another shop may hold them. Of a
                receipt behind a gap, with n the last before it:

                - **what was spent in the gap**, net of what was given back, is
                  `(granted_total - balance_after) of it, less its own amount (a cancel: plus), - (granted_total -
                  balance_after) of n`. Exactly, from two receipts;
                - `update_seq` is not less than that of n. Where it is the same, no update lies in the gap:
                  `granted_total` is the same, the month is not earlier, and, in the same month,
                  `month_spent_after` grew by what was spent;
                - balance, month, month spent and entitlement begin anew with it. What companions added inside the gap,
                  and the PIN's floor until the next PIN, are known between bounds only; accuse nobody by them. Where
                  the receipt of the update in force is in the gap, its number is known and its limits are not;
                - the chain of MACs begins anew.
                """
            ),
            prose(
                """
                `receipts.json` holds a chain of every type; for each check, a receipt that fails at it; and chains with
                gaps, forks and copies, with what is to be found.
                """
            ),
        )
    )
