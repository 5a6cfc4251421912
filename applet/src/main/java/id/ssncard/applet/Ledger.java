// SPDX-License-Identifier: Apache-2.0
package id.ssncard.applet;

import javacard.framework.Util;

/**
 * The log of receipts, which is also the card's money: the newest record is the state.
 *
 * <p>One slot more than the log promises. A movement writes the next slot, which nothing refers to yet, and then moves
 * {@code newest}: that single byte is the commit. A tear before it leaves the old state, a tear after it the new one;
 * no transaction and no commit buffer are needed. The copy may be non-atomic for the same reason.
 */
final class Ledger {

    private static final byte SLOTS = (byte) (Protocol.LOG_ENTRIES + 1);

    private final byte[] records = new byte[(short) (SLOTS * Ram.RECORD_SIZE)];
    private final byte[] serial;
    private byte newest;

    Ledger(byte[] serial) {
        this.serial = serial;
    }

    /** Brings the state into RAM; the newest receipt's MAC becomes the previous MAC of the next one. */
    void load(byte[] ram) {
        Util.arrayCopyNonAtomic(records, (short) (newest * Ram.RECORD_SIZE), ram, (short) 0, Ram.RECORD_SIZE);
        Util.arrayCopyNonAtomic(ram, Ram.RECEIPT_MAC, ram, Ram.PREVIOUS, (short) 8);
    }

    /** Commits the record in RAM as the newest. */
    void append(byte[] ram) {
        byte next = newest;
        next++;
        if (next == SLOTS) {
            next = 0;
        }
        Util.arrayCopyNonAtomic(ram, (short) 0, records, (short) (next * Ram.RECORD_SIZE), Ram.RECORD_SIZE);
        newest = next;
    }

    /** Where the record of {@code age} (0 newest) begins, or -1 if the log has none so old. */
    private short find(short age) {
        if (age < 0 || age >= Protocol.LOG_ENTRIES) {
            return -1;
        }
        short slot = (short) (newest - age);
        if (slot < 0) {
            slot += SLOTS;
        }
        short offset = (short) (slot * Ram.RECORD_SIZE);
        return records[(short) (offset + Ram.TYPE)] == 0 ? -1 : offset;
    }

    /** Writes the receipt of {@code age} to {@code out} at 0; returns its length, or 0 if there is none. */
    short receipt(short age, byte[] out) {
        short offset = find(age);
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
    short recover(byte[] buffer, short offset) {
        for (short age = 0;; age++) {
            short record = find(age);
            if (record < 0) {
                return none(buffer);
            }
            if (records[(short) (record + Ram.TYPE)] != Protocol.TYPE_UPDATE
                    && Util.arrayCompare(records, (short) (record + Ram.MOVEMENT + Protocol.MOVEMENT_TERMINAL_ID),
                            buffer, offset, (short) 8) == 0) {
                return render(records, record, buffer);
            }
        }
    }

    /** An update is stamped when issued, not when delivered, so only movements date the oldest entry. */
    private short none(byte[] out) {
        Util.arrayFillNonAtomic(out, (short) 0, Protocol.NO_RECEIPT_ANSWER_SIZE, (byte) 0);
        for (short age = 0;; age++) {
            short record = find(age);
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
