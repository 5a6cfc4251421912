// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.core;

import java.util.Arrays;

/** Bytes as lower-case hexadecimal, the form that files and vectors have (page: Files). */
public final class Hex {
    private Hex() {}

    /** Two lower-case digits a byte. */
    public static String of(byte... bytes) {
        StringBuilder text = new StringBuilder(2 * bytes.length);
        for (byte one : bytes) {
            text.append(Character.forDigit((one >> 4) & 0xF, 16)).append(Character.forDigit(one & 0xF, 16));
        }
        return text.toString();
    }

    /**
     * The bytes of a text of hexadecimal digits, of either case.
     *
     * @throws IllegalArgumentException where it is not whole bytes of hexadecimal digits
     */
    public static byte[] bytes(String text) {
        if (text.length() % 2 != 0) {
            throw new IllegalArgumentException("hexadecimal text of an odd length");
        }
        byte[] bytes = new byte[text.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (nibble(text.charAt(2 * i)) << 4 | nibble(text.charAt(2 * i + 1)));
        }
        return bytes;
    }

    private static int nibble(char digit) {
        int value = digit < 128 ? Character.digit(digit, 16) : -1;
        if (value < 0) {
            throw new IllegalArgumentException("not a hexadecimal digit: " + digit);
        }
        return value;
    }

    /** Parts one after the other. */
    public static byte[] concat(byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        byte[] whole = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, whole, at, part.length);
            at += part.length;
        }
        return whole;
    }
}
