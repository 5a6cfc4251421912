# SPDX-License-Identifier: Apache-2.0
"""Columns of side files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from .calendar import NEVER, Ints


def texts(values: Sequence[str] | NDArray[Any]) -> pa.Array:
    """Text; an empty one is null."""
    array = pa.array(values, pa.string())
    return pc.if_else(pc.equal(array, ""), pa.scalar(None, pa.string()), array)


def days(values: Ints) -> pa.Array:
    """Days; ``NEVER`` is null."""
    return pa.array(values.astype(np.int32), pa.int32(), mask=values == NEVER).cast(pa.date32())


def hexadecimal(values: NDArray[np.uint8]) -> NDArray[Any]:
    """Of each row of octets its digits."""
    digits = np.frombuffer(np.ascontiguousarray(values).tobytes().hex().encode("ascii"), f"S{2 * values.shape[1]}")
    return digits.astype(f"U{2 * values.shape[1]}")
