// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.receipts;

import id.ssncard.example.core.Receipt;

/** One thing that is not as it should be: kind, card, receipt, field, and what. */
public final class Finding {
    /** What was found. */
    public enum Kind {
        /** A jump of numbers where all receipts should be there. */ MISSING,
        /** A jump of numbers; another shop may hold them. */ NOT_HANDED_IN,
        /** The same receipt delivered twice. */ DUPLICATE,
        /** Another history, or two different receipts of one number: a copied card or a stolen key. */ BROKEN_CHAIN,
        /** It does not follow from the one before. */ WRONG_ARITHMETIC,
        /** A genuine receipt that breaks a rule which the card enforces. */ REFUSED
    }

    private final Kind kind;
    private final String serial;
    private final long seq;
    private final String field;
    private final long receipts;
    private final Long spent;
    private final String text;

    Finding(Kind kind, Receipt receipt, String field, String text) {
        this(kind, receipt.serial(), receipt.seq(), field, 0, null, text);
    }

    Finding(Kind kind, String serial, long seq, String field, String text) {
        this(kind, serial, seq, field, 0, null, text);
    }

    /** A gap, from the first number that is missing. */
    Finding(Kind kind, String serial, long seq, long receipts, Long spent, String text) {
        this(kind, serial, seq, "seq", receipts, spent, text);
    }

    private Finding(Kind kind, String serial, long seq, String field, long receipts, Long spent, String text) {
        this.kind = kind;
        this.serial = serial;
        this.seq = seq;
        this.field = field;
        this.receipts = receipts;
        this.spent = spent;
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

    /** How many receipts are missing; 0 where it is no gap. */
    public long receipts() {
        return receipts;
    }

    /** Net spending in the gap, in rupiah; null where it is no gap, or no receipt behind it tells. */
    public Long spent() {
        return spent;
    }

    /** The field that is wrong, as the page calls it; null of a duplicate. */
    public String field() {
        return field;
    }

    @Override
    public String toString() {
        return kind + " " + serial + " " + seq + (field == null ? "" : " " + field) + ": " + text;
    }
}
