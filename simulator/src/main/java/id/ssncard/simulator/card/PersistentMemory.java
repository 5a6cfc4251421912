// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

import java.util.concurrent.ThreadLocalRandom;

/**
 * The gate that every write to persistent memory passes: counted, journalled while a transaction is in progress, and
 * the place where power is lost.
 *
 * <p>The order is: room in the commit buffer, then the event (at which power may go), then the journal, then the write by
 * the caller. So a write that fails for want of room is no event, and one that is torn never happened.
 */
final class PersistentMemory {
    private final Power power;
    private final Transaction transaction;
    private final Tear tear;
    private final Counters counters;
    private final boolean neighboursAreSpoilt;
    private boolean installing = true;

    /** @param neighboursAreSpoilt see {@link Freedom#SPOILT_NEIGHBOURS} */
    PersistentMemory(
            Power power, Transaction transaction, Tear tear, Counters counters, boolean neighboursAreSpoilt) {
        this.power = power;
        this.transaction = transaction;
        this.tear = tear;
        this.counters = counters;
        this.neighboursAreSpoilt = neighboursAreSpoilt;
    }

    /** From now on writes are events; those of an installation are not. */
    void installed() {
        installing = false;
    }

    /** Announces an indivisible write, which the caller then does. {@code undo} takes it back. */
    void write(WriteEvent event, Runnable undo) {
        WriteKind kind = event.kind();
        boolean conditional = kind.conditional() && transaction.open();
        if (conditional || kind == WriteKind.COPY) {
            // arrayCopy needs the commit buffer for itself even outside a transaction (API, Util.arrayCopy).
            transaction.reserve(event.bytes());
        }
        happens(event);
        if (conditional) {
            transaction.remember(event.bytes(), undo);
        }
    }

    /** Announces an event that is no write to memory which a transaction could take back. */
    void happens(WriteEvent event) {
        if (installing) {
            return;
        }
        if (begins(event)) {
            throw power.lose();
        }
    }

    /**
     * Writes bytes to a persistent array so that a tear may leave a part of them.
     *
     * @param data the new bytes; no other array holds them
     */
    void writeDivisibly(WriteKind kind, byte[] target, int offset, byte[] data) {
        byte[] before = slice(target, offset, data.length);
        boolean conditional = kind.conditional() && transaction.open();
        if (conditional) {
            transaction.reserve(data.length);
        } else if (transaction.open()) {
            counters.violation(Violation.NON_ATOMIC_IN_TRANSACTION, kind + " of " + data.length + " bytes");
        }
        WriteEvent event = new WriteEvent(kind, target, "", offset, data.length, before, data, false);
        if (!installing && begins(event)) {
            if (!conditional) {
                leave(target, offset, data);
            }
            throw power.lose();
        }
        if (conditional) {
            transaction.remember(data.length, () -> System.arraycopy(before, 0, target, offset, before.length));
        }
        System.arraycopy(data, 0, target, offset, data.length);
    }

    static byte[] slice(byte[] array, int offset, int length) {
        byte[] slice = new byte[length];
        System.arraycopy(array, offset, slice, 0, length);
        return slice;
    }

    /** Notes an event; whether power goes at it. */
    private boolean begins(WriteEvent event) {
        power.require();
        boolean torn = tear.atWrite();
        counters.event(torn
                ? new WriteEvent(event.kind(), event.target(), event.member(), event.offset(), event.bytes(),
                        event.before(), event.after(), true)
                : event);
        return torn;
    }

    /** What a torn write of {@code data} leaves. */
    private void leave(byte[] target, int offset, byte[] data) {
        int done = Math.min(tear.inside(), data.length);
        System.arraycopy(data, 0, target, offset, done);
        int spoilt = switch (tear.rest()) {
            case OLD -> done;
            case GARBAGE -> Math.min(done + 1, data.length);
            case ERASED -> data.length;
        };
        for (int i = done; i < spoilt; i++) {
            target[offset + i] = neither(target[offset + i], data[i]);
        }
        if (neighboursAreSpoilt) {
            spoil(target, 0, offset);
            spoil(target, offset + data.length, target.length);
        }
    }

    private static void spoil(byte[] array, int from, int to) {
        for (int i = from; i < to; i++) {
            array[i] = neither(array[i], array[i]);
        }
    }

    /** A value that is neither of two. */
    private static byte neither(byte old, byte fresh) {
        byte value;
        do {
            value = (byte) ThreadLocalRandom.current().nextInt();
        } while (value == old || value == fresh);
        return value;
    }
}
