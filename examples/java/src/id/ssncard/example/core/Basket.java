// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.core;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What was sold, in the order of the sale, and its canonical text (page: The basket). Immutable. */
public final class Basket {
    private static final long BELOW = 1L << 31;

    private final List<Object> lines = new ArrayList<>();
    private long total;

    /**
     * Lines {@code [staple, quantity, rupiah]} as {@link Json} reads them.
     *
     * @throws IllegalArgumentException where there is none, or one is not a string and two integers of 1 to 2^31 - 1,
     *     or the total does not fit a debit
     */
    public Basket(List<?> lines) {
        for (Object one : lines) {
            List<Object> line = Json.array(one);
            if (line.size() != 3 || !(line.get(0) instanceof String)) {
                throw new IllegalArgumentException("a basket's line is [staple, quantity, rupiah]");
            }
            this.lines.add(List.of(line.get(0), count(line.get(1)), count(line.get(2))));
            total += count(line.get(2));
        }
        if (lines.isEmpty() || total >= BELOW) {
            throw new IllegalArgumentException("a basket has a line at least, and a total below 2^31 rupiah");
        }
    }

    /** One line: goods' code, units, price of the whole line in rupiah. */
    public static Basket of(String staple, long quantity, long rupiah) {
        return new Basket(List.of(List.of(staple, quantity, rupiah)));
    }

    private static long count(Object value) {
        if (!(value instanceof Long) || (Long) value < 1 || (Long) value >= BELOW) {
            throw new IllegalArgumentException("quantity and rupiah are integers from 1 to 2^31 - 1");
        }
        return (Long) value;
    }

    /** The lines, for {@link Json}. */
    public List<Object> lines() {
        return new ArrayList<>(lines);
    }

    /** What the debit's amount must be, in rupiah. */
    public long total() {
        return total;
    }

    /** The text that is digested. */
    public String canonical() {
        return Json.write(lines);
    }

    /** The first 16 bytes of SHA-256 over the canonical text. */
    public byte[] digest() {
        return digest(canonical());
    }

    /** The first 16 bytes of SHA-256 over a text. */
    public static byte[] digest(String text) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return Arrays.copyOf(sha256.digest(text.getBytes(StandardCharsets.UTF_8)), 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("this Java has no SHA-256", impossible);
        }
    }

    /**
     * The OR of the lines' category bits; which goods have which bit is the programme's data.
     *
     * @throws IllegalArgumentException where goods have none
     */
    public int categories(Map<String, Integer> bits) {
        int categories = 0;
        for (Object line : lines) {
            Integer bit = bits.get((String) Json.array(line).get(0));
            if (bit == null) {
                throw new IllegalArgumentException("not on the list of goods: " + Json.array(line).get(0));
            }
            categories |= 1 << bit;
        }
        return categories;
    }
}
