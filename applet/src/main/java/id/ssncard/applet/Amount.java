// SPDX-License-Identifier: Apache-2.0
package id.ssncard.applet;

/** Arithmetic on 4-byte big-endian amounts, for the rarer commands: short, not fast. */
final class Amount {

    private Amount() {
    }

    /**
     * {@code total += term}, both below 2^31; false if the sum is not, which leaves {@code total} spoilt (it is in RAM).
     */
    static boolean add(byte[] total, short at, byte[] term, short termAt) {
        short carry = 0;
        for (short i = 3; i >= 0; i--) {
            carry += (short) ((total[(short) (at + i)] & 0xFF) + (term[(short) (termAt + i)] & 0xFF));
            total[(short) (at + i)] = (byte) carry;
            carry = (short) (carry >> 8);
        }
        return total[at] >= 0;
    }

    /** {@code total -= term}, which is not above it. */
    static void subtract(byte[] total, short at, byte[] term, short termAt) {
        short borrow = 0;
        for (short i = 3; i >= 0; i--) {
            borrow += (short) ((total[(short) (at + i)] & 0xFF) - (term[(short) (termAt + i)] & 0xFF));
            total[(short) (at + i)] = (byte) borrow;
            borrow = (short) (borrow >> 8);
        }
    }

    /**
     * Below 0, 0 or above 0, as {@code left} is below, equal to or above {@code right}; unsigned. Byte by byte, since the
     * order of {@code Util.arrayCompare} is not defined as unsigned, and on cards it is signed.
     */
    static short compare(byte[] left, short leftAt, byte[] right, short rightAt) {
        short difference = 0;
        for (short i = 0; i < 4 && difference == 0; i++) {
            difference = (short) ((left[(short) (leftAt + i)] & 0xFF) - (right[(short) (rightAt + i)] & 0xFF));
        }
        return difference;
    }
}
