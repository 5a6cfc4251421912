// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * All objects of an installed applet, numbered in an order that only its code and its install data decide.
 *
 * <p>Made once, right after installation. Nothing is allocated later, so every object that the applet can ever reach is
 * in it; where the same code is installed with the same data again, the same numbers mean the same objects.
 */
final class ObjectTable {
    private final List<Object> objects = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final List<List<Field>> fields = new ArrayList<>();
    private final Map<Object, Integer> numbers = new IdentityHashMap<>();

    /** The objects reachable from the applet and from the static fields of {@code classes}. */
    ObjectTable(Object applet, Iterable<Class<?>> classes) {
        add(applet, "");
        classes.forEach(type -> add(type, type.getSimpleName()));
        for (int next = 0; next < objects.size(); next++) {
            expand(next);
        }
    }

    int size() {
        return objects.size();
    }

    Object object(int number) {
        return objects.get(number);
    }

    /** The number of an object, or -1: it was allocated after the installation. */
    int number(Object object) {
        return numbers.getOrDefault(object, -1);
    }

    /** How the applet reaches an object, such as {@code store.ledger.records}. */
    String name(Object object) {
        int number = number(object);
        if (number < 0) {
            return "a new " + object.getClass().getSimpleName();
        }
        return names.get(number).isEmpty() ? object.getClass().getSimpleName() : names.get(number);
    }

    /** The fields that are part of an object's state: an applet's object's own, or a class's static ones. */
    List<Field> fields(int number) {
        return fields.get(number);
    }

    private void expand(int number) {
        Object object = objects.get(number);
        String name = names.get(number);
        fields.add(object instanceof Class<?> type
                ? Fields.staticFields(type)
                : Fields.instanceFields(object.getClass()));
        if (object instanceof Object[] array) {
            for (int i = 0; i < array.length; i++) {
                add(array[i], name + "[" + i + "]");
            }
        }
        for (Field field : fields.get(number)) {
            if (!field.getType().isPrimitive()) {
                add(Fields.get(field, object), name.isEmpty() ? field.getName() : name + "." + field.getName());
            }
        }
    }

    private void add(Object object, String name) {
        if (object != null && !numbers.containsKey(object)) {
            numbers.put(object, objects.size());
            objects.add(object);
            names.add(name);
        }
    }
}
