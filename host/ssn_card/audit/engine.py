# SPDX-License-Identifier: Apache-2.0
"""Which engine marks the rows: the compiled one where it can run and has proved itself, else numpy's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ssn_card.protocol.errors import NO_TEXT, Text
from ssn_card.receipts.diagnosis import ByteSearch, single_byte

from . import lockstep
from .errors import EngineMissing
from .partition import Engine
from .sample import sample
from .wanted import Wanted


@dataclass(frozen=True, slots=True)
class Chosen:
    """An engine, and how it looks for what was altered; ``why`` says why it is not the fastest, where it is not."""

    name: str
    judge: Engine
    search: ByteSearch = single_byte
    why: Text = NO_TEXT


def _silent() -> None:
    """For those who need not know."""


def choose(wanted: Wanted = Wanted.AUTO, compiling: Callable[[], None] = _silent) -> Chosen:
    """The fastest engine that can run here, or the one that is wanted.

    Args:
        wanted: which.
        compiling: called before some seconds of compiling, which only the first start on a machine needs.

    Raises:
        EngineMissing: the compiled one is wanted and cannot run; says why.
    """
    if wanted is Wanted.LOCKSTEP:
        return Chosen(Wanted.LOCKSTEP, lockstep.judge)
    why = _obstacle(compiling)
    if why is None:
        from .kernel import search, sequence

        return Chosen(Wanted.KERNEL, sequence.judge, search.single_byte)
    if wanted is Wanted.KERNEL:
        raise EngineMissing(why)
    return Chosen(Wanted.LOCKSTEP, lockstep.judge, why=why)


def _obstacle(compiling: Callable[[], None]) -> Text | None:
    """Why the compiled engine cannot be used."""
    try:
        from .kernel import aes
    except ImportError:
        return Text("numba is not installed (extra [audit])", "numba belum terpasang (ekstra [audit])")
    missing = aes.available()
    if missing is not None:
        return Text(f"no AES instructions can be used: {missing}", f"instruksi AES tidak dapat dipakai: {missing}")
    from .kernel.compiled import is_compiled
    from .kernel.sequence import judge

    if not is_compiled():
        compiling()
    if not agrees(judge):
        return Text("it does not agree with numpy's here", "hasilnya berbeda dengan numpy di mesin ini")
    return None


def agrees(engine: Engine) -> bool:
    """Whether an engine marks a sample as numpy's does, which shares no code with it: wrong code must not judge."""
    given = sample()
    here, due = engine(*given), lockstep.judge(*given)
    return np.array_equal(here.flags, due.flags) and np.array_equal(here.before, due.before)
