# SPDX-License-Identifier: Apache-2.0
"""Rules about what the API leaves open: code that leans on one card's reading of it.

Java Card API 2.2.2: ``Util.arrayCompare`` does not say whether bytes are ordered as signed or unsigned, and cards
differ; ``Cipher.update`` may hold blocks back.
"""

from __future__ import annotations

from collections.abc import Iterator

from ssn_card.protocol.errors import Text

from .bytecode import Instruction
from .classfile import MemberRef
from .findings import Finding, place
from .program import Method, Program

RULE = "promise"
_EQUALITY = {"ifeq", "ifne"}

_ORDER = (
    Text(
        "The order of Util.arrayCompare is signed on some cards: only its equality can be used.",
        "Urutan Util.arrayCompare bertanda di sebagian kartu: hanya kesamaannya boleh dipakai.",
    ),
    Text(
        "Compare with == 0 or != 0; for an order, compare bytes & 0xFF.",
        "Bandingkan dengan == 0 atau != 0; untuk urutan, bandingkan byte & 0xFF.",
    ),
)
_HELD = (
    Text("Cipher.update may hold its output back.", "Cipher.update dapat menahan keluarannya."),
    Text("Use doFinal, once or for each block.", "Pakailah doFinal, sekali atau untuk setiap blok."),
)


def check_promises(program: Program) -> Iterator[Finding]:
    """Every call whose result is used beyond what the API promises."""
    for method in program.methods.values():
        for number, instruction in enumerate(method.body):
            broken = _broken(method, instruction, method.body[number + 1 : number + 2])
            if broken is not None:
                yield Finding(RULE, place(method.owner, method.member, instruction.offset), *broken)


def _broken(method: Method, instruction: Instruction, following: tuple[Instruction, ...]) -> tuple[Text, Text] | None:
    if instruction.mnemonic not in ("invokestatic", "invokevirtual"):
        return None
    called = method.constant(instruction)
    if not isinstance(called, MemberRef):
        return None
    if (called.owner, called.name) == ("javacardx/crypto/Cipher", "update"):
        return _HELD
    if (called.owner, called.name) == ("javacard/framework/Util", "arrayCompare"):
        return None if following and following[0].mnemonic in _EQUALITY else _ORDER
    return None
