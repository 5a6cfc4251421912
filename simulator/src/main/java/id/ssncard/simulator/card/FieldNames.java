// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Numbers for the fields that rewritten classes write, the same for all cards of this process. */
public final class FieldNames {
    /** Binary name of the class that the instruction names (it may inherit the field), name and descriptor. */
    record FieldName(String owner, String name, String descriptor) {
        /** Bytes on a card. */
        int bytes() {
            return switch (descriptor.charAt(0)) {
                case 'Z', 'B' -> 1;
                case 'I' -> 4;
                default -> 2;
            };
        }
    }

    private static final Map<FieldName, Integer> NUMBERS = new HashMap<>();
    private static final List<FieldName> NAMES = new ArrayList<>();

    private FieldNames() {}

    /** The number of a field. */
    public static synchronized int number(String owner, String name, String descriptor) {
        return NUMBERS.computeIfAbsent(new FieldName(owner, name, descriptor), added -> {
            NAMES.add(added);
            return NAMES.size() - 1;
        });
    }

    static synchronized FieldName name(int number) {
        return NAMES.get(number);
    }
}
