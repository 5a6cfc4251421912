# SPDX-License-Identifier: Apache-2.0
"""``protocol/vectors/schema.json``: the form of every vector file, as JSON Schema (draft 2020-12).

Every object is closed: a member that stands in a file and not here is a mistake, and so is the other way round.
"""

from __future__ import annotations

import json
from typing import Any

from .. import layouts
from ..labels import KeyLabel
from ..values import KeyVersionNumber, LifeState, ReceiptType

PATH = "protocol/vectors/schema.json"

#: What each file holds, in words; in the order in which a reader needs them.
ABOUT = {
    "derivation": "card keys of every label, with input and KCV",
    "select": "SELECT answers, and the number under its mask",
    "commands": "authenticated commands: fields, message, MAC, APDU; those of the journey",
    "answers": "their answers: logical answer, message, MAC, what travels; and answers that are not genuine",
    "pin_blocks": "PIN blocks and their masks",
    "baskets": "canonical baskets, and texts that are none",
    "receipts": "a chain of every type, receipts that fail at each check, chains with gaps, forks and copies",
    "conclusions": "what a terminal concludes from answers to READ RECEIPT, and what the bank restores",
    "journey": "transcript: a card's first weeks",
    "personalization": "transcripts: from a blank card to a personalized one, and every refusal on the way",
    "movements": "transcripts: every refusal of the purse, challenges, false quotes, tampered commands, large numbers",
    "pins": "transcripts: VERIFY and CHANGE REFERENCE DATA, the floor, the choice",
    "updates": "transcripts: updates taken, refused, repeated, overtaken; expiry, counts, mending",
    "rotation": "transcripts: every key moves on; an update under the next key, and under the former one",
    "recovery": "transcripts: READ RECEIPT in all outcomes",
    "forms": "transcripts: commands of a wrong form",
    "scp03": "transcripts: secure channels at every level, and every refusal; answers that are not genuine",
}
#: The files of transcripts.
TRANSCRIPTS = ("journey", "personalization", "movements", "pins", "updates", "rotation", "recovery", "forms", "scp03")

Schema = dict[str, Any]


def hexadecimal(size: int | None = None) -> Schema:
    """Lower-case hexadecimal of so many bytes, or of any number."""
    return {"type": "string", "pattern": "^([0-9a-f]{2})*$" if size is None else f"^[0-9a-f]{{{2 * size}}}$"}


def _one_of(*values: object) -> Schema:
    return {"enum": list(values)}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items, "minItems": 1}


