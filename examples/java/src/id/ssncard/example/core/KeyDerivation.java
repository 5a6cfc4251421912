// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.core;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Card keys from masters (page: Keys): NIST SP 800-108r1 counter mode with AES-CMAC, one call. */
public final class KeyDerivation {
    private static final byte[] COUNTER = {0, 0, 0, 1};
    private static final byte[] LENGTH = {0, 0, 0, (byte) 0x80};

    private KeyDerivation() {}

    /** What the CMAC is made of: 00000001 | label | 00 | serial (8 bytes) | 00000080. */
    public static byte[] input(String label, byte[] serial) {
        if (serial.length != 8) {
            throw new IllegalArgumentException("a serial has 8 bytes, not " + serial.length);
        }
        return Hex.concat(COUNTER, label.getBytes(StandardCharsets.US_ASCII), new byte[1], serial, LENGTH);
    }

    /** The card's key, 16 bytes, of that label; each version of a label has a master of its own. */
    public static byte[] cardKey(byte[] master, String label, byte[] serial) {
        return Cmac.of(master, input(label, serial));
    }

    /** Key check value: the first 3 bytes of the AES, under the key, of sixteen bytes 01. */
    public static byte[] kcv(byte[] key) {
        byte[] ones = new byte[Cmac.BLOCK];
        Arrays.fill(ones, (byte) 1);
        return Arrays.copyOf(Cmac.encrypt(key, ones), 3);
    }
}
