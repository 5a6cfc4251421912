// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

/** Where the framework writes into an applet's array. The API promises nothing about such writes, so they may be torn. */
final class Outputs {
    private Outputs() {}

    /** Writes {@code data} to {@code target} from {@code offset}. */
    static void put(Machine machine, byte[] data, byte[] target, int offset) {
        if (data.length > target.length - offset || offset < 0) {
            throw new ArrayIndexOutOfBoundsException();
        }
        VolatileMemory.Region region = machine.volatileMemory().region(target);
        if (region == null) {
            machine.persistent().writeDivisibly(WriteKind.OUTPUT, target, offset, data.clone());
        } else {
            System.arraycopy(data, 0, target, offset, data.length);
            reach(machine, region, offset + data.length);
        }
    }

    /** Writes what an engine makes: through a buffer, so that a tear can leave a part of it. Returns how much it is. */
    static short through(Machine machine, int room, byte[] target, int offset, Source source) {
        byte[] buffer = new byte[room];
        short written = source.write(buffer);
        put(machine, PersistentMemory.slice(buffer, 0, written), target, offset);
        return written;
    }

    /** Makes its output at the start of a buffer, and tells how much that is. */
    interface Source {
        short write(byte[] buffer);
    }

    /** Notes that components below {@code end} of a volatile array were written. */
    static void reach(Machine machine, VolatileMemory.Region region, int end) {
        if (region.event == VolatileMemory.GLOBAL) {
            Counters counters = machine.counters();
            counters.apduReached = Math.max(counters.apduReached, end);
        } else if (end > region.reached) {
            region.reached = end;
        }
    }
}
