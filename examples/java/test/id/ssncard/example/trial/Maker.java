// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.trial;

import id.ssncard.example.core.Bcd;
import id.ssncard.example.core.Cmac;
import id.ssncard.example.core.CommandKind;
import id.ssncard.example.core.Hex;
import id.ssncard.example.core.KeyDerivation;
import id.ssncard.example.core.Layout;
import id.ssncard.example.core.Layouts;
import id.ssncard.example.core.Receipt;
import id.ssncard.example.core.Struct;
import id.ssncard.example.edge.DevelopmentKeys;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes genuine receipts, one after the other, right but for what a trial wants otherwise. */
final class Maker {
    static final LocalDateTime JANUARY = LocalDateTime.of(2026, 1, 10, 12, 0, 0);
    private static final String SERIAL = "5353000000000001";

    final List<Receipt> receipts = new ArrayList<>();
    private long updateSeq;
    private long loaded;
    private int keyVersion = 1;

    /** As {@code change}, in pairs of name and value. */
    static Map<String, Object> with(Object... pairs) {
        Map<String, Object> change = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            change.put((String) pairs[i], pairs[i + 1]);
        }
        return change;
    }

    /** The receipts from here on are under that version of the RECEIPT key. */
    Maker key(int version) {
        keyVersion = version;
        return this;
    }

    Maker update(long load, Map<String, Object> change) {
        long expired = (long) change.getOrDefault("expired_total", 0L);
        loaded += load;
        long balance = Math.min(last("balance_after") + load, loaded - expired);
        Map<String, Object> values = with("loaded_total", loaded, "expired_total", expired, "monthly_limit", 200_000,
                "override_max", 50_000, "debit_max", 150_000, "pin_above", 50_000, "allowed_categories", 7,
                "valid_until", "2027-12-31", "key_selection", 0, "state", 2, "policy_id", 1, "issued_on", "2026-01-05",
                "balance_after", balance, "month_spent_after", last("month_spent_after"), "update_seq", ++updateSeq,
                "granted_total", last("granted_total") + balance - last("balance_after"), "month", month(),
                "pin_count", 0, "mend_count", 0, "reserved", "00", "type", Receipt.UPDATE);
        return add(Layouts.UPDATE_RECEIPT_WHOLE, values, change);
    }

    Maker debit(long amount, LocalDateTime time, int pinState, Map<String, Object> change) {
        String month = Hex.of(Bcd.timestamp(time)).substring(0, 4);
        long before = month.equals(month()) ? last("month_spent_after") : 0;
        return add(Layouts.RECEIPT, movement(Receipt.DEBIT, amount, time, pinState, with(
                "basket_digest", "00".repeat(16), "balance_after", last("balance_after") - amount,
                "month_spent_after", before + amount, "month", month)), change);
    }

    /** Of the newest receipt, a debit. */
    Maker cancel(int pinState, Map<String, Object> change) {
        Receipt debit = receipts.get(receipts.size() - 1);
        long amount = debit.number("amount");
        return add(Layouts.CANCEL_RECEIPT, movement(Receipt.CANCEL, amount, Bcd.time(debit.bytes("timestamp")), pinState,
                with("cancelled_mac", Hex.of(debit.bytes("mac")), "padding", "00".repeat(8),
                        "balance_after", last("balance_after") + amount,
                        "month_spent_after", last("month_spent_after") - amount)), change);
    }

    Maker override(long amount, LocalDateTime time, Map<String, Object> change) {
        return add(Layouts.OVERRIDE_RECEIPT, movement(Receipt.OVERRIDE, amount, time, 0, with(
                "companion_id", "00".repeat(8), "padding", "00".repeat(8))), change);
    }

    private Map<String, Object> movement(
            int type, long amount, LocalDateTime time, int pinState, Map<String, Object> own) {
        Map<String, Object> values = with("type", type, "amount", amount, "timestamp", time.toString(),
                type == Receipt.OVERRIDE ? "reason" : "categories", 1, "terminal_id", 7, "terminal_txn", receipts.size(), "balance_after", last("balance_after"),
                "month_spent_after", last("month_spent_after"), "update_seq", updateSeq,
                "granted_total", last("granted_total"), "month", month(), "pin_state", pinState, "reserved", "0000");
        values.putAll(own);
        return values;
    }

    private Maker add(Layout layout, Map<String, Object> values, Map<String, Object> change) {
        values.put("seq", (long) receipts.size() + 1);
        values.put("previous_mac", receipts.isEmpty() ? "00".repeat(8) : Hex.of(newest().bytes("mac")));
        values.put("layout_version", 1);
        values.put("key_version", keyVersion);
        values.put("serial", SERIAL);
        values.put("mac", "00".repeat(8));
        values.putAll(change);
        Receipt unsigned = new Receipt(Struct.of(layout, values).bytes());
        byte[] master = DevelopmentKeys.master("RECEIPT", (int) unsigned.number("key_version"));
        byte[] key = KeyDerivation.cardKey(master, "RECEIPT", unsigned.bytes("serial"));
        receipts.add(new Receipt(
                Hex.concat(unsigned.covered(), Cmac.of(key, unsigned.covered(), CommandKind.MAC))));
        return this;
    }

    private Receipt newest() {
        return receipts.get(receipts.size() - 1);
    }

    private long last(String field) {
        return receipts.isEmpty() ? 0 : newest().number(field);
    }

    private String month() {
        return receipts.isEmpty() ? "0000" : Hex.of(newest().bytes("month"));
    }
}
