// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

/**
 * When power is to be lost: before the n-th event since arming, inside it, or before the answer of the next command.
 *
 * <p>Stays armed over resets until it fires, so that it may be armed before a reader connects.
 */
public final class Tear {
    /** What a torn non-atomic write leaves from the place of the tear on; before it, all is new. */
    public enum Rest {
        /** The old bytes. */
        OLD,
        /** The byte being written has a value of neither, the rest is old. */
        GARBAGE,
        /** All bytes not yet written have some other value, as on a card that erases the page first. */
        ERASED
    }

    private int write;
    private int inside;
    private Rest rest = Rest.OLD;
    private boolean beforeAnswer;
    private int seen;

    /**
     * Arms for the {@code write}-th event from now (1 is the next).
     *
     * @param inside bytes of a divisible write that are done first; an indivisible write is not done at all
     */
    public void arm(int write, int inside, Rest rest) {
        disarm();
        this.write = write;
        this.inside = inside;
        this.rest = rest;
    }

    /** Arms for the end of the next command: everything is done, and no answer comes. */
    public void armBeforeAnswer() {
        disarm();
        beforeAnswer = true;
    }

    /** Forgets what was armed. */
    public void disarm() {
        write = 0;
        seen = 0;
        beforeAnswer = false;
    }

    /** Whether a tear is still to come. */
    public boolean armed() {
        return write != 0 || beforeAnswer;
    }

    /** Counts an event; true when power goes now. */
    boolean atWrite() {
        if (write == 0 || ++seen != write) {
            return false;
        }
        write = 0;
        return true;
    }

    /** True when power goes now, with the command done. */
    boolean atAnswer() {
        boolean now = beforeAnswer;
        beforeAnswer = false;
        return now;
    }

    int inside() {
        return inside;
    }

    Rest rest() {
        return rest;
    }
}
