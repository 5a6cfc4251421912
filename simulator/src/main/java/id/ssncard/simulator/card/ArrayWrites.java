// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

import java.util.Arrays;
import javacard.framework.APDU;

/** Stores of an applet to arrays, by component and by run. */
final class ArrayWrites {
    private final Machine machine;
    private final VolatileMemory memory;
    private final PersistentMemory persistent;

    ArrayWrites(Machine machine) {
        this.machine = machine;
        memory = machine.volatileMemory();
        persistent = machine.persistent();
    }

    void store(byte[] array, int index, byte value) {
        byte before = array[index];
        VolatileMemory.Region region = memory.region(array);
        if (region != null) {
            Outputs.reach(machine, region, index + 1);
        } else {
            persistent.write(
                    element(array, index, 1, before, value), () -> array[index] = before);
        }
        array[index] = value;
    }

    void store(boolean[] array, int index, boolean value) {
        boolean before = array[index];
        VolatileMemory.Region region = memory.region(array);
        if (region != null) {
            Outputs.reach(machine, region, index + 1);
        } else {
            persistent.write(
                    element(array, index, 1, before ? 1 : 0, value ? 1 : 0), () -> array[index] = before);
        }
        array[index] = value;
    }

    void store(short[] array, int index, short value) {
        short before = array[index];
        VolatileMemory.Region region = memory.region(array);
        if (region != null) {
            Outputs.reach(machine, region, index + 1);
        } else {
            persistent.write(
                    element(array, index, 2, before, value), () -> array[index] = before);
        }
        array[index] = value;
    }

    void store(int[] array, int index, int value) {
        int before = array[index];
        VolatileMemory.Region region = memory.region(array);
        if (region != null) {
            Outputs.reach(machine, region, index + 1);
        } else {
            persistent.write(
                    element(array, index, 4, before, value), () -> array[index] = before);
        }
        array[index] = value;
    }

    void store(Object[] array, int index, Object value) {
        mayBeKept(value);
        Object before = array[index];
        if (value != null && !array.getClass().getComponentType().isInstance(value)) {
            throw new ArrayStoreException();
        }
        VolatileMemory.Region region = memory.region(array);
        if (region != null) {
            Outputs.reach(machine, region, index + 1);
        } else {
            persistent.write(
                    new WriteEvent(
                            WriteKind.ELEMENT, array, "", index, 2, WriteEvent.NOTHING, WriteEvent.NOTHING, false),
                    () -> array[index] = before);
        }
        array[index] = value;
    }

    short copy(WriteKind kind, byte[] from, int fromOffset, byte[] to, int toOffset, int length) {
        requireRange(from, fromOffset, length);
        requireRange(to, toOffset, length);
        VolatileMemory.Region region = memory.region(to);
        if (region != null) {
            System.arraycopy(from, fromOffset, to, toOffset, length);
            Outputs.reach(machine, region, toOffset + length);
        } else if (length != 0) {
            run(kind, to, toOffset, PersistentMemory.slice(from, fromOffset, length));
        }
        return (short) (toOffset + length);
    }

    short fill(byte[] array, int offset, int length, byte value) {
        requireRange(array, offset, length);
        VolatileMemory.Region region = memory.region(array);
        if (region != null) {
            Arrays.fill(array, offset, offset + length, value);
            Outputs.reach(machine, region, offset + length);
        } else if (length != 0) {
            byte[] data = new byte[length];
            Arrays.fill(data, value);
            run(WriteKind.FILL_NON_ATOMIC, array, offset, data);
        }
        return (short) (offset + length);
    }

    short setShort(byte[] array, int offset, short value) {
        requireRange(array, offset, 2);
        VolatileMemory.Region region = memory.region(array);
        if (region != null) {
            array[offset] = (byte) (value >> 8);
            array[offset + 1] = (byte) value;
            Outputs.reach(machine, region, offset + 2);
        } else {
            run(WriteKind.SET_SHORT, array, offset, Fields.bytes(value, 2));
        }
        return (short) (offset + 2);
    }

    /**
     * References to global arrays and to temporary entry points must not be kept (2.2.2 runtime environment, sections
     * 6.2.1 and 6.2.2).
     */
    void mayBeKept(Object value) {
        if (value == null) {
            return;
        }
        VolatileMemory.Region region = value.getClass().isArray() ? memory.region(value) : null;
        if (value instanceof APDU || region != null && region.event == VolatileMemory.GLOBAL) {
            machine.counters().violation(Violation.KEPT_GLOBAL_REFERENCE, value.getClass().getSimpleName());
            throw new SecurityException();
        }
    }

    private void run(WriteKind kind, byte[] array, int offset, byte[] data) {
        if (kind.divisible()) {
            persistent.writeDivisibly(kind, array, offset, data);
            return;
        }
        byte[] before = PersistentMemory.slice(array, offset, data.length);
        persistent.write(
                new WriteEvent(kind, array, "", offset, data.length, before, data, false),
                () -> System.arraycopy(before, 0, array, offset, before.length));
        System.arraycopy(data, 0, array, offset, data.length);
    }

    private static WriteEvent element(Object array, int index, int bytes, int before, int after) {
        return new WriteEvent(
                WriteKind.ELEMENT, array, "", index, bytes, Fields.bytes(before, bytes), Fields.bytes(after, bytes), false);
    }

    private static void requireRange(byte[] array, int offset, int length) {
        if (offset < 0 || length < 0 || length > array.length - offset) {
            throw new ArrayIndexOutOfBoundsException();
        }
    }
}
