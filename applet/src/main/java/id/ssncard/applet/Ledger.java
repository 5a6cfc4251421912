// SPDX-License-Identifier: Apache-2.0
package id.ssncard.applet;

import javacard.framework.Util;

/**
 * The log of receipts, which is also the card's money: the newest record is the state.
 *
 * <p>Receipt number n lies in slot n mod 32, written by one atomic copy, which is the whole commit of a movement: a tear
 * leaves the old state or the new one. There is no index. The slots up to the newest are of the same lap of 32 numbers as
 * the first, those behind it of the lap before, so five comparisons find it.
 */
final class Ledger {

    private static final short SLOTS = 32;
    /** The last byte of a record's number. */
    private static final short NUMBER = (short) (Ram.SEQ + 3);
    /** What an empty slot has there: less than any number of the first lap. */
    private static final byte EMPTY = (byte) 0x80;

    // Half of the slots, a quarter, and so on.
    private static final short HALF = (short) (16 * Ram.RECORD_SIZE);
    private static final short QUARTER = (short) (8 * Ram.RECORD_SIZE);
    private static final short EIGHTH = (short) (4 * Ram.RECORD_SIZE);
    private static final short TWO = (short) (2 * Ram.RECORD_SIZE);
    private static final short ONE = Ram.RECORD_SIZE;

    private final byte[] records = new byte[(short) (SLOTS * Ram.RECORD_SIZE)];
    private final byte[] serial;

    Ledger(byte[] serial) {
        this.serial = serial;
        for (short at = (short) (ONE + NUMBER); at < (short) (SLOTS * Ram.RECORD_SIZE); at += ONE) {
            records[at] = EMPTY;
        }
    }

    /** Brings the state into RAM; the newest receipt's MAC becomes the previous MAC of the next one. */
    void load(byte[] ram) {
        // Not below the first: of its lap, so the newest is there or behind. As bytes, since numbers go round.
        byte first = records[NUMBER];
        short at = 0;
        if ((byte) (records[(short) (HALF + NUMBER)] - first) >= 0) {
            at = HALF;
        }
        if ((byte) (records[(short) (at + (short) (QUARTER + NUMBER))] - first) >= 0) {
            at += QUARTER;
        }
        if ((byte) (records[(short) (at + (short) (EIGHTH + NUMBER))] - first) >= 0) {
            at += EIGHTH;
        }
        if ((byte) (records[(short) (at + (short) (TWO + NUMBER))] - first) >= 0) {
            at += TWO;
        }
        if ((byte) (records[(short) (at + (short) (ONE + NUMBER))] - first) >= 0) {
            at += ONE;
        }
        Util.arrayCopyNonAtomic(records, at, ram, (short) 0, Ram.RECORD_SIZE);
        Util.arrayCopyNonAtomic(ram, Ram.RECEIPT_MAC, ram, Ram.PREVIOUS, (short) 8);
    }

    /** Commits the record in RAM as the newest. */
    void append(byte[] ram) {
        Util.arrayCopy(ram, (short) 0, records, slot(ram[NUMBER]), Ram.RECORD_SIZE);
    }

    private static short slot(short number) {
        return (short) ((number & (SLOTS - 1)) * Ram.RECORD_SIZE);
    }

    /** Gives the record in RAM the next number. 2^31 receipts are beyond any card's life. */
    static void number(byte[] ram) {
        short at = NUMBER;
        while (++ram[at] == 0) {
            at--;
        }
    }

    /** Where the record of {@code age} (0 newest) begins, or -1 if the log has none so old. */
    private short find(byte[] ram, short age) {
        if (age < 0 || age >= Protocol.LOG_ENTRIES) {
            return -1;
        }
        short offset = slot((short) (ram[NUMBER] - age));
        return records[(short) (offset + Ram.TYPE)] == 0 ? -1 : offset;
    }

    /** Writes the receipt of {@code age} to {@code out} at 0; returns its length, or 0 if there is none. */
    short receipt(byte[] ram, short age, byte[] out) {
        short offset = find(ram, age);
        return offset < 0 ? 0 : render(records, offset, out);
    }

    /** Writes the receipt of a record to {@code out} at 0; returns its length. */
    short render(byte[] record, short offset, byte[] out) {
        short length = Util.arrayCopyNonAtomic(record, (short) (offset + Ram.MOVEMENT), out, (short) 0,
                (short) (Protocol.MOVEMENT_SIZE + Protocol.RESULT_SIZE));
        length = constants(record[(short) (offset + Ram.TYPE)], record[(short) (offset + Ram.KEY_VERSION)], out, length);
        return Util.arrayCopyNonAtomic(record, (short) (offset + Ram.RECEIPT_MAC), out, length, (short) 8);
    }

    /** Writes the constant last block of a receipt; returns the offset after it. */
    short constants(byte type, byte keyVersion, byte[] out, short offset) {
        Util.arrayFillNonAtomic(out, offset, Protocol.RECEIPT_CONSTANTS_SIZE, (byte) 0);
        out[(short) (offset + Protocol.RECEIPT_CONSTANTS_TYPE)] = type;
        out[(short) (offset + Protocol.RECEIPT_CONSTANTS_LAYOUT_VERSION)] = Protocol.RECEIPT_VERSION;
        out[(short) (offset + Protocol.RECEIPT_CONSTANTS_KEY_VERSION)] = keyVersion;
        Util.arrayCopyNonAtomic(serial, (short) 0, out, (short) (offset + Protocol.RECEIPT_CONSTANTS_SERIAL),
                (short) serial.length);
        return (short) (offset + Protocol.RECEIPT_CONSTANTS_SIZE);
    }

    /**
     * Looks for the movement of a terminal's transaction (terminal id and number, 8 bytes at {@code offset}).
     * Writes its receipt, or the proof that the log has none; returns the length written.
     */
    short recover(byte[] ram, byte[] buffer, short offset) {
        for (short age = 0;; age++) {
            short record = find(ram, age);
            if (record < 0) {
                return none(ram, buffer);
            }
            if (records[(short) (record + Ram.TYPE)] != Protocol.TYPE_UPDATE
                    && Util.arrayCompare(records, (short) (record + Ram.MOVEMENT + Protocol.MOVEMENT_TERMINAL_ID),
                            buffer, offset, (short) 8) == 0) {
                return render(records, record, buffer);
            }
        }
    }

    /** An update is stamped when issued, not when delivered, so only movements date the oldest entry. */
    private short none(byte[] ram, byte[] out) {
        Util.arrayFillNonAtomic(out, (short) 0, Protocol.NO_RECEIPT_ANSWER_SIZE, (byte) 0);
        for (short age = 0;; age++) {
            short record = find(ram, age);
            if (record < 0) {
                return Protocol.NO_RECEIPT_ANSWER_SIZE;
            }
            if (age == 0) {
                Util.arrayCopyNonAtomic(records, (short) (record + Ram.SEQ), out,
                        Protocol.NO_RECEIPT_ANSWER_NEWEST_SEQ, (short) 4);
            }
            Util.arrayCopyNonAtomic(records, (short) (record + Ram.SEQ), out,
                    Protocol.NO_RECEIPT_ANSWER_OLDEST_SEQ, (short) 4);
            if (records[(short) (record + Ram.TYPE)] != Protocol.TYPE_UPDATE) {
                Util.arrayCopyNonAtomic(records, (short) (record + Ram.MOVEMENT + Protocol.MOVEMENT_TIMESTAMP), out,
                        Protocol.NO_RECEIPT_ANSWER_OLDEST_TIMESTAMP, (short) 6);
            }
        }
    }
}
