# SPDX-License-Identifier: Apache-2.0
"""The Java probe applet (simulator/src/test): shows what the simulator and a transport do to an applet."""

from __future__ import annotations

from pathlib import Path

from ssn_card.simulator import AppletClass, SimulatedCard, Simulator

from .compiler import compile_java

PROBE_SOURCE = Path(__file__).parents[2] / "simulator/src/test/java/id/ssncard/simulator/ProbeApplet.java"

PROBE = AppletClass("id.ssncard.simulator.ProbeApplet", bytes.fromhex("f050524f4245"))
SELECT = bytes.fromhex("00a40400 06 f050524f4245 00")
COUNT = bytes.fromhex("8020000000")  #: adds 1 to a persistent counter, answers it
ATR = bytes.fromhex("3b858131fe458073c021009c")
OK = b"\x90\x00"
NOT_SELECTED = b"\x69\x86"


def compile_probe(folder: Path) -> Path:
    """Class path entry with the probe."""
    return compile_java([PROBE_SOURCE], folder)


def probe_card(simulator: Simulator, name: str = "") -> SimulatedCard:
    """A new card with the probe."""
    return simulator.create_card(b"\x01", name=name, applet=PROBE)


def echo(data: bytes) -> bytes:
    """Command that answers its data."""
    return bytes((0x80, 0x10, 0, 0, len(data))) + data + b"\x00"


def fill(length: int) -> bytes:
    """Command that answers 00 01 02 and so on."""
    return bytes((0x80, 0x50, length, 0, 0))


def dawdle(tenths: int) -> bytes:
    """COUNT that takes tenths of a second."""
    return bytes((0x80, 0x60, tenths, 0, 0))


def swap_transient(value: int) -> bytes:
    """Command that answers a CLEAR_ON_RESET and a CLEAR_ON_DESELECT byte and sets both."""
    return bytes((0x80, 0x30, value, 0, 0))


def status(sw: int, data: bytes = b"") -> bytes:
    """Command that answers a status word; with ``data``, as a command that carries data."""
    return bytes((0x80, 0x70)) + sw.to_bytes(2, "big") + bytes((len(data),)) + data
