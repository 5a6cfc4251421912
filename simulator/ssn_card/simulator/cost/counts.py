# SPDX-License-Identifier: Apache-2.0
"""The counts of a command that cost time or space, each by itself, under the names that ``--json`` gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ssn_card.protocol.errors import Text

from .goals import PARTS, TOGETHER
from .project import Measured

#: Names and headings of what a command does; the first of a table's columns.
HEADINGS: Mapping[str, Text] = {
    "line_bytes": Text("line bytes", "byte jalur"),
    "bytecodes": Text("bytecodes", "bytecode"),
    "api_calls": Text("API calls", "panggilan API"),
    "aes_calls": Text("AES calls", "panggilan AES"),
    "aes_blocks": Text("AES blocks", "blok AES"),
    "cipher_inits": Text("cipher inits", "init cipher"),
    "writes": Text("writes", "penulisan"),
    "written_bytes": Text("bytes written", "byte ditulis"),
    "commit_bytes": Text("commit bytes", "byte commit"),
    "apdu_buffer_bytes": Text("APDU buffer", "buffer APDU"),
    "ram_bytes": Text("RAM", "RAM"),
}
#: High-water marks and sizes: of two commands together the larger counts, not the sum.
_MARKS = ("commit_bytes", "apdu_buffer_bytes", "ram_bytes")


def counts(run: Measured) -> dict[str, int]:
    """One command's counts, in the order of :data:`HEADINGS`.

    ``bytecodes``: as a converter leaves them; ``ram_bytes``: what the whole applet has allocated of RAM.
    """
    one = run.counters
    values = (
        run.line_bytes, one.converted_bytecodes, one.api_call_count, one.cipher_finals + one.cipher_updates,
        one.aes_blocks, one.inits, one.writes, one.written_bytes, one.commit_bytes, one.apdu_buffer_bytes,
        one.ram_reset_bytes + one.ram_deselect_bytes,
    )  # fmt: skip
    return dict(zip(HEADINGS, values, strict=True))


def all_counts(runs: Sequence[Measured]) -> dict[str, dict[str, int]]:
    """Of every command, and of SELECT and DEBIT together first."""
    single = {run.command: counts(run) for run in runs}
    parts = [single[name] for name in PARTS]
    together = {name: (max if name in _MARKS else sum)(part[name] for part in parts) for name in HEADINGS}
    return {TOGETHER: together, **single}
