# SPDX-License-Identifier: Apache-2.0
"""How functions are compiled, and where the machine code is kept so that the next start is quick.

Numba keeps code by the file of each function alone, and would use it on when a layout, a status or a function that it
calls from another file has changed. So it is kept under a name that all of these make up.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
from numba.core import config as _config

from ssn_card.protocol import values
from ssn_card.protocol.layouts import RECEIPT_BY_TYPE

from .. import rows

numbas: Any = _config  #: settings that numba makes when it is imported
_OPTIONS: Any = {"forceinline": True, "nogil": True, "error_model": "numpy"}


def _name() -> str:
    """A name for all that goes into the code."""
    said = hashlib.sha256()
    for kind, layout in RECEIPT_BY_TYPE.items():
        said.update(repr((int(kind), [(field.name, field.size) for field in layout.fields])).encode())
    for module in (values, rows):
        numbers = ((name, int(value)) for name, value in vars(module).items() if isinstance(value, int))
        said.update(repr(sorted(numbers)).encode())
    said.update(repr(rows.BEFORE.descr).encode())
    for kinds in (values.ReceiptType, values.PinState, values.LifeState, values.KeySelection, rows.Mark):
        said.update(repr([(one.name, int(one)) for one in kinds]).encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        said.update(source.read_bytes())
    return said.hexdigest()[:16]


def _place() -> str:
    """Numba's own choice of a place is taken where somebody has made one."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
    return numbas.CACHE_DIR or str(Path(cache, "ssn-card", "compiled", _name()))


numbas.CACHE_DIR = _place()


def is_compiled() -> bool:
    """Whether there is code of an earlier start, so that this one need not wait for the compiler."""
    return any(Path(numbas.CACHE_DIR).glob("**/sequence.*.nbi"))


def compiled(function: Callable[..., Any]) -> Any:
    """Compile a function when it is first called; kept, where there is a place that can be written."""
    try:
        return numba.njit(cache=True, **_OPTIONS)(function)
    except (RuntimeError, OSError):
        return numba.njit(**_OPTIONS)(function)
