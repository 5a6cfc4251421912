// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.core;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON as the protocol's files use it: objects, arrays, strings, integers, true, false, null. Other numbers are
 * refused: an amount is never a floating-point number.
 *
 * <p>What is written is ASCII without white space, which is the canonical text of a basket too (page: The basket).
 */
public final class Json {
    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /**
     * The value: Map (in order), List, String, Long, Boolean or null.
     *
     * @throws IllegalArgumentException where the text is not one JSON value of these kinds
     */
    public static Object parse(String text) {
        Json json = new Json(text);
        Object value = json.value();
        json.blanks();
        if (json.at != text.length()) {
            throw json.wrong("more text");
        }
        return value;
    }

    /** The members of an object; see {@link #parse}. */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> object(Object value) {
        if (!(value instanceof Map)) {
            throw new IllegalArgumentException("not a JSON object");
        }
        return (Map<String, Object>) value;
    }

    /** The elements of an array. */
    @SuppressWarnings("unchecked")
    public static List<Object> array(Object value) {
        if (!(value instanceof List)) {
            throw new IllegalArgumentException("not a JSON array");
        }
        return (List<Object>) value;
    }

    /** A value of those kinds (any Number is written as an integer) as text. */
    public static String write(Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private static void write(Object value, StringBuilder out) {
        if (value instanceof Map) {
            String separator = "{";
            for (Map.Entry<?, ?> member : ((Map<?, ?>) value).entrySet()) {
                out.append(separator);
                string((String) member.getKey(), out);
                out.append(':');
                write(member.getValue(), out);
                separator = ",";
            }
            out.append(separator.equals("{") ? "{}" : "}");
        } else if (value instanceof List) {
            String separator = "[";
            for (Object element : (List<?>) value) {
                out.append(separator);
                write(element, out);
                separator = ",";
            }
            out.append(separator.equals("[") ? "[]" : "]");
        } else if (value instanceof String) {
            string((String) value, out);
        } else if (value instanceof Number) {
            out.append(((Number) value).longValue());
        } else {
            out.append(value);
        }
    }

    private static void string(String value, StringBuilder out) {
        String special = "\b\f\n\r\t\"\\";
        out.append('"');
        for (char one : value.toCharArray()) {
            int index = special.indexOf(one);
            if (index >= 0) {
                out.append('\\').append("bfnrt\"\\".charAt(index));
            } else if (one < 0x20 || one >= 0x7F) {
                out.append(String.format("\\u%04x", (int) one));
            } else {
                out.append(one);
            }
        }
        out.append('"');
    }

    private Object value() {
        blanks();
        switch (peek()) {
            case '{':
                return object();
            case '[':
                return array();
            case '"':
                return string();
            case 't':
                return word("true", Boolean.TRUE);
            case 'f':
                return word("false", Boolean.FALSE);
            case 'n':
                return word("null", null);
            default:
                return integer();
        }
    }

    private Map<String, Object> object() {
        Map<String, Object> members = new LinkedHashMap<>();
        expect('{');
        for (boolean first = true; !closes('}', first); first = false) {
            blanks();
            String name = string();
            blanks();
            expect(':');
            if (members.containsKey(name)) {
                throw wrong("the member " + name + " twice");
            }
            members.put(name, value());
        }
        return members;
    }

    private List<Object> array() {
        List<Object> elements = new ArrayList<>();
        expect('[');
        for (boolean first = true; !closes(']', first); first = false) {
            elements.add(value());
        }
        return elements;
    }

    /** Whether the bracket closes here; else, but for the first element, takes the comma. */
    private boolean closes(char bracket, boolean first) {
        blanks();
        if (peek() == bracket) {
            at++;
            return true;
        }
        if (!first) {
            expect(',');
        }
        return false;
    }

    private String string() {
        StringBuilder out = new StringBuilder();
        expect('"');
        while (peek() != '"') {
            char one = text.charAt(at++);
            if (one < 0x20) {
                throw wrong("a control in a string");
            }
            out.append(one == '\\' ? escaped() : one);
        }
        at++;
        return out.toString();
    }

    private char escaped() {
        char one = peek();
        at++;
        int index = "bfnrt\"\\/".indexOf(one);
        if (index >= 0) {
            return "\b\f\n\r\t\"\\/".charAt(index);
        }
        if (one != 'u' || at + 4 > text.length()) {
            throw wrong("an unknown escape");
        }
        byte[] unit = Hex.bytes(text.substring(at, at + 4));
        at += 4;
        return (char) ((unit[0] & 0xFF) << 8 | unit[1] & 0xFF);
    }

    private Long integer() {
        int begin = at;
        while (at < text.length() && "+-0123456789.eE".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String digits = text.substring(begin, at);
        if (!digits.matches("-?(0|[1-9][0-9]{0,17})")) {
            throw wrong("no integer");
        }
        return Long.valueOf(digits);
    }

    private Object word(String word, Object value) {
        if (!text.startsWith(word, at)) {
            throw wrong("an unknown word");
        }
        at += word.length();
        return value;
    }

    private void blanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw wrong("the end");
        }
        return text.charAt(at);
    }

    private void expect(char one) {
        if (peek() != one) {
            throw wrong("no '" + one + "'");
        }
        at++;
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("JSON: " + what + " at character " + at);
    }
}
