# SPDX-License-Identifier: Apache-2.0
"""Makes the bytes of a step: a command of the table with good values, and in it what the step wants otherwise."""

from __future__ import annotations

import datetime as dt

from ssn_card.personalization.card.groups import KeyVersions, data_groups, group
from ssn_card.protocol import commands
from ssn_card.protocol.commands import BY_INS, Command, Security
from ssn_card.protocol.groups import DGI_HEADER, PERSONALIZED_SLOTS
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.layout import Layout
from ssn_card.protocol.layouts import ENTITLEMENT, MOVEMENT, PIN_QUERY
from ssn_card.protocol.pin import pin_block
from ssn_card.protocol.values import APPLET_AID, MAX_AMOUNT, NEVER, LifeState

from ..campaign.bench import BENEFICIARY, IDENTITY, MOMENT, PIN
from ..campaign.talk import TERMINAL
from .secure import Channel
from .steps import Step, changed
from .witness import Witness

BY_NAME = {command.name: command for command in BY_INS.values()}
_LONGEST = 230  #: bytes of data that still fit a secured short command
CHALLENGE = bytes.fromhex("0102030405060708")  #: of the host; anything will do

#: What an update goes by on a card that has had none.
_FIRST = ENTITLEMENT.encode(
    {
        "update_seq": 0, "loaded_total": 900_000, "expired_total": 0, "monthly_limit": 600_000, "override_max": 300_000,
        "debit_max": 600_000, "pin_above": NEVER, "allowed_categories": 0x7F, "valid_until": dt.date(2025, 12, 31),
        "key_selection": 0, "state": LifeState.ACTIVE, "policy_id": 2025, "issued_at": MOMENT, "pin_count": 0,
        "mend_count": 0, "mended_to": bytes(2), "reference": bytes(8),
    }
)  # fmt: skip
#: What a field is where a step does not say, by its name: a name of :func:`known`, or hexadecimal. Of a PIN block
#: before it is masked.
_GOOD = {
    "amount": "000003e8", "categories": "0001", "timestamp": "251003100000", "terminal_id": TERMINAL.to_bytes(4).hex(),
    "terminal_txn": "$fresh", "basket_digest": "00" * 16, "reason": "0001", "companion_id": "00" * 8,
    "terminal_nonce": "$fresh", "reserved": "00" * 8, "padding": "00" * 8, "seq": "$seq", "masked_pin_block": "$pin",
}  # fmt: skip
#: Where the good value depends on the command.
_GOOD_OF = {
    "cancellation": {
        **{name: f"$newest.{name}" for name in ("amount", "categories", "timestamp", "terminal_id")},
        "cancelled_mac": "$last_mac",
    },
    "entitlement": {
        **{field.name: f"${field.name}" for field in ENTITLEMENT.fields},
        "update_seq": "$update_seq+1",
    },
}  # fmt: skip
#: Names of data groups, in the order of :func:`data_groups`.
GROUPS = ("card_data", "identity", "pin", *(f"key{slot.index}" for slot in PERSONALIZED_SLOTS))


def good_value(layout: Layout, field: str) -> str:
    """What a step need not say. Raises ``KeyError`` for a field of the table that nobody thought of."""
    return _GOOD_OF.get(layout.name, {}).get(field) or _GOOD[field]


def known(witness: Witness) -> dict[str, bytes]:
    """Everything that a step can name, and its bytes now."""
    purse = witness.purse
    names = {
        "fresh": witness.fresh.to_bytes(4), "balance": purse.balance.to_bytes(4), "seq": purse.seq.to_bytes(4),
        "last_mac": purse.last_mac or bytes(8), "serial": witness.serial, "challenge": witness.challenge or bytes(8),
        "pin": min((pin for pin in witness.pins if pin is not None), default=bytes(8)), "month": purse.month,
        "room": min(max(purse.room, 0), MAX_AMOUNT).to_bytes(4),
    }  # fmt: skip
    entitlement = purse.entitlement if purse.rule("update_seq") else _FIRST
    for layout, data, prefix in ((ENTITLEMENT, entitlement, ""), (MOVEMENT, purse.newest, "newest.")):
        at = 0
        for field in layout.fields:
            names[prefix + field.name] = data[at : at + field.size]
            at += field.size
    return names


