// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/** A card's random numbers: unpredictable, or from a seed where a run must be repeatable. */
final class Randomness {
    private static final int BLOCK = 32;

    private final SecureRandom random = new SecureRandom();
    private byte[] seed;
    private long produced;

    /** Begins anew from {@code seed}; null: unpredictable. */
    void seed(byte[] chosen) {
        seed = chosen == null ? null : chosen.clone();
        produced = 0;
    }

    void mix(byte[] more) {
        if (seed == null) {
            random.setSeed(more);
        } else {
            seed = sha256().digest(ByteBuffer.allocate(seed.length + more.length).put(seed).put(more).array());
        }
    }

    byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        if (seed == null) {
            random.nextBytes(bytes);
            return bytes;
        }
        for (int at = 0; at < length; at += BLOCK) {
            byte[] block = sha256().digest(
                    ByteBuffer.allocate(seed.length + Long.BYTES).put(seed).putLong(produced++).array());
            System.arraycopy(block, 0, bytes, at, Math.min(BLOCK, length - at));
        }
        return bytes;
    }

    Object[] capture() {
        return new Object[] {seed == null ? null : seed.clone(), produced};
    }

    void restore(Object[] state) {
        seed((byte[]) state[0]);
        produced = (Long) state[1];
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
