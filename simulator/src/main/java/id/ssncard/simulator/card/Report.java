// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.lang.reflect.Array;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javacard.framework.JCSystem;

/** The counters of a command as JSON. */
final class Report {
    private final Machine machine;
    private final ObjectTable table;

    Report(Machine machine, ObjectTable table) {
        this.machine = machine;
        this.table = table;
    }

    JsonObject counters(boolean withEvents) {
        Counters counters = machine.counters();
        JsonObject report = new JsonObject();
        report.addProperty("events", counters.events().size());
        report.addProperty("writes", counters.writes);
        report.addProperty("written_bytes", counters.writtenBytes);
        report.addProperty("transactions", counters.transactions);
        report.addProperty("commit_bytes", machine.transaction().peak());
        report.addProperty("aes_blocks", counters.aesBlocks);
        report.addProperty("cipher_finals", counters.cipherFinals);
        report.addProperty("cipher_updates", counters.cipherUpdates);
        report.addProperty("inits", counters.inits);
        report.addProperty("set_keys", counters.setKeys);
        report.addProperty("signatures", counters.signatures);
        report.addProperty("random_bytes", counters.randomBytes);
        report.addProperty("pin_checks", counters.pinChecks);
        report.addProperty("bytecodes", counters.bytecodes);
        report.addProperty("converted_bytecodes", counters.converted);
        report.addProperty("allocations", counters.allocations);
        report.addProperty("apdu_buffer_bytes", Math.max(counters.apduReceived, counters.apduReached));
        report.addProperty("apdu_buffer_written_bytes", counters.apduReached);
        report.addProperty("ram_reset_bytes", machine.transientBytes(JCSystem.CLEAR_ON_RESET));
        report.addProperty("ram_deselect_bytes", machine.transientBytes(JCSystem.CLEAR_ON_DESELECT));
        report.addProperty("ram_reached_bytes", machine.volatileMemory().reached());
        report.addProperty("persistent_array_bytes", machine.installedBytes());
        JsonObject calls = new JsonObject();
        counters.calls().forEach(calls::addProperty);
        report.add("api_calls", calls);
        report.add("violations", violations(counters.violations()));
        if (withEvents) {
            JsonArray events = new JsonArray();
            counters.events().forEach(event -> events.add(event(event)));
            report.add("write_events", events);
        }
        return report;
    }

    private static JsonArray violations(Map<Violation, List<String>> violations) {
        JsonArray all = new JsonArray();
        violations.forEach((kind, details) -> details.forEach(detail -> {
            JsonObject violation = new JsonObject();
            violation.addProperty("rule", name(kind));
            violation.addProperty("detail", detail);
            all.add(violation);
        }));
        return all;
    }

    private JsonObject event(WriteEvent event) {
        JsonObject report = new JsonObject();
        report.addProperty("kind", name(event.kind()));
        report.addProperty("place", place(event));
        report.addProperty("bytes", event.bytes());
        report.addProperty("divisible", event.kind().divisible());
        report.addProperty("before", HexFormat.of().formatHex(event.before()));
        report.addProperty("after", HexFormat.of().formatHex(event.after()));
        report.addProperty("torn", event.torn());
        return report;
    }

    /** {@code store.ledger.newest}, or {@code store.ledger.records[76..152]}: first and last component, both included. */
    private String place(WriteEvent event) {
        if (event.target() == null) {
            return "";
        }
        String name = table.name(event.target());
        if (!event.member().isEmpty()) {
            return name + "." + event.member();
        }
        if (!event.target().getClass().isArray()) {
            return name;
        }
        int width = event.target() instanceof byte[] || event.target() instanceof boolean[] ? 1
                : event.target() instanceof int[] ? 4 : 2;
        int last = Math.min(event.offset() + event.bytes() / width, Array.getLength(event.target())) - 1;
        return last == event.offset() ? name + "[" + last + "]" : name + "[" + event.offset() + ".." + last + "]";
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
