# SPDX-License-Identifier: Apache-2.0
"""Test vectors as JSON. Byte strings are hexadecimal.

The keys are published ones; a deterministic card and fixed challenges make every file the same on every run.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from .. import commands, layouts, messages
from ..crypto import kdf_input
from ..labels import KeyLabel
from ..pin import pin_block
from . import baskets, conclusions, receipt_cases, sample, schema, secure
from .playing import Exchange, Script, answer_fields
from .sample import plain
from .scripts import (
    channels,
    checking,
    forms,
    journey,
    large_numbers,
    movements,
    personalizing,
    pins,
    recovering,
    rotating,
    updating,
)
from .signing import Answered, Signed

FOLDER = "protocol/vectors"

#: The files, in the order in which a reader needs them.
NAMES = tuple(schema.ABOUT)

_NOTE = "Generated from protocol/ by 'make generate'. Published development keys, never for a real card."

#: Files of transcripts: each with its scripts.
TRANSCRIPTS: dict[str, Callable[[], Sequence[Script]]] = {
    "personalization": personalizing.scripts,
    "journey": lambda: [journey.journey()],
    "movements": lambda: [*movements.scripts(), checking.order(), *large_numbers.scripts()],
    "pins": pins.scripts,
    "updates": updating.scripts,
    "rotation": rotating.scripts,
    "recovery": recovering.scripts,
    "forms": forms.scripts,
    "scp03": channels.scripts,
}


def _derivation() -> dict[str, Any]:
    cases = [
        {
            "label": str(label),
            "version": version,
            "serial": serial.hex(),
            "master": sample.master(label, version).value().hex(),
            "input": kdf_input(label.value, serial).hex(),
            "key": sample.card_key(label, version, serial).value().hex(),
            "kcv": sample.card_key(label, version, serial).kcv().hex(),
        }
        for label in KeyLabel
        for version in (1, 2)
        for serial in (sample.SERIAL, sample.OTHER_SERIAL)
    ]
    return {"cases": cases}


def _selects() -> dict[str, Any]:
    """What SELECT answers, and the number under its mask."""
    cases = []
    for at, exchange in _all("SELECT"):
        answer = exchange.answer
        mask = int.from_bytes(answer[14:18], "big") ^ at
        cases.append(
            {
                "answer": answer.hex(),
                "fields": plain(layouts.SELECT_ANSWER.decode(answer)),
                "key_label": str(KeyLabel.DEBIT),
                "key": sample.card_key(KeyLabel.DEBIT).value().hex(),
                "message": messages.number_mask_message().hex(),
                "mask": f"{mask:08x}",
                "newest_seq": at,
            }
        )
    return {"cases": cases}


def _all(name: str) -> list[tuple[int, Exchange]]:
    """The journey's exchanges that are no authenticated command, each with the number of receipts before it."""
    found, made = [], 0
    for exchange in journey.journey().exchanges:
        if exchange.request is None and exchange.step == name:
            found.append((made, exchange))
        if exchange.answered and exchange.request and exchange.request.command in _MAKING:
            made += 1
    return found


_MAKING = (commands.DEBIT, commands.CANCEL, commands.OVERRIDE, commands.UPDATE)


def command_case(request: Signed) -> dict[str, Any]:
    """One authenticated command."""
    case = {
        "command": request.command.name,
        "fields": plain(request.values),
        "key_label": str(request.label),
        "key": request.key.value().hex(),
        "header_and_body": request.header_and_body.hex(),
        "message": request.message.hex(),
        "mac": request.mac.hex(),
        "apdu": request.apdu.hex(),
    }
    if request.command is commands.UPDATE:
        return case | {"serial": sample.SERIAL.hex()}
    return case | {"quote": request.quote.hex(), "challenge": request.challenge.hex()}


