// SPDX-License-Identifier: Apache-2.0
package id.ssncard.applet;

/**
 * Layout of the session's only RAM array (transient, cleared on deselect). Two uses share it, never at once:
 * a terminal session and an SCP03 session.
 *
 * <p>Terminal session. The first 76 bytes are one log record, which is also the card's whole changing state; the rest
 * comes from the template, copied in one run at SELECT. The order makes each MAC'd message contiguous:
 *
 * <pre>
 *   receipt  MOVEMENT | RESULT | CONSTANTS                                      64 bytes
 *   answer   MOVEMENT | RESULT | RECEIPT_MAC | COMMAND_MAC | ANSWER_BLOCK       80 bytes
 *   command  header and body, right-aligned before CHALLENGE | COMMAND_BLOCK    48 or 64 bytes
 * </pre>
 *
 * <p>The receipt's and the command's MAC overwrite CONSTANTS once the receipt is computed.
 */
final class Ram {

    // The log record, as stored.
    static final short TYPE = 0;
    static final short KEY_VERSION = 1;
    /** Which of the two entitlements is in force, 0 or 1. */
    static final short ENTITLEMENT = 2;
    /** Keys in force, a bit each: set means the next version. */
    static final short KEYS = 3;
    static final short MONTH = 4;
    static final short EXTRA_MONTH = 6;
    static final short EXTRA = 8;
    static final short REFUNDED = 12;
    static final short WITHDRAWN = 16;
    static final short MOVEMENT = 20;
    static final short RESULT = (short) (MOVEMENT + Protocol.MOVEMENT_SIZE);
    static final short SEQ = (short) (RESULT + Protocol.RESULT_SEQ);
    static final short BALANCE = (short) (RESULT + Protocol.RESULT_BALANCE_AFTER);
    static final short MONTH_SPENT = (short) (RESULT + Protocol.RESULT_MONTH_SPENT_AFTER);
    static final short PREVIOUS = (short) (RESULT + Protocol.RESULT_PREVIOUS_MAC);
    static final short RECEIPT_MAC = (short) (RESULT + Protocol.RESULT_SIZE);
    static final short RECORD_SIZE = (short) (RECEIPT_MAC + 8);

    // The template, from here to TEMPLATE_END.
    static final short CONSTANTS = RECEIPT_MAC;
    static final short COMMAND_MAC = (short) (RECEIPT_MAC + 8);
    static final short ANSWER_BLOCK = (short) (CONSTANTS + 16);
    /** Header and longest body: 5 + 28 bytes. Until a command comes, its end holds the public part of the SELECT answer. */
    static final short COMMAND = (short) (ANSWER_BLOCK + 16);
    static final short CHALLENGE = (short) (COMMAND + 5 + Protocol.MOVEMENT_SIZE);
    static final short SELECT_ANSWER = (short) (CHALLENGE - Protocol.SELECT_ANSWER_CHALLENGE);
    /** The challenge, then seven zero bytes: padding of the 12- and 28-byte bodies. */
    static final short COMMAND_BLOCK = (short) (CHALLENGE + 15);
    static final short TEMPLATE_END = (short) (COMMAND_BLOCK + 16);
    static final short TEMPLATE_SIZE = (short) (TEMPLATE_END - CONSTANTS);

    /** 1 while the challenge is good for one command. */
    static final short LIVE = TEMPLATE_END;
    /** State of the SCP03 session; outside of what the two uses share. */
    static final short CHANNEL = (short) (LIVE + 1);

    /** 1 once the PIN was right: deselection clears it with the rest. Outside of what the two uses share. */
    static final short PIN_GIVEN = (short) (CHANNEL + 1);

    static final short SIZE = (short) (PIN_GIVEN + 1);

    // SCP03 session: overlays the record and the template.
    static final short CHAIN = 0;
    static final short HOST_CHALLENGE = 16;
    static final short CARD_CHALLENGE = 24;
    static final short COUNTER = 32;
    static final short LEVEL = 34;
    static final short BASE_SLOT = 35;
    static final short GROUPS = 36;
    static final short NEXT_BLOCK = 38;
    static final short DERIVATION = 40;
    static final short RESULT_BLOCK = 72;
    static final short VECTOR = 88;

    // Scratch of the general CMAC: above what either session needs while it runs.
    static final short MAC_SUBKEY = 104;
    static final short MAC_BLOCK = 120;

    private Ram() {
    }
}
