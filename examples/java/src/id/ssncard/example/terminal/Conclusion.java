// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.terminal;

import id.ssncard.example.core.Hex;
import id.ssncard.example.core.Layouts;
import id.ssncard.example.core.Receipt;
import id.ssncard.example.core.Struct;
import java.util.Arrays;

/** What became of an attempt (page: After a lost answer). */
public enum Conclusion {
    /** The receipt is ours. */
    CHARGED("charged"),
    /** The number went to another command, or was not made and never will be by that command. */
    NOT_CHARGED("not charged"),
    /** Made, and no longer in the card's log: to the bank. */
    GONE("gone");

    private final String words;

    Conclusion(String words) {
        this.words = words;
    }

    /** As the page and the vectors call it. */
    public String words() {
        return words;
    }

    /** The conclusion of that name. */
    public static Conclusion of(String words) {
        return Arrays.stream(values()).filter(one -> one.words.equals(words)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no conclusion: " + words));
    }

    /** From a verified answer to READ RECEIPT with the attempt's number. */
    public static Conclusion from(Attempt attempt, byte[] answer) {
        if (answer.length == Receipt.SIZE) {
            return isOurs(attempt, new Receipt(answer)) ? CHARGED : NOT_CHARGED;
        }
        long newest = new Struct(Layouts.NO_RECEIPT_ANSWER, answer).number("newest_seq");
        return attempt.seq() > newest ? NOT_CHARGED : GONE;
    }

    /** Serial, number, type and all 36 bytes: nothing less says that a receipt is the attempt's. */
    public static boolean isOurs(Attempt attempt, Receipt receipt) {
        return receipt.serial().equals(attempt.serial())
                && receipt.seq() == attempt.seq()
                && receipt.type() == attempt.kind().receiptType()
                && Arrays.equals(receipt.body(), attempt.body());
    }

    /** The number that a verified answer proves the card to have reached at least. */
    public static long proves(byte[] answer) {
        return Long.parseLong(Hex.of(Arrays.copyOf(answer, 4)), 16);
    }
}
