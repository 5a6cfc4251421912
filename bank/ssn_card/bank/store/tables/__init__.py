# SPDX-License-Identifier: Apache-2.0
"""The tables, a file for each subject; they mean the same on SQLite and PostgreSQL.

Times are UTC in ISO 8601 (``2026-11-28T01:20:00Z``), which sorts; days ISO 8601; serials and beneficiary numbers 16
hexadecimal digits; amounts whole rupiah. Nothing is deleted. What names a person is sealed (:mod:`..sealing`), numbers
of persons and families are keyed hashes (:mod:`...known`). Rules against two of a thing are the database's own.
"""

from __future__ import annotations

from . import accounts, batches, cards, field, people, printing, updates
from .base import Base

__all__ = ["Base", "accounts", "batches", "cards", "field", "people", "printing", "updates"]
