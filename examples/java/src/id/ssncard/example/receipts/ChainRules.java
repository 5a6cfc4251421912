// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.receipts;

import id.ssncard.example.core.Bcd;
import id.ssncard.example.core.Receipt;
import java.util.Arrays;

/** Whether a receipt follows from the one before (page: How to verify a chain, After a gap). */
final class ChainRules {
    private static final int NO_PIN = 2;

    private ChainRules() {}

    /** The first field that does not follow, in the page's order, or null. The numbers follow each other. */
    static String firstWrong(CardState before, Receipt next) {
        if (next.seq() != before.number("seq") + 1) {
            return "seq";
        }
        if (!Arrays.equals(next.bytes("previous_mac"), before.mac())) {
            return "previous_mac";
        }
        String order = update(before, next);
        if (order == null && next.type() == Receipt.CANCEL) {
            order = cancel(before.last, next);
        }
        if (order == null) {
            order = amounts(before, next);
        }
        return order == null ? keysAndPin(before, next) : order;
    }

    private static String update(CardState before, Receipt next) {
        long now = next.number("update_seq");
        long then = before.number("update_seq");
        boolean right = next.type() == Receipt.UPDATE ? now > then : now == then;
        return right ? null : "update_seq";
    }

    private static String cancel(Receipt debit, Receipt cancel) {
        if (debit == null || debit.type() != Receipt.DEBIT
                || !Arrays.equals(debit.bytes("mac"), cancel.bytes("cancelled_mac"))) {
            return "cancelled_mac";
        }
        boolean same = debit.number("amount") == cancel.number("amount")
                && debit.number("categories") == cancel.number("categories")
                && debit.number("terminal_id") == cancel.number("terminal_id")
                && Bcd.month(debit.bytes("timestamp")) == Bcd.month(cancel.bytes("timestamp"));
        return same ? null : "amount";
    }

    private static String amounts(CardState before, Receipt next) {
        long balance = next.number("balance_after");
        if (!balanceFollows(before, next, balance)) {
            return "balance_after";
        }
        boolean isUpdate = next.type() == Receipt.UPDATE;
        long granted = before.number("granted_total") + (isUpdate ? balance - before.number("balance_after") : 0);
        if (next.number("granted_total") != granted) {
            return "granted_total";
        }
        if (!monthFollows(before, next)) {
            return "month";
        }
        return next.number("month_spent_after") == monthSpent(before, next) ? null : "month_spent_after";
    }

    private static boolean balanceFollows(CardState before, Receipt next, long balance) {
        long then = before.number("balance_after");
        switch (next.type()) {
            case Receipt.DEBIT:
                return balance == then - next.number("amount");
            case Receipt.CANCEL:
                return balance == then + next.number("amount");
            case Receipt.UPDATE:
                long most = next.number("loaded_total") - next.number("expired_total");
                // Behind a gap that holds the update in force, what was loaded before is not known.
                return before.updateKnown
                        ? balance == Math.min(then + next.number("loaded_total") - before.set("loaded_total"), most)
                        : balance <= most;
            default:
                return balance == then;
        }
    }

    private static boolean monthFollows(CardState before, Receipt next) {
        long month = next.number("month");
        long then = before.number("month");
        switch (next.type()) {
            case Receipt.DEBIT:
                return month == Bcd.month(next.bytes("timestamp"));
            case Receipt.CANCEL:
                return month == then && month == Bcd.month(next.bytes("timestamp"));
            case Receipt.UPDATE:
                boolean mends = !before.updateKnown || next.number("mend_count") > before.set("mend_count");
                return month == then || mends && month < then;
            default:
                return month == then;
        }
    }

    private static long monthSpent(CardState before, Receipt next) {
        long then = before.number("month_spent_after");
        switch (next.type()) {
            case Receipt.DEBIT:
                return next.number("amount") + (next.number("month") == before.number("month") ? then : 0);
            case Receipt.CANCEL:
                return then - next.number("amount");
            default:
                return then;
        }
    }

    private static String keysAndPin(CardState before, Receipt next) {
        if (before.nextKeyVersion != 0 && next.number("key_version") != before.nextKeyVersion) {
            return "key_version";
        }
        boolean lostPin = before.hasPin && next.type() != Receipt.UPDATE && next.number("pin_state") == NO_PIN;
        return lostPin ? "pin_state" : null;
    }

    /** Net spending, in rupiah, of the receipts that are missing between the two. */
    static long spentInGap(CardState before, Receipt behind) {
        return behind.number("granted_total") - behind.number("balance_after") - own(behind) - before.spent();
    }

    private static long own(Receipt receipt) {
        switch (receipt.type()) {
            case Receipt.DEBIT:
                return receipt.number("amount");
            case Receipt.CANCEL:
                return -receipt.number("amount");
            default:
                return 0;
        }
    }

    /** The first field of a receipt behind a gap that cannot be, or null. */
    static String firstWrongBehindGap(CardState before, Receipt behind) {
        if (behind.number("update_seq") < before.number("update_seq")) {
            return "update_seq";
        }
        boolean noUpdate = behind.number("update_seq") == before.number("update_seq");
        if (!noUpdate) {
            return null;
        }
        if (behind.type() == Receipt.UPDATE) {
            return "update_seq";
        }
        if (behind.number("granted_total") != before.number("granted_total")) {
            return "granted_total";
        }
        if (behind.number("month") < before.number("month")) {
            return "month";
        }
        long spent = spentInGap(before, behind) + own(behind);
        boolean sameMonth = behind.number("month") == before.number("month");
        boolean follows = behind.number("month_spent_after") == before.number("month_spent_after") + spent;
        return sameMonth && !follows ? "month_spent_after" : null;
    }
}