def answer_case(answer: Answered) -> dict[str, Any]:
    """One answer."""
    return {
        "command": answer.request.command.name,
        "ins": f"{answer.request.command.ins:02x}",
        "command_mac": answer.request.mac.hex(),
        "key_label": str(KeyLabel.DEBIT),
        "key": answer.key.value().hex(),
        "logical_answer": answer.logical.hex(),
        "message": answer.message.hex(),
        "mac": answer.mac.hex(),
        "data": answer.data.hex(),
        "fields": answer_fields(answer),
    }


def _answered() -> list[Answered]:
    return [one.answered for one in journey.journey().exchanges if one.answered]


def _commands() -> dict[str, Any]:
    return {"cases": [command_case(answer.request) for answer in _answered()]}


def _altered(answer: Answered) -> list[tuple[str, bytes]]:
    """The same answer as a line without keys might make it."""
    data = answer.data
    return [
        ("the last bit of the MAC", data[:-1] + bytes((data[-1] ^ 1,))),
        ("the first bit of the data", bytes((data[0] ^ 0x80,)) + data[1:]),
        ("a byte cut off", data[:-1]),
        ("a byte more", data + b"\x00"),
        ("no data", b""),
        ("a MAC of zeros", data[:-8] + bytes(8)),
        ("the receipt's MAC for the answer's", data[:-8] + data[-16:-8]),
    ]


def _answers() -> dict[str, Any]:
    answers = _answered()
    debit = next(one for one in answers if one.request.command is commands.DEBIT)
    other = next(one for one in answers if one.request.command is commands.DEBIT and one is not debit)
    false = [*_altered(debit), ("another debit's answer, of the same card", other.data)]
    return {
        "cases": [answer_case(answer) for answer in answers],
        "not_genuine": [
            {"why": why, "command_mac": debit.request.mac.hex(), "body": debit.request.body.hex(), "data": data.hex()}
            for why, data in false
        ],
    }


def _pins() -> dict[str, Any]:
    """PIN blocks and their masks."""
    key = sample.card_key(KeyLabel.DEBIT)
    cases = []
    for number, pin in enumerate(("4711", "471100", "0000", "123456789012")):
        nonce, challenge = sample.drawn("Rt", number), sample.drawn("Rc", number)
        message = messages.pin_mask_message(nonce, challenge)
        mask = key.cmac(message)[:8]
        block = pin_block(pin)
        cases.append(
            {
                "pin": pin,
                "pin_block": block.hex(),
                "key_label": str(KeyLabel.DEBIT),
                "key": key.value().hex(),
                "terminal_nonce": nonce.hex(),
                "challenge": challenge.hex(),
                "message": message.hex(),
                "mask": mask.hex(),
                "masked_pin_block": bytes(a ^ b for a, b in zip(block, mask, strict=True)).hex(),
            }
        )
    return {"cases": cases, "no_pins": ["", "123", "1234567890123", "12a4", "１２３４"]}


def contents() -> dict[str, dict[str, Any]]:
    """What every vector file holds, by its name."""
    primitives = {
        "derivation": _derivation(),
        "select": _selects(),
        "commands": _commands(),
        "answers": _answers(),
        "pin_blocks": _pins(),
        "baskets": baskets.vectors(),
        "receipts": receipt_cases.vectors(),
        "conclusions": conclusions.vectors(),
    }
    transcripts = {
        name: {
            "serial": sample.SERIAL.hex(),
            "install_data": secure.install_data().hex(),
            "transcripts": [script.as_json() for script in scripts()],
        }
        for name, scripts in TRANSCRIPTS.items()
    }
    transcripts["scp03"]["not_genuine"] = channels.not_genuine()
    found = primitives | transcripts
    return {name: {"note": _NOTE, **found[name]} for name in NAMES}


def render() -> dict[str, str]:
    """Text of every vector file, by its path from the repository's root."""
    return {f"{FOLDER}/{name}.json": json.dumps(content, indent=2) + "\n" for name, content in contents().items()}
