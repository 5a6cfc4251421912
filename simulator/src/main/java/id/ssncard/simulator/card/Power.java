// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

/**
 * Whether the card has power, and the one way that it loses it in the middle of a command.
 *
 * <p>The transaction is rolled back at once instead of at the next power-up (2.2.2 runtime environment, section 7.5): in
 * between nobody can look, and the memory is then always what a card at rest would show.
 */
final class Power {
    private final Transaction transaction;
    private boolean lost;

    Power(Transaction transaction) {
        this.transaction = transaction;
    }

    boolean lost() {
        return lost;
    }

    /** Takes the power away and ends the applet. */
    PowerLoss lose() {
        if (!lost) {
            lost = true;
            transaction.rollBack();
        }
        return new PowerLoss();
    }

    /** Throws {@link PowerLoss} in an applet that goes on after it. */
    void require() {
        if (lost) {
            throw new PowerLoss();
        }
    }

    void restore() {
        lost = false;
    }
}
