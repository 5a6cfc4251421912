// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.terminal;

import id.ssncard.example.core.Basket;
import id.ssncard.example.core.CommandKind;
import id.ssncard.example.core.Hex;
import id.ssncard.example.core.Struct;

/** A movement that a terminal means to make: what is journalled before the command leaves. Immutable. */
public final class Attempt {
    private final String serial;
    private final CommandKind kind;
    private final long seq;
    private final Struct body;
    private final Basket basket;

    /** Serial (hexadecimal), kind, the number that it would make, the 36 bytes, and what was sold or null. */
    public Attempt(String serial, CommandKind kind, long seq, byte[] body, Basket basket) {
        this.serial = serial;
        this.kind = kind;
        this.seq = seq;
        this.body = new Struct(kind.body(), body);
        this.basket = basket;
    }

    /** The kind of a receipt's type. */
    public static CommandKind kindOf(long type) {
        for (CommandKind kind : CommandKind.values()) {
            if (kind.isMovement() && kind.receiptType() == type) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no movement makes receipts of type " + type);
    }

    /** The card's serial as hexadecimal. */
    public String serial() {
        return serial;
    }

    /** DEBIT, CANCEL or OVERRIDE. */
    public CommandKind kind() {
        return kind;
    }

    /** The number of the receipt that it would make. */
    public long seq() {
        return seq;
    }

    /** The 36 bytes. */
    public byte[] body() {
        return body.bytes();
    }

    /** The terminal's transaction number. */
    public long txn() {
        return body.number("terminal_txn");
    }

    /** The amount in rupiah. */
    public long amount() {
        return body.number("amount");
    }

    /** The time, 6 bytes BCD. */
    public byte[] timestamp() {
        return body.bytes("timestamp");
    }

    /** What was sold, or null. */
    public Basket basket() {
        return basket;
    }

    @Override
    public String toString() {
        return kind + " of Rp" + amount() + ", receipt " + seq + " of card " + serial + ", transaction " + txn() + ", "
                + Hex.of(timestamp());
    }
}
