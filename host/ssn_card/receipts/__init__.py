# SPDX-License-Identifier: Apache-2.0
"""Receipts of the card: read them, verify them, find what was forged, doubled, reordered or left out."""

from .basket import Basket, Item
from .chain import Tip
from .findings import Finding, Problem
from .jsonl import Line, line_of, parse_line, read_lines, write_line
from .receipt import Receipt
from .verifier import ReceiptVerifier, Report

__all__ = [
    "Basket",
    "Finding",
    "Item",
    "Line",
    "Problem",
    "Receipt",
    "ReceiptVerifier",
    "Report",
    "Tip",
    "line_of",
    "parse_line",
    "read_lines",
    "write_line",
]
