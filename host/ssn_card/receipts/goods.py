# SPDX-License-Identifier: Apache-2.0
"""Whether the basket that was handed in with a debit is the one that the card signed."""

from __future__ import annotations

from ssn_card.programme.errors import UnknownStapleError
from ssn_card.protocol.values import ReceiptType

from .basket import Basket
from .findings import Finding, Problem, finding_of
from .jsonl import Line
from .receipt import Receipt


def basket_finding(line: Line, receipt: Receipt) -> Finding | None:
    """A basket that cannot be read, or is not the one whose digest the card signed; of ``line``'s own receipt."""
    if receipt.type != ReceiptType.DEBIT:
        return None
    wrong = line.fault if line.basket is None else basket_fault(line.basket, receipt)
    return finding_of(Problem.BASKET, receipt, line.number, line.file, wrong) if wrong else None


def basket_fault(basket: Basket, receipt: Receipt) -> str | None:
    """The receipt's field that the basket does not agree with; ``staple`` for goods that were never on the list."""
    if basket.digest() != receipt.basket_digest:
        return "basket_digest"
    if basket.total != receipt.amount:
        return "amount"
    try:
        return "categories" if basket.categories != receipt.categories else None
    except UnknownStapleError:
        return "staple"
