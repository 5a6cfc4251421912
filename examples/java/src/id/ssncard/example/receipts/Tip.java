// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.receipts;

/** Where a card's receipts end, as the card itself stated it (page: Files, Tips). */
public final class Tip {
    private final String serial;
    private final long seq;
    private final byte[] lastMac;

    /** Serial (hexadecimal), number of the newest receipt (0 if none), its MAC (8 bytes, zeros if none). */
    public Tip(String serial, long seq, byte[] lastMac) {
        this.serial = serial;
        this.seq = seq;
        this.lastMac = lastMac.clone();
    }

    /** The card, hexadecimal. */
    public String serial() {
        return serial;
    }

    /** Number of its newest receipt. */
    public long seq() {
        return seq;
    }

    byte[] lastMac() {
        return lastMac.clone();
    }
}
