// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.receipts;

import id.ssncard.example.core.Basket;
import id.ssncard.example.core.Bcd;
import id.ssncard.example.core.Cmac;
import id.ssncard.example.core.CommandKind;
import id.ssncard.example.core.Field;
import id.ssncard.example.core.Layouts;
import id.ssncard.example.core.Receipt;
import id.ssncard.example.core.Struct;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;

/** Verifies a receipt alone (page: How to verify a receipt alone). Nothing before the MAC is trusted. */
public final class ReceiptVerifier {
    private static final long BELOW = 1L << 31;
    private static final int LAST_PIN_STATE = 2;

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
        if (wrong == null) {
            wrong = key(receipt);
        }
        return wrong == null && !isZero(receipt, "padding") ? "reserved" : wrong;
    }

    private static String form(Receipt receipt) {
        if (receipt.type() < Receipt.DEBIT || receipt.type() > Receipt.UPDATE) {
            return "type";
        }
        if (receipt.number("layout_version") != Receipt.VERSION) {
            return "layout_version";
        }
        if (!isZero(receipt, "reserved")) {
            return "reserved";
        }
        if (receipt.type() != Receipt.UPDATE && receipt.number("pin_state") > LAST_PIN_STATE) {
            return "pin_state";
        }
        if (!possibleTimes(receipt)) {
            return "timestamp";
        }
        return possibleAmounts(receipt) ? null : "amount";
    }

    private static boolean isZero(Receipt receipt, String field) {
        if (!receipt.fields().layout().has(field)) {
            return true;
        }
        byte[] bytes = receipt.bytes(field);
        return Arrays.equals(bytes, new byte[bytes.length]);
    }

    private static boolean possibleTimes(Receipt receipt) {
        if (receipt.type() == Receipt.UPDATE) {
            return Bcd.possible(receipt.bytes("valid_until")) && Bcd.possible(receipt.bytes("issued_on"));
        }
        return Bcd.possible(receipt.bytes("timestamp"));
    }

    /** Of a movement its amount; of an update every amount that it set. */
    private static boolean possibleAmounts(Receipt receipt) {
        Struct body = new Struct(receipt.type() == Receipt.UPDATE ? Layouts.UPDATE_RECEIPT : Layouts.MOVEMENT,
                receipt.body());
        boolean positive = receipt.type() == Receipt.UPDATE || body.number("amount") > 0;
        return positive && body.layout().fields().stream()
                .filter(Field::isRupiah)
                .allMatch(field -> body.number(field.name()) < BELOW);
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
