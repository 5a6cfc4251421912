# SPDX-License-Identifier: Apache-2.0
"""The RECEIPT key of every row, asked for once a card and key version."""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray

from ssn_card.keys import KeyProvider
from ssn_card.protocol.crypto import BLOCK
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.layouts import RECEIPT

from .records import first_rows
from .rows import Raw

_VERSION = RECEIPT.offset("key_version")


class BatchKeys:
    """Keys of rows out of a provider; one thread at a time asks it."""

    def __init__(self, provider: KeyProvider) -> None:
        self._provider = provider
        self._held = frozenset(provider.versions(KeyLabel.RECEIPT))
        self._turn = threading.Lock()

    def of(self, raw: Raw, cards: NDArray[np.intp] | None = None) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
        """Keys, uint8 (k, 16), and of each row which of them is its key, int32 (n,), -1 where there is none.

        Cheap for rows that are sorted by card; ``cards``: where each card's rows begin, if that is known. Raises
        what the provider raises.
        """
        versions = raw[:, _VERSION].copy()
        starts = np.append(False, versions[1:] != versions[:-1])[: len(raw)]
        starts[first_rows(raw) if cards is None else cards] = True
        begins = np.flatnonzero(starts)
        runs = raw[begins, _VERSION : _VERSION + 9]  # version and serial lie side by side
        keys = np.zeros((len(runs), BLOCK), np.uint8)
        number = np.full(len(runs), -1, np.int32)
        for version in np.unique(runs[:, 0]).tolist():
            if version in self._held:
                self._ask(version, np.flatnonzero(runs[:, 0] == version), runs, keys, number)
        return keys, np.repeat(number, np.diff(np.append(begins, len(raw))))

    def _ask(
        self,
        version: int,
        wanted: NDArray[np.intp],
        runs: NDArray[np.uint8],
        keys: NDArray[np.uint8],
        number: NDArray[np.int32],
    ) -> None:
        with self._turn:
            block = self._provider.diversify_many(KeyLabel.RECEIPT, version, runs[wanted, 1:].tobytes())
        keys[wanted] = np.frombuffer(block.value(), np.uint8).reshape(-1, BLOCK)
        there = np.frombuffer(block.missing, np.uint8) == 0
        number[wanted[there]] = wanted[there]
