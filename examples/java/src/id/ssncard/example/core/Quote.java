// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.core;

import java.util.Arrays;

/** What SELECT said (page: SELECT). Nothing in it is authenticated by itself; the MACs of commands cover it. */
public final class Quote {
    /** The protocol version that this program speaks. */
    public static final int VERSION = 1;
    /** SELECT of the applet by its AID, Le 00. */
    private static final byte[] SELECT = Hex.bytes("00a4040009f053534e434152440100");
    private static final int SERIAL = 8;
    private static final int QUOTE = 10;

    private final Struct answer;

    private Quote(Struct answer) {
        this.answer = answer;
    }

    /** The SELECT command. */
    public static byte[] command() {
        return SELECT.clone();
    }

    /**
     * The answer's data.
     *
     * @throws CardException {@code not-our-card} where the length or the protocol version is another
     */
    public static Quote of(byte[] data) throws CardException {
        if (data.length != Layouts.SELECT_ANSWER.length()) {
            throw CardException.notOurCard("SELECT's answer has " + data.length + " bytes");
        }
        Quote quote = new Quote(new Struct(Layouts.SELECT_ANSWER, data));
        if (quote.answer.number("protocol_version") != VERSION) {
            throw CardException.notOurCard("protocol version " + quote.answer.number("protocol_version"));
        }
        return quote;
    }

    /** The serial, 8 bytes. */
    public byte[] serial() {
        return answer.bytes("serial");
    }

    /** Whether the card is a person's; a blank one takes no terminal command. */
    public boolean isPersonalized() {
        return answer.number("state_class") == 1;
    }

    /** Version of the DEBIT key in force. */
    public int debitKeyVersion() {
        return (int) answer.number("debit_key_version");
    }

    /** Version of the RECEIPT key in force, which the next receipt will state. */
    public int receiptKeyVersion() {
        return (int) answer.number("receipt_key_version");
    }

    /** Version of the OVERRIDE key in force. */
    public int overrideKeyVersion() {
        return (int) answer.number("override_key_version");
    }

    /** The number of the newest receipt under its mask, 4 bytes. */
    public byte[] maskedSeq() {
        return answer.bytes("masked_seq");
    }

    /** Rc, 8 bytes. */
    public byte[] challenge() {
        return answer.bytes("challenge");
    }

    /** The 10 bytes between serial and challenge, as received: part of what every command's MAC covers. */
    public byte[] quoted() {
        return Arrays.copyOfRange(answer.bytes(), SERIAL, SERIAL + QUOTE);
    }

    /** All fields. */
    public Struct fields() {
        return answer;
    }
}
