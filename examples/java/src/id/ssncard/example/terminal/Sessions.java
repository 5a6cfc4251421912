// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.terminal;

import id.ssncard.example.core.CardChannel;
import id.ssncard.example.core.CardException;
import id.ssncard.example.core.Quote;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.function.Supplier;

/** How a terminal opens sessions: its number, its keys, the minimum version of DEBIT, its random numbers. */
public final class Sessions {
    private static final int NONCE = 8;

    private final long terminalId;
    private final TerminalKeys keys;
    private final int minimumVersion;
    private final Supplier<byte[]> nonces;

    /** With random numbers of the system. */
    public Sessions(long terminalId, TerminalKeys keys, int minimumVersion) {
        this(terminalId, keys, minimumVersion, randomNonces());
    }

    /** With random numbers (8 bytes each, never the same twice) from elsewhere. */
    public Sessions(long terminalId, TerminalKeys keys, int minimumVersion, Supplier<byte[]> nonces) {
        this.terminalId = terminalId;
        this.keys = keys;
        this.minimumVersion = minimumVersion;
        this.nonces = nonces;
    }

    /** Random numbers of the system, 8 bytes each. */
    public static Supplier<byte[]> randomNonces() {
        SecureRandom random = new SecureRandom();
        return () -> {
            byte[] nonce = new byte[NONCE];
            random.nextBytes(nonce);
            return nonce;
        };
    }

    /** SELECT, and nothing else. */
    Session select(CardChannel card) throws IOException, CardException {
        return Session.select(card, keys, terminalId, nonces);
    }

    /** Whether answers under the key version that was quoted are believed here. */
    boolean canBelieve(Quote quote) {
        return quote.debitKeyVersion() >= minimumVersion && keys.has(quote.debitKeyVersion());
    }

    /** Refuses what no terminal command may be sent to. */
    void check(Quote quote) throws CardException {
        if (!quote.isPersonalized()) {
            throw CardException.notOurCard("it is blank");
        }
        if (!canBelieve(quote)) {
            throw new CardException("key-version-refused",
                    "The card's DEBIT key has version " + quote.debitKeyVersion() + ", which this terminal does not"
                            + " take: deliver its update, or update the terminal's keys.",
                    "Kunci DEBIT kartu berversi " + quote.debitKeyVersion() + ", tidak diterima terminal ini: antarkan"
                            + " pembaruan kartu, atau perbarui kunci terminal.");
        }
    }
}
