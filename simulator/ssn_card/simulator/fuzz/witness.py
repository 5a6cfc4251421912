# SPDX-License-Identifier: Apache-2.0
"""Sees every command and answer, holds every key, and so knows what the card may do.

It decides by the bytes sent alone whether a command proves that somebody with the right key or PIN wanted it: whatever
made those bytes, a mutation or a replay, does not matter.
"""

from __future__ import annotations

import copy
import dataclasses
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from ssn_card.channel import KeySet
from ssn_card.channel.static_keys import StaticKeys
from ssn_card.keys import KeyProvider
from ssn_card.protocol import commands, status
from ssn_card.protocol.commands import BY_INS, Command, Security
from ssn_card.protocol.crypto import MAC_LENGTH, SecretKey
from ssn_card.protocol.groups import DGI_HEADER, DGI_IDENTITY, DGI_PIN
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.layouts import ENTITLEMENT, MOVEMENT_ANSWER, PIN_QUERY, RECEIPT, SELECT_ANSWER
from ssn_card.protocol.life import MOVEMENTS, QUERIES
from ssn_card.protocol.messages import command_message, number_mask_message, pin_mask_message, update_message
from ssn_card.protocol.selection import QUOTE
from ssn_card.protocol.values import (
    PIN_TRIES,
    KeySelection,
    KeyVersionNumber,
    PinState,
    StateClass,
)

from .forms import data_of, is_pin_block
from .purse import ISSUED, Purse
from .secure import OPENING, Channel

_SELECTION = {
    KeyLabel.UPDATE: KeySelection.UPDATE,
    KeyLabel.OVERRIDE: KeySelection.OVERRIDE,
    KeyLabel.DEBIT: KeySelection.DEBIT,
    KeyLabel.RECEIPT: KeySelection.RECEIPT,
}
_SETS = {
    KeyVersionNumber.ISSUER: KeySet.ISSUER,
    KeyVersionNumber.REGISTRY: KeySet.REGISTRY,
    KeyVersionNumber.TRANSPORT: KeySet.TRANSPORT,
}
#: Refused before anything of the session is looked at: the challenge stays good.
_UNTOUCHED = (
    status.WrongLength.sw, status.WrongParameters.sw, status.InstructionNotSupported.sw, status.ClassNotSupported.sw,
    status.ConditionsNotSatisfied.sw,
)  # fmt: skip
PIN_COMMANDS = (commands.VERIFY, commands.CHANGE_REFERENCE_DATA)
_TERMINAL = (Security.DEBIT_MAC, Security.OVERRIDE_MAC, Security.UPDATE_MAC)


class Proof(Enum):
    """What a command proves."""

    NONE = "nothing"
    KEY = "MAC under the right key, or secure channel"
    PIN = "right PIN"
    WRONG_PIN = "wrong PIN"


class Presented(NamedTuple):
    """What VERIFY or CHANGE REFERENCE DATA proves, and the status word that is due; None: not known."""

    proof: Proof
    due: int | None = None


