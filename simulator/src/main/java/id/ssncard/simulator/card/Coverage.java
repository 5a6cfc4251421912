// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Which edges one card's applet has passed (see {@link Edges}), and which of them directly after which other: a fuzzer
 * that is told what was never seen before knows which commands are worth keeping.
 *
 * <p>Only classes that were loaded for it report here ({@code EdgeProbes}). A checkpoint does not take it back.
 */
public final class Coverage {
    /** Numbers of pairs begin here, above all edges; two pairs may share one, which costs a hint and nothing else. */
    private static final int PAIRS = 1 << 20;

    private final BitSet passed = new BitSet();
    private final List<Integer> fresh = new ArrayList<>();
    private int last;

    Coverage() {}

    /** Called by instrumented code before a conditional jump: relation 0 to 5 is EQ, NE, LT, GE, GT, LE. */
    public static void compare(int left, int right, Machine machine, int relation, int edge) {
        boolean taken = switch (relation) {
            case 0 -> left == right;
            case 1 -> left != right;
            case 2 -> left < right;
            case 3 -> left >= right;
            case 4 -> left > right;
            default -> left <= right;
        };
        machine.coverage().pass(taken ? edge : edge + 1);
    }

    /** As {@link #compare(int, int, Machine, int, int)}, of references. */
    public static void compare(Object left, Object right, Machine machine, int relation, int edge) {
        machine.coverage().pass((left == right) == (relation == 0) ? edge : edge + 1);
    }

    /** Called by instrumented code before a switch. */
    public static void choose(int value, Machine machine, int first) {
        machine.coverage().pass(Edges.chosen(first, value));
    }

    /** Called by instrumented code at the entry of a method. */
    public static void enter(Machine machine, int edge) {
        machine.coverage().pass(edge);
    }

    void commandBegins() {
        last = 0;
    }

    boolean passed(int edge) {
        return passed.get(edge);
    }

    /** Edges and pairs passed for the first time since this was last asked. */
    List<Integer> takeFresh() {
        List<Integer> taken = List.copyOf(fresh);
        fresh.clear();
        return taken;
    }

    private void pass(int edge) {
        note(edge);
        note(PAIRS + (last * 1021 + edge) % PAIRS);
        last = edge;
    }

    private void note(int number) {
        if (!passed.get(number)) {
            passed.set(number);
            fresh.add(number);
        }
    }
}
