# SPDX-License-Identifier: Apache-2.0
"""Test vectors as JSON: derivation, commands, answers, updates, receipts, SCP03. Byte strings are hexadecimal.

The keys are published ones; a deterministic card and fixed challenges make every file the same on every run.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from .. import commands, layouts, values
from ..commands import Command
from ..crypto import kdf_input
from ..labels import KeyLabel
from ..layout import Layout
from . import bad_receipts, sample, sample_scp03, update_steps
from .sample import Answered, Signed, plain, signed

FOLDER = "protocol/vectors"

_NOTE = "Generated from protocol/ by 'make generate'. Published development keys, never for a real card."


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


def command_case(request: Signed) -> dict[str, Any]:
    """One authenticated command."""
    key = sample.card_key(request.key)
    return {
        "command": request.command.name,
        "fields": plain(request.values),
        "key_label": str(request.key),
        "key": key.value().hex(),
        "challenge": request.challenge.hex(),
        "header_and_body": request.header_and_body.hex(),
        "message": request.message.hex(),
        "mac": request.mac.hex(),
        "apdu": request.apdu.hex(),
    }


def answer_case(answer: Answered, layout: Layout) -> dict[str, Any]:
    """One answer; ``layout`` names the fields of what the MAC covers."""
    return {
        "command": answer.request.command.name,
        "ins": f"{answer.request.command.ins:02x}",
        "command_mac": answer.request.mac.hex(),
        "key_label": str(KeyLabel.DEBIT),
        "key": sample.card_key(KeyLabel.DEBIT).value().hex(),
        "logical_answer": answer.logical.hex(),
        "fields": plain(layout.decode(answer.logical)),
        "message": answer.message.hex(),
        "mac": answer.mac.hex(),
        "data": answer.data.hex(),
    }


def queries() -> dict[str, Signed]:
    """A request of every query of the examples."""
    query = {"terminal_nonce": sample.NONCE, "terminal_id": sample.TERMINAL_ID}
    recovery = query | {"terminal_txn": 1005, "reserved": bytes(12)}
    return {
        "GET_STATUS": signed(commands.GET_STATUS, query),
        "READ_LOG newest": signed(commands.READ_LOG, query, p1=0),
        "READ_LOG oldest": signed(commands.READ_LOG, query, p1=values.LOG_ENTRIES - 1),
        "RECOVER found": signed(commands.RECOVER, recovery),
        "RECOVER none": signed(commands.RECOVER, recovery | {"terminal_txn": 1999}),
    }


def _movement_requests() -> list[Signed]:
    wanted: tuple[Command, ...] = (commands.DEBIT, commands.CANCEL, commands.OVERRIDE)
    steps = sample.journey()
    return [next(step.request for step in steps if step.request.command is command) for command in wanted]


def _commands() -> dict[str, Any]:
    return {"cases": [command_case(request) for request in (*_movement_requests(), *queries().values())]}


def status_values() -> sample.Values:
    """GET STATUS of the example card after the seventh step of its journey."""
    steps = sample.journey()[:7]
    chain = [sample.receipt_of(step) for step in steps]
    last = layouts.RECEIPT.decode(chain[-1])
    update = next(step.request.values for step in reversed(steps) if step.request.command is commands.UPDATE)
    return {
        "seq": last["seq"],
        "balance": last["balance_after"],
        "month_spent": last["month_spent_after"],
        "last_mac": last["mac"],
        "month": bytes.fromhex("2602"),
        "extra_month": bytes.fromhex("2601"),
        "month_extra": 40_000,
        "refunded_total": 72_500,
        "withdrawn_total": 0,
    } | {field.name: update[field.name] for field in layouts.ENTITLEMENT.fields[:-1]}


def query_answers() -> list[tuple[Answered, Layout]]:
    """Answers to the queries after the seventh step, and the layouts of what their MACs cover."""
    asked = queries()
    chain = [sample.receipt_of(step) for step in sample.journey()[:7]]
    none = {
        "oldest_seq": 1,
        "newest_seq": len(chain),
        "oldest_timestamp": dt.datetime(2026, 1, 7, 10, 15, 30),
        "reserved": bytes(2),
    }
    return [
        (
            sample.answered(asked["GET_STATUS"], layouts.STATUS_ANSWER.encode(status_values())),
            layouts.STATUS_ANSWER,
        ),
        (sample.answered(asked["READ_LOG newest"], chain[-1]), layouts.RECEIPT),
        (sample.answered(asked["RECOVER found"], chain[-1]), layouts.RECEIPT),
        (sample.answered(asked["RECOVER none"], layouts.NO_RECEIPT_ANSWER.encode(none)), layouts.NO_RECEIPT_ANSWER),
    ]


#: Logical answer of a movement: what was sent, the result and the receipt's MAC.
_MOVED = Layout("moved", *layouts.MOVEMENT.fields, *layouts.RECEIPT_ANSWER.fields)


def _answers() -> dict[str, Any]:
    moved = [step for step in sample.journey() if step.request.command is not commands.UPDATE]
    cases = [answer_case(step, _MOVED) for step in moved]
    cases += [answer_case(answer, layout) for answer, layout in query_answers()]
    return {"cases": cases}


def _receipts() -> dict[str, Any]:
    chain = []
    for step in sample.journey():
        receipt = sample.receipt_of(step)
        kind = values.ReceiptType[step.request.command.name]
        fields = plain(layouts.RECEIPT_BY_TYPE[kind].decode(receipt))
        chain.append({"type": kind.name, "receipt": receipt.hex(), "fields": fields})
    return {
        "serial": sample.SERIAL.hex(),
        "key": sample.card_key(KeyLabel.RECEIPT).value().hex(),
        "key_version": sample.VERSION,
        "chain": chain,
        "invalid": bad_receipts.cases(),
    }


def render() -> dict[str, str]:
    """Text of every vector file, by its path from the repository's root."""
    contents = {
        "derivation": _derivation(),
        "commands": _commands(),
        "answers": _answers(),
        "updates": update_steps.vectors(),
        "receipts": _receipts(),
        "scp03": sample_scp03.vectors(),
    }
    return {
        f"{FOLDER}/{name}.json": json.dumps({"note": _NOTE, **content}, indent=2) + "\n"
        for name, content in contents.items()
    }
