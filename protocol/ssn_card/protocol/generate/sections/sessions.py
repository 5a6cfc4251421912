# SPDX-License-Identifier: Apache-2.0
"""Terminal sessions: the challenge, the debit in two APDUs, the terminal's duties, recovery."""

from __future__ import annotations

from ... import layouts
from ...values import LOG_ENTRIES
from ..markdown import layout_table, prose, table

_DIAGRAM = """\
```mermaid
sequenceDiagram
    participant T as Terminal (DEBIT key)
    participant C as Card
    T->>C: SELECT applet AID
    C-->>T: serial, versions, masked number, Rc | 9000
    Note over T: Kdebit = KDF(DEBIT master, serial)<br/>n = masked number XOR mask
    Note over T: journal: serial, type, n + 1, the 36 bytes
    T->>C: DEBIT movement | MAC(Kdebit, command, quote, Rc)
    Note over C: MAC, rules, receipt n + 1, answer MAC,<br/>then one atomic write
    C-->>T: result, month, PIN state, receipt MAC | MAC(Kdebit, answer) | 9000
    Note over T: check the answer's MAC, store the receipt, hand over the goods
    opt no answer, a refusal, or an answer that does not verify
        T->>C: SELECT, then READ RECEIPT n + 1
        C-->>T: the receipt, or what became of the number, with a MAC
    end
```"""


def sessions() -> str:
    """Challenge rules and the sequence of a debit."""
    return "\n\n".join(
        (
            "## Terminal sessions",
            prose(
                """
                A terminal command carries a MAC that covers what SELECT said and a challenge of the card, Rc:

                1. SELECT sets Rc to 8 random bytes, and the quote to what it says.
                2. An authenticated command uses Rc up when its MAC is looked at, whatever the outcome: a wrong MAC, a
                   refusal by a rule of the purse, a wrong PIN. The next command needs a SELECT.
                3. The MAC of the answer to a query (GET STATUS, READ RECEIPT, VERIFY, CHANGE REFERENCE DATA, with 9000)
                   is the Rc of the next command. It replaces Rc only: the quote stays as this session's SELECT said it.
                   So queries can follow each other, and a movement can follow a query, without a SELECT between.
                4. A movement (DEBIT, CANCEL, OVERRIDE) and UPDATE end the session: SELECT before the next command.
                5. A command of a wrong length, P1, P2, class or instruction is refused (6700, 6A86, 6E00, 6D00)
                   before its MAC is looked at, and leaves Rc as it was.
                6. Power loss, reset, deselection and a successful INITIALIZE UPDATE end the session. A terminal command
                   without a live Rc gives 6985.

                UPDATE needs no Rc. A terminal gives one answer to one command: it must never send a second movement
                before it knows, by the answer or by READ RECEIPT, what became of the first.
                """
            ),
            "### The debit in two APDUs",
            _DIAGRAM,
            prose(
                f"""
                A movement makes exactly the receipt whose number is one above the quoted one, and its MAC covers the
                quote, so no command is ever done twice. The answer repeats neither movement nor number: the terminal
                builds the {layouts.RECEIPT.size}-byte receipt from

                ```text
                n + 1 | its own 36 bytes | result (24) | type 01 receipt-version serial (11) | month (2)
                      | PIN state (1) | 00 00 | receipt MAC (8)
                ```

                where `result`, month, PIN state and receipt MAC are `movement_answer` (35 bytes) and receipt-version is
                `receipt_key_version` of the quote. It cannot check the receipt's MAC, having no RECEIPT key; the
                answer's MAC vouches for all of it.
                """
            ),
            "### What a terminal must do",
            prose(
                """
                1. **Hold the card alone** from SELECT to the answer (PC/SC: `SCardBeginTransaction`, in Java
                   `Card.beginExclusive`). Another program's SELECT takes the challenge, and the number with it; a reset
                   in between means SELECT again, and a new intent.
                2. **Journal the intent before the command leaves**, on a disk that survives: serial, type, the
                   unmasked number that it would make (n + 1), and all 36 bytes. With it the transaction number, which
                   never repeats, and what was sold. **A new SELECT is a new intent**: its number may be another.
                   VERIFY comes before the intent: it moves no money, and only a PIN that is right leads to one.
                3. Believe an answer only if its length is right and its MAC verifies (constant time). A status word
                   other than 9000 proves nothing: settle by number (next chapter) before saying "not charged".
                4. Keep, per serial, the highest number that the card has proven by an authenticated answer. Where
                   SELECT quotes one below, send an authenticated query (GET STATUS) first. If its answer does not
                   verify, the line lies: stop. If it does, believe the lower number, and report it: whoever told the
                   higher one was a false card, made with the DEBIT master. A `seq` or `newest_seq` in an answer with
                   a right MAC is the quoted number on every genuine card; where it is not, only a holder of the DEBIT
                   master can have made it: what the answer states counts, as it would if SELECT had quoted it.
                5. Refuse a card whose `debit_key_version` is below the minimum that is configured: no movement, no PIN,
                   no settling. An update may be delivered to it, but its answer is not believed there: pass it on to
                   the bank, which checks the receipt. For a version of which the terminal has no key, not even an
                   update is delivered, since its answer could not be checked.
                6. Refuse to sell by a clock that is behind the newest time in its own journal, unless the merchant
                   confirms the time; journal that confirmation. The confirmed time takes the place of the newest
                   one, which is journalled with it: so it is asked once, and not at every sale.
                7. Where the card says that the time lies before its month (9406), and a query confirms that its month
                   is ahead of the terminal's, say: **the card needs mending, the money is safe**. Only the bank can
                   mend it (see updates).
                8. Deliver an update behind a SELECT, whose `debit_key_version` says under which key the answer is. The
                   answer is genuine if its MAC verifies; it confirms the delivery if its receipt is of type 4, with
                   this serial and `update_seq`. Keep the receipt: it is a receipt like any other. 940D confirms
                   nothing, but the update may be thrown away once a query shows a higher `update_seq`.
                9. Ask for keys through a narrow interface: *unmask a number*, *MAC of a command from its fields*, *is
                   this answer genuine*, *mask a PIN block*. It builds each message and its last block itself, gives no
                   card key and makes no card's answer, so that a SAM can take its place.
                """
            ),
        )
    )


