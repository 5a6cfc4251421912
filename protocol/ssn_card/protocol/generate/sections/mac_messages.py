# SPDX-License-Identifier: Apache-2.0
"""What is MAC'd, with worked examples."""

from __future__ import annotations

from ... import commands, layouts
from ...crypto import BLOCK, MAC_LENGTH
from ...labels import KeyLabel
from ...values import Tag
from .. import sample, vectors
from ..markdown import hex_block, prose


def _rules() -> str:
    movement, result = layouts.MOVEMENT.size, layouts.RESULT.size
    logical = movement + result + MAC_LENGTH
    return prose(
        f"""
        Every message is padded with zero bytes to whole blocks of {BLOCK} and followed by one constant block, which is
        zero but for its first bytes. The first byte, the tag, keeps the kinds of message apart.

        ```text
        command  pad(CLA INS P1 P2 Lc | body | Rc)      | {Tag.COMMAND:02X} 00...
                 key DEBIT; OVERRIDE for the command of that name
        answer   pad(logical answer | command MAC)      | {Tag.ANSWER:02X} INS 90 00 length 00...
                 key DEBIT
        update   pad(CLA INS P1 P2 Lc | body | serial)  | {Tag.UPDATE:02X} 00...
                 key UPDATE
        receipt  movement | result | constants, {layouts.RECEIPT.size - MAC_LENGTH} bytes without padding
                 key RECEIPT
        ```

        - Lc counts body and MAC. The command's MAC is sent behind the body.
        - The logical answer of a query or an UPDATE is the answer without its MAC. That of a movement is the {movement}
          bytes sent, then result ({result}) and the receipt's MAC ({MAC_LENGTH}): {logical} bytes, of which the first
          {movement} do not travel. `length` is the length of the logical answer.
        - The command MAC in the answer is the MAC of the command answered (of an UPDATE, the update's; of an OVERRIDE,
          the companion's). It covers Rc, so an answer fits one command only; a terminal need not send a nonce where its
          transaction number never repeats. UPDATE has no Rc: the answer to the same update is the same each time.
        - An answer's MAC is made only for 9000. Compare MACs in constant time; on any difference, discard the answer.
        """
    )


def _example(name: str, answer: sample.Answered) -> str:
    request = answer.request
    key = sample.card_key(request.key)
    return "\n\n".join(
        (
            f"### Example: {name}",
            hex_block(
                (f"card key {request.key}", key.value()),
                *((("Rc", request.challenge),) if request.key is not KeyLabel.UPDATE else (("serial", sample.SERIAL),)),
                ("header and body", request.header_and_body),
                ("command message", request.message),
                ("command MAC", request.mac),
                ("APDU", request.apdu),
            ),
            hex_block(
                ("card key DEBIT", sample.card_key(KeyLabel.DEBIT).value()),
                ("logical answer", answer.logical),
                ("answer message", answer.message),
                ("answer MAC", answer.mac),
                ("answer data", answer.data),
            ),
        )
    )


def messages() -> str:
    """The chapter on MAC'd messages."""
    steps = {step.request.command: step for step in reversed(sample.journey())}
    status_answer, _ = vectors.query_answers()[0]
    return "\n\n".join(
        (
            "## Messages and their MACs",
            _rules(),
            _example("UPDATE (activation and first load)", steps[commands.UPDATE]),
            _example("DEBIT", steps[commands.DEBIT]),
            _example("OVERRIDE, with its two keys", steps[commands.OVERRIDE]),
            _example("GET STATUS", status_answer),
        )
    )
