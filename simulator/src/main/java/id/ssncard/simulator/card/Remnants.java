// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

import java.util.Arrays;

/** What lies in the APDU buffer where a command has not come: anything, such as an earlier one. jCardSim has zeros there. */
final class Remnants {
    private static final byte REMNANT = (byte) 0xA5;

    private Remnants() {}

    static void fill(byte[] buffer, int from, int to) {
        Arrays.fill(buffer, from, to, REMNANT);
    }
}
