// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The fields of one card's applet classes: announces writes to them, and reads and writes them by reflection. */
final class Fields {
    /** Begins the names of fields that are no part of the applet: our {@code $card}, a coverage tool's flags. */
    private static final String FOREIGN = "$";

    private final PersistentMemory persistent;
    private Field[] resolved = new Field[64];

    Fields(PersistentMemory persistent) {
        this.persistent = persistent;
    }

    /** Announces a write of a primitive value to an instance field, or to a static one of the class {@code target}. */
    void write(Object target, int number, int fresh) {
        Field field = field(target, number);
        int bytes = FieldNames.name(number).bytes();
        Object before = get(field, target);
        persistent.write(
                new WriteEvent(
                        WriteKind.FIELD, target, field.getName(), 0, bytes, bytes(number(before), bytes),
                        bytes(fresh, bytes), false),
                () -> set(field, target, before));
    }

    /** As {@link #write}, of a reference. */
    void writeReference(Object target, int number) {
        Field field = field(target, number);
        Object before = get(field, target);
        persistent.write(
                new WriteEvent(
                        WriteKind.FIELD, target, field.getName(), 0, 2, WriteEvent.NOTHING, WriteEvent.NOTHING, false),
                () -> set(field, target, before));
    }

    static Object get(Field field, Object target) {
        try {
            return field.get(target);
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static void set(Field field, Object target, Object value) {
        try {
            field.set(target, value);
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The instance fields of a class and its parents up to the API's, parents first. */
    static List<Field> instanceFields(Class<?> type) {
        List<Field> fields = new ArrayList<>();
        if (type.getClassLoader() instanceof MachineHolder) {
            fields.addAll(instanceFields(type.getSuperclass()));
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    field.setAccessible(true);
                    fields.add(field);
                }
            }
        }
        return fields;
    }

    /** The static fields of a class that can change. */
    static List<Field> staticFields(Class<?> type) {
        List<Field> fields = new ArrayList<>();
        for (Field field : type.getDeclaredFields()) {
            int modifiers = field.getModifiers();
            if (Modifier.isStatic(modifiers)
                    && !(Modifier.isFinal(modifiers) && field.getType().isPrimitive())
                    && !field.getName().startsWith(FOREIGN)) {
                field.setAccessible(true);
                fields.add(field);
            }
        }
        return fields;
    }

    private Field field(Object target, int number) {
        if (number >= resolved.length) {
            resolved = Arrays.copyOf(resolved, 2 * number);
        }
        Field known = resolved[number];
        if (known == null) {
            known = find(target instanceof Class<?> type ? type : target.getClass(), FieldNames.name(number));
            resolved[number] = known;
        }
        return known;
    }

    private static Field find(Class<?> type, FieldNames.FieldName name) {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            // A subclass may have a field of the same name: the instruction names the class where to begin.
            if (at.getName().equals(name.owner())) {
                for (Class<?> owner = at; owner != null; owner = owner.getSuperclass()) {
                    for (Field field : owner.getDeclaredFields()) {
                        if (field.getName().equals(name.name())) {
                            field.setAccessible(true);
                            return field;
                        }
                    }
                }
            }
        }
        throw new IllegalStateException("no field " + name);
    }

    static int number(Object value) {
        return value instanceof Boolean flag ? (flag ? 1 : 0) : ((Number) value).intValue();
    }

    /** The low {@code count} bytes of a value. */
    static byte[] bytes(int value, int count) {
        byte[] all = ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
        return PersistentMemory.slice(all, Integer.BYTES - count, count);
    }
}
