// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.terminal;

import id.ssncard.example.core.CardException;

/** A movement was sent, and what became of it is not known. The same card must come again. */
public final class InDoubt extends CardException {
    private static final long serialVersionUID = 1L;

    InDoubt(Attempt attempt, Exception cause) {
        super("in-doubt", "In doubt: " + attempt + ". Show the same card again.",
                "Belum pasti: " + attempt + ". Tempelkan lagi kartu yang sama.");
        initCause(cause);
    }
}
