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

from ssn_card.channel import KeySet
from ssn_card.channel.static_keys import StaticKeys
from ssn_card.keys import KeyProvider
from ssn_card.protocol import commands, status
from ssn_card.protocol.commands import BY_INS, Command, Security
from ssn_card.protocol.crypto import MAC_LENGTH, SecretKey
from ssn_card.protocol.groups import DGI_HEADER, DGI_IDENTITY, DGI_PIN
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.layouts import PIN_BLOCK, RECEIPT, RESULT, SELECT_ANSWER
from ssn_card.protocol.messages import command_message, update_message
from ssn_card.protocol.values import MAX_PIN, MIN_PIN, PIN_TRIES, KeySelection, KeyVersionNumber, StateClass, UpdateFlag

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
_PIN_COMMANDS = (commands.VERIFY, commands.CHANGE_REFERENCE_DATA)
_PIN_FORMAT = 2  #: of ISO 9564-1
_MOVEMENTS = (commands.DEBIT, commands.CANCEL, commands.OVERRIDE)


class Proof(Enum):
    """What a command proves."""

    NONE = "nothing"
    KEY = "MAC under the right key, or secure channel"
    PIN = "right PIN"
    WRONG_PIN = "wrong PIN"


@dataclass
class Witness:
    """All that is known of one card. :meth:`copied` before a sequence; :meth:`examine` before, :meth:`learn` after a
    command."""

    provider: KeyProvider
    serial: bytes
    blank: bool = True
    selected: bool = False
    challenge: bytes | None = None
    channel: Channel | None = None
    purse: Purse = ISSUED
    contactless: bool = False  #: there the card takes no PIN
    has_pin: bool = False
    pins: frozenset[bytes] = frozenset()  #: what the PIN block may be: two after a torn change
    tries: int | None = PIN_TRIES  #: of the PIN; None: not known, after a tear
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
        return command_message(header_and_body, self.challenge or bytes(8))

    # ------------------------------------------------------------ before a command

    def examine(self, apdu: bytes) -> Proof:
        """What a command that is about to be sent proves to this card."""
        command, data = self.command_of(apdu), data_of(apdu)
        if command is None or data is None or not self.selected:
            return Proof.NONE
        if command.security is Security.SCP03:
            return Proof.KEY if self._secured(command, apdu, data) else Proof.NONE
        if command in _PIN_COMMANDS:
            return self._pin(command, apdu, data)
        if command.security is Security.NONE or self.blank or len(data) < MAC_LENGTH:
            return Proof.NONE
        if command.security is not Security.UPDATE_MAC and self.challenge is None:
            return Proof.NONE
        message = self.message(command, apdu[: 5 + len(data) - MAC_LENGTH])
        signers = [self.command_key(command)]
        if command is commands.UPDATE and data == self.purse.entitlement + self.purse.update_mac:
            # The key before the one in force is good for the very update that is in force, again.
            signers.append(self.key(KeyLabel.UPDATE, following=False))
        return Proof.KEY if any(key.mac8(message) == data[-MAC_LENGTH:] for key in signers) else Proof.NONE

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

    def _pin(self, command: Command, apdu: bytes, data: bytes) -> Proof:
        if self.contactless or self.blank or not self.has_pin or command.body is None or len(data) != command.body.size:
            return Proof.NONE
        if apdu[:4] != command.header() or not _is_pin_block(data):
            return Proof.NONE
        return Proof.PIN if data[: PIN_BLOCK.size] in self.pins else Proof.WRONG_PIN

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
        elif command in _PIN_COMMANDS:
            self._presented(apdu, sw)
        elif command is not None and command.security in (
            Security.DEBIT_MAC, Security.OVERRIDE_MAC, Security.UPDATE_MAC
        ):  # fmt: skip
            self._terminal_command(command, apdu, answer, sw, proof)

    def torn(self, apdu: bytes, proof: Proof) -> None:
        """Power went in a command, at its writes or after them."""
        command = self.command_of(apdu)
        if proof is not Proof.NONE and command in (*_PIN_COMMANDS, commands.UPDATE):
            self.tries = None
        if proof is Proof.KEY and command is not None and command in (*_MOVEMENTS, commands.UPDATE):
            self.doubt = self.purse.after(command, data_of(apdu) or b"")
            self.unfinished = command is commands.UPDATE
        elif proof is Proof.KEY and command is commands.STORE_DATA:
            self.doubt = self.purse if self.blank else None
            self._groups(self.plain(apdu) or b"")
            self.identity = None
            self.unfinished = True
        elif proof is Proof.PIN and command is commands.CHANGE_REFERENCE_DATA:
            self.pins |= {apdu[5 + PIN_BLOCK.size : 5 + 2 * PIN_BLOCK.size]}
        self.reset()

    def reset(self) -> None:
        """Power off and on: what was in RAM is gone."""
        self.selected = False
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
        self._groups(plain)
        if sw == status.OK and apdu[2] & 0x80:
            if self.blank:
                self.blank, self.tries = False, PIN_TRIES
            self.identity = self.received
        elif sw not in (status.OK, status.ConditionsNotSatisfied.sw):
            self.channel = None

    def _groups(self, plain: bytes) -> None:
        """Notes PIN and identity in the data groups of a personalization, or of a correction."""
        while len(plain) >= DGI_HEADER:
            dgi, end = int.from_bytes(plain[:2], "big"), DGI_HEADER + plain[2]
            if dgi == DGI_PIN and self.blank:
                self.has_pin, self.pins = True, frozenset({plain[DGI_HEADER:end]})
            elif dgi == DGI_IDENTITY:
                self.received = plain[DGI_HEADER:end]
            plain = plain[end:]

    def _presented(self, apdu: bytes, sw: int) -> None:
        data = data_of(apdu) or b""
        presented = data[: PIN_BLOCK.size]
        if sw == status.OK:
            change = apdu[1] == commands.CHANGE_REFERENCE_DATA.ins
            self.pins = frozenset({data[PIN_BLOCK.size :] if change else presented})
            self.tries = PIN_TRIES
        elif sw == status.PinBlocked.sw:
            self.tries = 0
        elif sw & 0xFFF0 == status.WrongPin.sw:
            self.tries = sw & 0x0F
            self.pins -= {presented}

    def _terminal_command(self, command: Command, apdu: bytes, answer: bytes, sw: int, proof: Proof) -> None:
        if sw in _UNTOUCHED and command is not commands.UPDATE:
            return
        if command is not commands.UPDATE or sw not in _UNTOUCHED:
            self.challenge = self.channel = None
        if sw != status.OK:
            return
        if command in (commands.GET_STATUS, commands.READ_LOG, commands.RECOVER):
            self.challenge = answer[-2 - MAC_LENGTH : -2]
        elif proof is Proof.KEY:
            after = self.purse.after(command, data_of(apdu) or b"")
            if after is not self.purse:
                at = RESULT.size if command is not commands.UPDATE else RECEIPT.offset("mac")
                if command is commands.UPDATE and after.rule("flags") & UpdateFlag.UNBLOCK_PIN:
                    self.tries = PIN_TRIES
                self.purse = dataclasses.replace(after, last_mac=answer[at : at + MAC_LENGTH])


def _is_pin_block(data: bytes) -> bool:
    """Whether a PIN block begins so: format and number of digits."""
    return data[0] >> 4 == _PIN_FORMAT and MIN_PIN <= data[0] & 0x0F <= MAX_PIN


def data_of(apdu: bytes) -> bytes | None:
    """The data field of a short command, empty where it has none; None: no short command at all."""
    if len(apdu) < 4:
        return None
    if len(apdu) <= 5:
        return b""
    data = apdu[5 : 5 + apdu[4]]
    return data if apdu[4] and len(apdu) in (5 + apdu[4], 6 + apdu[4]) else None
