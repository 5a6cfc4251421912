// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.util.List;
import java.util.zip.CRC32;

/**
 * A checksum of all that is persistent on a card: fields, arrays, persistent keys, PINs. It does not come by the hooks
 * that count writes, so it also sees a write that they miss.
 *
 * <p>Not in it: transient memory, and what a cipher was initialised with, which the framework keeps.
 */
final class PersistentDigest {
    private final Machine machine;
    private final ObjectTable table;
    private final CRC32 sum = new CRC32();

    private PersistentDigest(Machine machine, ObjectTable table) {
        this.machine = machine;
        this.table = table;
    }

    static long of(Machine machine, ObjectTable table) {
        PersistentDigest digest = new PersistentDigest(machine, table);
        for (int number = 0; number < table.size(); number++) {
            digest.add(number);
        }
        return digest.sum.getValue();
    }

    private void add(int number) {
        Object object = table.object(number);
        List<Field> fields = table.fields(number);
        for (int i = 0; i < fields.size(); i++) {
            value(Fields.get(fields.get(i), object));
        }
        if (object instanceof CardPin pin) {
            pin.persistentState(sum);
        } else if (object instanceof CardKey key) {
            key.persistentState(sum);
        } else if (object instanceof byte[] bytes) {
            if (machine.volatileMemory().region(bytes) == null) {
                sum.update(bytes);
            }
        } else if (object.getClass().isArray() && machine.volatileMemory().region(object) == null) {
            for (int i = 0; i < Array.getLength(object); i++) {
                value(Array.get(object, i));
            }
        }
    }

    private void value(Object value) {
        int number = value instanceof Number || value instanceof Boolean ? Fields.number(value)
                : value == null ? -1 : table.number(value);
        sum.update(number);
        sum.update(number >> Byte.SIZE);
        sum.update(number >> 2 * Byte.SIZE);
        sum.update(number >> 3 * Byte.SIZE);
    }
}
