// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.terminal;

import id.ssncard.example.core.CardException;
import id.ssncard.example.core.Receipt;

/** A movement in doubt turned out to have been made. Nothing new was sent: decide about that one first. */
public final class EarlierMovementFound extends CardException {
    private static final long serialVersionUID = 1L;

    private final transient Receipt receipt;

    EarlierMovementFound(Attempt attempt, Receipt receipt) {
        super("earlier-movement-found", "It had been made: " + attempt + ". Hand over those goods, or cancel.",
                "Ternyata sudah terjadi: " + attempt + ". Serahkan barangnya, atau batalkan.");
        this.receipt = receipt;
    }

    /** Its receipt. */
    public Receipt receipt() {
        return receipt;
    }
}
