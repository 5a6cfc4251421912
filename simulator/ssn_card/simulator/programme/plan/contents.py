# SPDX-License-Identifier: Apache-2.0
"""A plan: all that is decided before any card is touched, and all that whoever plays it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ssn_card.receipts import Basket

#: Entitlements as the bank issues them, fields as in ``Entitlement``: dates as days, moments as seconds since 1970,
#: local; ``mended_to``: first day of that month, -1 for none.
ISSUED: Final = np.dtype(
    [
        ("card", np.int32),
        ("update_seq", np.int64),
        ("loaded_total", np.int64),
        ("expired_total", np.int64),
        ("monthly_limit", np.int64),
        ("override_max", np.int64),
        ("debit_max", np.int64),
        ("pin_above", np.int64),
        ("allowed_categories", np.int64),
        ("valid_until", np.int32),
        ("state", np.uint8),
        ("policy_id", np.int64),
        ("issued_at", np.int64),
        ("pin_count", np.uint8),
        ("mend_count", np.uint8),
        ("mended_to", np.int32),
    ]
)


@dataclass(frozen=True)
class Label:
    """What an event truly is. ``kind``: its class, such as ``honest`` or ``fraud-cash-out``; ``rule``: that should see
    it, empty for none."""

    kind: str
    rule: str = ""


@dataclass(frozen=True)
class Actor:
    """Who is behind events. Fields as in truth/actors.csv; ``rules``: joined by semicolons there."""

    actor: str
    subject: str
    who: str
    scheme: str
    rules: tuple[str, ...]
    honest: bool


@dataclass(frozen=True)
class LateUpload:
    """A shop that was offline: its receipts of these seconds, by their true time, come in a later file."""

    terminal: int
    begins: int
    ends: int


@dataclass(frozen=True)
class Plan:
    """A year.

    ``serials``: uint8 (n, 8); ``pins``: bool (n,), personalized with a PIN; ``updates``: ISSUED; ``companions``: uint8
    (k, 8); ``events``: EVENT, sorted as told there; ``tables``: the side files by name, columns as in
    ``ssn_card.audit.books.tables``, without ``statuses``, which cards tell when they are read; ``policies``: text of
    policies.toml.
    """

    seed: int
    serials: NDArray[np.uint8]
    pins: NDArray[np.bool_]
    updates: NDArray[np.void]
    baskets: tuple[Basket, ...]
    companions: NDArray[np.uint8]
    events: NDArray[np.void]
    labels: tuple[Label, ...]
    actors: tuple[Actor, ...]
    late: tuple[LateUpload, ...]
    tables: Mapping[str, pa.Table]
    policies: str
