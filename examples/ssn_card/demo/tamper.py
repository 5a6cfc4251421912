# SPDX-License-Identifier: Apache-2.0
"""Tampers with a file of receipts as a thief with a text editor would. Shares no code with the verifier: it works on
the file's text, with its own idea of where the fields lie (docs/protocol.md, receipt)."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from random import Random

# Bytes of the receipt, from the document; two hexadecimal digits each.
SEQ, TYPE, SERIAL = (0, 4), (64, 65), (67, 75)
PURCHASE = "01"
#: Of a purchase.
ALTERABLE = {
    "amount": (4, 8),
    "timestamp": (10, 16),
    "terminal_id": (16, 20),
    "balance_after": (40, 44),
    "previous_mac": (48, 56),
    "granted_total": (60, 64),
    "month": (75, 77),
    "pin_state": (77, 78),
    "mac": (80, 88),
}


@dataclass(frozen=True)
class Tampering:
    """One thing done to the file. ``lines``: 1-based lines of the tampered file that it shows in, if any."""

    how: str
    serial: str
    seq: int
    field: str | None = None
    lines: tuple[int, ...] = ()


def tamper(text: str, seed: int, count: int = 20) -> tuple[str, list[Tampering]]:
    """Alter, delete, duplicate, spoil or drop the basket, each on a card of its own.

    Returns the new text and what was done.
    """
    random = Random(seed)  # noqa: S311 no secret
    lines = text.splitlines()
    cards: dict[str, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        cards[_hex(line, SERIAL)].append(index)
    victims = sorted(serial for serial, where in cards.items() if len(where) >= 4)
    random.shuffle(victims)
    plans = []
    for number, serial in enumerate(victims[:count]):
        where = cards[serial]
        inner = random.choice([index for index in where[1:-2] if _hex(lines[index], TYPE) == PURCHASE])
        how = ("alter", "delete", "duplicate", "strip", "basket")[number % 5]
        # Every other deletion takes the newest receipt, which no gap shows, only the card's own word.
        index = where[-1] if how == "delete" and number // 5 % 2 else inner
        plans.append((how, serial, index))

    replaced: dict[int, list[str]] = {index: [line] for index, line in enumerate(lines)}
    done: list[tuple[str, str, int, str | None, list[str]]] = []
    for number, (how, serial, index) in enumerate(plans):
        line = lines[index]
        seq = int(_hex(line, SEQ), 16)
        field: str | None = None
        if how == "alter":
            field = list(ALTERABLE)[(seed + number // 5) % len(ALTERABLE)]
            line = _altered(line, ALTERABLE[field], random)
            replaced[index] = [line]
            marks = [line]
        elif how == "basket" and '"basket":' in line:
            line = _dearer(line)
            replaced[index] = [line]
            marks = [line]
        elif how == "duplicate":
            replaced[index] = [line, line]
            marks = [line]
        elif how == "strip" and '"basket":' in line:
            line = _stripped(line)
            replaced[index] = [line]
            marks = [line]
        else:
            how, replaced[index], marks = "delete", [], []
        done.append((how, serial, seq, field, marks))
    result = [line for index in range(len(lines)) for line in replaced[index]]
    tamperings = [
        Tampering(how, serial, seq, field, tuple(n for n, line in enumerate(result, start=1) if line in marks))
        for how, serial, seq, field, marks in done
    ]
    return "\n".join(result) + "\n", tamperings


def _receipt(line: str) -> str:
    return str(json.loads(line)["receipt"])


def _hex(line: str, place: tuple[int, int]) -> str:
    return _receipt(line)[2 * place[0] : 2 * place[1]]


def _altered(line: str, place: tuple[int, int], random: Random) -> str:
    """The line with one digit of a field changed."""
    receipt = _receipt(line)
    at = 2 * place[1] - 1 - random.randrange(2)
    digit = f"{(int(receipt[at], 16) + random.randrange(1, 10)) % 10:x}"
    digit = digit if digit != receipt[at] else f"{(int(receipt[at], 16) + 1) % 10:x}"
    return line.replace(receipt, receipt[:at] + digit + receipt[at + 1 :])


def _dearer(line: str) -> str:
    """The line with a dearer first item in its basket."""
    data = json.loads(line)
    data["basket"][0][2] += 5_000
    return json.dumps(data, separators=(",", ":"))


def _stripped(line: str) -> str:
    """The line without its basket."""
    data = json.loads(line)
    del data["basket"]
    return json.dumps(data, separators=(",", ":"))
