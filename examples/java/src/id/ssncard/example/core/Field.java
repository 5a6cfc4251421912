// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.core;

/** A field of a layout: name, length in bytes, how it is read. Offsets follow from the order. */
public final class Field {
    /** How a field is read; the names are those of {@code protocol/layouts.json}. */
    public enum Type {
        /** Unsigned, big-endian. */ UINT,
        /** Signed, big-endian. */ INT,
        /** Bytes. */ BYTES,
        /** BCD YYMMDDhhmmss. */ BCD_TIMESTAMP,
        /** BCD YYMMDD. */ BCD_DATE,
        /** BCD YYMM; 0000 is none. */ BCD_MONTH
    }

    final String name;
    final int length;
    final Type type;
    /** Amounts of money: whole rupiah, below 2^31. */
    final boolean rupiah;
    /** A time or day that may be all zeros, for none. */
    final boolean zeroIsNone;

    private Field(String name, int length, Type type, boolean rupiah, boolean zeroIsNone) {
        this.name = name;
        this.length = length;
        this.type = type;
        this.rupiah = rupiah;
        this.zeroIsNone = zeroIsNone;
    }

    static Field uint(String name, int length) {
        return new Field(name, length, Type.UINT, false, false);
    }

    static Field rupiah(String name) {
        return new Field(name, 4, Type.UINT, true, false);
    }

    static Field signedRupiah(String name) {
        return new Field(name, 4, Type.INT, true, false);
    }

    static Field bytes(String name, int length) {
        return new Field(name, length, Type.BYTES, false, false);
    }

    static Field timestamp(String name) {
        return new Field(name, 6, Type.BCD_TIMESTAMP, false, false);
    }

    static Field date(String name) {
        return new Field(name, 3, Type.BCD_DATE, false, false);
    }

    static Field month(String name) {
        return new Field(name, 2, Type.BCD_MONTH, false, false);
    }

    Field orNone() {
        return new Field(name, length, type, rupiah, true);
    }

    /** The field's name. */
    public String name() {
        return name;
    }

    /** Its length in bytes. */
    public int length() {
        return length;
    }

    /** How it is read. */
    public Type type() {
        return type;
    }

    /** Whether it is an amount in whole rupiah. */
    public boolean isRupiah() {
        return rupiah;
    }

    /** Whether all zeros mean none. */
    public boolean isZeroNone() {
        return zeroIsNone;
    }
}
