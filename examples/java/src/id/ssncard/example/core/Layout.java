// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Named fields one after the other, without gaps. */
public final class Layout {
    private final String name;
    private final int length;
    private final Map<String, Field> fields = new LinkedHashMap<>();
    private final Map<String, Integer> offsets = new LinkedHashMap<>();

    private Layout(String name, List<Field> fields) {
        this.name = name;
        int offset = 0;
        for (Field field : fields) {
            this.fields.put(field.name, field);
            this.offsets.put(field.name, offset);
            offset += field.length;
        }
        this.length = offset;
    }

    static Layout of(String name, Field... fields) {
        return new Layout(name, List.of(fields));
    }

    /** A layout of other layouts' fields and further ones, in this order. */
    static Layout of(String name, Object... parts) {
        List<Field> fields = new ArrayList<>();
        for (Object part : parts) {
            if (part instanceof Layout) {
                fields.addAll(((Layout) part).fields());
            } else {
                fields.add((Field) part);
            }
        }
        return new Layout(name, fields);
    }

    /** The layout's name, as {@code protocol/layouts.json} has it. */
    public String name() {
        return name;
    }

    /** Bytes in all. */
    public int length() {
        return length;
    }

    /** The fields in order. */
    public List<Field> fields() {
        return Collections.unmodifiableList(new ArrayList<>(fields.values()));
    }

    /** Whether there is a field of that name. */
    public boolean has(String field) {
        return fields.containsKey(field);
    }

    Field field(String field) {
        Field found = fields.get(field);
        if (found == null) {
            throw new IllegalArgumentException(name + " has no field " + field);
        }
        return found;
    }

    /** Where a field begins. */
    public int offset(String field) {
        return offsets.get(field(field).name);
    }
}
