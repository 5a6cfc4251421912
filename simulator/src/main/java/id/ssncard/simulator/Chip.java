// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

import id.ssncard.simulator.card.Freedom;
import java.util.Set;

/**
 * What a card is made of.
 *
 * @param real whether it has the memory of a real card, or jCardSim's
 * @param freedoms of the specification that a real one takes
 */
record Chip(boolean real, Set<Freedom> freedoms) {
    /** A card with jCardSim's memory. */
    static final Chip JCARDSIM = new Chip(false, Set.of());

    /** What is made without a word about it: a real card that takes the process's freedoms. */
    static Chip usual() {
        return real(System.getProperty(Freedom.PROPERTY, ""));
    }

    /** A real card. Throws {@link IllegalArgumentException} for an unknown freedom. */
    static Chip real(String freedoms) {
        return new Chip(true, Freedom.parse(freedoms));
    }
}
