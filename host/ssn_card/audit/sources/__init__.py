# SPDX-License-Identifier: Apache-2.0
"""Where receipts come from in bulk: files and folders of JSON Lines, CSV and Parquet, pipes."""

from .batch import Batch, no_receipt, no_rows
from .reading import SUFFIXES, find_sources, read

__all__ = ["SUFFIXES", "Batch", "find_sources", "no_receipt", "no_rows", "read"]
