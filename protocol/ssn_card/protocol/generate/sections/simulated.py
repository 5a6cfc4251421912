# SPDX-License-Identifier: Apache-2.0
"""Simulated cards without our programs, and the vectors' format."""

from __future__ import annotations

from .. import sample, schema, secure, vectors
from ..markdown import hex_block, prose, table


def simulated() -> str:
    """The chapter on simulated cards."""
    return "\n\n".join(
        (
            "## A simulated card",
            prose(
                """
                `ssn sim start` runs blank cards of the real applet, as many as `--blanks` says; `ssn sim list` names
                each one's port. Anything that opens a TCP connection to that port on 127.0.0.1 is a reader with the
                card in it. The framing is that of vsmartcard's virtual reader (vpcd), seen from the reader's side:

                ```text
                message   length (2, big-endian) | that many bytes, 1 to 65535
                00 01 00  power off         no answer
                00 01 01  power on          no answer
                00 01 02  reset             no answer
                00 01 04  get the ATR       answered by a message that holds it
                more than one byte: a command APDU, answered by a message: data | SW1 SW2
                ```

                No message is empty: a length of 0, or a message cut off, closes the connection, on either side. A card
                without power, or one that was taken out, gives no answer but closes it too.

                A new connection has put the card in and powered it: an APDU may be the first message. Send one message,
                read one; set TCP_NODELAY. A card is held by one connection at a time: the next one is accepted, and
                hears nothing until the first closes. A connection that closes in the middle of a command is a card torn
                out: what became of the command is in doubt. The APDUs reach the applet as over T=1. `ssn sim insert`
                puts the same card into pcscd's virtual reader instead, where any PC/SC program (`javax.smartcardio`
                too) finds it.

                Without `ssn`: `java -cp simulator/target/ssn-card-simulator.jar id.ssncard.simulator.Main` prints one
                line of JSON with `control_port` and `token`, and ends when its standard input does. The control port,
                on 127.0.0.1, speaks JSON Lines, a line of answer to each request; the first request carries the token.
                An answer with `error` is a refusal.

                ```text
                {"op":"create","token":"...","install":"<install_data, hexadecimal>","name":"mine"}
                {"card":1,"port":40123,"name":"mine"}
                {"op":"seed","card":1,"seed":"<hexadecimal>"}
                {}
                {"op":"medium","card":1,"medium":"type-a"}
                {}
                ```

                `seed` makes the card's random numbers follow from the seed: draw number i (from 0) of 8 bytes is the
                first 8 bytes of SHA-256(seed | i in 8 bytes). That is how the transcripts are played.
                """
            ),
            prose(
                f"""
                **Transport keys of simulated cards** are card keys under version 1 of the published development
                masters, derived with the card's own serial; `derivation.json` has them for two. A development master is
                the first 16 bytes of SHA-256 over an ASCII text, of DEBIT in version 1:

                `{sample.PHRASE} DEBIT v1`.

                `ssn` personalizes simulated cards with versions 1 and 2 of all the others. The card of the vectors:
                """
            ),
            hex_block(("serial", sample.SERIAL), ("install_data", secure.install_data())),
        )
    )


def vector_format() -> str:
    """The chapter on the test vectors."""
    rows = [(f"`{name}.json`", schema.ABOUT[name]) for name in vectors.NAMES]
    return "\n\n".join(
        (
            "## Test vectors",
            prose(
                """
                `protocol/vectors/*.json`; their form is given as JSON Schema (draft 2020-12) in `schema.json` there:
                each file's is under `$defs` by its name. Byte strings are lower-case hexadecimal; dates and times ISO
                8601 without a zone; numbers plain integers, up to 2^32 - 1; months and other BCD hexadecimal. `fields`
                are for people and for comparison: the bytes decide. Every file has a `note`.
                """
            ),
            table(("file", "holds"), rows),
            prose(
                """
                **Transcripts** are whole sessions. Each has

                | member | meaning |
                |---|---|
                | `name`, `about` | |
                | `given` | name of the transcript, of any file, that leads to the card's state at the beginning; null: a blank card, just installed with `install_data` |
                | `medium` | `contacts` or `contactless` |
                | `card` | the same state in words: PIN (null: none), what GET STATUS would say, all receipts so far; null: blank |
                | `exchanges` | in order, from a card just powered up with nothing selected |
                | `secure_channels` | the SCP03 sessions of the transcript: keys, challenges, cryptograms |

                An exchange has `step`, `command`, `answer` (without status word) and `sw`; `fields` and `answer_fields`
                by the names of the layouts; under SCP03 also `plain_command` and `plain_answer`. One with `event`:
                `reset` is no command: the card is reset.

                `fields` are what the command's MAC was made over, by the layout of the command that made it: of a
                command tampered with on the line, not what was sent. A command sent as it is, without a MAC of its own,
                or with one of bytes that no layout can hold (an impossible time), has none. In *the same bytes, another
                type* the INS is DEBIT's and the fields are by CANCEL's layout, whose bytes were sent. Where the answer
                is 6985 the card has no challenge, and the one under the command's MAC is arbitrary. PINs stand only in
                masked blocks, which the card's DEBIT key, Rt and Rc unmask; `card` has the one at the beginning.

                In `answers.json`, `not_genuine` are answers to the first DEBIT of `cases`, whose command and key they
                are to be checked with.

                To **play a card** to your terminal, answer each command that equals the next exchange's, and complain
                about any other. Your terminal has to take the random values from it: Rt is `terminal_nonce` of the
                `fields`, the host challenge is in `secure_channels`; time, transaction number and basket are in the
                `fields`. The card's own random values are the first 8 bytes of SHA-256(name of the transcript in ASCII |
                i in 8 bytes), i counting its draws from 0: one at SELECT, one at INITIALIZE UPDATE. To **play a
                terminal** to a card of your own, send the commands and compare every byte; the project's tests play all
                of them to the applet so.

                Of the status words one is in no vector: 6F00 comes from no command, only from a card that fails inside.
                """  # noqa: E501
            ),
        )
    )
