// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

import java.util.HashMap;
import java.util.Map;

/**
 * How long a command would take on a measured card. The weights are given by whoever starts the process
 * ({@code ssn_card.simulator.cost.pace}, the upper bracket of {@code ssn card cost}); without them a card takes no time.
 */
public final class Pace {
    /** {@code name=milliseconds} of each weight, separated by commas. */
    public static final String PROPERTY = "ssn.card.pace";

    private static final int FEW = 32;
    private static final int MANY = 256;

    private final Map<String, Double> weights = new HashMap<>();

    private Pace(String text) {
        for (String weight : text.split(",")) {
            if (!weight.isEmpty()) {
                String[] parts = weight.split("=", 2);
                weights.put(parts[0], Double.parseDouble(parts[1]));
            }
        }
    }

    /** What the process was started with. */
    public static Pace usual() {
        return new Pace(System.getProperty(PROPERTY, ""));
    }

    /** Whether a card takes any time. */
    boolean isSet() {
        return !weights.isEmpty();
    }

    /** Of the last command, with so many bytes of command and answer. */
    double milliseconds(Counters counters, int lineBytes) {
        if (!isSet()) {
            return 0;
        }
        int calls = counters.cipherFinals + counters.cipherUpdates;
        double sum = of("line") * lineBytes
                + of("command")
                + of("aes_call") * calls
                + of("aes_block") * (counters.aesBlocks - calls)
                + of("init") * counters.inits
                + of("set_key") * counters.setKeys
                + of("random") * Math.min(1, counters.randomBytes)
                + of("bytecode") * counters.converted
                + of("api_call") * counters.callsButCrypto();
        for (WriteEvent event : counters.events()) {
            sum += write(event);
        }
        return sum;
    }

    private double write(WriteEvent event) {
        String kind = event.kind().divisible() ? "write_nonatomic" : "write_atomic";
        double few = of(kind + "_32");
        double more = Math.max(0, event.bytes() - FEW) * (of(kind + "_256") - few) / (MANY - FEW);
        return few + Math.max(0, more);
    }

    private double of(String weight) {
        return weights.getOrDefault(weight, 0.0);
    }
}
