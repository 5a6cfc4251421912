// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.core;

import java.util.Arrays;
import java.util.List;

/** A receipt, 88 bytes, read but not verified (page: Receipts). Immutable; equal where all bytes are. */
public final class Receipt {
    /** Bytes of every receipt. */
    public static final int SIZE = 88;
    /** Bytes that its MAC covers: five whole blocks. */
    public static final int COVERED = 80;
    /** Bytes of a movement, behind the number. */
    public static final int BODY = 36;
    /** Layout version that this program knows. */
    public static final int VERSION = 1;

    /** Types. */
    public static final int DEBIT = 1;
    /** Type of a cancellation's. */
    public static final int CANCEL = 2;
    /** Type of an override's. */
    public static final int OVERRIDE = 3;
    /** Type of an update's. */
    public static final int UPDATE = 4;

    private static final int SEQ = 4;
    private static final List<Layout> BY_TYPE = List.of(Layouts.RECEIPT, Layouts.RECEIPT, Layouts.CANCEL_RECEIPT,
            Layouts.OVERRIDE_RECEIPT, Layouts.UPDATE_RECEIPT_WHOLE);

    private final Struct fields;

    /**
     * The bytes; those of a type that there is not are read as a debit's.
     *
     * @throws IllegalArgumentException where they are not 88
     */
    public Receipt(byte[] bytes) {
        int type = (int) new Struct(Layouts.RECEIPT, bytes).number("type");
        this.fields = new Struct(BY_TYPE.get(type < BY_TYPE.size() ? type : 0), bytes);
    }

    /** The receipt that a terminal builds from what it sent and the answer (page: The debit in two APDUs). */
    public static Receipt of(long seq, CommandKind kind, byte[] body, Struct answer, Quote quote) {
        byte[] constants = {(byte) kind.receiptType(), VERSION, (byte) quote.receiptKeyVersion()};
        byte[] result = Arrays.copyOf(answer.bytes(), Layouts.RESULT.length());
        return new Receipt(Hex.concat(numbered(seq), body, result, constants, quote.serial(), answer.bytes("month"),
                answer.bytes("pin_state"), new byte[2], answer.bytes("mac")));
    }

    /** A receipt's number in 4 bytes. */
    public static byte[] numbered(long seq) {
        return new byte[] {(byte) (seq >> 24), (byte) (seq >> 16), (byte) (seq >> 8), (byte) seq};
    }

    /** An integer or amount (rupiah) by its name; months as {@link Bcd#month}. */
    public long number(String field) {
        return fields.number(field);
    }

    /** A field's bytes. */
    public byte[] bytes(String field) {
        return fields.bytes(field);
    }

    /** All fields. */
    public Struct fields() {
        return fields;
    }

    /** All bytes. */
    public byte[] bytes() {
        return fields.bytes();
    }

    /** The 36 bytes of the movement. */
    public byte[] body() {
        return Arrays.copyOfRange(fields.bytes(), SEQ, SEQ + BODY);
    }

    /** What the MAC covers. */
    public byte[] covered() {
        return Arrays.copyOf(fields.bytes(), COVERED);
    }

    /** Its number. */
    public long seq() {
        return number("seq");
    }

    /** 1 debit, 2 cancel, 3 override, 4 update. */
    public int type() {
        return (int) number("type");
    }

    /** The card's serial as hexadecimal. */
    public String serial() {
        return Hex.of(bytes("serial"));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Receipt && Arrays.equals(bytes(), ((Receipt) other).bytes());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes());
    }
}
