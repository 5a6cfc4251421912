// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

/**
 * The card has lost its power in the middle of a command: nothing more of the applet may run.
 *
 * <p>Thrown through the applet to end it, and out of {@link RealRuntime#transmitCommand} to tell the reader's side. That
 * the power is gone is noted in {@link Power} first, as an applet may catch what it likes.
 */
public final class PowerLoss extends Error {
    private static final long serialVersionUID = 1L;

    PowerLoss() {
        super("the card lost its power", null, false, false);
    }
}
