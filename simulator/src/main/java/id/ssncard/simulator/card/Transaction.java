// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

import java.util.ArrayDeque;
import java.util.Deque;
import javacard.framework.TransactionException;

/**
 * The one transaction that may be in progress, and the commit buffer (2.2.2 runtime environment, chapter 7).
 *
 * <p>The buffer keeps old values. An entry takes its data and {@link #ENTRY_OVERHEAD} bytes; writing a place twice takes
 * two entries. Vendors do not publish their overhead: six bytes are what the log of an independent Java Card VM took.
 */
final class Transaction {
    /** Bytes that an entry takes beside its data. */
    static final int ENTRY_OVERHEAD = 6;
    /** What the commonest older cards have (JCOP 2.4.x: 512 bytes). */
    static final int USUAL_CAPACITY = 512;
    /** What one log record of the programme's applet needs, 94 bytes, and not a byte more. */
    static final int TIGHT_CAPACITY = 94 + ENTRY_OVERHEAD;

    private final Deque<Runnable> undo = new ArrayDeque<>();
    private int capacity = USUAL_CAPACITY;
    private boolean open;
    private int used;
    private int peak;

    boolean open() {
        return open;
    }

    /** Section 7.4: there is only one at a time. */
    void begin() {
        if (open) {
            TransactionException.throwIt(TransactionException.IN_PROGRESS);
        }
        open = true;
    }

    void requireOpen() {
        if (!open) {
            TransactionException.throwIt(TransactionException.NOT_IN_PROGRESS);
        }
    }

    /** Ends it with all that was written. */
    void commit() {
        undo.clear();
        close();
    }

    /** Ends it with all conditional writes taken back, the newest first (sections 7.5 and 7.6). */
    void rollBack() {
        Runnable entry;
        while ((entry = undo.pollLast()) != null) {
            entry.run();
        }
        close();
    }

    /** Makes room for an entry. Throws {@code BUFFER_FULL} (section 7.8); the transaction stays in progress. */
    void reserve(int bytes) {
        int needed = used + bytes + ENTRY_OVERHEAD;
        if (needed > capacity) {
            TransactionException.throwIt(TransactionException.BUFFER_FULL);
        }
        peak = Math.max(peak, needed);
    }

    /** Keeps how to take a write of {@code bytes} back; room was made for it. */
    void remember(int bytes, Runnable entry) {
        undo.addLast(entry);
        used += bytes + ENTRY_OVERHEAD;
    }

    void capacity(int bytes) {
        capacity = bytes;
    }

    int capacity() {
        return capacity;
    }

    int unused() {
        return capacity - used;
    }

    /** The most that was in use since the last call of {@link #forgetPeak}. */
    int peak() {
        return peak;
    }

    void forgetPeak() {
        peak = used;
    }

    private void close() {
        open = false;
        used = 0;
    }
}
