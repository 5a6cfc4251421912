// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.receipts;

import id.ssncard.example.core.Hex;
import id.ssncard.example.core.Json;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

    /**
     * The newest tip of each card, by serial, from a file's lines; blank lines are skipped.
     *
     * @throws IllegalArgumentException where a line is no tip, or two of one number state different MACs
     */
    public static Map<String, Tip> read(List<String> lines) {
        Map<String, Tip> newest = new HashMap<>();
        for (String line : lines) {
            if (!line.isBlank()) {
                Tip tip = of(Json.object(Json.parse(line)));
                newest.merge(tip.serial, tip, Tip::newer);
            }
        }
        return newest;
    }

    private static Tip of(Map<String, Object> line) {
        if (!(line.get("seq") instanceof Long)) {
            throw new IllegalArgumentException("a tip without seq");
        }
        byte[] mac = Hex.bytes(String.valueOf(line.get("last_mac")));
        byte[] serial = Hex.bytes(String.valueOf(line.get("serial")));
        if (mac.length != 8 || serial.length != 8) {
            throw new IllegalArgumentException("a tip has a serial and a MAC of 8 bytes each");
        }
        return new Tip(Hex.of(serial), (Long) line.get("seq"), mac);
    }

    private static Tip newer(Tip one, Tip other) {
        if (one.seq == other.seq && !Arrays.equals(one.lastMac, other.lastMac)) {
            throw new IllegalArgumentException("two tips of card " + one.serial + ", number " + one.seq + ", differ");
        }
        return one.seq >= other.seq ? one : other;
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
