// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

/** Whether a command APDU's length fields fit its length (ISO/IEC 7816-3 section 12.1.3). */
final class ApduLength {
    private static final int HEADER = 4;

    private ApduLength() {}

    /** True for cases 1 to 4, short and extended. */
    static boolean isConsistent(byte[] command) {
        int body = command.length - HEADER;
        if (body <= 1) {
            return body >= 0;
        }
        int first = command[HEADER] & 0xFF;
        if (first != 0) {
            return body == 1 + first || body == 2 + first;
        }
        if (body < 3) {
            return false;
        }
        int extended = (command[HEADER + 1] & 0xFF) << 8 | command[HEADER + 2] & 0xFF;
        return body == 3 || extended > 0 && (body == 3 + extended || body == 5 + extended);
    }
}
