// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

import java.util.ArrayList;
import java.util.List;

/**
 * Numbers for the edges of applet code that coverage watches, the same for all cards of this process.
 *
 * <p>An edge is a method's entry, an outcome of a condition (taken or not), or a case of a switch. All others of the
 * control flow follow from these.
 */
public final class Edges {
    /** @param branch whether it is one of several ways on; keys: of a switch, on its first edge only */
    private record Edge(String name, boolean branch, int[] keys) {}

    private static final int[] NO_KEYS = {};
    private static final List<Edge> EDGES = new ArrayList<>();

    private Edges() {}

    /** The number of a method's entry. */
    public static synchronized int entry(String name) {
        return add(name + " entered", false, NO_KEYS);
    }

    /** The number of a condition's "taken"; "not taken" is the next one. */
    public static synchronized int condition(String name) {
        int taken = add(name + " taken", true, NO_KEYS);
        add(name + " not taken", true, NO_KEYS);
        return taken;
    }

    /** The number of a switch's first case; the others follow in the order of {@code keys}, the last is the default. */
    public static synchronized int choice(String name, int[] keys) {
        int first = EDGES.size();
        for (int key : keys) {
            add(name + " case " + key, true, EDGES.size() == first ? keys.clone() : NO_KEYS);
        }
        add(name + " default", true, NO_KEYS);
        return first;
    }

    static synchronized String name(int edge) {
        return EDGES.get(edge).name;
    }

    static synchronized boolean isBranch(int edge) {
        return EDGES.get(edge).branch;
    }

    /** The edge that a switch takes for a value. */
    static synchronized int chosen(int first, int value) {
        int[] keys = EDGES.get(first).keys;
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] == value) {
                return first + i;
            }
        }
        return first + keys.length;
    }

    private static int add(String name, boolean branch, int[] keys) {
        EDGES.add(new Edge(name, branch, keys));
        return EDGES.size() - 1;
    }
}
