# SPDX-License-Identifier: Apache-2.0
"""Opening, transport, SELECT."""

from __future__ import annotations

from ... import commands, layouts, values
from ...crypto import MAC_LENGTH
from ...labels import KeyLabel
from ...selection import SELECT_APPLET
from .. import sample
from ..markdown import hex_block, hex_of, layout_table, prose
from ..sample_card import SampleCard
from ..scripts.journey import journey


def opening() -> str:
    """What the document is."""
    return prose(
        f"""
        # SSN Card protocol, version {values.PROTOCOL_VERSION}

        Generated from `protocol/ssn_card/protocol` by `python -m ssn_card.protocol.generate`. Do not edit.

        This page is enough to write a terminal, a companion's device, a bank's update issuer, a personalization
        station or a verifier of receipts. `protocol/layouts.json` has every layout as data, `protocol/vectors/*.json`
        test vectors for all of it, whole sessions included; the examples here are taken from them and use published
        development keys, which must never go on a card that holds money. What protects what from whom:
        [security.md](security.md).

        **How to read it.** Integers are big-endian; unsigned unless a layout says *signed*. Amounts are whole rupiah,
        4 bytes, below 2^31 (`rupiah` in the tables). Bytes are hexadecimal. `A | B` is A followed by B. MAC is
        AES-128-CMAC (NIST SP 800-38B) cut to its first {MAC_LENGTH} bytes. The *newest* receipt is the one with the
        highest number.

        **Beyond signed 32 bits.** `seq`, `update_seq`, `terminal_id`, `terminal_txn` and `newest_seq` are unsigned 32
        bits: read them into a `long` in Java (`x & 0xFFFFFFFFL`), into a number that no bitwise operator has touched in
        JavaScript (`>>> 0`). The unmasked number of SELECT too: a line may quote anything. A terminal refuses the
        number FFFFFFFF, which none follows. No genuine card comes near: it takes no `update_seq` of 2^31 or more and
        makes no 2^31 receipts, so a verifier takes 1 to 2^31 - 1 and nothing else. Amounts fit a signed 32-bit integer;
        sums of them (`monthly_limit + override_max`, totals over receipts) do not. `pin_floor` alone is signed. In Java
        a byte is signed: `b & 0xFF`, and status words are compared as unsigned 16 bits.
        """
    )


def _apdu_forms() -> str:
    return prose(
        """
        ISO 7816-4 short APDUs over T=0, T=1 or T=CL; no extended length, no chaining, no logical channel but 0.

        | case | form |
        |---|---|
        | 1, 2 | `CLA INS P1 P2 Le`: no command of this card but GET DATA before secure messaging |
        | 3 | `CLA INS P1 P2 Lc data`: an SCP03 command whose answer is empty |
        | 4 | `CLA INS P1 P2 Lc data Le`, Le = 00 ("all there is"): every other command |

        Over T=0, Le is not sent; the card says `61 xx` and the terminal fetches the answer by GET RESPONSE
        (`00 C0 00 00 xx`), which most readers do by themselves. Over T=1, always send it in case 4: some cards refuse
        to answer without (`6F00`), and have done by then what they were told.
        """
    )


def transport() -> str:
    """APDU forms, AID and SELECT."""
    buffer = values.APDU_BUFFER
    first = [one for one in journey().exchanges if one.step == "SELECT"][3]
    mask = SampleCard().mask
    return "\n\n".join(
        (
            "## Transport",
            _apdu_forms(),
            prose(
                f"""
                Every command, with header, Lc, MAC and Le left out, and every answer without its status word, fits
                the {buffer}-byte APDU buffer that Java Card guarantees: at most {buffer - 5} bytes of data. Class
                {commands.DEBIT.cla:02X} is a plain command; class {commands.STORE_DATA.cla:02X} is secure messaging
                (SCP03). A status word other than 9000 comes without data and without a MAC: it is a hint, never a
                proof.
                """
            ),
            "### Identifiers",
            prose(
                f"""
                Applet AID `{hex_of(values.APPLET_AID)}`, package AID `{hex_of(values.PACKAGE_AID)}` (ISO 7816-5
                proprietary, not registered).
                """
            ),
            "### SELECT",
            prose(
                f"""
                SELECT draws a fresh challenge and tells what a stranger may know: the serial, from which a key holder
                derives the card's keys, which version of each key to take, and, under a mask, the number of the newest
                receipt. On a blank card (state class {int(values.StateClass.BLANK)}) the key versions mean nothing and
                no terminal command is taken. A terminal must refuse a protocol version that it does not know, and an
                answer of another length. A state class above {int(values.StateClass.PERSONALIZED)} is none that a card
                tells: a terminal may stop there, or let the card refuse what was quoted falsely. Any SELECT of this
                applet ends the session before it, an SCP03 session too. A SELECT of an AID that the card does not have
                (6A82) changes nothing: this applet stays selected, and the challenge live. That of another applet on
                the card deselects it.

                Nothing in this answer is authenticated by itself. So the 10 bytes between serial and challenge
                (`protocol_version` to `masked_seq`), called **the quote**, are part of what every terminal command's
                MAC covers, exactly as the terminal received them; the serial is in the key. A card that was quoted
                falsely refuses ({commands.DEBIT.statuses[1].sw:04X}), and its answers prove what it was told.
                """  # noqa: S608  (prose, no SQL)
            ),
            layout_table(layouts.SELECT_ANSWER),
            hex_block(("command", SELECT_APPLET), ("answer", first.answer), ("SW", b"\x90\x00")),
            prose(
                """
                **The number.** `masked_seq` is the number of the newest receipt, 0 if there is none, XOR the first 4
                bytes of the CMAC, under the card's DEBIT key of the version told, of one block `05 00…00`. So whoever
                has the DEBIT key knows the number; to anybody else two readings tell little. The mask changes with the
                DEBIT key only.
                """
            ),
            hex_block(
                ("card key DEBIT", sample.card_key(KeyLabel.DEBIT).value()),
                ("message", bytes((values.Tag.NUMBER,)) + bytes(15)),
                ("mask", mask),
                ("masked_seq", first.answer[14:18]),
                ("newest number", bytes(a ^ b for a, b in zip(first.answer[14:18], mask, strict=True))),
            ),
        )
    )
