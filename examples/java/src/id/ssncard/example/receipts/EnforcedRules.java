// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.receipts;

import id.ssncard.example.core.Bcd;
import id.ssncard.example.core.Receipt;

/**
 * The rules that the card enforced (page: What the card would have refused), recomputed. A genuine receipt that
 * breaks one betrays a stolen RECEIPT key or a broken card. What is not known accuses nobody.
 */
final class EnforcedRules {
    private static final int ACTIVE = 2;
    private static final long NO_LIMIT = 1L << 31;
    private static final int PIN_NOT_GIVEN = 0;

    private EnforcedRules() {}

    /** The first rule that is broken, as the field of the receipt that breaks it, or null. */
    static String firstBroken(CardState before, Receipt next) {
        if (next.type() == Receipt.UPDATE) {
            return null; // its rules are the chain's
        }
        String broken = before.updateKnown ? standing(before, next) : null;
        boolean follows = next.seq() == before.number("seq") + 1;
        if (broken == null && follows && Bcd.month(next.bytes("timestamp")) < before.number("month")) {
            return "timestamp";
        }
        return broken == null && before.updateKnown ? movement(before, next) : broken;
    }

    private static String standing(CardState before, Receipt next) {
        if (before.update == null || before.set("state") != ACTIVE) {
            return "update_seq";
        }
        boolean expired = Bcd.day(next.bytes("timestamp")) > Bcd.day(before.update.bytes("valid_until"));
        return expired ? "timestamp" : null;
    }

    private static String movement(CardState before, Receipt next) {
        if (next.type() == Receipt.DEBIT) {
            return debit(before, next);
        }
        return next.type() == Receipt.OVERRIDE ? override(before, next) : null;
    }

    private static String debit(CardState before, Receipt next) {
        long categories = next.number("categories");
        if (next.number("amount") > before.set("debit_max")) {
            return "amount";
        }
        if (categories == 0 || (categories & ~before.set("allowed_categories")) != 0) {
            return "categories";
        }
        if (beyondLimit(before, next)) {
            return "month_spent_after";
        }
        boolean due = before.floorKnown && next.number("balance_after") < before.floor;
        return due && next.number("pin_state") == PIN_NOT_GIVEN ? "pin_state" : null;
    }

    private static boolean beyondLimit(CardState before, Receipt next) {
        long month = next.number("month");
        if (before.extraMonth == -1 || before.extraMonth == month && !before.extraExact) {
            return false;
        }
        long limit = before.set("monthly_limit") + (before.extraMonth == month ? before.extra : 0);
        return limit < NO_LIMIT && next.number("month_spent_after") > limit;
    }

    private static String override(CardState before, Receipt next) {
        boolean adds = before.extraMonth == Bcd.month(next.bytes("timestamp"));
        // Where it is not exact, it is more: what is too much already stays too much.
        long sum = next.number("amount") + (adds ? before.extra : 0);
        return sum > before.set("override_max") ? "amount" : null;
    }
}
