// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.core;

/** The plain commands with a MAC (page: Commands). */
public enum CommandKind {
    /** Takes money from the purse. */
    DEBIT(0x40, 1, Layouts.MOVEMENT),
    /** Gives the newest debit back. */
    CANCEL(0x42, 2, Layouts.CANCELLATION),
    /** Raises this month's limit; its MAC is the companion's. */
    OVERRIDE(0x4A, 3, Layouts.OVERRIDING),
    /** The receipt of a number. */
    READ_RECEIPT(0x44, 0, Layouts.RECEIPT_QUERY),
    /** Balance, month, limits, life state. */
    GET_STATUS(0x46, 0, Layouts.QUERY),
    /** The holder's PIN. */
    VERIFY(0x20, 0, Layouts.PIN_QUERY),
    /** A new PIN. */
    CHANGE_REFERENCE_DATA(0x24, 0, Layouts.PIN_QUERY),
    /** A new entitlement; its MAC is the bank's. */
    UPDATE(0x4C, 4, Layouts.ENTITLEMENT);

    private static final int CLA = 0x80;
    /** Bytes of a command's or an answer's MAC. */
    public static final int MAC = 8;

    private final int ins;
    private final int receiptType;
    private final Layout body;

    CommandKind(int ins, int receiptType, Layout body) {
        this.ins = ins;
        this.receiptType = receiptType;
        this.body = body;
    }

    /** The instruction byte. */
    public int ins() {
        return ins;
    }

    /** Type of the receipt that it makes: 1 to 4, 0 for none. */
    public int receiptType() {
        return receiptType;
    }

    /** Layout of its body. */
    public Layout body() {
        return body;
    }

    /** DEBIT, CANCEL and OVERRIDE: they make the next receipt and end the session. */
    public boolean isMovement() {
        return receiptType >= 1 && receiptType <= 3;
    }

    /** Commands whose answer's MAC is the next challenge. */
    public boolean isQuery() {
        return receiptType == 0;
    }

    /** CLA INS P1 P2 Lc | body: what the MAC covers of the command itself. Lc counts the MAC too. */
    public byte[] headerAndBody(byte[] content) {
        byte[] header = {(byte) CLA, (byte) ins, 0, 0, (byte) (content.length + MAC)};
        return Hex.concat(header, content);
    }

    /** The APDU: body, MAC, and Le 00. */
    public byte[] apdu(byte[] content, byte[] mac) {
        return Hex.concat(headerAndBody(content), mac, new byte[1]);
    }

    /** Whether a 9000 answer of this command may have so many bytes, its MAC left out. */
    public boolean fits(int answerLength) {
        switch (this) {
            case READ_RECEIPT:
                return answerLength == Layouts.RECEIPT.length()
                        || answerLength == Layouts.NO_RECEIPT_ANSWER.length();
            case GET_STATUS:
                return answerLength == Layouts.STATUS_ANSWER.length();
            case UPDATE:
                return answerLength == Layouts.RECEIPT.length();
            case VERIFY:
            case CHANGE_REFERENCE_DATA:
                return answerLength == 0;
            default:
                return answerLength == Layouts.MOVEMENT_ANSWER.length();
        }
    }
}
