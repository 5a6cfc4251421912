// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.receipts;

import id.ssncard.example.core.Bcd;
import id.ssncard.example.core.Receipt;

/**
 * What is known of a card after a receipt, from receipts alone: amounts in rupiah, months as {@link Bcd#month}.
 * Immutable; a fork goes on from one state twice.
 */
final class CardState {
    /** Nothing happened yet: what precedes receipt 1. */
    static final CardState NEW = new CardState();

    private static final int RECEIPT_BIT = 8;
    private static final int PIN_GIVEN = 1;
    private static final int NO_PIN = 2;

    /** The newest receipt, or null. */
    final Receipt last;
    /** The receipt of the newest update in hand, or null. */
    final Receipt update;
    /** Whether {@link #update} is the one in force; also before the first. */
    final boolean updateKnown;
    /** A debit that leaves less needs the PIN. */
    final long floor;
    final boolean floorKnown;
    /** Month whose limit was raised; 0 none, -1 not known. */
    final long extraMonth;
    /** By how much; at least that much where it is not exact. */
    final long extra;
    final boolean extraExact;
    /** Whether the card had a PIN at its newest movement; null where no receipt tells. */
    final Boolean hasPin;
    /** Whether an update has let the holder choose a PIN and no movement came since; true where it is not known. */
    final boolean choiceOpen;
    /** Version of the RECEIPT key of the newest receipt; 0 where it tells nothing of the next one's. */
    final long keyVersion;
    /** Whether the next receipt has another version than {@link #keyVersion}: whatever personalization put there. */
    final boolean movesOn;

    private CardState() {
        this(null, null, true, 0, true, 0, 0, true, null, false, 0, false);
    }

    private CardState(Receipt last, Receipt update, boolean updateKnown, long floor, boolean floorKnown,
            long extraMonth, long extra, boolean extraExact, Boolean hasPin, boolean choiceOpen,
            long keyVersion, boolean movesOn) {
        this.last = last;
        this.update = update;
        this.updateKnown = updateKnown;
        this.floor = floor;
        this.floorKnown = floorKnown;
        this.extraMonth = extraMonth;
        this.extra = extra;
        this.extraExact = extraExact;
        this.hasPin = hasPin;
        this.choiceOpen = choiceOpen;
        this.keyVersion = keyVersion;
        this.movesOn = movesOn;
    }

    /** A field of the newest receipt, 0 before the first. */
    long number(String field) {
        return last == null ? 0 : last.number(field);
    }

    /** MAC of the newest receipt, zeros before the first. */
    byte[] mac() {
        return last == null ? new byte[8] : last.bytes("mac");
    }

    /** A field of the newest update in hand, 0 before the first; in force where that is known. */
    long set(String field) {
        return update == null ? 0 : update.number(field);
    }

    /** Net spending so far. */
    long spent() {
        return number("granted_total") - number("balance_after");
    }

    /** The state behind the next receipt. */
    CardState after(Receipt next) {
        boolean isUpdate = next.type() == Receipt.UPDATE;
        Receipt nowUpdate = isUpdate ? next : update;
        long nowExtraMonth = extraMonth;
        long nowExtra = extra;
        boolean nowExact = extraExact;
        if (next.type() == Receipt.OVERRIDE) {
            long month = Bcd.month(next.bytes("timestamp"));
            boolean adds = extraMonth == month;
            nowExtra = (adds ? extra : 0) + next.number("amount");
            nowExact = extraMonth != -1 && (!adds || extraExact);
            nowExtraMonth = month;
        }
        return new CardState(next, nowUpdate, updateKnown || isUpdate, floorAfter(next), floorKnownAfter(next),
                nowExtraMonth, nowExtra, nowExact,
                isUpdate ? hasPin : Boolean.valueOf(next.number("pin_state") != NO_PIN),
                isUpdate && opensChoice(next), mayMoveOn(next) && !updateKnown ? 0 : next.number("key_version"),
                mayMoveOn(next));
    }

    private boolean opensChoice(Receipt next) {
        return choiceOpen || !updateKnown || next.number("pin_count") > set("pin_count");
    }

    private long floorAfter(Receipt next) {
        long balance = next.number("balance_after");
        if (next.type() == Receipt.UPDATE) {
            return floor + next.number("granted_total") - number("granted_total") + set("pin_above")
                    - next.number("pin_above");
        }
        if (next.type() == Receipt.DEBIT && next.number("pin_state") == PIN_GIVEN) {
            return balance - set("pin_above");
        }
        return next.type() == Receipt.CANCEL ? Math.max(floor, balance - set("pin_above")) : floor;
    }

    private boolean floorKnownAfter(Receipt next) {
        boolean begun = next.type() == Receipt.DEBIT && next.number("pin_state") == PIN_GIVEN;
        return updateKnown && (floorKnown || begun);
    }

    /** The update that sets the RECEIPT bit is under the key before; the next receipt is under the next version. */
    private boolean mayMoveOn(Receipt next) {
        boolean sets = next.type() == Receipt.UPDATE && (next.number("key_selection") & RECEIPT_BIT) != 0;
        return sets && (!updateKnown || (set("key_selection") & RECEIPT_BIT) == 0);
    }

    /** What is still known where receipts are missing before the next one. */
    CardState acrossGap(Receipt next) {
        boolean sameUpdate = next.type() != Receipt.UPDATE && next.number("update_seq") == number("update_seq");
        return new CardState(last, update, sameUpdate && updateKnown, 0, false, -1, 0, false, hasPin, true, 0,
                false);
    }
}
