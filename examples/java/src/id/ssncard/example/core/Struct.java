// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.core;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Bytes seen through a layout. Immutable. */
public final class Struct {
    private final Layout layout;
    private final byte[] bytes;

    /**
     * The bytes, copied.
     *
     * @throws IllegalArgumentException where their number is not the layout's length
     */
    public Struct(Layout layout, byte[] bytes) {
        if (bytes.length != layout.length()) {
            throw new IllegalArgumentException(
                    layout.name() + " has " + layout.length() + " bytes, not " + bytes.length);
        }
        this.layout = layout;
        this.bytes = bytes.clone();
    }

    /**
     * Bytes made of values by the fields' names, as {@link #values} gives them; every field is needed.
     *
     * @throws IllegalArgumentException where one is missing, unknown or out of range
     */
    public static Struct of(Layout layout, Map<String, ?> values) {
        byte[] bytes = new byte[layout.length()];
        for (Field field : layout.fields()) {
            if (!values.containsKey(field.name)) {
                throw new IllegalArgumentException(layout.name() + " needs " + field.name);
            }
            byte[] part = encoded(field, values.get(field.name));
            System.arraycopy(part, 0, bytes, layout.offset(field.name), field.length);
        }
        if (values.size() != layout.fields().size()) {
            throw new IllegalArgumentException(layout.name() + " has no such field among " + values.keySet());
        }
        return new Struct(layout, bytes);
    }

    private static byte[] encoded(Field field, Object value) {
        byte[] part;
        switch (field.type) {
            case UINT:
            case INT:
                part = integer(((Number) value).longValue(), field.length);
                break;
            case BCD_TIMESTAMP:
                part = value == null ? new byte[6] : Bcd.timestamp(LocalDateTime.parse((String) value));
                break;
            case BCD_DATE:
                part = value == null ? new byte[3] : Bcd.date(LocalDate.parse((String) value));
                break;
            default:
                part = Hex.bytes((String) value);
        }
        if (part.length != field.length) {
            throw new IllegalArgumentException(field.name + " has " + field.length + " bytes");
        }
        return part;
    }

    private static byte[] integer(long value, int length) {
        if (value < Integer.MIN_VALUE || value >> (8 * length) > 0) {
            throw new IllegalArgumentException(value + " does not fit " + length + " bytes");
        }
        byte[] part = new byte[length];
        for (int i = 0; i < length; i++) {
            part[i] = (byte) (value >> (8 * (length - 1 - i)));
        }
        return part;
    }

    /** An integer field; unsigned ones up to 2^32 - 1, months as {@link Bcd#month}. */
    public long number(String name) {
        Field field = layout.field(name);
        long value = 0;
        for (byte one : bytes(name)) {
            value = value << 8 | one & 0xFF;
        }
        return field.type == Field.Type.INT ? (int) value : value;
    }

    /** The bytes of a field. */
    public byte[] bytes(String name) {
        int offset = layout.offset(name);
        return Arrays.copyOfRange(bytes, offset, offset + layout.field(name).length);
    }

    /** All bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The layout. */
    public Layout layout() {
        return layout;
    }

    /** Values by name as test vectors have them: numbers, hexadecimal, ISO 8601 dates and times, null for none. */
    public Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Field field : layout.fields()) {
            values.put(field.name, value(field));
        }
        return values;
    }

    private Object value(Field field) {
        byte[] part = bytes(field.name);
        switch (field.type) {
            case UINT:
            case INT:
                return number(field.name);
            case BCD_TIMESTAMP:
                return none(field, part) ? null : isoTime(part);
            case BCD_DATE:
                return none(field, part) ? null : Bcd.date(part, 0).toString();
            default:
                return Hex.of(part);
        }
    }

    private static boolean none(Field field, byte[] part) {
        return field.zeroIsNone && Arrays.equals(part, new byte[part.length]);
    }

    private static String isoTime(byte[] bcd) {
        LocalDateTime time = Bcd.time(bcd);
        // LocalDateTime leaves out seconds that are zero; ISO 8601 as the vectors write it does not.
        return String.format(
                "%sT%02d:%02d:%02d", time.toLocalDate(), time.getHour(), time.getMinute(), time.getSecond());
    }
}
