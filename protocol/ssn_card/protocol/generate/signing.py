# SPDX-License-Identifier: Apache-2.0
"""Commands and answers with their MACs, and everything on the way to them, for the examples."""

from __future__ import annotations

from dataclasses import dataclass

from .. import commands, messages
from ..commands import Command
from ..crypto import SecretKey
from ..labels import KeyLabel
from . import sample
from .sample import Values


@dataclass(frozen=True)
class Signed:
    """One authenticated command: ``message`` is what the MAC covers; an UPDATE has neither quote nor challenge."""

    command: Command
    values: Values
    label: KeyLabel
    key: SecretKey
    quote: bytes
    challenge: bytes
    header_and_body: bytes
    message: bytes
    mac: bytes

    @property
    def body(self) -> bytes:
        """The data field without its MAC."""
        return self.header_and_body[5:]

    @property
    def apdu(self) -> bytes:
        """The whole command, with Le 00."""
        return self.header_and_body + self.mac + b"\x00"


def label_of(command: Command) -> KeyLabel:
    """Whose key a command's MAC is under."""
    return {commands.UPDATE: KeyLabel.UPDATE, commands.OVERRIDE: KeyLabel.OVERRIDE}.get(command, KeyLabel.DEBIT)


def signed(
    command: Command,
    body: bytes,
    values: Values,
    key: SecretKey,
    quote: bytes = b"",
    challenge: bytes = b"",
) -> Signed:
    """A command with its MAC. ``body`` may hold what no layout encodes; ``values`` are what it says, for people."""
    sent = command.header_and_body(body)
    if command is commands.UPDATE:
        message = messages.update_message(sent, sample.SERIAL)
    else:
        message = messages.command_message(sent, quote, challenge)
    return Signed(command, values, label_of(command), key, quote, challenge, sent, message, key.mac8(message))


@dataclass(frozen=True)
class Answered:
    """The card's answer to a command: ``logical`` is what its MAC covers, ``data`` what travels, with the MAC."""

    request: Signed
    key: SecretKey
    logical: bytes
    message: bytes
    mac: bytes
    data: bytes


def answered(request: Signed, key: SecretKey, logical: bytes, travels: bytes | None = None) -> Answered:
    """The answer to ``request``; ``travels`` is the part of ``logical`` that is sent, all of it where not given."""
    message = messages.answer_message(request.command.ins, logical, request.mac)
    mac = key.mac8(message)
    return Answered(request, key, logical, message, mac, (logical if travels is None else travels) + mac)
