// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.core;

import java.util.Arrays;

/** The messages that MACs and masks are made of (page: Messages and their MACs). */
public final class Messages {
    private Messages() {}

    /** Of a terminal command: CLA INS P1 P2 Lc | body, quote (10 bytes), Rc (8 bytes). */
    public static byte[] command(byte[] headerAndBody, byte[] quote, byte[] challenge) {
        return closed(Hex.concat(headerAndBody, quote, challenge), 0x01);
    }

    /** Of an answer with 9000; of a movement the logical answer begins with the 36 bytes that were sent. */
    public static byte[] answer(int ins, byte[] logicalAnswer, byte[] commandMac) {
        return closed(Hex.concat(logicalAnswer, commandMac), 0x02, ins, 0x90, 0x00, logicalAnswer.length);
    }

    /** Of an UPDATE: CLA INS P1 P2 Lc | body, serial (8 bytes). */
    public static byte[] update(byte[] headerAndBody, byte[] serial) {
        return closed(Hex.concat(headerAndBody, serial), 0x03);
    }

    /** Of the mask of a PIN block: Rt (8 bytes), Rc (8 bytes). */
    public static byte[] pinMask(byte[] nonce, byte[] challenge) {
        return closed(Hex.concat(nonce, challenge), 0x04);
    }

    /** Of the mask of the newest receipt's number. */
    public static byte[] numberMask() {
        return closed(new byte[0], 0x05);
    }

    /** Zeros to whole blocks, none where it is whole already, then the constant block. */
    private static byte[] closed(byte[] message, int... constant) {
        int blocks = (message.length + Cmac.BLOCK - 1) / Cmac.BLOCK;
        byte[] whole = Arrays.copyOf(message, (blocks + 1) * Cmac.BLOCK);
        for (int i = 0; i < constant.length; i++) {
            whole[blocks * Cmac.BLOCK + i] = (byte) constant[i];
        }
        return whole;
    }
}
