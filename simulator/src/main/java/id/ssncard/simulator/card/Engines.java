// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

import com.licel.jcardsim.bouncycastle.crypto.BlockCipher;
import com.licel.jcardsim.bouncycastle.crypto.engines.AESEngine;
import com.licel.jcardsim.bouncycastle.crypto.engines.DESEngine;
import com.licel.jcardsim.bouncycastle.crypto.engines.DESedeEngine;
import com.licel.jcardsim.bouncycastle.crypto.engines.SEEDEngine;
import java.security.SecureRandom;
import javacard.framework.JCSystem;
import javacard.security.AESKey;
import javacard.security.Key;
import javacard.security.KeyBuilder;

/** What the API's key types mean. */
final class Engines {
    private static final int DES_BYTES = 8;
    private static final int AES_BLOCK = 16;

    private Engines() {}

    static boolean aes(Key key) {
        return switch (key.getType()) {
            case KeyBuilder.TYPE_AES, KeyBuilder.TYPE_AES_TRANSIENT_RESET, KeyBuilder.TYPE_AES_TRANSIENT_DESELECT -> true;
            default -> false;
        };
    }

    /** An AES key that nobody knows, in place of one. */
    static Key randomKey(Key like) {
        byte[] data = new byte[like.getSize() / Byte.SIZE];
        new SecureRandom().nextBytes(data);
        AESKey key = (AESKey) KeyBuilder.buildKey(KeyBuilder.TYPE_AES, like.getSize(), false);
        key.setKey(data, (short) 0);
        return key;
    }

    /** AES blocks that {@code length} bytes take under {@code key}; 0 for another algorithm. */
    static int aesBlocks(Key key, int length) {
        return aes(key) ? (length + AES_BLOCK - 1) / AES_BLOCK : 0;
    }

    /** The cipher of a key type; null for HMAC. */
    static BlockCipher blockCipher(byte type, int keyBytes) {
        return switch (type) {
            case KeyBuilder.TYPE_DES, KeyBuilder.TYPE_DES_TRANSIENT_RESET, KeyBuilder.TYPE_DES_TRANSIENT_DESELECT ->
                keyBytes == DES_BYTES ? new DESEngine() : new DESedeEngine();
            case KeyBuilder.TYPE_AES, KeyBuilder.TYPE_AES_TRANSIENT_RESET, KeyBuilder.TYPE_AES_TRANSIENT_DESELECT ->
                new AESEngine();
            case KeyBuilder.TYPE_KOREAN_SEED, KeyBuilder.TYPE_KOREAN_SEED_TRANSIENT_RESET,
                    KeyBuilder.TYPE_KOREAN_SEED_TRANSIENT_DESELECT -> new SEEDEngine();
            default -> null;
        };
    }

    /** When the data of a key of this type is cleared; {@code NOT_A_TRANSIENT_OBJECT} for never, -1 for no secret key. */
    static byte clearEvent(byte type) {
        return switch (type) {
            case KeyBuilder.TYPE_DES, KeyBuilder.TYPE_AES, KeyBuilder.TYPE_HMAC, KeyBuilder.TYPE_KOREAN_SEED ->
                JCSystem.NOT_A_TRANSIENT_OBJECT;
            case KeyBuilder.TYPE_DES_TRANSIENT_RESET, KeyBuilder.TYPE_AES_TRANSIENT_RESET,
                    KeyBuilder.TYPE_HMAC_TRANSIENT_RESET, KeyBuilder.TYPE_KOREAN_SEED_TRANSIENT_RESET ->
                JCSystem.CLEAR_ON_RESET;
            case KeyBuilder.TYPE_DES_TRANSIENT_DESELECT, KeyBuilder.TYPE_AES_TRANSIENT_DESELECT,
                    KeyBuilder.TYPE_HMAC_TRANSIENT_DESELECT, KeyBuilder.TYPE_KOREAN_SEED_TRANSIENT_DESELECT ->
                JCSystem.CLEAR_ON_DESELECT;
            default -> -1;
        };
    }
}