def recovery() -> str:
    """The chapter on READ RECEIPT."""
    return "\n\n".join(
        (
            "## After a lost answer: READ RECEIPT",
            prose(
                f"""
                The card keeps its last {LOG_ENTRIES} receipts. READ RECEIPT asks for one by its number. From the next
                SELECT on, the command that is in doubt can no longer be accepted, for its challenge is gone; so the
                answer is final. The procedure, for an attempt that was journalled with number n + 1:

                1. SELECT. Is the serial that of the attempt? Another card says nothing about it.
                2. READ RECEIPT, `seq` = n + 1, with a fresh random `terminal_nonce`. Verify the answer's MAC. Without
                   an answer that verifies nothing is known: repeat.
                3. Conclude:
                """
            ),
            table(
                ("the answer", "conclusion"),
                (
                    (
                        f"`receipt` ({layouts.RECEIPT.size} bytes), and serial, `seq`, **type** and all "
                        f"{layouts.MOVEMENT.size} bytes behind `seq` are those journalled",
                        "**charged**; this is its receipt",
                    ),
                    (
                        "`receipt`, and any of these differs",
                        "**not charged**: the number went to another command",
                    ),
                    (
                        f"`no_receipt_answer` ({layouts.NO_RECEIPT_ANSWER.size} bytes), n + 1 above `newest_seq`",
                        "**not charged**: not made yet, and never will be by that command",
                    ),
                    (
                        "`no_receipt_answer`, n + 1 at most `newest_seq`",
                        "**gone**: made, and no longer in the log; to the bank",
                    ),
                ),
            ),
            layout_table(layouts.NO_RECEIPT_ANSWER),
            prose(
                """
                - Compare the type as well: the same 36 bytes can be sent as a CANCEL, cut off, and then, by another, as
                  a DEBIT. Do not compare transaction numbers or times alone; a rogue terminal can repeat them.
                - An answer whose receipt has another `seq` or `serial` than was asked for is not genuine, MAC or not:
                  report it.
                - *Gone* stops no sale, neither this card's nor another's. It is told to the merchant, kept in the
                  journal, and handed to the bank with the journalled number, type and bytes.
                - Asking for number 0 tells the newest number. A doubt is settled before the same card's next movement,
                  and by no longer a way than one query. Where a new sale finds an earlier one *charged*, it stops and
                  says so, with the receipt, and sells nothing: whether the goods were handed over, and whether this is
                  the same sale once more, a person decides. Only a sale that is known to be the same, by a reference
                  of the shop's own, takes the receipt as its own.
                - A refusal is settled the same way: after 94xx the terminal SELECTs, asks for n + 1, and says "refused"
                  when the card says *not made yet*.
                """
            ),
            "### Gone, at the bank",
            prose(
                """
                With the receipts n and n + 2 of the card in hand (both with a right MAC), receipt n + 1 is built from
                the journalled type and 36 bytes and from receipt n, as follows, and its MAC is computed under RECEIPT:

                ```text
                seq               n + 1
                balance_after     balance of n, less (DEBIT), plus (CANCEL) the amount
                month_spent_after of a DEBIT: amount, plus that of n where n's month is the timestamp's
                                  of a CANCEL: that of n, less the amount; of an OVERRIDE: that of n
                previous_mac      mac of n
                update_seq        of n; granted_total of n
                key_version       of n + 2 (only an update changes it, and behind its own receipt)
                month             of a DEBIT that of its timestamp; else that of n
                pin_state         0, 1 and 2 are tried
                ```

                If one of the three MACs is what n + 2 states as `previous_mac`, the movement was made, and this is its
                receipt, restored. If none is, the number went to another command: not charged. Without n or n + 2 it
                stays open. Of a card's first movement, n is 0: nothing was there, all of it is 0. A receipt n + 1 that
                turns up later is compared as above. `conclusions.json` has cases of
                each.
                """
            ),
        )
    )
