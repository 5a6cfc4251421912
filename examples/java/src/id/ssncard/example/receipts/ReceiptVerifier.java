// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.receipts;

import id.ssncard.example.core.Basket;
import id.ssncard.example.core.Bcd;
import id.ssncard.example.core.Cmac;
import id.ssncard.example.core.CommandKind;
import id.ssncard.example.core.Field;
import id.ssncard.example.core.Receipt;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;

/** Verifies a receipt alone (page: How to verify a receipt alone). Nothing before the MAC is trusted. */
public final class ReceiptVerifier {
    private static final long BELOW = 1L << 31;
    private static final int LAST_PIN_STATE = 2;
    private static final int LAST_STATE = 4;
    private static final int ALL_KEYS = 0xF;

    private final ReceiptKeys keys;

    /** With the keys of the cards that it knows. */
    public ReceiptVerifier(ReceiptKeys keys) {
        this.keys = keys;
    }

    /** The first field that is wrong, in the page's order, or null where the receipt is genuine. */
    public String firstWrong(byte[] bytes) {
        if (bytes.length != Receipt.SIZE) {
            return "size";
        }
        Receipt receipt = new Receipt(bytes);
        String wrong = form(receipt);
        return wrong == null ? key(receipt) : wrong;
    }

    private static String form(Receipt receipt) {
        if (receipt.type() < Receipt.DEBIT || receipt.type() > Receipt.UPDATE) {
            return "type";
        }
        if (receipt.number("layout_version") != Receipt.VERSION) {
            return "layout_version";
        }
        return receipt.fields().layout().fields().stream()
                .filter(field -> !isWritten(receipt, field))
                .map(Field::name)
                .findFirst().orElse(null);
    }

    /** Whether a card writes such a value into that field. */
    private static boolean isWritten(Receipt receipt, Field field) {
        byte[] bytes = receipt.bytes(field.name());
        switch (field.name()) {
            case "seq":
            case "update_seq":
            case "amount":
                return isBetween(receipt, field, 1, BELOW - 1);
            case "categories":
                return receipt.number("categories") != 0;
            case "month":
                return Bcd.isMonth(bytes) || receipt.number("month") == 0 && !setsMonth(receipt);
            case "pin_state":
                return isBetween(receipt, field, 0, LAST_PIN_STATE);
            case "state":
                return isBetween(receipt, field, 1, LAST_STATE);
            case "key_selection":
                return isBetween(receipt, field, 0, ALL_KEYS);
            case "reserved":
            case "padding":
                return Arrays.equals(bytes, new byte[bytes.length]);
            default:
                return isWritten(receipt, field, bytes);
        }
    }

    private static boolean isWritten(Receipt receipt, Field field, byte[] bytes) {
        boolean isTime = field.type() == Field.Type.BCD_TIMESTAMP || field.type() == Field.Type.BCD_DATE;
        return isTime ? Bcd.possible(bytes) : !field.isRupiah() || isBetween(receipt, field, 0, BELOW - 1);
    }

    private static boolean isBetween(Receipt receipt, Field field, long least, long most) {
        return receipt.number(field.name()) >= least && receipt.number(field.name()) <= most;
    }

    private static boolean setsMonth(Receipt receipt) {
        return receipt.type() == Receipt.DEBIT || receipt.type() == Receipt.CANCEL;
    }

    private String key(Receipt receipt) {
        if (!keys.knows(receipt.serial())) {
            return "serial";
        }
        byte[] key = keys.key(receipt.serial(), (int) receipt.number("key_version"));
        if (key == null) {
            return "key_version";
        }
        byte[] mac = Cmac.of(key, receipt.covered(), CommandKind.MAC);
        // Constant time.
        return MessageDigest.isEqual(mac, receipt.bytes("mac")) ? null : "mac";
    }

    /** The field in which a genuine debit differs from the basket that was handed in with it, or null. */
    public static String basketWrong(Receipt debit, Basket basket, Map<String, Integer> goods) {
        if (!Arrays.equals(basket.digest(), debit.bytes("basket_digest"))) {
            return "basket_digest";
        }
        if (basket.total() != debit.number("amount")) {
            return "amount";
        }
        return basket.categories(goods) == debit.number("categories") ? null : "categories";
    }
}
