// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.terminal;

import id.ssncard.example.core.CardException;
import id.ssncard.example.core.CommandKind;
import id.ssncard.example.core.Quote;

/**
 * All that a terminal asks of the DEBIT key (page: What a terminal must do, 7). Narrow, so that a SAM can take its
 * place: it builds every message itself, gives no key, and makes no card's answer. Every method throws
 * {@code no-such-key} where it has no key of the version that the quote names.
 */
public interface TerminalKeys {
    /** Whether there is a key of that version. */
    boolean has(int version);

    /** The number of the newest receipt, 0 for none. */
    long unmask(Quote quote) throws CardException;

    /** MAC, 8 bytes, of a command with that body for the quote and the challenge Rc. */
    byte[] commandMac(CommandKind kind, byte[] body, Quote quote, byte[] challenge) throws CardException;

    /** Whether an answer with 9000 is the card's: logical answer, and the 8 bytes that came as its MAC. */
    boolean isGenuine(CommandKind kind, byte[] logicalAnswer, byte[] commandMac, byte[] answerMac, Quote quote)
            throws CardException;

    /** A PIN block under its mask; the nonce Rt must never have been used. */
    byte[] maskPin(byte[] pinBlock, byte[] nonce, byte[] challenge, Quote quote) throws CardException;
}
