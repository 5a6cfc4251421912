# SPDX-License-Identifier: Apache-2.0
"""Receipts: layouts by type, the chain, how to verify."""

from __future__ import annotations

from ... import layouts
from ...crypto import MAC_LENGTH
from ...values import ReceiptType, UpdateFlag
from .. import bad_receipts, sample
from ..bad_receipts import Check
from ..markdown import code, hex_block, layout_table, prose, table


def _checks(checks: tuple[Check, ...]) -> str:
    return table(("", "field", "must be"), ((n, code(c.field), c.rule) for n, c in enumerate(checks, start=1)))


def _names_by_type() -> str:
    rows = []
    for index, field in enumerate(layouts.MOVEMENT.fields):
        offset = layouts.MOVEMENT.offset(field.name)
        rows.append((offset, field.size, *_names_at(offset, field.size, index)))
    return table(("offset", "bytes", *(kind.name for kind in ReceiptType)), rows)


def _names_at(offset: int, size: int, index: int) -> list[str]:
    """Per type: the field, or fields, that fill these bytes."""
    names = []
    for kind in ReceiptType:
        layout = layouts.RECEIPT_BY_TYPE[kind]
        inside = [f for f in layout.fields if offset <= layout.offset(f.name) < offset + size]
        names.append(", ".join(f"`{f.name}`" + (f" ({f.size})" if f.size != size else "") for f in inside))
    return names


def _meaning() -> str:
    layouts_of = (layouts.CANCELLATION, layouts.OVERRIDING, layouts.UPDATE_RECEIPT)
    return "\n\n".join(layout_table(layout) for layout in layouts_of)


def _chain() -> str:
    rows = []
    for step in sample.journey():
        kind = ReceiptType[step.request.command.name]
        receipt = sample.receipt_of(step)
        values = layouts.RECEIPT.decode(receipt)
        rows.append(
            (
                values["seq"],
                kind.name,
                values["amount"],
                f"{values['timestamp']:%Y-%m-%d %H:%M:%S}",
                values["balance_after"],
                values["month_spent_after"],
                code(values["previous_mac"].hex()),
                code(values["mac"].hex()),
            )
        )
    head = ("seq", "type", "first 4 bytes", "stamped", "balance_after", "month_spent_after", "previous_mac", "mac")
    return table(head, rows)


def receipts() -> str:
    """The chapter on receipts."""
    debit = sample.receipt_of(sample.journey()[1])
    split = layouts.MOVEMENT.size, layouts.MOVEMENT.size + layouts.RESULT.size, layouts.RECEIPT.size - MAC_LENGTH
    return "\n\n".join(
        (
            "## Receipts",
            layout_table(layouts.RECEIPT),
            prose(
                f"""
                `key_version` is that of the RECEIPT key. The layout is the same for every type; the first
                {layouts.MOVEMENT.size} bytes have names of their own in each:
                """
            ),
            _names_by_type(),
            prose(
                f"""
                What they mean, where a name of the debit does not say it. `update_mac` is the MAC under UPDATE that
                authorised the update, so a receipt of type {ReceiptType.UPDATE:d} names the very message that it
                confirms; its `seq` and `previous_mac` stand in the same chain as those of movements.
                """
            ),
            _meaning(),
            "A debit:",
            hex_block(
                ("movement", debit[: split[0]]),
                ("result", debit[split[0] : split[1]]),
                ("constants", debit[split[1] : split[2]]),
                ("mac", debit[split[2] :]),
            ),
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
            _checks(bad_receipts.ALONE),
            "### How to verify a chain",
            prose(
                """
                Sort by `seq`; drop exact copies, which are the same receipt delivered twice. Two different receipts
                of one card with one `seq`, both with a right MAC, are a broken or copied card: report, do not choose.
                Then check each against its predecessor, in this order:
                """
            ),
            _checks(bad_receipts.CHAINED),
            prose(
                f"""
                With B and S for `balance_after` and `month_spent_after`, and a prime for the predecessor's (both 0
                before the first; the card's month is that of the newest debit so far):

                ```text
                DEBIT     B = B' - amount                               S = S' + amount; amount alone in a new month
                CANCEL    B = B' + amount                               S = S' - amount
                OVERRIDE  B = B'                                        S = S'
                UPDATE    B = B' + loaded_total - loaded_total before   S = S'
                          B = 0 with flag {UpdateFlag.FORFEIT.name}
                ```

                `loaded_total before` is that of the newest update earlier in the chain, 0 if there is none. After a
                gap the arithmetic begins anew with the receipt behind it. `receipts.json` holds a chain of every type
                and, for each check, a receipt that fails at it.
                """
            ),
        )
    )
