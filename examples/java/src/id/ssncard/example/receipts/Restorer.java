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
    private static final int RECEIPT_BIT = 8;
    private static final int PIN_STATES = 3;

    private Restorer() {}

    /**
     * The receipt of a movement, put together from the journalled body and the genuine receipts n and n + 2; null
     * where the number went to another command.
     *
     * @param type type of the movement, 1 to 3
     * @param body the journalled 36 bytes
     * @throws IllegalArgumentException where the two are not receipts n and n + 2 of one card; without them it stays open
     */
    public static Receipt restore(Receipt before, int type, byte[] body, Receipt after, ReceiptKeys keys) {
        if (after.seq() != before.seq() + 2 || !after.serial().equals(before.serial())) {
            throw new IllegalArgumentException("the receipts before and behind it are needed");
        }
        long version = before.number("key_version");
        boolean mayHaveMoved = before.type() == Receipt.UPDATE
                && (before.number("key_selection") & RECEIPT_BIT) != 0;
        for (long tried = version; tried <= version + (mayHaveMoved ? 1 : 0); tried++) {
            byte[] key = keys.key(before.serial(), (int) tried);
            for (int pinState = 0; key != null && pinState < PIN_STATES; pinState++) {
                byte[] covered = covered(before, type, body, (int) tried, pinState);
                byte[] mac = Cmac.of(key, covered, CommandKind.MAC);
                if (MessageDigest.isEqual(mac, after.bytes("previous_mac"))) {
                    return new Receipt(Hex.concat(covered, mac));
                }
            }
        }
        return null;
    }

    private static byte[] covered(Receipt before, int type, byte[] body, int version, int pinState) {
        long amount = amount(body);
        byte[] month = type == Receipt.DEBIT ? new byte[] {body[6], body[7]} : before.bytes("month");
        byte[] constants = {(byte) type, Receipt.VERSION, (byte) version};
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
