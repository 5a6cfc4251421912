// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.trial;

import static id.ssncard.example.trial.Maker.JANUARY;
import static id.ssncard.example.trial.Maker.with;

import id.ssncard.example.core.Receipt;
import id.ssncard.example.edge.DevelopmentKeys;
import id.ssncard.example.receipts.Finding;
import id.ssncard.example.receipts.History;
import id.ssncard.example.receipts.ReceiptVerifier;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Histories that no vector holds: what the verifier finds, and what it must not accuse anybody of. */
public final class HistoryTrial {
    private static final LocalDateTime FEBRUARY = JANUARY.plusMonths(1);
    private static final Map<String, Object> SAME = Map.of();
    private static int played;

    private HistoryTrial() {}

    /** No arguments. */
    public static void main(String[] args) {
        pin();
        limits();
        updates();
        gaps();
        forks();
        System.out.println(played + " histories");
    }

    /** Kind, number and field of all findings, in words. */
    private static void expect(String expected, List<Receipt> receipts) {
        played++;
        ReceiptVerifier verifier = new ReceiptVerifier(DevelopmentKeys.receiptKeys());
        receipts.forEach(receipt -> Expect.that("genuine", verifier.firstWrong(receipt.bytes()) == null));
        List<String> found = new ArrayList<>();
        for (Finding finding : History.of(receipts, true, null).findings()) {
            found.add(finding.kind() + " " + finding.seq() + " " + finding.field());
        }
        Expect.that(found + ", not " + expected, String.join(", ", found).equals(expected));
    }

    private static void expect(String expected, Maker maker) {
        expect(expected, maker.receipts);
    }

    private static Maker loaded() {
        return new Maker().update(500_000, SAME);
    }

    private static Maker twoSlicesOneGivenBack() {
        return loaded().debit(30_000, JANUARY, 0, SAME).debit(15_000, JANUARY, 0, SAME).cancel(0, SAME);
    }

    private static void pin() {
        expect("", twoSlicesOneGivenBack().debit(20_000, JANUARY, 0, SAME));
        expect("REFUSED 5 pin_state", twoSlicesOneGivenBack().debit(20_001, JANUARY, 0, SAME));
        expect("", twoSlicesOneGivenBack().debit(20_001, JANUARY, 1, SAME).debit(50_000, JANUARY, 0, SAME));
        expect("WRONG_ARITHMETIC 3 pin_state", loaded().debit(1, JANUARY, 0, SAME).debit(1, JANUARY, 2, SAME));
        expect("WRONG_ARITHMETIC 3 pin_state", loaded().debit(1, JANUARY, 2, SAME).debit(1, JANUARY, 1, SAME));
        Map<String, Object> choice = with("pin_count", 1);
        expect("", loaded().debit(1, JANUARY, 2, SAME).update(0, choice).debit(1, JANUARY, 1, SAME));
        expect("", loaded().debit(1, JANUARY, 2, SAME).update(0, choice).update(0, choice).debit(1, JANUARY, 1, SAME));
        expect("WRONG_ARITHMETIC 5 pin_state", loaded().debit(1, JANUARY, 2, SAME).update(0, choice)
                .debit(1, JANUARY, 2, SAME).debit(1, JANUARY, 1, SAME));
    }

    private static void limits() {
        expect("", loaded().override(50_000, JANUARY, SAME).debit(130_000, JANUARY, 1, SAME)
                .debit(120_000, JANUARY, 1, SAME));
        expect("REFUSED 4 month_spent_after", loaded().override(50_000, JANUARY, SAME)
                .debit(130_000, JANUARY, 1, SAME).debit(120_001, JANUARY, 1, SAME));
        expect("REFUSED 3 amount", loaded().override(50_000, JANUARY, SAME).override(1, JANUARY, SAME));
        expect("", loaded().override(50_000, JANUARY, SAME).override(50_000, FEBRUARY, SAME));
        expect("REFUSED 5 month_spent_after", loaded().override(50_000, JANUARY, SAME).override(1, FEBRUARY, SAME)
                .debit(120_000, FEBRUARY, 1, SAME).debit(80_002, FEBRUARY, 1, SAME));
        expect("REFUSED 3 timestamp", loaded().debit(1000, FEBRUARY, 1, SAME).debit(1000, JANUARY, 1, SAME));
    }

