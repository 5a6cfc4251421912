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

    /**
     * Writes to {@code out} at 0 the receipt whose number stands there at {@code wanted}, or the number of the newest
     * where the log does not have it; returns the length.
     */
    short read(byte[] ram, byte[] out, short wanted) {
        short offset = slot(out[(short) (wanted + 3)]);
        // The first slot begins as receipt 0, which is none.
        if (Util.arrayCompare(records, (short) (offset + Ram.SEQ), out, wanted, (short) 4) != 0
                || records[(short) (offset + Ram.TYPE)] == 0
                || (byte) (ram[NUMBER] - out[(short) (wanted + 3)]) >= Protocol.LOG_ENTRIES) {
            return Util.arrayCopyNonAtomic(ram, Ram.SEQ, out, (short) 0, Protocol.NO_RECEIPT_ANSWER_SIZE);
        }
        return render(records, offset, out);
    }

    /** Writes the receipt of a record to {@code out} at 0; returns its length. */
    short render(byte[] record, short offset, byte[] out) {
        short length = Util.arrayCopyNonAtomic(record, (short) (offset + Ram.SEQ), out, (short) 0,
                Protocol.RECEIPT_TYPE);
        length = constants(record[(short) (offset + Ram.TYPE)], record[(short) (offset + Ram.KEY_VERSION)], out, length);
        Util.arrayCopyNonAtomic(record, (short) (offset + Ram.MONTH), out, Protocol.RECEIPT_MONTH, (short) 4);
        return Util.arrayCopyNonAtomic(record, (short) (offset + Ram.RECEIPT_MAC), out, length, (short) 8);
    }

    /** Writes the last block of a receipt, its tail zero; returns the offset after it. */
    short constants(byte type, byte keyVersion, byte[] out, short offset) {
        Util.arrayFillNonAtomic(out, offset, (short) 16, (byte) 0);
        out[(short) (offset + Protocol.RECEIPT_CONSTANTS_TYPE)] = type;
        out[(short) (offset + Protocol.RECEIPT_CONSTANTS_LAYOUT_VERSION)] = Protocol.RECEIPT_VERSION;
        out[(short) (offset + Protocol.RECEIPT_CONSTANTS_KEY_VERSION)] = keyVersion;
        Util.arrayCopyNonAtomic(serial, (short) 0, out, (short) (offset + Protocol.RECEIPT_CONSTANTS_SERIAL),
                (short) serial.length);
        return (short) (offset + 16);
    }
}
