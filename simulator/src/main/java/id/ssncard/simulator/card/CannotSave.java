// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

/** A card whose state cannot be written down, or a saved state that does not fit the card it is poured into. */
public final class CannotSave extends Exception {
    private static final long serialVersionUID = 1L;

    CannotSave(String why) {
        super(why);
    }
}
