// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.vectors;

import id.ssncard.example.core.Hex;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Counts comparisons and keeps the differences, with the place where each was found. */
final class Checks {
    private final List<String> differences = new ArrayList<>();
    private String place = "";
    private int made;

    /** Something that can fail. */
    interface Step {
        void run() throws Exception;
    }

    /** Runs a step of a file; false where it threw, which is a difference. */
    boolean at(String where, Step step) {
        String outer = place;
        place = outer.isEmpty() ? where : outer + ": " + where;
        boolean ended = false;
        try {
            step.run();
            ended = true;
        } catch (Exception thrown) {
            differences.add(place + ": " + thrown);
        }
        place = outer;
        return ended;
    }

    void equal(String what, Object expected, Object actual) {
        made++;
        if (!Objects.equals(expected, actual)) {
            differences.add(place + ": " + what + " is " + actual + ", not " + expected);
        }
    }

    void bytes(String what, String expected, byte[] actual) {
        equal(what, expected, Hex.of(actual));
    }

    /** As {@link #bytes}, of a secret: the difference is told without the bytes. */
    void secret(String what, String expected, byte[] actual) {
        that(what + " differs", expected.equals(Hex.of(actual)));
    }

    void that(String otherwise, boolean holds) {
        made++;
        if (!holds) {
            differences.add(place + ": " + otherwise);
        }
    }

    /** The members that this program knows; others would go unplayed. */
    void members(Map<String, Object> object, String... known) {
        for (String member : object.keySet()) {
            that("nobody plays the member " + member, Set.of(known).contains(member));
        }
    }

    int made() {
        return made;
    }

    List<String> differences() {
        return differences;
    }
}
