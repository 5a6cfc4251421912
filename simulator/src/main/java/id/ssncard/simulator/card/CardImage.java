// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;

/**
 * The contents of all objects of a card at one moment between two commands.
 *
 * @param states by the number of the object in its {@link ObjectTable}
 */
record CardImage(List<State> states) {
    /**
     * One object.
     *
     * @param fields values of its fields, in the order of {@link ObjectTable#fields}
     * @param content a copy of an array, or a framework object's own state; null for neither
     */
    record State(Object[] fields, Object content) {}

    /** Copies the state of all objects, of transient memory too. */
    static CardImage of(ObjectTable table) {
        List<State> states = new ArrayList<>(table.size());
        for (int number = 0; number < table.size(); number++) {
            Object object = table.object(number);
            List<Field> fields = table.fields(number);
            Object[] values = new Object[fields.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = Fields.get(fields.get(i), object);
            }
            states.add(new State(values, content(object)));
        }
        return new CardImage(states);
    }

    /** Puts the state back into the same objects. */
    void restore(ObjectTable table) {
        for (int number = 0; number < table.size(); number++) {
            Object object = table.object(number);
            State state = states.get(number);
            List<Field> fields = table.fields(number);
            for (int i = 0; i < fields.size(); i++) {
                Field field = fields.get(i);
                // A final field is as the installation left it.
                if (!Modifier.isFinal(field.getModifiers())) {
                    Fields.set(field, object, state.fields()[i]);
                }
            }
            if (object instanceof FrameworkObject framework) {
                framework.restore((Object[]) state.content());
            } else if (object.getClass().isArray()) {
                System.arraycopy(state.content(), 0, object, 0, Array.getLength(object));
            }
        }
    }

    private static Object content(Object object) {
        if (object instanceof FrameworkObject framework) {
            return framework.capture();
        }
        if (!object.getClass().isArray()) {
            return null;
        }
        int length = Array.getLength(object);
        Object copy = Array.newInstance(object.getClass().getComponentType(), length);
        System.arraycopy(object, 0, copy, 0, length);
        return copy;
    }
}
