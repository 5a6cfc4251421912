// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.core;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/** AES-128-CMAC (NIST SP 800-38B) from the JDK's AES, which has the block cipher and no CMAC. */
public final class Cmac {
    /** Bytes of a block. */
    public static final int BLOCK = 16;

    private static final byte[] ZERO_BLOCK = new byte[BLOCK];

    private Cmac() {}

    /** The CMAC, 16 bytes, of a message of any length under a key of 16 bytes. */
    public static byte[] of(byte[] key, byte[] message) {
        Cipher aes = aes(key);
        byte[] subkey = doubled(block(aes, ZERO_BLOCK));
        int blocks = Math.max(1, (message.length + BLOCK - 1) / BLOCK);
        byte[] padded = Arrays.copyOf(message, blocks * BLOCK);
        if (padded.length != message.length || message.length == 0) {
            padded[message.length] = (byte) 0x80;
            subkey = doubled(subkey);
        }
        byte[] state = new byte[BLOCK];
        for (int at = 0; at < padded.length; at += BLOCK) {
            boolean last = at + BLOCK == padded.length;
            for (int i = 0; i < BLOCK; i++) {
                state[i] ^= (byte) (padded[at + i] ^ (last ? subkey[i] : 0));
            }
            state = block(aes, state);
        }
        return state;
    }

    /** The first bytes of the CMAC: 8 of a MAC or a PIN mask, 4 of a number's mask (page: Messages and their MACs). */
    public static byte[] of(byte[] key, byte[] message, int bytes) {
        return Arrays.copyOf(of(key, message), bytes);
    }

    /** One block of AES under the key: KCVs need it beside the CMAC. */
    static byte[] encrypt(byte[] key, byte[] block) {
        return block(aes(key), block);
    }

    private static Cipher aes(byte[] key) {
        try {
            Cipher aes = Cipher.getInstance("AES/ECB/NoPadding");
            aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
            return aes;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this Java has no AES-128", impossible);
        }
    }

    private static byte[] block(Cipher aes, byte[] block) {
        try {
            return aes.doFinal(block);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("AES failed on a whole block", impossible);
        }
    }

    /** Times x in GF(2^128), as section 6.1 of SP 800-38B makes its subkeys. */
    private static byte[] doubled(byte[] block) {
        byte[] twice = new byte[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            int carry = i + 1 < BLOCK ? (block[i + 1] & 0x80) >> 7 : 0;
            twice[i] = (byte) (block[i] << 1 | carry);
        }
        twice[BLOCK - 1] ^= (byte) ((block[0] & 0x80) != 0 ? 0x87 : 0);
        return twice;
    }
}
