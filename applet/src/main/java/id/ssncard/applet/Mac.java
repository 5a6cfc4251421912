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
     * {@code ram} at {@code out}. Chained here, block by block: {@code Cipher.update} may hold blocks back.
     */
    void sign(AESKey key, short prefix, byte[] data, short offset, short length, short out) {
        subkey(key, Ram.MAC_SUBKEY);
        short rest = length;
        Util.arrayFillNonAtomic(ram, Ram.MAC_BLOCK, (short) 16, (byte) 0);
        if (prefix != 0) {
            cipher.doFinal(ram, Ram.CHAIN, (short) 16, ram, Ram.MAC_BLOCK);
        }
        while (rest > 16) {
            xor(Ram.MAC_BLOCK, data, offset, (short) 16);
            cipher.doFinal(ram, Ram.MAC_BLOCK, (short) 16, ram, Ram.MAC_BLOCK);
            offset += 16;
            rest -= 16;
        }
        xor(Ram.MAC_BLOCK, data, offset, rest);
        if (rest < 16) {
            ram[(short) (Ram.MAC_BLOCK + rest)] ^= (byte) 0x80;
            doubled(Ram.MAC_SUBKEY);
        }
        xor(Ram.MAC_BLOCK, ram, Ram.MAC_SUBKEY, (short) 16);
        cipher.doFinal(ram, Ram.MAC_BLOCK, (short) 16, ram, out);
    }

    /** {@code ram[target..+length) ^= source[offset..+length)}. */
    void xor(short target, byte[] source, short offset, short length) {
        for (short i = 0; i < length; i++) {
            ram[(short) (target + i)] ^= source[(short) (offset + i)];
        }
    }

    /** Whether eight bytes are equal, in a time that does not depend on where they differ. Short, for the rare commands. */
    static boolean equal(byte[] left, short l, byte[] right, short r) {
        short difference = 0;
        for (short i = 0; i < 8; i++) {
            difference |= (short) (left[(short) (l + i)] ^ right[(short) (r + i)]);
        }
        return difference == 0;
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
