// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.terminal;

import java.util.Arrays;

/** What came back: data and status word. Not believed yet. */
public final class Answer {
    /** The only status word with data and a MAC. */
    public static final int OK = 0x9000;

    private final byte[] data;
    private final int sw;

    /** An answer as {@code transmit} gives it: data, SW1, SW2. */
    Answer(byte[] raw) {
        if (raw.length < 2) {
            throw new IllegalArgumentException("an answer has a status word at least");
        }
        data = Arrays.copyOf(raw, raw.length - 2);
        sw = (raw[raw.length - 2] & 0xFF) << 8 | raw[raw.length - 1] & 0xFF;
    }

    /** The data, copied. */
    public byte[] data() {
        return data.clone();
    }

    /** The status word, 16 bits. */
    public int sw() {
        return sw;
    }
}
