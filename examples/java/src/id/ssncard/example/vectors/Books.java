// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.vectors;

import id.ssncard.example.core.Hex;
import id.ssncard.example.core.Layouts;
import id.ssncard.example.core.Quote;
import id.ssncard.example.core.Receipt;
import id.ssncard.example.core.Struct;
import id.ssncard.example.receipts.History;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** The verifier's view of a transcript's card: its receipts give its numbers, and break no rule. */
final class Books {
    private static final int UPDATE_BIT = 1;

    private final Checks checks;
    private final List<Receipt> receipts = new ArrayList<>();
    private String newestUpdate = "";

    Books(Checks checks) {
        this.checks = checks;
    }

    /** A receipt; that of an update delivered again is the same once more. */
    void add(Receipt receipt) {
        if (!receipts.contains(receipt)) {
            receipts.add(receipt);
        }
    }

    void read(Receipt receipt) {
        checks.that("a receipt that was never made", receipts.contains(receipt));
    }

    long newestSeq() {
        return receipts.size();
    }

    /** What the card states against what its receipts give. */
    void compare(Map<String, Object> status) {
        checks.equal("seq", status.get("seq"), newestSeq());
        if (receipts.isEmpty()) {
            checks.equal("balance", status.get("balance"), 0L);
            return;
        }
        History history = History.of(receipts, true, null);
        Map<String, Object> newest = history.newest().get(0).fields().values();
        checks.equal("balance", status.get("balance"), newest.get("balance_after"));
        checks.equal("month_spent", status.get("month_spent"), newest.get("month_spent_after"));
        checks.equal("last_mac", status.get("last_mac"), newest.get("mac"));
        checks.equal("pin_floor", status.get("pin_floor"), history.pinFloor());
        for (String same : new String[] {"update_seq", "granted_total", "month"}) {
            checks.equal(same, status.get(same), newest.get(same));
        }
    }

    /** All receipts, from the first, without a finding. */
    void close() {
        checks.equal("findings", "[]", History.of(receipts, true, null).findings().toString());
    }

    void updated(byte[] body, byte[] mac) {
        newestUpdate = Hex.of(body) + Hex.of(mac);
    }

    /**
     * MACs under which the card may look at an update: under the key in force; under the next one, where it sets the
     * bit and the card has not; under the former, if it is the newest, once more.
     */
    List<String> updateMacs(Quote quote, byte[] body, IntFunction<String> mac) {
        int version = (int) quote.fields().number("update_key_version");
        boolean sets = (new Struct(Layouts.ENTITLEMENT, body).number("key_selection") & UPDATE_BIT) != 0;
        List<String> macs = new ArrayList<>(List.of(mac.apply(version)));
        if (version == 1 && sets) {
            macs.add(mac.apply(2));
        }
        if (version == 2 && newestUpdate.equals(Hex.of(body) + mac.apply(1))) {
            macs.add(mac.apply(1));
        }
        return macs;
    }
}
