# SPDX-License-Identifier: Apache-2.0
"""What is MAC'd, and how: the three messages between terminal and card, the update and the receipt.

Every message is zero-padded to whole AES blocks and ends in a constant block, which begins with the message's tag.
A card stores that block already XORed with the CMAC subkey K1, so one CBC call is a complete AES-CMAC. Padding is
unambiguous: each message begins with, or its last block contains, the length of what varies.
"""

from __future__ import annotations

from .crypto import BLOCK
from .values import Tag


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % BLOCK)


def _block(*start: int) -> bytes:
    return bytes(start).ljust(BLOCK, b"\x00")


def command_message(header_and_body: bytes, quote: bytes, challenge: bytes) -> bytes:
    """What a terminal command's MAC covers (key DEBIT; OVERRIDE for the command of that name).

    Args:
        header_and_body: CLA INS P1 P2 Lc and the body without its MAC; Lc counts the body and the 8-byte MAC.
        quote: what SELECT said between serial and challenge, 10 bytes as quoted.
        challenge: Rc, 8 bytes: from the SELECT answer, or the MAC of the previous answer of a query.
    """
    return _padded(header_and_body + quote + challenge) + _block(Tag.COMMAND)


def answer_message(ins: int, answer: bytes, command_mac: bytes) -> bytes:
    """What the card's answer MAC covers (key DEBIT), SW being 9000.

    Args:
        ins: instruction byte of the command answered.
        answer: the whole logical answer. For a movement that is the movement sent and MOVEMENT_ANSWER (71 bytes),
            though only the latter travels.
        command_mac: the 8-byte MAC of the command answered; it ties the answer to that command.
    """
    return _padded(answer + command_mac) + _block(Tag.ANSWER, ins, 0x90, 0x00, len(answer))


def update_message(header_and_body: bytes, serial: bytes) -> bytes:
    """What an entitlement update's MAC covers (key UPDATE): bound to the card, not to a session."""
    return _padded(header_and_body + serial) + _block(Tag.UPDATE)


def pin_mask_message(terminal_nonce: bytes, challenge: bytes) -> bytes:
    """The first 8 bytes of the CMAC of this (key DEBIT) mask a PIN block: Rt and Rc, 8 bytes each."""
    return terminal_nonce + challenge + _block(Tag.PIN)


def number_mask_message() -> bytes:
    """The first 4 bytes of the CMAC of this (key DEBIT) mask the number in the SELECT answer."""
    return _block(Tag.NUMBER)
