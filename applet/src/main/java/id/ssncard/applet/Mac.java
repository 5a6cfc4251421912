// SPDX-License-Identifier: Apache-2.0
package id.ssncard.applet;

import javacard.framework.Util;
import javacard.security.AESKey;
import javacardx.crypto.Cipher;

/**
 * AES-CMAC (NIST SP 800-38B) over any message, and the other AES work of the rare commands, on one shared cipher.
 * The hot path (DEBIT) does not come here: its messages end in a block already XORed with the subkey.
 */
final class Mac {

    private static final byte REDUCTION = (byte) 0x87;

    /** ALG_AES_BLOCK_128_CBC_NOPAD, the one AES mode that every Java Card since 2.2 has; its IV is zero after init. */
    final Cipher cipher = Cipher.getInstance(Cipher.ALG_AES_BLOCK_128_CBC_NOPAD, false);

    private final byte[] ram;

    Mac(byte[] ram) {
        this.ram = ram;
    }

    /** Writes the subkey K1 of a key (SP 800-38B section 6.1) to 16 bytes of {@code ram} at {@code out}. */
    void subkey(AESKey key, short out) {
        Util.arrayFillNonAtomic(ram, out, (short) 16, (byte) 0);
        cipher.init(key, Cipher.MODE_ENCRYPT);
        cipher.doFinal(ram, out, (short) 16, ram, out);
        doubled(out);
    }

    /**
     * CMAC of {@code data}, after {@code prefix} bytes (0 or 16) at {@link Ram#CHAIN}; the whole 16 bytes go to
     * {@code ram} at {@code out}.
     */
    void sign(AESKey key, short prefix, byte[] data, short offset, short length, short out) {
        subkey(key, Ram.MAC_SUBKEY);
        short rest = length;
        if (prefix != 0) {
            cipher.update(ram, Ram.CHAIN, (short) 16, ram, Ram.MAC_BLOCK);
        }
        while (rest > 16) {
            cipher.update(data, offset, (short) 16, ram, Ram.MAC_BLOCK);
            offset += 16;
            rest -= 16;
        }
        Util.arrayFillNonAtomic(ram, Ram.MAC_BLOCK, (short) 16, (byte) 0);
        Util.arrayCopyNonAtomic(data, offset, ram, Ram.MAC_BLOCK, rest);
        if (rest < 16) {
            ram[(short) (Ram.MAC_BLOCK + rest)] = (byte) 0x80;
            doubled(Ram.MAC_SUBKEY);
        }
        xor(Ram.MAC_BLOCK, Ram.MAC_SUBKEY);
        cipher.doFinal(ram, Ram.MAC_BLOCK, (short) 16, ram, out);
    }

    /** {@code ram[target..+16) ^= ram[source..+16)}. */
    void xor(short target, short source) {
        for (short i = 0; i < 16; i++) {
            ram[(short) (target + i)] ^= ram[(short) (source + i)];
        }
    }

    /** Whether eight bytes are equal, in a time that does not depend on where they differ. Unrolled: half the bytecodes. */
    static boolean equal(byte[] left, short l, byte[] right, short r) {
        return (byte) (left[l] ^ right[r]
                | left[(short) (l + 1)] ^ right[(short) (r + 1)]
                | left[(short) (l + 2)] ^ right[(short) (r + 2)]
                | left[(short) (l + 3)] ^ right[(short) (r + 3)]
                | left[(short) (l + 4)] ^ right[(short) (r + 4)]
                | left[(short) (l + 5)] ^ right[(short) (r + 5)]
                | left[(short) (l + 6)] ^ right[(short) (r + 6)]
                | left[(short) (l + 7)] ^ right[(short) (r + 7)]) == 0;
    }

    /** Doubling in GF(2^128): a shift to the left and, by the bit that falls out, a reduction; no branch on it. */
    private void doubled(short offset) {
        short carry = 0;
        byte top = ram[offset];
        for (short i = (short) (offset + 15); i >= offset; i--) {
            short twice = (short) ((short) (ram[i] & 0xFF) << 1);
            ram[i] = (byte) (twice | carry);
            carry = (short) ((twice >> 8) & 1);
        }
        ram[(short) (offset + 15)] ^= (byte) ((top >> 7) & REDUCTION);
    }
}
