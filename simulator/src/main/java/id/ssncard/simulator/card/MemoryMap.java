// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.lang.reflect.Array;
import javacard.framework.JCSystem;

/**
 * What an applet keeps, as JSON: its arrays, keys and PINs, with the bytes of their contents. What a card adds for each
 * object is its maker's secret, so it is left out; so are single fields.
 */
final class MemoryMap {
    private MemoryMap() {}

    static JsonArray of(ObjectTable table, VolatileMemory memory) {
        JsonArray all = new JsonArray();
        for (int number = 0; number < table.size(); number++) {
            Object object = table.object(number);
            String place = table.name(object);
            if (object instanceof CardKey key) {
                all.add(part(place, "key", key.getSize() / Byte.SIZE, key.event()));
            } else if (object instanceof CardPin pin) {
                all.add(part(place, "pin", pin.bytes(), JCSystem.NOT_A_TRANSIENT_OBJECT));
            } else if (object.getClass().isArray()) {
                all.add(part(place, "array", bytes(object), memory.isTransient(object)));
            }
        }
        return all;
    }

    private static JsonObject part(String place, String kind, int bytes, byte event) {
        JsonObject part = new JsonObject();
        part.addProperty("place", place);
        part.addProperty("kind", kind);
        part.addProperty("bytes", bytes);
        part.addProperty("cleared", switch (event) {
            case JCSystem.CLEAR_ON_DESELECT -> "deselect";
            case JCSystem.CLEAR_ON_RESET -> "reset";
            default -> "never";
        });
        return part;
    }

    /** A reference takes 2 bytes, like a short. */
    private static int bytes(Object array) {
        int width = array instanceof byte[] || array instanceof boolean[] ? 1 : array instanceof int[] ? 4 : 2;
        return width * Array.getLength(array);
    }
}
