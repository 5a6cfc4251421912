// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A card's persistent state as JSON: an array with an element for each object of its {@link ObjectTable}.
 *
 * <p>An object is {@code {"fields": [...], "content": ...}}, both left out when empty. A value is a number, a boolean,
 * null, {@code {"bytes": hex}} or {@code {"object": number}}. Transient arrays and keys have no content. Keys are in it in
 * clear.
 */
final class SavedState {
    private static final HexFormat HEX = HexFormat.of();

    private final Machine machine;
    private final ObjectTable table;

    SavedState(Machine machine, ObjectTable table) {
        this.machine = machine;
        this.table = table;
    }

    /** Throws {@link CannotSave} when the card holds objects allocated after its installation, or untracked ones. */
    JsonArray write(CardImage image) throws CannotSave {
        if (!machine.untracked().isEmpty()) {
            throw new CannotSave("the state of " + machine.untracked().get(0) + " is not known");
        }
        JsonArray objects = new JsonArray();
        for (int number = 0; number < table.size(); number++) {
            CardImage.State state = image.states().get(number);
            JsonObject object = new JsonObject();
            if (state.fields().length != 0) {
                object.add("fields", values(state.fields()));
            }
            if (state.content() != null && isPersistent(table.object(number))) {
                object.add("content", content(state.content()));
            }
            objects.add(object);
        }
        return objects;
    }

    /** The image that {@code saved} stands for. Throws {@link CannotSave} when it is of another applet. */
    CardImage read(JsonArray saved) throws CannotSave {
        CardImage fresh = CardImage.of(table);
        if (saved.size() != table.size()) {
            throw new CannotSave("the saved card has other objects");
        }
        List<CardImage.State> states = new ArrayList<>();
        try {
            for (int number = 0; number < table.size(); number++) {
                JsonObject object = saved.get(number).getAsJsonObject();
                CardImage.State now = fresh.states().get(number);
                Object[] fields = now.fields().length == 0
                        ? now.fields()
                        : objects(object.getAsJsonArray("fields"), now.fields());
                states.add(new CardImage.State(
                        fields, object.has("content") ? content(object.get("content"), now.content()) : now.content()));
            }
        } catch (IllegalStateException | ClassCastException | IllegalArgumentException | NullPointerException
                | IndexOutOfBoundsException malformed) {
            throw new CannotSave("the saved state does not fit this applet");
        }
        return new CardImage(states);
    }

    private boolean isPersistent(Object object) {
        return object instanceof CardKey key ? key.persistent() : machine.volatileMemory().region(object) == null;
    }

    private JsonElement content(Object content) throws CannotSave {
        if (content instanceof Object[] values) {
            return values(values);
        }
        if (content instanceof byte[] bytes) {
            return new JsonPrimitive(HEX.formatHex(bytes));
        }
        JsonArray numbers = new JsonArray();
        for (int i = 0; i < Array.getLength(content); i++) {
            numbers.add(value(Array.get(content, i)));
        }
        return numbers;
    }

    private JsonArray values(Object[] values) throws CannotSave {
        JsonArray array = new JsonArray();
        for (Object value : values) {
            array.add(value(value));
        }
        return array;
    }

    private JsonElement value(Object value) throws CannotSave {
        if (value == null) {
            return JsonNull.INSTANCE;
        }
        if (value instanceof Number number) {
            return new JsonPrimitive(number);
        }
        if (value instanceof Boolean flag) {
            return new JsonPrimitive(flag);
        }
        JsonObject reference = new JsonObject();
        int number = table.number(value);
        if (number >= 0) {
            reference.addProperty("object", number);
        } else if (value instanceof byte[] bytes && !machine.allocatedAfterInstall()) {
            // Of a framework object, whose captured bytes are nobody's object.
            reference.addProperty("bytes", HEX.formatHex(bytes));
        } else {
            throw new CannotSave("the applet allocated memory after its installation");
        }
        return reference;
    }

    private Object content(JsonElement saved, Object now) {
        if (now instanceof Object[] values) {
            return objects(saved.getAsJsonArray(), values);
        }
        if (now instanceof byte[] bytes) {
            return sameLength(HEX.parseHex(saved.getAsString()), bytes.length);
        }
        JsonArray numbers = saved.getAsJsonArray();
        int length = Array.getLength(now);
        Object copy = Array.newInstance(now.getClass().getComponentType(), length);
        for (int i = 0; i < length; i++) {
            Array.set(copy, i, value(numbers.get(i), Array.get(now, i)));
        }
        return copy;
    }

    private Object[] objects(JsonArray saved, Object[] now) {
        Object[] values = new Object[now.length];
        for (int i = 0; i < now.length; i++) {
            values[i] = value(saved.get(i), now[i]);
        }
        return values;
    }

    /** A value of the same kind as {@code now}. */
    private Object value(JsonElement saved, Object now) {
        if (saved.isJsonNull()) {
            return null;
        }
        if (saved.isJsonObject()) {
            JsonObject reference = saved.getAsJsonObject();
            return reference.has("object")
                    ? table.object(reference.get("object").getAsInt())
                    : sameLength(HEX.parseHex(reference.get("bytes").getAsString()), ((byte[]) now).length);
        }
        if (now instanceof Boolean) {
            return saved.getAsBoolean();
        }
        if (now instanceof Byte) {
            return saved.getAsByte();
        }
        return now instanceof Short ? (Object) saved.getAsShort() : (Object) saved.getAsInt();
    }

    private static byte[] sameLength(byte[] bytes, int length) {
        if (bytes.length != length) {
            throw new IllegalArgumentException("another length");
        }
        return bytes;
    }
}
