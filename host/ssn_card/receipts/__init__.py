# SPDX-License-Identifier: Apache-2.0
"""Receipts of the card: read them, verify them, find what was forged, doubled or left out."""

from .basket import Basket, Item
from .findings import Finding, Problem
from .jsonl import Line, line_of, parse_line, write_line
from .receipt import Receipt
from .report import Report
from .sources import Source, Sources, find_sources, read_lines
from .tips import Tip, append_tip, read_tips
from .verifier import Progress, ReceiptVerifier, Stage

__all__ = [
    "Basket",
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
    "read_tips",
    "write_line",
]
