# SPDX-License-Identifier: Apache-2.0
"""Whether a refusal tells where a MAC is wrong: the same command with another bit wrong must cost exactly the same.

What a command costs is counted, not measured: instructions, calls of the API, AES blocks, writes. Two refusals with the
same counts take the same time on a card whose instructions take the same time.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from ssn_card.protocol import commands
from ssn_card.protocol.crypto import MAC_LENGTH

from ..counters import CommandCounters
from .fault import Fault
from .forms import data_of
from .secure import OPENING
from .witness import Witness


@dataclass(frozen=True)
class Proofs:
    """A run of bytes that the card compares: where it begins in the command."""

    name: str
    at: int


def compared(apdu: bytes) -> tuple[Proofs, ...]:
    """What the card compares in an authentic command: its MAC; of EXTERNAL AUTHENTICATE the cryptogram too."""
    command, data = Witness.command_of(apdu), data_of(apdu) or b""
    name = command.name if command else ""
    mac = Proofs(name, 5 + len(data) - MAC_LENGTH)
    if command is commands.EXTERNAL_AUTHENTICATE:
        return Proofs(f"{name} cryptogram", 5 + len(data) - OPENING), Proofs(f"{name} C-MAC", mac.at)
    return (mac,)


def flipped(apdu: bytes, proofs: Proofs, random_: random.Random) -> Iterator[bytes]:
    """The command with one bit wrong, once in each byte of the MAC; then with a MAC that is wrong all over."""
    for place in range(proofs.at, proofs.at + MAC_LENGTH):
        yield apdu[:place] + bytes((apdu[place] ^ 1 << random_.randrange(8),)) + apdu[place + 1 :]
    every = bytes(byte ^ random_.randrange(1, 256) for byte in apdu[proofs.at : proofs.at + MAC_LENGTH])
    yield apdu[: proofs.at] + every + apdu[proofs.at + MAC_LENGTH :]


def cost(counters: CommandCounters) -> tuple[object, ...]:
    """Everything that takes time."""
    return (
        counters.bytecodes, counters.converted_bytecodes, tuple(sorted(counters.api_calls.items())),
        counters.aes_blocks, counters.cipher_finals, counters.cipher_updates, counters.inits, counters.set_keys,
        counters.random_bytes, counters.events, counters.written_bytes,
    )  # fmt: skip


def judge(name: str, refusals: list[tuple[int, CommandCounters]]) -> Iterator[Fault]:
    """One class for all refusals, status words included."""
    words = {sw for sw, _ in refusals}
    if len(words) != 1:
        yield Fault("time class", name, "status words differ: " + ", ".join(f"{sw:04X}" for sw in sorted(words)))
    elif len({cost(counters) for _, counters in refusals}) != 1:
        counted = [counters.bytecodes for _, counters in refusals]
        yield Fault("time class", name, f"bytecodes by the place of the wrong bit: {counted}")
