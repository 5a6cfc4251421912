// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.receipts;

import id.ssncard.example.core.Bcd;
import id.ssncard.example.core.Receipt;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Whether a receipt follows from the one before (page: How to verify a chain, After a gap). */
final class ChainRules {
    private static final int NO_PIN = 2;
    private static final int TERMINATED = 4;
    private static final long NO_LIMIT = 1L << 31;

    private ChainRules() {}

    /** The first field that does not follow, in the page's order, or null. The numbers follow each other. */
    static String firstWrong(CardState before, Receipt next) {
        if (next.seq() != before.number("seq") + 1) {
            return "seq";
        }
        if (!Arrays.equals(next.bytes("previous_mac"), before.mac())) {
            return "previous_mac";
        }
        String wrong = itself(next);
        if (wrong == null && next.type() == Receipt.CANCEL) {
            wrong = cancel(before.last, next);
        }
        if (wrong == null) {
            wrong = update(before, next);
        }
        if (wrong == null && next.type() == Receipt.UPDATE) {
            wrong = shrinks(before, next);
        }
        if (wrong == null) {
            wrong = amounts(before, next);
        }
        if (wrong == null) {
            wrong = keysAndPin(before, next);
        }
        return wrong == null && !spentFits(next) ? "month_spent_after" : wrong;
    }

    /** A month's net spending is at most all net spending. */
    private static boolean spentFits(Receipt next) {
        return next.number("month_spent_after") <= next.number("granted_total") - next.number("balance_after");
    }

    /** What holds within a receipt. */
    private static String itself(Receipt next) {
        if (next.number("balance_after") > next.number("granted_total")) {
            return "balance_after";
        }
        String wrong = next.type() == Receipt.UPDATE ? entitlement(next) : null;
        boolean isOfMonth = next.type() != Receipt.DEBIT && next.type() != Receipt.CANCEL
                || next.number("month") == Bcd.month(next.bytes("timestamp"));
        return isOfMonth ? wrong : "month";
    }

    private static String entitlement(Receipt update) {
        long left = update.number("loaded_total") - update.number("expired_total");
        if (left < 0) {
            return "expired_total";
        }
        if (update.number("balance_after") > left) {
            return "balance_after";
        }
        if (update.number("granted_total") < left
                || update.number("granted_total") > update.number("loaded_total")) {
            return "granted_total";
        }
        boolean limited = update.number("monthly_limit") + update.number("override_max") < NO_LIMIT;
        return limited ? null : "override_max";
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
        return Stream.of("amount", "categories", "terminal_id")
                .filter(field -> debit.number(field) != cancel.number(field))
                .findFirst().orElse(null);
    }

    private static String amounts(CardState before, Receipt next) {
        long balance = balance(before, next);
        boolean isUpdate = next.type() == Receipt.UPDATE;
        long granted = before.number("granted_total") + (isUpdate ? balance - before.number("balance_after") : 0);
        if (next.number("granted_total") != granted) {
            return "granted_total";
        }
        if (next.number("balance_after") != balance) {
            return "balance_after";
        }
        if (next.number("month_spent_after") != monthSpent(before, next)) {
            return "month_spent_after";
        }
        return monthFollows(before, next) ? null : "month";
    }

    private static long balance(CardState before, Receipt next) {
        long then = before.number("balance_after");
        switch (next.type()) {
            case Receipt.DEBIT:
                return then - next.number("amount");
            case Receipt.CANCEL:
                return then + next.number("amount");
            case Receipt.UPDATE:
                // Behind a gap that holds the update in force, what was loaded before is not known.
                return before.updateKnown
                        ? Math.min(then + next.number("loaded_total") - before.set("loaded_total"),
                                next.number("loaded_total") - next.number("expired_total"))
                        : next.number("balance_after");
            default:
                return then;
        }
    }

    private static boolean monthFollows(CardState before, Receipt next) {
        long month = next.number("month");
        long then = before.number("month");
        if (next.type() == Receipt.UPDATE) {
            boolean mends = !before.updateKnown || next.number("mend_count") > before.set("mend_count");
            return month == then || mends && month > 0 && month < then;
        }
        return next.type() == Receipt.DEBIT || month == then;
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
        long version = next.number("key_version");
        boolean otherVersion = before.movesOn ? version == before.keyVersion : version != before.keyVersion;
        if (before.keyVersion != 0 && otherVersion) {
            return "key_version";
        }
        if (next.type() == Receipt.UPDATE) {
            return null;
        }
        boolean without = next.number("pin_state") == NO_PIN;
        boolean fits = without
                ? !Boolean.TRUE.equals(before.hasPin)
                : !Boolean.FALSE.equals(before.hasPin) || before.choiceOpen;
        return fits ? null : "pin_state";
    }

    private static String shrinks(CardState before, Receipt next) {
        for (String total : List.of("loaded_total", "expired_total", "pin_count", "mend_count")) {
            if (next.number(total) < before.set(total)) {
                return total;
            }
        }
        if ((before.set("key_selection") & ~next.number("key_selection")) != 0) {
            return "key_selection";
        }
        return before.set("state") == TERMINATED && next.number("state") != TERMINATED ? "state" : null;
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
        String wrong = itself(behind);
        if (wrong == null) {
            wrong = sinceGap(before, behind);
        }
        return wrong == null && !spentFits(behind) ? "month_spent_after" : wrong;
    }

    private static String sinceGap(CardState before, Receipt behind) {
        if (behind.number("update_seq") < before.number("update_seq")) {
            return "update_seq";
        }
        boolean noUpdate = behind.number("update_seq") == before.number("update_seq");
        boolean isUpdate = behind.type() == Receipt.UPDATE;
        if (noUpdate && isUpdate) {
            return "update_seq";
        }
        long back = before.last != null && before.last.type() == Receipt.DEBIT ? before.number("amount") : 0;
        if (spentInGap(before, behind) + own(behind) < Math.max(own(behind), 0) - back) {
            return "balance_after";
        }
        if (!noUpdate) {
            return isUpdate ? shrinks(before, behind) : null;
        }
        return underOneUpdate(before, behind, back);
    }

    /** No update lies in the gap; {@code back}: what may have been given back in it at first, in rupiah. */
    private static String underOneUpdate(CardState before, Receipt behind, long back) {
        if (behind.number("granted_total") != before.number("granted_total")) {
            return "granted_total";
        }
        if (behind.number("month") < before.number("month")) {
            return "month";
        }
        long spent = spentInGap(before, behind) + own(behind);
        boolean sameMonth = behind.number("month") == before.number("month");
        boolean follows = behind.number("month_spent_after") == before.number("month_spent_after") + spent;
        boolean fits = sameMonth ? follows : behind.number("month_spent_after") <= spent + back;
        return fits ? null : "month_spent_after";
    }
}
