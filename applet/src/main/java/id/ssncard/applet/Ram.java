// SPDX-License-Identifier: Apache-2.0
package id.ssncard.applet;

/**
 * Layout of the session's only RAM array (transient, cleared on deselect). Two uses share it, never at once:
 * a terminal session and an SCP03 session.
 *
 * <p>Terminal session. The first 94 bytes are one log record, which is also the card's whole changing state; the rest
 * comes from the template, copied in one run at SELECT. The order makes each MAC'd message contiguous:
 *
 * <pre>
 *   receipt  SEQ | MOVEMENT | RESULT | CONSTANTS                                             80 bytes
 *   answer   MOVEMENT | RESULT | STATED | RECEIPT_MAC | COMMAND_MAC | 00 | ANSWER_BLOCK      96 bytes
 *   command  header and body, right-aligned before QUOTE | CHALLENGE | 5 bytes 00 | COMMAND_BLOCK   64 or 80 bytes
 * </pre>
 *
 * <p>What the answer has behind RESULT overwrites CONSTANTS once the receipt is computed.
 */
final class Ram {

    // The log record, as stored.
    static final short TYPE = 0;
    static final short KEY_VERSION = 1;
    /** Which of the two entitlements is in force, 0 or 1. */
    static final short ENTITLEMENT = 2;
    /** Keys in force, a bit each: set means the next version. */
    static final short KEYS = 3;
    /** 1 where an update has opened the choice of a PIN and no movement has closed it. */
    static final short CHOICE = 4;
    /** The tail of the receipt's last block: the card's month, then two bytes by the receipt's type. */
    static final short MONTH = 5;
    static final short PIN = 7;
    static final short MENDINGS = 8;
    static final short EXTRA_MONTH = 9;
    static final short EXTRA = 11;
    /** The balance below which a PIN is due: signed. */
    static final short FLOOR = 15;
    static final short SEQ = 19;
    static final short MOVEMENT = 23;
    static final short RESULT = (short) (MOVEMENT + Protocol.MOVEMENT_SIZE);
    static final short BALANCE = (short) (RESULT + Protocol.RESULT_BALANCE_AFTER);
    static final short MONTH_SPENT = (short) (RESULT + Protocol.RESULT_MONTH_SPENT_AFTER);
    static final short PREVIOUS = (short) (RESULT + Protocol.RESULT_PREVIOUS_MAC);
    static final short UPDATE_SEQ = (short) (RESULT + Protocol.RESULT_UPDATE_SEQ);
    static final short GRANTED = (short) (RESULT + Protocol.RESULT_GRANTED_TOTAL);
    /** Month and PIN state again, as a movement's answer has them. */
    static final short STATED = (short) (RESULT + Protocol.RESULT_SIZE);
    static final short RECEIPT_MAC = (short) (STATED + 3);
    static final short RECORD_SIZE = (short) (RECEIPT_MAC + 8);

    // The template, from here to TEMPLATE_END.
    static final short CONSTANTS = STATED;
    static final short TAIL = (short) (CONSTANTS + Protocol.RECEIPT_CONSTANTS_SIZE);
    static final short COMMAND_MAC = RECORD_SIZE;
    static final short ANSWER_BLOCK = (short) (COMMAND_MAC + 9);
    /** Header and longest body: 5 + 36 bytes. Until a command comes, its end holds the card's serial for SELECT. */
    static final short COMMAND = (short) (ANSWER_BLOCK + 16);
    /** What SELECT says behind the serial; then the challenge. */
    static final short QUOTE = (short) (COMMAND + 5 + Protocol.MOVEMENT_SIZE);
    static final short SELECT_ANSWER = (short) (QUOTE - Protocol.SELECT_ANSWER_PROTOCOL_VERSION);
    static final short CHALLENGE = (short) (SELECT_ANSWER + Protocol.SELECT_ANSWER_CHALLENGE);
    /** After the challenge five zero bytes: padding of the 20- and 36-byte bodies. */
    static final short COMMAND_BLOCK = (short) (CHALLENGE + 13);
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

    // Scratch of the general CMAC: what either session keeps while it runs is elsewhere.
    static final short MAC_SUBKEY = COMMAND;
    static final short MAC_BLOCK = (short) (COMMAND + 16);

    private Ram() {
    }
}
