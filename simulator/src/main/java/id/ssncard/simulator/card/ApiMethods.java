// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Numbers for the API methods that rewritten classes call, the same for all cards of this process. */
public final class ApiMethods {
    private static final Map<String, Integer> NUMBERS = new HashMap<>();
    private static final List<String> NAMES = new ArrayList<>();

    private ApiMethods() {}

    /** The number of a method such as {@code Util.arrayCopy}; overloads share it. */
    public static synchronized int number(String name) {
        return NUMBERS.computeIfAbsent(name, added -> {
            NAMES.add(added);
            return NAMES.size() - 1;
        });
    }

    static synchronized String name(int number) {
        return NAMES.get(number);
    }
}
