# SPDX-License-Identifier: Apache-2.0
"""Projects counts to milliseconds, as a bracket: what was measured differently than we need it has a low and a high.

- line: command and answer bytes, and 4 bytes of T=1 framing each way.
- AES: a call costs what 16 bytes cost, each further block the slope up to 256 bytes.
- writes: a copy of n bytes lies between nothing and the copy of 256 bytes, narrowed where 32 bytes were measured.
- bytecodes: those that a converter leaves.
- API calls other than cryptography and input: between nothing and a RAM copy of 256 bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..counters import CommandCounters
from .timings import CardTimings

FRAMING = 8  #: bytes of T=1 prologue and check in both directions
SLOPE_BLOCKS = 15  #: further blocks between 16 and 256 bytes
_CRYPTO = ("Cipher.", "RandomData.", "APDU.", "AESKey.", "Signature.")


@dataclass(frozen=True)
class Measured:
    """One command's counts and its bytes on the line."""

    command: str
    line_bytes: int
    counters: CommandCounters


@dataclass(frozen=True)
class Projection:
    """Milliseconds on one card; ``unknown`` names terms that were never measured there and are left out."""

    card: str
    command: str
    low_ms: float
    high_ms: float
    unknown: tuple[str, ...]


class _Sum:
    def __init__(self, timings: CardTimings) -> None:
        self.ms = timings.ms
        self.low = self.high = 0.0
        self.unknown: list[str] = []

    def add(self, term: str, count: float, low: float | None, high: float | None) -> None:
        if not count:
            return
        if low is None or high is None:
            self.unknown.append(term)
            return
        self.low += count * low
        self.high += count * high

    def known(self, column: str) -> float | None:
        return self.ms.get(column)


def project(measured: Measured, timings: CardTimings) -> Projection:
    """The bracket of one command on one card."""
    total = _Sum(timings)
    counts = measured.counters
    line = total.known("line_ms_per_byte")
    total.add("line", measured.line_bytes + FRAMING, line, line)
    _aes(total, counts)
    for term, count, column in (
        ("init", counts.inits, "aes128_cbc_init_ms"),
        ("setKey", counts.set_keys, "aes128_set_key_ms"),
        ("random", 1 if counts.random_bytes else 0, "random_16B_ms"),
    ):
        total.add(term, count, total.known(column), total.known(column))
    for event in counts.write_events:
        total.add("write", 1, *_write(total, event.size, event.divisible))
    micro = total.known("us_per_bytecode")
    per_bytecode = None if micro is None else micro / 1000
    total.add("bytecodes", counts.converted_bytecodes, per_bytecode, per_bytecode)
    copies = sum(count for name, count in counts.api_calls.items() if not name.startswith(_CRYPTO))
    total.add("API calls", copies, 0.0, total.known("ram_copy_256B_ms"))
    unknown = tuple(dict.fromkeys(total.unknown))
    return Projection(timings.card, measured.command, round(total.low, 1), round(total.high, 1), unknown)


def _aes(total: _Sum, counts: CommandCounters) -> None:
    calls = counts.cipher_finals + counts.cipher_updates
    one, many = total.known("aes128_cbc_16B_ms"), total.known("aes128_cbc_256B_ms")
    total.add("AES", calls, one, one)
    if one is not None and many is not None:
        total.add("AES", counts.aes_blocks - calls, (many - one) / SLOPE_BLOCKS, (many - one) / SLOPE_BLOCKS)


def of_writes(ms: Mapping[str, float], kind: str) -> tuple[float | None, float | None]:
    """What 32 and 256 bytes of an ``atomic`` or ``nonatomic`` write cost, where that was measured."""
    few, many = (ms.get(f"write_{kind}_{size}B_new_data_ms") for size in (32, 256))
    return few, many


def _write(total: _Sum, size: int, divisible: bool) -> tuple[float, float | None]:
    """Low and high of one persistent write of ``size`` bytes; ``divisible`` ones are not atomic."""
    kind = "nonatomic" if divisible else "atomic"
    few, many = of_writes(total.ms, kind)
    if many is None or few is None:
        return 0.0, many if many is not None else few
    if size <= 32:
        return 0.0, few
    between = few + (many - few) * (size - 32) / 224
    return few, max(between, few)
