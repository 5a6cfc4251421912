// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.torture;

/** Operations of {@link TortureApplet}: a byte, then as many arguments as {@link #length} says less one. */
public final class Op {
    public static final byte BEGIN = 0x01;
    public static final byte COMMIT = 0x02;
    public static final byte ABORT = 0x03;
    /** An uncaught exception of the virtual machine. */
    public static final byte FAIL = 0x04;
    /** An uncaught ISOException. */
    public static final byte REFUSE = 0x05;
    /** The rest of the script under {@code catch (Throwable)}, which then writes byte 63. */
    public static final byte CATCH_ALL = 0x06;
    /** Answers the reason of the TransactionException of the next operation, or 0 (1 byte). */
    public static final byte GUARD = 0x07;
    /** The rest of the script under {@code catch (Throwable)}, which then runs in circles without writing anything. */
    public static final byte CATCH_AND_SPIN = 0x08;
    /** index, value. */
    public static final byte BYTE = 0x10;
    /** index, high, low. */
    public static final byte SHORT = 0x11;
    /** index, value. */
    public static final byte FLAG = 0x12;
    /** index, which: 0 null, 1 bytes, 2 onReset, 3 the APDU buffer, 4 the APDU. */
    public static final byte REFERENCE = 0x13;
    /** value. */
    public static final byte BYTE_FIELD = 0x14;
    /** high, low. */
    public static final byte SHORT_FIELD = 0x15;
    /** value. */
    public static final byte FLAG_FIELD = 0x16;
    /** value. */
    public static final byte CLASS_FIELD = 0x17;
    /** which, see REFERENCE. */
    public static final byte REFERENCE_FIELD = 0x18;
    /** offset, length, value: arrayFillNonAtomic. */
    public static final byte FILL = 0x20;
    /** offset, length, value: arrayCopy. */
    public static final byte COPY = 0x21;
    /** offset, length, value: arrayCopyNonAtomic. */
    public static final byte COPY_NON_ATOMIC = 0x22;
    /** offset, high, low. */
    public static final byte SET_SHORT = 0x23;
    /** value, into each kind of transient array. */
    public static final byte TRANSIENT = 0x24;
    /** 1 array, 2 object, 3 transient array, 4 cipher. */
    public static final byte ALLOCATE = 0x25;
    /** from, to, length within the bytes: arrayCopy. */
    public static final byte SHIFT = 0x26;
    /** value of all 16 bytes. */
    public static final byte KEY_SET = 0x30;
    public static final byte KEY_CLEAR = 0x31;
    /** value of all 16 bytes. */
    public static final byte SESSION_KEY_SET = 0x32;
    /** 0: with the key, 1: with the session key. */
    public static final byte INIT = 0x33;
    /** value of the 16 bytes encrypted. */
    public static final byte UPDATE = 0x34;
    /** value of the 16 bytes encrypted; answers 16 bytes. */
    public static final byte FINAL = 0x35;
    /** value of the 16 bytes encrypted, into the bytes at 0. */
    public static final byte FINAL_PERSISTENT = 0x36;
    /** Answers 8 bytes. */
    public static final byte RANDOM = 0x37;
    /** 8 random bytes into the bytes at 0. */
    public static final byte RANDOM_PERSISTENT = 0x38;
    /** value of the 4 digits. */
    public static final byte PIN_UPDATE = 0x40;
    /** value of the 4 digits; answers 1 byte. */
    public static final byte PIN_CHECK = 0x41;
    public static final byte PIN_UNBLOCK = 0x42;
    /** From outside the array. */
    public static final byte PIN_CHECK_OUTSIDE = 0x43;
    /** Answers transaction depth, unused and whole commit capacity (1, 2, 2 bytes). */
    public static final byte ASK = 0x50;

    private Op() {}

    /** Bytes of an operation with its arguments. */
    static short length(byte op) {
        switch (op) {
            case BYTE_FIELD:
            case FLAG_FIELD:
            case CLASS_FIELD:
            case REFERENCE_FIELD:
            case TRANSIENT:
            case ALLOCATE:
            case KEY_SET:
            case SESSION_KEY_SET:
            case INIT:
            case UPDATE:
            case FINAL:
            case FINAL_PERSISTENT:
            case PIN_UPDATE:
            case PIN_CHECK:
                return 2;
            case BYTE:
            case FLAG:
            case REFERENCE:
            case SHORT_FIELD:
                return 3;
            case SHORT:
            case FILL:
            case COPY:
            case COPY_NON_ATOMIC:
            case SET_SHORT:
            case SHIFT:
                return 4;
            default:
                return 1;
        }
    }

    /** Bytes that an operation answers. */
    static short answer(byte op) {
        switch (op) {
            case FINAL:
                return 16;
            case RANDOM:
                return 8;
            case PIN_CHECK:
                return 1;
            case ASK:
                return 5;
            default:
                return 0;
        }
    }
}