@dataclass
class Witness:
    """All that is known of one card. :meth:`copied` before a sequence; :meth:`examine` before, :meth:`learn` after a
    command."""

    provider: KeyProvider
    serial: bytes
    blank: bool = True
    selected: bool = False
    quote: bytes = bytes(QUOTE.stop - QUOTE.start)  #: what SELECT said behind the serial
    challenge: bytes | None = None
    channel: Channel | None = None
    purse: Purse = ISSUED
    contactless: bool = False  #: there the card does not take the last try
    pins: frozenset[bytes | None] = frozenset({None})  #: what the PIN may be, two after a torn change; None: none
    given: bool = False  #: the PIN, in this session
    tries: int | None = PIN_TRIES  #: of the PIN; None: not known, after a tear
    changing: bytes | None = None  #: the new PIN of a change that was torn
    identity: bytes | None = None  #: what GET DATA gives; None: not known, after a tear
    received: bytes | None = None  #: the identity group of the session that is open
    doubt: Purse | None = None  #: what the purse is if the torn command was done
    unfinished: bool = False  #: a torn command may have left the terminal's ciphers to be initialised
    cold: bool = False  #: powered up, and the terminal's ciphers not used yet; a forgetful card initialises them then
    fresh: int = 0x1000
    _keys: dict[tuple[KeyLabel, int], SecretKey] = field(default_factory=dict)

    def copied(self) -> Witness:
        """Another that learns apart from this one."""
        return copy.copy(self)

    # ------------------------------------------------------------ keys

    def key(self, label: KeyLabel, following: bool | None = None) -> SecretKey:
        """A key of the card: the one in force, or by ``following`` the first or second of its two versions."""
        if following is None:
            selection = KeySelection(self.purse.rule("key_selection") & 0x0F)
            following = bool(_SELECTION.get(label, KeySelection.NONE) & selection)
        known = (label, 2 if following else 1)
        if known not in self._keys:
            self._keys[known] = self.provider.diversify(label, known[1], self.serial)
        return self._keys[known]

    def command_key(self, command: Command) -> SecretKey:
        """The key that signs a command of a terminal, a companion or the bank."""
        labels = {Security.OVERRIDE_MAC: KeyLabel.OVERRIDE, Security.UPDATE_MAC: KeyLabel.UPDATE}
        return self.key(labels.get(command.security, KeyLabel.DEBIT))

    def message(self, command: Command, header_and_body: bytes) -> bytes:
        """What a command's MAC covers now."""
        if command.security is Security.UPDATE_MAC:
            return update_message(header_and_body, self.serial)
        return command_message(header_and_body, self.quote, self.challenge or bytes(8))

    def pin_mask(self, nonce: bytes) -> bytes:
        """What a PIN block is masked with under the live challenge."""
        return self.key(KeyLabel.DEBIT).mac8(pin_mask_message(nonce, self.challenge or bytes(8)))

    @property
    def number_told(self) -> int:
        """The number of the newest receipt, as SELECT told it."""
        at = SELECT_ANSWER.offset("masked_seq") - QUOTE.start
        mask = self.key(KeyLabel.DEBIT).cmac(number_mask_message())[:4]
        return int.from_bytes(self.quote[at : at + 4]) ^ int.from_bytes(mask)

    @property
    def has_pin(self) -> bool:
        """Whether the card has a PIN, as far as that is known."""
        return None not in self.pins

    @property
    def pin_state(self) -> PinState:
        """What the receipt of a movement says now."""
        return PinState.NONE if not self.has_pin else PinState.GIVEN if self.given else PinState.NOT_DUE

    def purse_after(self, command: Command, apdu: bytes) -> Purse:
        """Once this authentic movement or update is done."""
        return self.purse.after(command, data_of(apdu) or b"", self.pin_state)

    # ------------------------------------------------------------ before a command

    def examine(self, apdu: bytes) -> Proof:
        """What a command that is about to be sent proves to this card."""
        command, data = self.command_of(apdu), data_of(apdu)
        if command is None or data is None or not self.selected:
            return Proof.NONE
        if command.security is Security.SCP03:
            return Proof.KEY if self._secured(command, apdu, data) else Proof.NONE
        if command.security is Security.NONE or self.blank or len(data) < MAC_LENGTH:
            return Proof.NONE
        if not self._signed(command, apdu, data):
            return Proof.NONE
        return self.presented(command, apdu).proof if command in PIN_COMMANDS else Proof.KEY

    def due(self, apdu: bytes) -> int | None:
        """The status word that is due to a PIN command under a right MAC; None: not known, or it is no such command."""
        command, data = self.command_of(apdu), data_of(apdu) or b""
        if command not in PIN_COMMANDS or not self.selected or len(data) < MAC_LENGTH:
            return None
        return self.presented(command, apdu).due if self._signed(command, apdu, data) else None

    def _signed(self, command: Command, apdu: bytes, data: bytes) -> bool:
        if command.security is not Security.UPDATE_MAC and self.challenge is None:
            return False
        message = self.message(command, apdu[: 5 + len(data) - MAC_LENGTH])
        signers = self._bank(data) if command is commands.UPDATE else [self.command_key(command)]
        return any(key.mac8(message) == data[-MAC_LENGTH:] for key in signers)

    def _bank(self, data: bytes) -> list[SecretKey]:
        """Whose signature an update may bear."""
        signers = [self.command_key(commands.UPDATE)]
        at = ENTITLEMENT.offset("key_selection")
        moved = bool(self.purse.rule("key_selection") & KeySelection.UPDATE)
        if not moved and len(data) > at and data[at] & KeySelection.UPDATE:
            # It moves the key on, and one that did so may have been lost.
            signers.append(self.key(KeyLabel.UPDATE, following=True))
        if moved and data == self.purse.entitlement + self.purse.update_mac:
            # The key before the one in force is good for the very update that is in force, again.
            signers.append(self.key(KeyLabel.UPDATE, following=False))
        return signers

    @staticmethod
    def command_of(apdu: bytes) -> Command | None:
        """The command of the table that these bytes are, by class and instruction."""
        command = BY_INS.get(apdu[1]) if len(apdu) > 3 else None
        return command if command is not None and command.cla == apdu[0] else None

    def _secured(self, command: Command, apdu: bytes, data: bytes) -> bool:
        channel = self.channel
        if channel is None or channel.open == (command is commands.EXTERNAL_AUTHENTICATE):
            return False
        if command is commands.EXTERNAL_AUTHENTICATE and data[: OPENING - MAC_LENGTH] != channel.cryptogram:
            return False
        return channel.genuine(apdu[: 5 + len(data)]) and (not channel.open or self.plain(apdu) is not None)

    def plain(self, apdu: bytes) -> bytes | None:
        """The plain data of a command in the open session; None where its padding is wrong."""
        data = data_of(apdu)
        return None if data is None or self.channel is None else self.channel.decrypt(data[:-MAC_LENGTH])

    def presented(self, command: Command, apdu: bytes) -> Presented:
        """Of VERIFY or CHANGE REFERENCE DATA under a right MAC."""
        data = data_of(apdu) or b""
        if apdu[:4] != command.header() or len(data) != PIN_QUERY.size + MAC_LENGTH:
            return Presented(Proof.NONE)
        block = self.unmasked(data)
        if command is commands.CHANGE_REFERENCE_DATA:
            return self._change(block)
        if self.tries is None:
            return Presented(Proof.PIN if block in self.pins else Proof.WRONG_PIN)
        return self._verify(block, self.tries)

    def unmasked(self, data: bytes) -> bytes:
        """The PIN block in the body of a PIN query."""
        at = PIN_QUERY.offset("masked_pin_block")
        mask = self.pin_mask(data[: PIN_QUERY.offset("terminal_id")])
        return bytes(one ^ other for one, other in zip(data[at : at + len(mask)], mask, strict=True))

    def _change(self, block: bytes) -> Presented:
        if not self.given and not self.purse.choice:
            return Presented(Proof.NONE, status.ConditionsNotSatisfied.sw)
        return Presented(Proof.KEY, status.OK if is_pin_block(block) else status.WrongData.sw)

    def _verify(self, block: bytes, tries: int) -> Presented:
        if not self.has_pin:
            return Presented(Proof.NONE, status.NoPin.sw)
        if tries == 0:
            return Presented(Proof.NONE, status.PinBlocked.sw)
        if tries == 1 and self.contactless:
            return Presented(Proof.NONE, status.LastTryContacts.sw)
        if not is_pin_block(block):
            return Presented(Proof.NONE, status.WrongData.sw)
        if block in self.pins:
            return Presented(Proof.PIN, status.OK if len(self.pins) == 1 else None)
        return Presented(Proof.WRONG_PIN, status.PinBlocked.sw if tries == 1 else status.WrongPin.sw + tries - 1)

    # ------------------------------------------------------------ after a command

    def learn(self, apdu: bytes, answer: bytes, proof: Proof) -> None:
        """Take a command and its answer in."""
        sw = int.from_bytes(answer[-2:], "big")
        if apdu[1:2] == bytes((commands.SELECT.ins,)) and sw == status.OK and len(answer) == SELECT_ANSWER.size + 2:
            self._selected(answer)
            return
        command = self.command_of(apdu)
        if not self.selected:
            return
        if apdu[0] == commands.STORE_DATA.cla and apdu[1] != commands.EXTERNAL_AUTHENTICATE.ins:
            self._secure_command(apdu, sw)
        if command is commands.INITIALIZE_UPDATE and sw == status.OK:
            self._initiated(apdu, answer)
        elif command is commands.EXTERNAL_AUTHENTICATE and self.channel is not None and not self.channel.open:
            if sw == status.OK:
                self.channel = self.channel.advanced(apdu[: 5 + OPENING])
            elif sw not in _UNTOUCHED:
                self.channel = None
        elif command is not None and command.security in _TERMINAL:
            self._terminal_command(command, apdu, answer, sw, proof)

    def torn(self, apdu: bytes, proof: Proof) -> None:
        """Power went in a command, at its writes or after them."""
        command = self.command_of(apdu)
        if proof is Proof.KEY and command is not None and command in (*MOVEMENTS, commands.UPDATE):
            self.doubt = self.purse_after(command, apdu)
            self.unfinished = command is commands.UPDATE
        elif proof is Proof.KEY and command is commands.STORE_DATA:
            self.doubt = self.purse if self.blank else None
            self._groups(apdu, self.plain(apdu) or b"")
            self.identity = None
            self.unfinished = True
        elif proof is not Proof.NONE and command in PIN_COMMANDS:
            self.tries = None
            if command is commands.CHANGE_REFERENCE_DATA and is_pin_block(block := self.unmasked(data_of(apdu) or b"")):
                self.changing = block
        self.reset()

    def settle_pin(self, tries: int, choice: bool) -> None:
        """After a tear: what GET STATUS says of the PIN."""
        self.tries = tries if tries <= PIN_TRIES else PIN_TRIES
        if self.changing is None:
            return
        if choice != self.purse.choice or (not self.has_pin and tries <= PIN_TRIES):
            self.pins = frozenset({self.changing})
        elif not choice:
            self.pins |= {self.changing}
        self.purse = dataclasses.replace(self.purse, choice=choice)
        self.changing = None

    def reset(self) -> None:
        """Power off and on: what was in RAM is gone."""
        self.selected = self.given = False
        self.challenge = self.channel = None

    def _selected(self, answer: bytes) -> None:
        self.reset()
        self.selected = True
        # Only where a tear left it open does the card tell us what it is.
        if self.doubt is not None and self.blank:
            self.blank = answer[SELECT_ANSWER.offset("state_class")] == StateClass.BLANK
            self.doubt = None
        self.unfinished = False
        if not self.blank:
            self.quote = answer[QUOTE]
            self.challenge = answer[SELECT_ANSWER.offset("challenge") : SELECT_ANSWER.size]

    def _initiated(self, apdu: bytes, answer: bytes) -> None:
        self.challenge = None
        key_set = _SETS[KeyVersionNumber(answer[10])]
        static = StaticKeys(*(self.key(label) for label in key_set.value))
        self.channel = Channel.initiated(static, apdu[5:13], answer[:-2])

    def _secure_command(self, apdu: bytes, sw: int) -> None:
        channel, data = self.channel, data_of(apdu)
        if channel is None or not channel.open or data is None or sw == status.WrongLength.sw:
            return
        if not channel.genuine(apdu[: 5 + len(data)]):
            self.channel = None
            return
        plain = self.plain(apdu)
        self.channel = channel.advanced(apdu[: 5 + len(data)])
        if apdu[1] != commands.STORE_DATA.ins or plain is None:
            return
        self._groups(apdu, plain)
        if sw == status.OK and apdu[2] & 0x80:
            if self.blank:
                self.blank, self.tries = False, PIN_TRIES
            self.identity = self.received
        elif sw not in (status.OK, status.ConditionsNotSatisfied.sw):
            self.channel = None

    def _groups(self, apdu: bytes, plain: bytes) -> None:
        """Notes PIN and identity in the data groups of a personalization, which its first block begins anew, or of a
        correction."""
        if self.blank and apdu[3] == 0:
            self.pins = frozenset({None})
        while len(plain) >= DGI_HEADER:
            dgi, end = int.from_bytes(plain[:2], "big"), DGI_HEADER + plain[2]
            if dgi == DGI_PIN and self.blank:
                self.pins = frozenset({plain[DGI_HEADER:end]})
            elif dgi == DGI_IDENTITY:
                self.received = plain[DGI_HEADER:end]
            plain = plain[end:]

    def _terminal_command(self, command: Command, apdu: bytes, answer: bytes, sw: int, proof: Proof) -> None:
        refused_change = command is commands.CHANGE_REFERENCE_DATA and sw == status.ConditionsNotSatisfied.sw
        if sw in _UNTOUCHED and not (refused_change and self.challenge is not None):
            return
        if command in PIN_COMMANDS and proof is not Proof.NONE:
            self._presented(command, self.unmasked(data_of(apdu) or b""), sw)
        after = self.purse_after(command, apdu) if proof is Proof.KEY and command not in QUERIES else self.purse
        self.challenge = self.channel = None
        if sw != status.OK:
            return
        if command in QUERIES:
            self.challenge = answer[-2 - MAC_LENGTH : -2]
        elif after is not self.purse:
            at = (RECEIPT if command is commands.UPDATE else MOVEMENT_ANSWER).offset("mac")
            self.purse = dataclasses.replace(after, last_mac=answer[at : at + MAC_LENGTH])

    def _presented(self, command: Command, block: bytes, sw: int) -> None:
        if sw == status.OK:
            self.pins, self.tries = frozenset({block}), PIN_TRIES
            if command is commands.CHANGE_REFERENCE_DATA:
                self.purse = dataclasses.replace(self.purse, choice=False)
            else:
                self.given = True
        elif sw == status.PinBlocked.sw:
            self.tries = 0
        elif sw & 0xFFF0 == status.WrongPin.sw:
            self.tries = sw & 0x0F
            self.pins -= {block}