    private static void updates() {
        expect("WRONG_ARITHMETIC 2 loaded_total", loaded().update(-1, SAME));
        expect("WRONG_ARITHMETIC 4 expired_total", loaded().debit(1000, JANUARY, 1, SAME)
                .update(0, with("expired_total", 1000L)).update(0, with("expired_total", 999L)));
        expect("WRONG_ARITHMETIC 3 mend_count", loaded().update(0, with("mend_count", 2)).update(0, SAME));
        expect("WRONG_ARITHMETIC 3 pin_count", loaded().update(0, with("pin_count", 2)).update(0, SAME));
        expect("WRONG_ARITHMETIC 3 key_selection", loaded().update(0, with("key_selection", 6)).update(0, SAME));
        expect("WRONG_ARITHMETIC 3 state", loaded().update(0, with("state", 4)).update(0, SAME));
        expect("", loaded().update(0, with("state", 4)).update(0, with("state", 4)));
        expect("WRONG_ARITHMETIC 2 override_max",
                loaded().update(0, with("monthly_limit", Integer.MAX_VALUE, "override_max", 1)));
        expect("", loaded().debit(1, FEBRUARY, 1, SAME).update(0, with("mend_count", 1, "month", "2601"))
                .debit(1, JANUARY, 1, SAME));
        expect("WRONG_ARITHMETIC 3 month", loaded().debit(1, FEBRUARY, 1, SAME).update(0, with("month", "2601")));
        expect("WRONG_ARITHMETIC 3 month",
                loaded().debit(1, FEBRUARY, 1, SAME).update(0, with("mend_count", 1, "month", "2603")));
        Map<String, Object> moved = with("key_selection", 8);
        expect("", loaded().update(0, moved).key(2).debit(1, JANUARY, 1, SAME).update(0, moved)
                .debit(1, JANUARY, 1, SAME));
        expect("WRONG_ARITHMETIC 3 key_version", loaded().update(0, moved).debit(1, JANUARY, 1, SAME));
    }

    private static List<Receipt> without(Maker maker, int... numbers) {
        List<Receipt> left = new ArrayList<>(maker.receipts);
        for (int number : numbers) {
            left.removeIf(receipt -> receipt.seq() == number);
        }
        return left;
    }

    private static void gaps() {
        Maker spent = loaded().debit(30_000, JANUARY, 0, SAME).debit(40_000, JANUARY, 1, SAME)
                .debit(50_000, JANUARY, 0, SAME).debit(150_000, FEBRUARY, 1, SAME);
        expect("", spent);
        expect("MISSING 3 seq", without(spent, 3)); // the PIN's floor moved in the gap
        Maker raised = loaded().override(50_000, JANUARY, SAME).debit(130_000, JANUARY, 1, SAME)
                .debit(120_000, JANUARY, 1, SAME);
        expect("MISSING 2 seq", without(raised, 2)); // and so did the month's limit
        Maker limits = loaded().update(0, with("debit_max", 200_000)).debit(160_000, JANUARY, 1, SAME);
        expect("MISSING 2 seq", without(limits, 2)); // the update in force is not there
        expect("MISSING 2 seq, REFUSED 3 amount",
                without(loaded().debit(1, JANUARY, 1, SAME).debit(160_000, JANUARY, 1, SAME), 2));
        Maker back = loaded().update(0, SAME).debit(1, JANUARY, 1, SAME)
                .debit(1, JANUARY, 1, with("update_seq", 1));
        expect("MISSING 3 seq, WRONG_ARITHMETIC 4 update_seq", without(back, 3));
        Maker earlier = loaded().debit(1, FEBRUARY, 1, SAME).debit(1, FEBRUARY, 1, SAME).debit(1, JANUARY, 1, SAME);
        expect("MISSING 3 seq, WRONG_ARITHMETIC 4 month", without(earlier, 3));
        Maker much = loaded().update(0, SAME).debit(1, JANUARY, 1, with("month_spent_after", 2));
        expect("MISSING 2 seq, WRONG_ARITHMETIC 3 month_spent_after", without(much, 2));
    }

    private static void forks() {
        Maker one = loaded().debit(1000, JANUARY, 1, SAME).debit(2000, JANUARY, 1, SAME);
        Maker other = loaded().debit(1500, JANUARY, 1, SAME).debit(2500, JANUARY, 1, SAME)
                .debit(1, JANUARY, 1, SAME).debit(1, JANUARY, 1, SAME);
        List<Receipt> both = new ArrayList<>(one.receipts);
        both.addAll(other.receipts.subList(1, 4));
        expect("BROKEN_CHAIN 2 seq, BROKEN_CHAIN 3 seq", both); // and 4 follows the second 3
        both.remove(both.size() - 1);
        both.add(other.receipts.get(4));
        expect("BROKEN_CHAIN 2 seq, BROKEN_CHAIN 3 seq, MISSING 4 seq", both);
    }
}
