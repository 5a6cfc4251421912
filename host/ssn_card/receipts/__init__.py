# SPDX-License-Identifier: Apache-2.0
"""Receipts of the card: read them, verify them, find what was forged, doubled or left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssn_card.protocol.lazy import lazily

from .basket import Basket, Item
from .jsonl import Line, line_of, parse_line, write_line
from .receipt import Receipt
from .tips import Tip, append_tip, read_tips

if TYPE_CHECKING:
    from .cards import CardLists, read_lists
    from .findings import Finding, Problem
    from .report import Report
    from .sources import Source, Sources, find_sources, read_lines
    from .verifier import Progress, ReceiptVerifier, Stage
else:  # the auditor's: a sale makes receipts and verifies none but its own
    __getattr__ = lazily(
        __name__,
        {
            ".cards": ("CardLists", "read_lists"),
            ".findings": ("Finding", "Problem"),
            ".report": ("Report",),
            ".sources": ("Source", "Sources", "find_sources", "read_lines"),
            ".verifier": ("Progress", "ReceiptVerifier", "Stage"),
        },
    )

__all__ = [
    "Basket",
    "CardLists",
    "Finding",
    "Item",
    "Line",
    "Problem",
    "Progress",
    "Receipt",
    "ReceiptVerifier",
    "Report",
    "Source",
    "Sources",
    "Stage",
    "Tip",
    "append_tip",
    "find_sources",
    "line_of",
    "parse_line",
    "read_lines",
    "read_lists",
    "read_tips",
    "write_line",
]
