// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.receipts;

import id.ssncard.example.core.Receipt;
import id.ssncard.example.receipts.Finding.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The genuine receipts of one card, in any order and number, held against each other. */
public final class History {
    private static final List<String> BROKEN = List.of("previous_mac", "cancelled_mac");

    private final boolean whole;
    private final Tip tip;
    private final List<Finding> findings = new ArrayList<>();
    /** States behind each number; more than one where there is a fork. */
    private final TreeMap<Long, List<CardState>> states = new TreeMap<>();

    private History(boolean whole, Tip tip) {
        this.whole = whole;
        this.tip = tip;
        states.put(0L, List.of(CardState.NEW));
    }

    /**
     * Verifies the receipts of one card, each of which is genuine by itself.
     *
     * @param whole whether all receipts should be there
     * @param tip what the card said of its end, or null
     */
    public static History of(List<Receipt> receipts, boolean whole, Tip tip) {
        History history = new History(whole, tip);
        history.follow(receipts);
        if (tip != null) {
            history.end();
        }
        return history;
    }

    /** What is not as it should be, in the order of the numbers. */
    public List<Finding> findings() {
        return new ArrayList<>(findings);
    }

    /** The newest receipts: one, or more behind a fork; none where there is no receipt. */
    public List<Receipt> newest() {
        List<Receipt> newest = new ArrayList<>();
        states.lastEntry().getValue().stream()
                .filter(state -> state.last != null)
                .forEach(state -> newest.add(state.last));
        return newest;
    }

    /** The balance below which a debit needs the PIN (rupiah), or null where receipts do not tell. */
    public Long pinFloor() {
        CardState state = states.lastEntry().getValue().get(0);
        return state.floorKnown ? state.floor : null;
    }

    private void follow(List<Receipt> receipts) {
        TreeMap<Long, LinkedHashSet<Receipt>> byNumber = new TreeMap<>();
        for (Receipt receipt : receipts) {
            if (!byNumber.computeIfAbsent(receipt.seq(), seq -> new LinkedHashSet<>()).add(receipt)) {
                findings.add(new Finding(Kind.DUPLICATE, receipt, null, "delivered twice"));
            }
        }
        for (Map.Entry<Long, LinkedHashSet<Receipt>> number : byNumber.entrySet()) {
            if (number.getValue().size() > 1) {
                Receipt first = number.getValue().iterator().next();
                findings.add(new Finding(Kind.BROKEN_CHAIN, first, "seq",
                        number.getValue().size() + " different receipts: a copied card, or a stolen key"));
            }
            List<CardState> after = new ArrayList<>();
            for (Receipt receipt : number.getValue()) {
                after.add(next(receipt));
            }
            states.put(number.getKey(), after);
        }
    }

    private CardState next(Receipt receipt) {
        Map.Entry<Long, List<CardState>> before = states.lowerEntry(receipt.seq());
        if (before == null) {
            findings.add(new Finding(Kind.BROKEN_CHAIN, receipt, "seq", "numbers begin at 1"));
            return CardState.NEW.acrossGap(receipt).after(receipt);
        }
        if (before.getKey() != receipt.seq() - 1) {
            return behindGap(before.getKey(), before.getValue(), receipt);
        }
        CardState state = predecessor(before.getValue(), receipt);
        String wrong = ChainRules.firstWrong(state, receipt);
        if (wrong != null) {
            findings.add(new Finding(kind(wrong), receipt, wrong, "does not follow from receipt " + before.getKey()));
            // Of another history nothing else is compared, now or later.
            CardState known = wrong.equals("previous_mac") ? CardState.NEW : state;
            return known.acrossGap(receipt).after(receipt);
        }
        return judged(state, receipt);
    }

    private static Kind kind(String field) {
        return BROKEN.contains(field) ? Kind.BROKEN_CHAIN : Kind.WRONG_ARITHMETIC;
    }

    private CardState judged(CardState before, Receipt receipt) {
        String broken = EnforcedRules.firstBroken(before, receipt);
        if (broken != null) {
            findings.add(new Finding(Kind.REFUSED, receipt, broken, "no card takes it: a stolen key or a broken card"));
        }
        return before.after(receipt);
    }

    /** The state whose receipt this one names; the first where none is. */
    private static CardState predecessor(List<CardState> states, Receipt receipt) {
        return states.stream()
                .filter(state -> Arrays.equals(state.mac(), receipt.bytes("previous_mac")))
                .findFirst()
                .orElse(states.get(0));
    }

    private CardState behindGap(long last, List<CardState> before, Receipt receipt) {
        CardState state = before.get(0); // of a fork the first, as handed in
        gap(receipt.serial(), last + 1, receipt.seq() - 1, ChainRules.spentInGap(state, receipt));
        String wrong = ChainRules.firstWrongBehindGap(state, receipt);
        if (wrong != null) {
            findings.add(new Finding(kind(wrong), receipt, wrong, "cannot come behind receipt " + last));
        }
        return judged(state.acrossGap(receipt), receipt);
    }

    /** Up to the tip all is due; what lies beyond may be with another shop. The money is told with the last. */
    private void gap(String serial, long from, long to, Long spent) {
        long due = whole ? to : Math.min(to, tip == null ? 0 : tip.seq());
        if (from <= due) {
            findings.add(gap(Kind.MISSING, serial, from, due, due == to ? spent : null, "in which"));
        }
        if (due < to) {
            boolean all = due < from;
            findings.add(gap(Kind.NOT_HANDED_IN, serial, all ? from : due + 1, to, spent,
                    all ? "in which" : "in which, with those before them in the gap,"));
        }
    }

    private static Finding gap(Kind kind, String serial, long from, long to, Long spent, String where) {
        String numbers = from == to ? "receipt " + from : "receipts " + from + " to " + to;
        return new Finding(kind, serial, from, to - from + 1, spent,
                numbers + (spent == null ? "" : ", " + where + " Rp" + spent + " were spent"));
    }

    private void end() {
        long last = states.lastKey();
        if (tip.seq() > last) {
            gap(tip.serial(), last + 1, tip.seq(), null);
        }
        List<CardState> there = states.get(tip.seq());
        boolean other = there != null
                && there.stream().noneMatch(state -> Arrays.equals(state.mac(), tip.lastMac()));
        if (other) {
            findings.add(new Finding(Kind.BROKEN_CHAIN, tip.serial(), tip.seq(), "mac", "the card names another"));
        }
    }
}
