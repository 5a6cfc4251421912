// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.receipts;

import id.ssncard.example.core.Receipt;

/** One thing that is not as it should be: kind, card, receipt, field, and what. */
public final class Finding {
    /** What was found. */
    public enum Kind {
        /** The receipt by itself is not valid. */ INVALID,
        /** It does not follow from the one before. */ CHAIN,
        /** A genuine receipt that breaks a rule which the card enforces. */ RULE,
        /** Two different receipts of one number, both genuine: a copied card or a stolen key. */ FORK,
        /** The same receipt delivered twice. */ COPY,
        /** A jump of numbers where all receipts should be there. */ MISSING,
        /** A jump of numbers; another shop may hold them. */ NOT_HANDED_IN
    }

    private final Kind kind;
    private final String serial;
    private final long seq;
    private final String field;
    private final String text;

    Finding(Kind kind, Receipt receipt, String field, String text) {
        this(kind, receipt.serial(), receipt.seq(), field, text);
    }

    Finding(Kind kind, String serial, long seq, String field, String text) {
        this.kind = kind;
        this.serial = serial;
        this.seq = seq;
        this.field = field;
        this.text = text;
    }

    /** What was found. */
    public Kind kind() {
        return kind;
    }

    /** The card, hexadecimal. */
    public String serial() {
        return serial;
    }

    /** The receipt's number. */
    public long seq() {
        return seq;
    }

    /** The field that is wrong, as the page calls it. */
    public String field() {
        return field;
    }

    @Override
    public String toString() {
        return kind + " " + serial + " " + seq + " " + field + ": " + text;
    }
}
