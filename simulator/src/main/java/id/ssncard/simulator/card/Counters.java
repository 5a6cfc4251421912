// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the command under way, or the last one, did. Cleared when a command begins. */
final class Counters {
    /** Instructions of the class files executed. */
    long bytecodes;
    /** The same as a converter would leave them: see {@code Weight}. */
    long converted;
    int writes;
    int writtenBytes;
    int aesBlocks;
    int cipherFinals;
    int cipherUpdates;
    int inits;
    int setKeys;
    int signatures;
    int randomBytes;
    int pinChecks;
    int transactions;
    int allocations;
    /** How far the command itself fills the APDU buffer. */
    int apduReceived;
    /** How far the applet has written into it. */
    int apduReached;

    private static final Set<String> CRYPTO = Set.of("Cipher", "RandomData", "APDU", "AESKey", "Signature");

    private final List<WriteEvent> events = new ArrayList<>();
    private final Map<Violation, List<String>> violations = new EnumMap<>(Violation.class);
    private int[] calls = new int[64];

    void clear() {
        bytecodes = 0;
        converted = 0;
        writes = 0;
        writtenBytes = 0;
        aesBlocks = 0;
        cipherFinals = 0;
        cipherUpdates = 0;
        inits = 0;
        setKeys = 0;
        signatures = 0;
        randomBytes = 0;
        pinChecks = 0;
        transactions = 0;
        allocations = 0;
        apduReceived = 0;
        apduReached = 0;
        events.clear();
        violations.clear();
        Arrays.fill(calls, 0);
    }

    /** A call of the API method of that number, see {@link ApiMethods}. */
    void called(int method) {
        if (method >= calls.length) {
            calls = Arrays.copyOf(calls, Math.max(2 * calls.length, method + 1));
        }
        calls[method]++;
    }

    void event(WriteEvent event) {
        events.add(event);
        if (event.kind().writes() && !event.torn()) {
            writes++;
            writtenBytes += event.bytes();
        }
    }

    void violation(Violation kind, String what) {
        violations.computeIfAbsent(kind, unused -> new ArrayList<>()).add(what);
    }

    List<WriteEvent> events() {
        return events;
    }

    Map<Violation, List<String>> violations() {
        return violations;
    }

    /** Calls of the API that only move data: what cryptography and receiving cost is counted by itself. */
    int callsButCrypto() {
        int sum = 0;
        for (int method = 0; method < calls.length; method++) {
            if (calls[method] != 0 && !CRYPTO.contains(ApiMethods.name(method).split("\\.", 2)[0])) {
                sum += calls[method];
            }
        }
        return sum;
    }

    /** Calls of API methods by name, those made at all. */
    SortedMap<String, Integer> calls() {
        SortedMap<String, Integer> named = new TreeMap<>();
        for (int method = 0; method < calls.length; method++) {
            if (calls[method] != 0) {
                named.merge(ApiMethods.name(method), calls[method], Integer::sum);
            }
        }
        return named;
    }
}
