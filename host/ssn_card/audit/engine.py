# SPDX-License-Identifier: Apache-2.0
"""Which engine marks the rows: the compiled one where it can run and has proved itself, else numpy's."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.errors import NO_TEXT, Text
from ssn_card.receipts.diagnosis import ByteSearch, single_byte

from . import lockstep
from .errors import EngineMissing
from .partition import Engine
from .rows import SIZE

_SAMPLE = 67  #: messages of the proof: whole groups of lanes, and some over
_COVERED = 80


class Wanted(StrEnum):
    """What may be asked for."""

    AUTO = "auto"
    KERNEL = "kernel"
    LOCKSTEP = "lockstep"


@dataclass(frozen=True, slots=True)
class Chosen:
    """An engine, and how it looks for what was altered; ``why`` says why it is not the fastest, where it is not."""

    name: str
    judge: Engine
    search: ByteSearch = single_byte
    why: Text = NO_TEXT


def choose(wanted: Wanted = Wanted.AUTO) -> Chosen:
    """The fastest engine that can run here, or the one that is wanted.

    Raises:
        EngineMissing: the compiled one is wanted and cannot run; says why.
    """
    if wanted is Wanted.LOCKSTEP:
        return Chosen(Wanted.LOCKSTEP, lockstep.judge)
    why = _obstacle()
    if why is None:
        from .kernel import search, sequence

        return Chosen(Wanted.KERNEL, sequence.judge, search.single_byte)
    if wanted is Wanted.KERNEL:
        raise EngineMissing(why)
    return Chosen(Wanted.LOCKSTEP, lockstep.judge, why=why)


def _obstacle() -> Text | None:
    """Why the compiled engine cannot be used."""
    try:
        from .kernel import aes
    except ImportError:
        return Text("numba is not installed (extra [audit])", "numba belum terpasang (ekstra [audit])")
    missing = aes.available()
    if missing is not None:
        return Text(f"no AES instructions can be used: {missing}", f"instruksi AES tidak dapat dipakai: {missing}")
    if not _proved():
        return Text("its MACs are wrong on this machine", "MAC-nya salah di mesin ini")
    return None


def _proved() -> bool:
    """Whether the compiled MACs are right: a wrong one would make every receipt of every card look forged, or none."""
    from .kernel.aes import BLOCK, expanded, macs

    stream = hashlib.shake_128(b"ssn-card audit engine").digest(_SAMPLE * (SIZE + BLOCK))
    messages = np.frombuffer(stream, np.uint8, _SAMPLE * SIZE).reshape(_SAMPLE, SIZE).copy()
    keys = np.frombuffer(stream, np.uint8, offset=_SAMPLE * SIZE).reshape(_SAMPLE, BLOCK).copy()
    found = macs(messages, expanded(keys), np.arange(_SAMPLE)[::-1].copy())
    pairs = zip(messages, keys[::-1], found, strict=True)
    return all(SecretKey(key.tobytes()).cmac(one[:_COVERED].tobytes()) == mac.tobytes() for one, key, mac in pairs)