def value(text: str, size: int, witness: Witness) -> bytes:
    """The bytes of a field's value, ``size`` of them."""
    if not text.startswith("$"):
        return bytes.fromhex(text)[:size].rjust(size, b"\x00")
    name, sign, number = text[1:], 0, ""
    for sign_text, factor in (("+", 1), ("-", -1)):
        if sign_text in name:
            name, _, number = name.partition(sign_text)
            sign = factor
    found = int.from_bytes(known(witness)[name][:size])
    return ((found + sign * int(number or 0)) % (1 << 8 * size)).to_bytes(size)


def compose(step: Step, witness: Witness) -> bytes:
    """The command of a ``SEND`` step, edits included. Never raises for steps that the grammar or a mutation made."""
    command = BY_NAME[step.command]
    table = (command.cla, command.ins, command.p1, command.p2)
    header = bytes(
        given if given is not None else (fixed if isinstance(fixed, int) else 0)
        for given, fixed in zip((step.cla, step.ins, step.p1, step.p2), table, strict=True)
    )
    if command.security is Security.SCP03:
        apdu = _secured(step, command, header, witness)
    else:
        body = changed(_body(step, command, witness), step.body)
        if command.security is not Security.NONE:
            apdu = _signed(step, command, header, body, witness)
        else:
            apdu = header + (bytes((len(body) & 0xFF,)) + body if body else b"")
    if "$fresh" in (*step.fields.values(), "$fresh"):
        witness.fresh += 1
    return changed(apdu + bytes.fromhex(step.le), step.apdu)


def _body(step: Step, command: Command, witness: Witness) -> bytes:
    if command is commands.SELECT:
        return APPLET_AID
    if command is commands.INITIALIZE_UPDATE:
        return CHALLENGE
    if command.body is None:
        return b""
    body = b"".join(
        value(step.fields.get(field.name) or good_value(command.body, field.name), field.size, witness)
        for field in command.body.fields
    )
    return _masked(body, witness) if command.body is PIN_QUERY else body


def _masked(body: bytes, witness: Witness) -> bytes:
    """The body of a PIN query, whose PIN block stands in clear in it."""
    at = PIN_QUERY.offset("masked_pin_block")
    mask = witness.pin_mask(body[: PIN_QUERY.offset("terminal_id")])
    return body[:at] + bytes(one ^ other for one, other in zip(body[at:], mask, strict=True))


def _signed(step: Step, command: Command, header: bytes, body: bytes, witness: Witness) -> bytes:
    message = header + bytes((len(body) + 8 & 0xFF,)) + body
    key = witness.command_key(command)
    if step.key:
        key = witness.key(KeyLabel.named(step.key.rstrip("+")), following=step.key.endswith("+"))
    return message + key.mac8(witness.message(command, message))


def _secured(step: Step, command: Command, header: bytes, witness: Witness) -> bytes:
    channel = witness.channel
    if channel is None:
        # Nobody can sign: the shape of a command, with nothing right in it.
        return header + bytes((16,)) + bytes(16)
    if command is commands.EXTERNAL_AUTHENTICATE:
        return channel.sign(header, changed(channel.cryptogram, step.body))
    plain = b"".join(_groups(step.groups, witness, channel)) if command is commands.STORE_DATA else b""
    data = changed(plain, step.body)[:_LONGEST]
    return channel.sign(header, data if step.in_clear else channel.encrypt(data))


def _groups(names: tuple[str, ...], witness: Witness, channel: Channel) -> list[bytes]:
    """Good data groups by name, or one from hexadecimal."""
    made = data_groups(
        witness.serial, BENEFICIARY, IDENTITY, witness.provider,
        lambda key: channel.static.dek.encrypt_cbc(key.value()), KeyVersions(), pin_block(PIN),
    )  # fmt: skip
    by_name = dict(zip(GROUPS, made, strict=True))
    return [by_name.get(name) or _raw_group(name) for name in names]


def _raw_group(text: str) -> bytes:
    """``DGI:DATA``, hexadecimal, with the length that fits."""
    dgi, _, data = text.partition(":")
    return group(int(dgi or "0", 16) & 0xFFFF, bytes.fromhex(data)[: 0xFF - DGI_HEADER])
