# SPDX-License-Identifier: Apache-2.0
"""Opening, transport, sessions."""

from __future__ import annotations

from ... import commands, layouts, values
from ...crypto import MAC_LENGTH
from .. import sample
from ..markdown import hex_block, hex_of, layout_table, prose

_DIAGRAM = """\
```mermaid
sequenceDiagram
    participant T as Terminal (DEBIT key)
    participant C as Card
    T->>C: SELECT applet AID
    C-->>T: serial, key versions, Rc | 9000
    Note over T: Kdebit = KDF(DEBIT master, serial)<br/>txn := next number, written to disk
    T->>C: DEBIT movement | MAC(Kdebit, command message with Rc)
    Note over C: MAC, rules, receipt, answer MAC,<br/>then one atomic write
    C-->>T: result | receipt MAC | MAC(Kdebit, answer message) | 9000
    Note over T: check the answer's MAC, store the receipt, hand over the goods
    opt no answer, or an answer that does not verify
        T->>C: SELECT, then RECOVER with the same txn
        C-->>T: the receipt, or the proof that there is none
    end
```"""


def opening() -> str:
    """What the document is."""
    return prose(
        f"""
        # SSN Card protocol, version {values.PROTOCOL_VERSION}

        Generated from `protocol/ssn_card/protocol` by `python -m ssn_card.protocol.generate`. Do not edit.

        This page is enough to write a terminal, a companion's device, a bank's update issuer, a personalization
        station or a verifier of receipts. `protocol/vectors/*.json` holds test vectors for all of it; the examples here
        are taken from the same published development keys, which must never go on a card that holds money.

        Integers are big-endian and unsigned. Amounts are whole rupiah, 4 bytes, below 2^31. Bytes are hexadecimal.
        `A | B` is A followed by B. MAC is AES-128-CMAC (NIST SP 800-38B) cut to its first {MAC_LENGTH} bytes.
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
    select = commands.SELECT.header() + bytes((len(values.APPLET_AID),)) + values.APPLET_AID + b"\x00"
    answer = layouts.SELECT_ANSWER.encode(
        {
            "protocol_version": values.PROTOCOL_VERSION,
            "state_class": int(values.StateClass.PERSONALIZED),
            "serial": sample.SERIAL,
            "debit_key_version": sample.VERSION,
            "receipt_key_version": sample.VERSION,
            "update_key_version": sample.VERSION,
            "override_key_version": sample.VERSION,
            "challenge": sample.CHALLENGE,
        }
    )
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
                derives the card's keys, and which version of each key to take. On a blank card (state class
                {int(values.StateClass.BLANK)}) the key versions mean nothing and no terminal command is taken. A
                terminal must refuse a protocol version that it does not know. Any SELECT ends an SCP03 session.
                """  # noqa: S608  (prose, no SQL)
            ),
            layout_table(layouts.SELECT_ANSWER),
            hex_block(("command", select), ("answer", answer), ("SW", b"\x90\x00")),
        )
    )


def sessions() -> str:
    """Challenge rules and the sequence of a debit."""
    return "\n\n".join(
        (
            "## Terminal sessions",
            prose(
                """
                A terminal command carries a MAC that covers a challenge of the card. The rules of that challenge, Rc:

                1. SELECT sets Rc to 8 random bytes.
                2. An authenticated command uses Rc up when its MAC is looked at, whatever the outcome: a wrong MAC, a
                   refusal by a rule of the purse, a log entry that is not there. The next command needs a SELECT.
                3. The MAC of the answer to a query (GET STATUS, READ LOG, RECOVER, with 9000) is the Rc of the next
                   command. So queries can follow each other, and a movement can follow a query, without a SELECT
                   between.
                4. A movement (DEBIT, CANCEL, OVERRIDE) and UPDATE end the session: SELECT before the next command.
                5. A command of a wrong length, P1, P2, class or instruction is refused (6700, 6A86, 6E00, 6D00)
                   before its MAC is looked at, and leaves Rc as it was.
                6. Power loss, reset, deselection and a successful INITIALIZE UPDATE end the session. A terminal command
                   without a live Rc gives 6985.

                UPDATE needs no Rc. A terminal gives one answer to one command: it must never send a second movement
                before it knows, by the answer or by RECOVER, what became of the first.
                """
            ),
            "### The debit in two APDUs",
            _DIAGRAM,
            prose(
                f"""
                The terminal stores what it is about to send before it sends it, so that it can RECOVER after its own
                power loss too. The answer does not repeat what the terminal sent: it builds the
                {layouts.RECEIPT.size}-byte receipt from its own movement, the card's result, the constants (type,
                versions, serial) and the receipt's MAC.
                """
            ),
        )
    )
