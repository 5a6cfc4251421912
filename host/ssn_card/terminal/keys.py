# SPDX-License-Identifier: Apache-2.0
"""All that a terminal asks of its keys: a narrow interface, which a SAM can implement and refuse through.

It gives no card key away, and makes a message and its last block itself, from fields: nobody gets a card's answer out
of it, nor the mask of a PIN that was sent before.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from operator import xor
from pathlib import Path
from typing import Protocol
from weakref import WeakKeyDictionary

from ssn_card import keys as key_sources
from ssn_card.keys import KeyProvider
from ssn_card.protocol import commands
from ssn_card.protocol.commands import Command, Security
from ssn_card.protocol.crypto import SecretKey, macs_equal
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.layouts import PIN_QUERY, SELECT_ANSWER
from ssn_card.protocol.messages import answer_message, command_message, number_mask_message, pin_mask_message
from ssn_card.protocol.pin import pin_block
from ssn_card.protocol.selection import CardInfo

from .errors import KeysRefuse

_NUMBER = SELECT_ANSWER.fields[-2].size
_CHALLENGE = SELECT_ANSWER.fields[-1].size
_NONCE = PIN_QUERY.fields[0].size


class TerminalKeys(Protocol):
    """The DEBIT keys, for whoever speaks to a card. The key is that of the card, in the version that it quotes.

    Every method raises ``KeyMissing`` for a version that is not held, and may raise :class:`KeysRefuse`.
    """

    def number(self, card: CardInfo) -> int:
        """The number of the card's newest receipt, unmasked; as true as what was quoted."""

    def command_mac(self, card: CardInfo, ins: int, body: bytes, challenge: bytes) -> bytes:
        """The MAC, 8 bytes, of a terminal command of this card.

        Args:
            ins: instruction byte of a command under DEBIT.
            body: as its layout says, without the MAC.
            challenge: 8 bytes, from SELECT or the MAC of the last answer.
        """

    def is_genuine(self, card: CardInfo, ins: int, answer: bytes, command_mac: bytes, mac: bytes) -> bool:
        """Whether the card answered that command so: ``mac`` is that of the whole logical answer."""

    def pin_query(self, card: CardInfo, terminal_id: int, pin: str, challenge: bytes) -> bytes:
        """The body, 20 bytes, of VERIFY or CHANGE REFERENCE DATA under that challenge, with a nonce of its own.

        Raises ``InputError`` for what is no PIN.
        """


class CompanionKeys(Protocol):
    """The OVERRIDE key of a companion who confirms a need, perhaps in a device of his own."""

    def override_mac(self, card: CardInfo, body: bytes, challenge: bytes) -> bytes:
        """The MAC, 8 bytes, of an OVERRIDE with this body of 36 bytes. Raises ``KeyMissing``, :class:`KeysRefuse`."""


class SoftwareTerminalKeys(TerminalKeys):
    """:class:`TerminalKeys` over a source of keys, such as a keyring, until there is a SAM."""

    def __init__(self, provider: KeyProvider) -> None:
        """``provider``: must hold DEBIT."""
        self._provider = provider
        self._derived: WeakKeyDictionary[CardInfo, SecretKey] = WeakKeyDictionary()

    def number(self, card: CardInfo) -> int:
        mask = self._key(card).cmac(number_mask_message())[:_NUMBER]
        return card.masked_seq ^ int.from_bytes(mask, "big")

    def command_mac(self, card: CardInfo, ins: int, body: bytes, challenge: bytes) -> bytes:
        command = commands.BY_INS.get(ins)
        if command is None or command.security is not Security.DEBIT_MAC:
            raise KeysRefuse(f"INS {ins:02X}")
        return self._key(card).mac8(_message(command, card, body, challenge))

    def is_genuine(self, card: CardInfo, ins: int, answer: bytes, command_mac: bytes, mac: bytes) -> bool:
        return macs_equal(self._key(card).mac8(answer_message(ins, answer, command_mac)), mac)

    def pin_query(self, card: CardInfo, terminal_id: int, pin: str, challenge: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE)
        mask = self._key(card).cmac(pin_mask_message(nonce, challenge))  # its beginning, as long as the block
        return PIN_QUERY.encode(
            {
                "terminal_nonce": nonce,
                "terminal_id": terminal_id,
                "masked_pin_block": bytes(map(xor, pin_block(pin), mask)),
            }
        )

    def _key(self, card: CardInfo) -> SecretKey:
        """Derived once a selection, and dropped with it."""
        key = self._derived.get(card)
        if key is None:
            key = self._provider.diversify(KeyLabel.DEBIT, card.debit_key_version, card.serial)
            self._derived[card] = key
        return key


@contextmanager
def open_keyring(path: Path | str, password: str | None = None) -> Iterator[SoftwareTerminalKeys]:
    """A terminal's keys out of a key file or a token (``pkcs11:token=...``), for as long as the block lasts.

    Args:
        password: falls back to ``SSN_KEYRING_PASSWORD``; of a token its PIN, to ``SSN_TOKEN_PIN``.

    Raises:
        KeyringError: a class for each reason.
    """
    with key_sources.open_keys(path, password) as keyring:  # loaded now, with pydantic, and not before
        yield SoftwareTerminalKeys(keyring)


class SoftwareCompanionKeys(CompanionKeys):
    """:class:`CompanionKeys` over a source of keys that holds OVERRIDE."""

    def __init__(self, provider: KeyProvider) -> None:
        self._provider = provider

    def override_mac(self, card: CardInfo, body: bytes, challenge: bytes) -> bytes:
        key = self._provider.diversify(KeyLabel.OVERRIDE, card.override_key_version, card.serial)
        return key.mac8(_message(commands.OVERRIDE, card, body, challenge))


def _message(command: Command, card: CardInfo, body: bytes, challenge: bytes) -> bytes:
    """A command's message, of fields of the right length only: the bytes of one never slide into the next."""
    if command.body is None or (len(body), len(challenge)) != (command.body.size, _CHALLENGE):
        raise KeysRefuse(command.name)
    return command_message(command.header_and_body(body), card.quote, challenge)
