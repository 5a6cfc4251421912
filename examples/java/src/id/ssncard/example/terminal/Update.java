// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.terminal;

import id.ssncard.example.core.CommandKind;
import id.ssncard.example.core.Hex;
import id.ssncard.example.core.Json;
import id.ssncard.example.core.Layouts;
import id.ssncard.example.core.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An update as the bank issues it, for any terminal to deliver (page: Files, Updates). Immutable. */
public final class Update {
    private static final String SCHEMA = "ssn-card/update/1";

    private final String serial;
    private final Struct body;
    private final byte[] mac;

    /** Serial (hexadecimal, 16 digits), entitlement (55 bytes), its MAC (8 bytes) under UPDATE. */
    public Update(String serial, byte[] body, byte[] mac) {
        if (Hex.bytes(serial).length != 8 || mac.length != CommandKind.MAC) {
            throw new IllegalArgumentException("an update has a serial of 8 bytes and a MAC of 8");
        }
        this.serial = Hex.of(Hex.bytes(serial));
        this.body = new Struct(Layouts.ENTITLEMENT, body);
        this.mac = mac.clone();
    }

    /**
     * Every line of a file of updates; blank lines are skipped.
     *
     * @throws IllegalArgumentException with the line's number, where one is no update
     */
    public static List<Update> read(List<String> lines) {
        List<Update> updates = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isBlank()) {
                continue;
            }
            try {
                updates.add(of(Json.object(Json.parse(lines.get(i)))));
            } catch (IllegalArgumentException | NullPointerException | ClassCastException wrong) {
                throw new IllegalArgumentException("line " + (i + 1) + ": not an update: " + wrong.getMessage(), wrong);
            }
        }
        return updates;
    }

    private static Update of(Map<String, Object> line) {
        if (!SCHEMA.equals(line.get("schema"))) {
            throw new IllegalArgumentException("schema is not " + SCHEMA);
        }
        return new Update((String) line.get("serial"), Hex.bytes((String) line.get("body")),
                Hex.bytes((String) line.get("mac")));
    }

    /** The card that it works on, hexadecimal. */
    public String serial() {
        return serial;
    }

    /** Its number. */
    long seq() {
        return body.number("update_seq");
    }

    /** The entitlement, 55 bytes. */
    public byte[] body() {
        return body.bytes();
    }

    /** Its MAC, 8 bytes. */
    public byte[] mac() {
        return mac.clone();
    }
}
