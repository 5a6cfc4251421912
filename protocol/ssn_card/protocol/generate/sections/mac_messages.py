# SPDX-License-Identifier: Apache-2.0
"""What is MAC'd, with worked examples."""

from __future__ import annotations

from typing import cast

from ... import commands, layouts, messages
from ...crypto import BLOCK, MAC_LENGTH
from ...labels import KeyLabel
from ...pin import pin_block
from ...values import Tag
from .. import sample
from ..markdown import hex_block, prose
from ..scripts.journey import step
from ..signing import Answered


def _rules() -> str:
    movement, travels = layouts.MOVEMENT.size, layouts.MOVEMENT_ANSWER.size
    return prose(
        f"""
        Every message is padded with zero bytes to whole blocks of {BLOCK} (none where it is whole already) and followed
        by one constant block, which is zero but for its first bytes. The first byte, the tag, keeps the kinds apart.

        ```text
        command  pad(CLA INS P1 P2 Lc | body | quote (10) | Rc (8))   | {Tag.COMMAND:02X} 00...
                 key DEBIT; OVERRIDE for the command of that name
        answer   pad(logical answer | command MAC (8))                | {Tag.ANSWER:02X} INS 90 00 length 00...
                 key DEBIT
        update   pad(CLA INS P1 P2 Lc | body | serial (8))            | {Tag.UPDATE:02X} 00...
                 key UPDATE
        PIN mask Rt (8) | Rc (8)                                      | {Tag.PIN:02X} 00...
                 key DEBIT; first 8 bytes
        number   (nothing)                                            | {Tag.NUMBER:02X} 00...
                 key DEBIT; first 4 bytes
        receipt  the first {layouts.RECEIPT.size - MAC_LENGTH} bytes of the receipt, five whole blocks
                 key RECEIPT
        ```

        - Lc counts body and MAC. The command's MAC is sent behind the body. With bodies of 36 and 20 bytes the padding
          of a command is 5 bytes.
        - The quote is 10 bytes of the SELECT answer as received, `protocol_version` to `masked_seq`, also where Rc is
          that of a chained query.
        - The logical answer of a query or an UPDATE is the answer without its MAC; of VERIFY and CHANGE REFERENCE DATA
          it is empty (length 00). That of a movement is the {movement} bytes sent, then `movement_answer` ({travels}):
          {movement + travels} bytes, of which the first {movement} do not travel. `length` is the length of the
          logical answer.
        - The command MAC in the answer is the MAC of the command answered (of an UPDATE, the update's; of an OVERRIDE,
          the companion's). It covers Rc, so an answer fits one command only. UPDATE has no Rc: the answer to the same
          update is the same each time, as long as DEBIT has not moved on.
        - Under a card whose DEBIT key an update moves on, that update's own answer is under the key before.
        - An answer's MAC is made only for 9000. Compare MACs in constant time; on any difference, or a wrong length,
          discard the answer and settle by number.
        """
    )


def _example(name: str, answer: Answered) -> str:
    request = answer.request
    bound = (
        (("serial", sample.SERIAL),)
        if request.command is commands.UPDATE
        else (("quote", request.quote), ("Rc", request.challenge))
    )
    return "\n\n".join(
        (
            f"### Example: {name}",
            hex_block(
                (f"card key {request.label}", request.key.value()),
                *bound,
                ("header and body", request.header_and_body),
                ("command message", request.message),
                ("command MAC", request.mac),
                ("APDU", request.apdu),
            ),
            hex_block(
                ("card key DEBIT", answer.key.value()),
                ("logical answer", answer.logical),
                ("answer message", answer.message),
                ("answer MAC", answer.mac),
                ("answer data", answer.data),
            ),
        )
    )


def _answered(command: commands.Command, number: int = 0) -> Answered:
    return cast("Answered", step(command, number).answered)


def _pin_example() -> str:
    nonce, challenge, key = sample.drawn("Rt", 0), sample.drawn("Rc", 0), sample.card_key(KeyLabel.DEBIT)
    block, message = pin_block("4711"), messages.pin_mask_message(nonce, challenge)
    mask = key.cmac(message)[:8]
    return "\n\n".join(
        (
            "### Example: a PIN block under its mask",
            hex_block(
                ("PIN 4711", block),
                ("Rt", nonce),
                ("Rc", challenge),
                ("card key DEBIT", key.value()),
                ("mask message", message),
                ("mask", mask),
                ("masked_pin_block", bytes(a ^ b for a, b in zip(block, mask, strict=True))),
            ),
        )
    )


def messages_chapter() -> str:
    """The chapter on MAC'd messages."""
    return "\n\n".join(
        (
            "## Messages and their MACs",
            _rules(),
            _example("UPDATE (activation and first load)", _answered(commands.UPDATE)),
            _example("DEBIT", _answered(commands.DEBIT)),
            _example("OVERRIDE, with its two keys", _answered(commands.OVERRIDE)),
            _example("GET STATUS", _answered(commands.GET_STATUS)),
            _example("READ RECEIPT behind it, whose Rc is the MAC of that answer", _answered(commands.READ_RECEIPT)),
            _pin_example(),
        )
    )
