// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.terminal;

import id.ssncard.example.core.CardException;
import id.ssncard.example.core.Cmac;
import id.ssncard.example.core.CommandKind;
import id.ssncard.example.core.KeyDerivation;
import id.ssncard.example.core.Messages;
import id.ssncard.example.core.Quote;
import java.util.Map;

/** The companion's device: confirms an OVERRIDE for one card, one session and one amount (page: OVERRIDE). */
public interface Companion {
    /** Who confirms, 8 bytes: the body's {@code companion_id}. */
    byte[] id();

    /** MAC, 8 bytes, under the card's OVERRIDE key, of the body for the quote and the challenge shown. */
    byte[] confirm(byte[] body, Quote quote, byte[] challenge) throws CardException;

    /** A companion with OVERRIDE masters in memory, by version, for trials. */
    static Companion inSoftware(byte[] id, Map<Integer, byte[]> masters) {
        return new Companion() {
            @Override
            public byte[] id() {
                return id.clone();
            }

            @Override
            public byte[] confirm(byte[] body, Quote quote, byte[] challenge) throws CardException {
                byte[] master = masters.get(quote.overrideKeyVersion());
                if (master == null) {
                    throw new CardException("no-such-key",
                            "The companion has no OVERRIDE key of version " + quote.overrideKeyVersion() + ".",
                            "Pendamping tidak punya kunci OVERRIDE versi " + quote.overrideKeyVersion() + ".");
                }
                byte[] key = KeyDerivation.cardKey(master, "OVERRIDE", quote.serial());
                byte[] command = CommandKind.OVERRIDE.headerAndBody(body);
                return Cmac.of(key, Messages.command(command, quote.quoted(), challenge), CommandKind.MAC);
            }
        };
    }
}
