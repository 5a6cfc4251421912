// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.receipts;

import id.ssncard.example.core.Bcd;
import id.ssncard.example.core.Cmac;
import id.ssncard.example.core.CommandKind;
import id.ssncard.example.core.Hex;
import id.ssncard.example.core.Receipt;
import java.security.MessageDigest;

/** Settles at the bank what has left a card's log (page: Gone, at the bank). */
public final class Restorer {
    private static final int PIN_STATES = 3;

    private Restorer() {}

    /**
     * The receipt n + 1 of a movement, put together from the journalled body and the genuine receipts n and n + 2; null
     * where the number went to another command.
     *
     * @param before receipt n, or null where n is 0
     * @param type type of the movement, 1 to 3
     * @param body the journalled 36 bytes
     * @param after receipt n + 2
     * @throws IllegalArgumentException where the two are not receipts n and n + 2 of one card: it stays open
     */
    public static Receipt restore(Receipt before, int type, byte[] body, Receipt after, ReceiptKeys keys) {
        Receipt n = before == null ? nothing(after) : before;
        if (after.seq() != n.seq() + 2 || !after.serial().equals(n.serial())) {
            throw new IllegalArgumentException("the receipts before and behind it are needed");
        }
        // Only an update changes the key, and behind its own receipt: it is that of n + 2.
        byte[] key = keys.key(after.serial(), (int) after.number("key_version"));
        for (int pinState = 0; pinState < PIN_STATES; pinState++) {
            byte[] covered = covered(n, type, body, after, pinState);
            byte[] mac = Cmac.of(key, covered, CommandKind.MAC);
            if (MessageDigest.isEqual(mac, after.bytes("previous_mac"))) {
                return new Receipt(Hex.concat(covered, mac));
            }
        }
        return null;
    }

    /** Before a card's first receipt: all of it is 0 but the serial. */
    private static Receipt nothing(Receipt after) {
        byte[] zeros = new byte[Receipt.SIZE];
        int serial = after.fields().layout().offset("serial");
        System.arraycopy(after.bytes("serial"), 0, zeros, serial, after.bytes("serial").length);
        return new Receipt(zeros);
    }

    private static byte[] covered(Receipt before, int type, byte[] body, Receipt after, int pinState) {
        long amount = amount(body);
        byte[] month = type == Receipt.DEBIT ? new byte[] {body[6], body[7]} : before.bytes("month");
        byte[] constants = {(byte) type, Receipt.VERSION, (byte) after.number("key_version")};
        return Hex.concat(
                Receipt.numbered(before.seq() + 1), body,
                Receipt.numbered(before.number("balance_after") + amount * direction(type)),
                Receipt.numbered(monthSpent(before, type, amount, Bcd.month(month))),
                before.bytes("mac"), before.bytes("update_seq"), before.bytes("granted_total"),
                constants, before.bytes("serial"), month, new byte[] {(byte) pinState, 0, 0});
    }

    private static long amount(byte[] body) {
        return Long.parseLong(Hex.of(body).substring(0, 8), 16);
    }

    private static int direction(int type) {
        if (type == Receipt.OVERRIDE) {
            return 0;
        }
        return type == Receipt.DEBIT ? -1 : 1;
    }

    private static long monthSpent(Receipt before, int type, long amount, int month) {
        long then = before.number("month_spent_after");
        if (type == Receipt.DEBIT) {
            return amount + (before.number("month") == month ? then : 0);
        }
        return type == Receipt.CANCEL ? then - amount : then;
    }
}
