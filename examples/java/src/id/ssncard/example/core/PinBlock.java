// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.core;

import java.util.Arrays;

/** PIN block of ISO 9564-1 format 2 (page: The PIN). Secret: whoever makes one overwrites it after use. */
public final class PinBlock {
    private static final int SHORTEST = 4;
    private static final int LONGEST = 12;

    private PinBlock() {}

    /**
     * The block of 8 bytes: 2, number of digits, digits, F to the end.
     *
     * @throws IllegalArgumentException where the PIN is not 4 to 12 digits 0 to 9; it is not repeated in the message
     */
    public static byte[] of(char[] pin) {
        if (pin.length < SHORTEST || pin.length > LONGEST) {
            throw new IllegalArgumentException("a PIN has 4 to 12 digits");
        }
        byte[] block = new byte[8];
        Arrays.fill(block, (byte) 0xFF);
        block[0] = (byte) (0x20 | pin.length);
        for (int i = 0; i < pin.length; i++) {
            if (pin[i] < '0' || pin[i] > '9') {
                throw new IllegalArgumentException("a PIN has digits only");
            }
            int shift = i % 2 == 0 ? 4 : 0;
            block[1 + i / 2] &= (byte) ~(0xF << shift);
            block[1 + i / 2] |= (byte) (pin[i] - '0' << shift);
        }
        return block;
    }
}
