# SPDX-License-Identifier: Apache-2.0
"""The auditor's books: receipts that were judged genuine, beside what offices say, as tables to be asked."""

from .books import Books, open_books
from .judged import Judged, judge

__all__ = ["Books", "Judged", "judge", "open_books"]
