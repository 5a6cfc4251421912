// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.util.HexFormat;

/** The typed fields of one control request; every getter throws {@link ControlException} {@code bad-request}. */
final class Request {
    private final JsonObject fields;

    private Request(JsonObject fields) {
        this.fields = fields;
    }

    /** Reads one line. Throws {@link ControlException} {@code bad-json} for anything but a JSON object. */
    static Request parse(String line) throws ControlException {
        try {
            return new Request(JsonParser.parseString(line).getAsJsonObject());
        } catch (JsonParseException | IllegalStateException | StackOverflowError malformed) {
            throw new ControlException("bad-json", "a request is one JSON object on one line");
        }
    }

    /** The fields of an object inside a request. */
    static Request of(JsonObject fields) {
        return new Request(fields);
    }

    String text(String name) throws ControlException {
        String value = text(name, null);
        if (value == null) {
            throw new ControlException("bad-request", "missing " + name);
        }
        return value;
    }

    String text(String name, String otherwise) throws ControlException {
        JsonElement element = fields.get(name);
        if (element == null || element.isJsonNull()) {
            return otherwise;
        }
        if (!(element instanceof JsonPrimitive primitive) || !primitive.isString()) {
            throw new ControlException("bad-request", name + " must be a string");
        }
        return primitive.getAsString();
    }

    byte[] hex(String name, String otherwise) throws ControlException {
        String digits = otherwise == null ? text(name) : text(name, otherwise);
        try {
            return HexFormat.of().parseHex(digits);
        } catch (IllegalArgumentException malformed) {
            // Not the value itself: install data holds keys.
            throw new ControlException("bad-request", name + " must be hexadecimal digits, two for each byte");
        }
    }

    boolean flag(String name, boolean otherwise) throws ControlException {
        JsonElement element = fields.get(name);
        if (element == null || element.isJsonNull()) {
            return otherwise;
        }
        if (!(element instanceof JsonPrimitive primitive) || !primitive.isBoolean()) {
            throw new ControlException("bad-request", name + " must be true or false");
        }
        return primitive.getAsBoolean();
    }

    JsonObject object(String name) throws ControlException {
        if (fields.get(name) instanceof JsonObject object) {
            return object;
        }
        throw new ControlException("bad-request", name + " must be an object");
    }

    int number(String name, int least, int most, int otherwise) throws ControlException {
        return fields.has(name) && !fields.get(name).isJsonNull() ? number(name, least, most) : otherwise;
    }

    int number(String name, int least, int most) throws ControlException {
        JsonElement element = fields.get(name);
        if (element instanceof JsonPrimitive primitive && primitive.isNumber()) {
            try {
                int value = primitive.getAsBigDecimal().intValueExact();
                if (value >= least && value <= most) {
                    return value;
                }
            } catch (ArithmeticException | NumberFormatException notAnInteger) {
                // Falls through to the one answer for all wrong numbers.
            }
        }
        throw new ControlException("bad-request", name + " must be a whole number from " + least + " to " + most);
    }
}