def _object(required: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    return {
        "type": "object",
        "properties": required | (optional or {}),
        "required": list(required),
        "additionalProperties": False,
    }


def _file(content: dict[str, Schema]) -> Schema:
    return _object({"note": _TEXT} | content)


_TEXT: Schema = {"type": "string"}
_NUMBER: Schema = {"type": "integer", "minimum": -(1 << 31), "maximum": (1 << 32) - 1}
_COUNT: Schema = {"type": "integer", "minimum": 0, "maximum": (1 << 32) - 1}
_HEX, _KEY, _MAC, _SERIAL = hexadecimal(), hexadecimal(16), hexadecimal(8), hexadecimal(8)
_LABEL = _one_of(*map(str, KeyLabel))
_TYPE = _one_of(*(kind.name for kind in ReceiptType))
_RECEIPT = hexadecimal(layouts.RECEIPT.size)
_NONE: Schema = {"const": ""}


def _shared() -> dict[str, Schema]:
    fields: Schema = {"type": "object", "additionalProperties": {"anyOf": [_NUMBER, _TEXT, {"type": "null"}]}}
    exchange = _object(
        {"step": _TEXT, "command": _HEX, "answer": _HEX, "sw": hexadecimal(2)},
        {"fields": _ref("fields"), "answer_fields": _ref("fields"), "plain_command": _HEX, "plain_answer": _HEX},
    )
    card = _object(
        {
            "pin": {"anyOf": [_TEXT, {"type": "null"}]},
            "status": _status(),
            "receipts": {"type": "array", "items": _RECEIPT},
        }
    )
    keys = ("key_enc", "key_mac", "s_enc", "s_mac", "s_rmac")
    eights = ("host_challenge", "card_challenge", "card_cryptogram", "host_cryptogram")
    channel = _object(
        {"key_set": _one_of(*(kvn.name for kvn in KeyVersionNumber)), "level": hexadecimal(1)}
        | dict.fromkeys(keys, _KEY)
        | dict.fromkeys(eights, _MAC)
    )
    transcript = _object(
        {
            "name": _TEXT,
            "about": _TEXT,
            "given": {"anyOf": [_TEXT, {"type": "null"}]},
            "medium": _one_of("contacts", "contactless"),
            "card": {"anyOf": [_ref("card"), {"type": "null"}]},
            "exchanges": _list({"anyOf": [_ref("exchange"), _ref("event")]}),
        },
        {"secure_channels": _list(_ref("secure_channel"))},
    )
    return {
        "fields": fields,
        "exchange": exchange,
        "event": _object({"step": _TEXT, "event": _one_of("reset")}),
        "card": card,
        "secure_channel": channel,
        "transcript": transcript,
        "attempt": _object(
            {"serial": _SERIAL, "type": _one_of(1, 2, 3), "seq": _COUNT, "body": hexadecimal(layouts.MOVEMENT.size)}
        ),
    }


def _status() -> Schema:
    """GET STATUS, field by field."""
    own = {"state": _one_of(*map(int, LifeState)), "pin_floor": _NUMBER}
    kinds: dict[str, Schema] = {}
    for field in layouts.STATUS_ANSWER.fields:
        integer = _COUNT if field.kind.name == "UINT" else {"anyOf": [_TEXT, {"type": "null"}]}
        kinds[field.name] = own.get(field.name, integer)
    return _object(kinds)


def _primitives() -> dict[str, Schema]:
    derivation = {"label": _LABEL, "version": _COUNT, "serial": _SERIAL, "master": _KEY, "input": _HEX, "key": _KEY}
    key = {"key_label": _LABEL, "key": _KEY}
    select = {"answer": hexadecimal(layouts.SELECT_ANSWER.size), "fields": _ref("fields"), **key}
    command = {"command": _TEXT, "fields": _ref("fields"), **key, "header_and_body": _HEX, "message": _HEX, "mac": _MAC}
    answer = {"command": _TEXT, "ins": hexadecimal(1), "command_mac": _MAC, **key, "logical_answer": _HEX}
    false = {"why": _TEXT, "command_mac": _MAC, "body": _HEX, "data": _HEX}
    pin = {"pin": _TEXT, "pin_block": hexadecimal(8), **key, "terminal_nonce": _MAC, "challenge": _MAC}
    line = {"type": "array", "prefixItems": [_TEXT, _COUNT, _COUNT], "minItems": 3, "maxItems": 3}
    basket = {"name": _TEXT, "basket": _list(line), "canonical": _TEXT, "total": {"type": "integer", "minimum": 1}}
    return {
        "derivation": _file({"cases": _list(_object(derivation | {"kcv": hexadecimal(3)}))}),
        "select": _file(
            {"cases": _list(_object(select | {"message": _KEY, "mask": hexadecimal(4), "newest_seq": _COUNT}))}
        ),
        "commands": _file(
            {
                "cases": _list(
                    _object(
                        command | {"apdu": _HEX},
                        {"quote": hexadecimal(10), "challenge": _MAC, "serial": _SERIAL},
                    )
                )
            }
        ),
        "answers": _file(
            {
                "cases": _list(
                    _object(answer | {"message": _HEX, "mac": _MAC, "data": _HEX, "fields": _ref("fields")})
                ),
                "not_genuine": _list(_object(false)),
            }
        ),
        "pin_blocks": _file(
            {
                "cases": _list(
                    _object(pin | {"message": hexadecimal(32), "mask": _MAC, "masked_pin_block": hexadecimal(8)})
                ),
                "no_pins": _list(_TEXT),
            }
        ),
        "baskets": _file({"cases": _list(_object(basket | {"digest": _KEY, "not_canonical": _list(_TEXT)}))}),
        "receipts": _receipts(),
        "conclusions": _conclusions(),
    }


def _receipts() -> Schema:
    finding = _object(
        {
            "problem": _one_of("missing", "not_handed_in", "duplicate", "broken_chain", "wrong_arithmetic", "refused"),
            "seq": _COUNT,
        },
        {"field": _TEXT, "receipts": _COUNT, "spent": {"type": "integer"}},
    )
    return _file(
        {
            "serial": _SERIAL,
            "key_label": _LABEL,
            "key": _KEY,
            "key_version": _COUNT,
            "chain": _list(_object({"type": _TYPE, "receipt": _RECEIPT, "fields": _ref("fields")})),
            "invalid": _list(
                _object(
                    {
                        "first_wrong": _TEXT,
                        "why": _TEXT,
                        "previous": {"anyOf": [_RECEIPT, _NONE]},
                        "receipt": _HEX,
                    }
                )
            ),
            "chains": _list(
                _object(
                    {"name": _TEXT, "receipts": _list(_RECEIPT), "findings": {"type": "array", "items": finding}},
                    {"tip": _object({"seq": _COUNT, "last_mac": _MAC}), "whole": {"const": False}},
                )
            ),
        }
    )


def _conclusions() -> Schema:
    terminal = {"why": _TEXT, "attempt": _ref("attempt"), "read_receipt": _HEX, "answer": _HEX}
    possible = {"anyOf": [_RECEIPT, _NONE]}
    bank = {"why": _TEXT, "before": possible, "attempt": _ref("attempt"), "after": possible, "receipt": possible}
    return _file(
        {
            "serial": _SERIAL,
            "debit_key": _KEY,
            "receipt_keys": _object({"1": _KEY, "2": _KEY}),
            "terminal": _list(
                _object(terminal | {"conclusion": _one_of("charged", "not charged", "gone", "not genuine")})
            ),
            "bank": _list(_object(bank | {"conclusion": _one_of("charged", "not charged", "open")})),
        }
    )


def _transcripts() -> dict[str, Schema]:
    content = {
        "serial": _SERIAL,
        "install_data": hexadecimal(layouts.INSTALL_DATA.size),
        "transcripts": _list(_ref("transcript")),
    }
    files = {name: _file(content) for name in TRANSCRIPTS}
    false = _list(_object({"why": _TEXT, "answer": _HEX, "sw": hexadecimal(2)}))
    return files | {"scp03": _file(content | {"not_genuine": false})}


def contents() -> Schema:
    """The whole schema: each file's is ``$defs/<name>``."""
    files = _primitives() | _transcripts()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Test vectors of the SSN Card protocol",
        "description": "Generated from protocol/ by 'make generate'. Each file is described by $defs/<its name>.",
        "anyOf": [_ref(name) for name in ABOUT],
        "$defs": {name: files[name] | {"description": ABOUT[name]} for name in ABOUT} | _shared(),
    }


def render() -> str:
    """Its text."""
    return json.dumps(contents(), indent=2) + "\n"
