// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.core;

import java.io.IOException;

/** The one thing that reaches a card: implement it over PC/SC, Android's IsoDep, a socket. */
public interface CardChannel {
    /**
     * Sends a command APDU and gives the answer: data, SW1, SW2.
     *
     * @throws IOException where no answer came; the card may have done what it was told
     */
    byte[] transmit(byte[] command) throws IOException;
}
