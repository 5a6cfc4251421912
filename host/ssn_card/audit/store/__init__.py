# SPDX-License-Identifier: Apache-2.0
"""A store of receipts: Parquet by card and number, which verification reads in order (docs/data-store.md)."""

from ..sources.packed import is_store
from .manifest import Packed
from .pack import PackStage, Progress, Result, pack
from .reading import Partition, Store, open_store

__all__ = ["PackStage", "Packed", "Partition", "Progress", "Result", "Store", "is_store", "open_store", "pack"]
