// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.terminal;

import id.ssncard.example.core.CardChannel;
import id.ssncard.example.core.CardException;
import id.ssncard.example.core.CardRefused;
import id.ssncard.example.core.CommandKind;
import id.ssncard.example.core.Hex;
import id.ssncard.example.core.Layouts;
import id.ssncard.example.core.PinBlock;
import id.ssncard.example.core.Quote;
import id.ssncard.example.core.Receipt;
import id.ssncard.example.core.Struct;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Supplier;

/** From a SELECT to the movement, or the refusal, that ends it (page: Terminal sessions). */
public final class Session {
    private static final byte[] RESERVED = new byte[8];

    private final CardChannel card;
    private final TerminalKeys keys;
    private final long terminalId;
    private final Supplier<byte[]> nonces;
    private final Quote quote;
    /** Rc, or null where it is used up. */
    private byte[] challenge;

    private Session(
            CardChannel card, TerminalKeys keys, long terminalId, Supplier<byte[]> nonces, Quote quote) {
        this.card = card;
        this.keys = keys;
        this.terminalId = terminalId;
        this.nonces = nonces;
        this.quote = quote;
        this.challenge = quote.challenge();
    }

    /**
     * Selects the applet.
     *
     * @param nonces gives Rt: 8 bytes, random, never the same twice
     * @throws CardException {@code card-refused}, or {@code not-our-card}
     */
    public static Session select(
            CardChannel card, TerminalKeys keys, long terminalId, Supplier<byte[]> nonces)
            throws IOException, CardException {
        Answer answer = new Answer(card.transmit(Quote.command()));
        if (answer.sw() != Answer.OK) {
            throw new CardRefused(answer.sw());
        }
        return new Session(card, keys, terminalId, nonces, Quote.of(answer.data()));
    }

    /** What SELECT said. */
    public Quote quote() {
        return quote;
    }

    /** The challenge that the next command's MAC covers, 8 bytes, or null where there is none. */
    public byte[] challenge() {
        return challenge == null ? null : challenge.clone();
    }

    /** The number of the newest receipt as quoted, 0 for none: true where a command of this session is accepted. */
    public long newestSeq() throws CardException {
        return keys.unmask(quote);
    }

    /** MAC of a command in this session as it stands. */
    public byte[] mac(CommandKind kind, byte[] body) throws CardException {
        if (challenge == null) {
            throw new IllegalStateException("the session is over: select first");
        }
        return keys.commandMac(kind, body, quote, challenge);
    }

    /** Sends a command; what comes back is not believed yet: see {@link #verified}. */
    public Answer exchange(CommandKind kind, byte[] body, byte[] mac) throws IOException {
        byte[] before = challenge;
        challenge = null;
        Answer answer = new Answer(card.transmit(kind.apdu(body, mac)));
        if (isOfWrongForm(answer.sw())) {
            challenge = before;
        } else if (answer.sw() == Answer.OK && kind.isQuery() && answer.data().length >= CommandKind.MAC) {
            challenge = tail(answer.data());
        }
        return answer;
    }

    /** Refused before the MAC was looked at, so that the challenge is as it was. */
    private static boolean isOfWrongForm(int sw) {
        return sw == 0x6700 || sw == 0x6A86 || sw == 0x6D00 || sw == 0x6E00;
    }

    /**
     * The answer without its MAC, of a movement the 35 bytes that travel.
     *
     * @throws CardException {@code card-refused} where the status word is not 9000, {@code answer-not-genuine} where
     *     the length is wrong or the MAC does not verify
     */
    public byte[] verified(CommandKind kind, byte[] body, byte[] mac, Answer answer) throws CardException {
        if (answer.sw() != Answer.OK) {
            throw new CardRefused(answer.sw());
        }
        byte[] data = answer.data();
        int length = data.length - CommandKind.MAC;
        if (!kind.fits(length)) {
            throw CardException.notGenuine("an answer to " + kind + " of " + data.length + " bytes");
        }
        byte[] content = Arrays.copyOf(data, length);
        byte[] logical = kind.isMovement() ? Hex.concat(body, content) : content;
        if (!keys.isGenuine(kind, logical, mac, tail(data), quote)) {
            throw CardException.notGenuine("the MAC of an answer to " + kind);
        }
        return content;
    }

    private static byte[] tail(byte[] data) {
        return Arrays.copyOfRange(data, data.length - CommandKind.MAC, data.length);
    }

    private byte[] asked(CommandKind kind, byte[] body) throws IOException, CardException {
        byte[] mac = mac(kind, body);
        Answer answer = exchange(kind, body, mac);
        return verified(kind, body, mac, answer);
    }

    /** GET STATUS. */
    public Struct status() throws IOException, CardException {
        Struct query = Struct.of(Layouts.QUERY, Map.of(
                "terminal_nonce", Hex.of(nonces.get()), "terminal_id", terminalId, "reserved", Hex.of(RESERVED)));
        return new Struct(Layouts.STATUS_ANSWER, asked(CommandKind.GET_STATUS, query.bytes()));
    }

    /** READ RECEIPT: the receipt (88 bytes) or {@code no_receipt_answer} (4 bytes), verified. */
    public byte[] readReceipt(long seq) throws IOException, CardException {
        Struct query = Struct.of(Layouts.RECEIPT_QUERY, Map.of("terminal_nonce", Hex.of(nonces.get()),
                "terminal_id", terminalId, "seq", seq, "reserved", "00000000"));
        byte[] answer = asked(CommandKind.READ_RECEIPT, query.bytes());
        if (answer.length == Receipt.SIZE) {
            Receipt receipt = new Receipt(answer);
            if (receipt.seq() != seq || !Arrays.equals(receipt.bytes("serial"), quote.serial())) {
                throw CardException.notGenuine("another receipt than the one asked for; report it");
            }
        }
        return answer;
    }

    /**
     * VERIFY: the holder's PIN, for the next movement of this session.
     *
     * @throws CardException {@code card-refused} where it is wrong; then the session is over
     */
    public void verify(char[] pin) throws IOException, CardException {
        pin(CommandKind.VERIFY, pin);
    }

    /** CHANGE REFERENCE DATA: a new PIN, where the old one was given or the choice is open. */
    public void choosePin(char[] pin) throws IOException, CardException {
        pin(CommandKind.CHANGE_REFERENCE_DATA, pin);
    }

    private void pin(CommandKind kind, char[] pin) throws IOException, CardException {
        byte[] nonce = nonces.get();
        byte[] block = PinBlock.of(pin);
        byte[] masked = keys.maskPin(block, nonce, challenge(), quote);
        Arrays.fill(block, (byte) 0);
        Struct query = Struct.of(Layouts.PIN_QUERY, Map.of("terminal_nonce", Hex.of(nonce),
                "terminal_id", terminalId, "masked_pin_block", Hex.of(masked)));
        asked(kind, query.bytes());
    }
}
