// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.vectors;

import id.ssncard.example.core.Hex;
import id.ssncard.example.core.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An object of a vector file. */
final class Doc {
    final Map<String, Object> members;

    Doc(Object value) {
        members = Json.object(value);
    }

    boolean has(String name) {
        return members.get(name) != null;
    }

    String text(String name) {
        return (String) need(name);
    }

    byte[] bytes(String name) {
        return Hex.bytes(text(name));
    }

    long number(String name) {
        return (Long) need(name);
    }

    Doc doc(String name) {
        return new Doc(need(name));
    }

    List<Object> list(String name) {
        return Json.array(need(name));
    }

    List<Doc> docs(String name) {
        List<Doc> docs = new ArrayList<>();
        list(name).forEach(one -> docs.add(new Doc(one)));
        return docs;
    }

    private Object need(String name) {
        Object value = members.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no member " + name);
        }
        return value;
    }
}
