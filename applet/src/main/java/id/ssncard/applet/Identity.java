// SPDX-License-Identifier: Apache-2.0
package id.ssncard.applet;

import javacard.framework.Util;

/**
 * The holder's identity block, in two places: a correction is written into the free one, then becomes valid with one
 * write. Money is not touched.
 */
final class Identity {

    private final byte[] places = new byte[(short) (2 * Protocol.MAX_IDENTITY)];
    /** Offset in {@link #places} of the block in force. */
    private short inForce;

    /** Writes a block into the free place; it is not in force yet. */
    void write(byte[] data, short offset, short length) {
        Util.arrayCopy(data, offset, places, free(), length);
    }

    /** Puts the block last written in force: a single write. */
    void commit() {
        inForce = free();
    }

    /** Copies the block in force to {@code out}; returns the offset after it. */
    short read(byte[] out, short offset) {
        short length = (short) (Protocol.IDENTITY_FIXED_SIZE
                + places[(short) (inForce + Protocol.IDENTITY_FIXED_NAME_LENGTH)]);
        return Util.arrayCopyNonAtomic(places, inForce, out, offset, length);
    }

    private short free() {
        return inForce == 0 ? Protocol.MAX_IDENTITY : 0;
    }
}
