// SPDX-License-Identifier: Apache-2.0
package id.ssncard.applet;

import javacard.framework.ISOException;
import javacard.framework.Util;

/**
 * The rules of a movement of money: DEBIT, CANCEL, OVERRIDE. Each checks everything, in RAM, then commits by one write.
 *
 * <p>Amounts are below 2^31 and handled as two shorts (the API has no int). Of a sum or difference the high short is
 * negative exactly where the result is out of range; the low shorts are compared with the sign bit flipped.
 */
final class Purse {

    private static final short SIGN = Entitlements.SIGN;

    private static final short BODY = 5;
    private static final short AMOUNT = (short) (BODY + Protocol.MOVEMENT_AMOUNT);
    private static final short CATEGORIES = (short) (BODY + Protocol.MOVEMENT_CATEGORIES);
    private static final short TIMESTAMP = (short) (BODY + Protocol.MOVEMENT_TIMESTAMP);
    private static final short TERMINAL = (short) (BODY + Protocol.MOVEMENT_TERMINAL_ID);
    private static final short CANCELLED_MAC = (short) (BODY + Protocol.CANCELLATION_CANCELLED_MAC);

    private final byte[] ram;
    private final Store store;
    private final Terminal terminal;

    Purse(byte[] ram, Store store, Terminal terminal) {
        this.ram = ram;
        this.store = store;
        this.terminal = terminal;
    }

    /**
     * DEBIT. Preconditions, in this order: MAC; card active; amount; timestamp possible; not expired; not before the
     * card's month; transaction not done already; amount within debit_max; PIN given where the amount needs it;
     * categories allowed; month's limit; balance.
     */
    short debit(byte[] buffer) {
        terminal.authenticate(buffer, Protocol.MOVEMENT_SIZE);
        short[] limits = store.entitlements.limits(ram[Ram.ENTITLEMENT]);
        short month = check(buffer, limits);
        short high = Util.getShort(buffer, AMOUNT);
        short low = Util.getShort(buffer, (short) (AMOUNT + 2));
        if (exceeds(high, low, limits[Entitlements.DEBIT_MAX], limits[(short) (Entitlements.DEBIT_MAX + 1)])) {
            ISOException.throwIt(Protocol.SW_DEBIT_MAXIMUM_EXCEEDED);
        }
        if (exceeds(high, low, limits[Entitlements.PIN_ABOVE], limits[(short) (Entitlements.PIN_ABOVE + 1)])
                && !store.pin.isValidated()) {
            ISOException.throwIt(Protocol.SW_PIN_REQUIRED);
        }
        short categories = Util.getShort(buffer, CATEGORIES);
        if (categories == 0 || (categories & limits[Entitlements.REFUSED_CATEGORIES]) != 0) {
            ISOException.throwIt(Protocol.SW_CATEGORY_NOT_ALLOWED);
        }

        short spentHigh = high;
        short spentLow = low;
        if (month == Util.getShort(ram, Ram.MONTH)) {
            short before = Util.getShort(ram, (short) (Ram.MONTH_SPENT + 2));
            spentLow += before;
            spentHigh += Util.getShort(ram, Ram.MONTH_SPENT);
            if ((short) (spentLow ^ SIGN) < (short) (before ^ SIGN)) {
                spentHigh++;
            }
        }
        short limitHigh = limits[Entitlements.MONTHLY_LIMIT];
        short limitLow = limits[(short) (Entitlements.MONTHLY_LIMIT + 1)];
        if (month == Util.getShort(ram, Ram.EXTRA_MONTH)) {
            short extra = Util.getShort(ram, (short) (Ram.EXTRA + 2));
            limitLow += extra;
            limitHigh += Util.getShort(ram, Ram.EXTRA);
            if (limitLow < (short) (extra ^ SIGN)) {
                limitHigh++;
            }
            if (limitHigh < 0) {
                // What was added under an earlier entitlement takes a higher limit beyond 2^31: no month spends that.
                limitHigh = (short) 0x7FFF;
                limitLow = (short) 0x7FFF;
            }
        }
        if (exceeds(spentHigh, spentLow, limitHigh, limitLow)) {
            ISOException.throwIt(Protocol.SW_MONTHLY_LIMIT_EXCEEDED);
        }

        short balanceLow = Util.getShort(ram, (short) (Ram.BALANCE + 2));
        short balanceHigh = (short) (Util.getShort(ram, Ram.BALANCE) - high);
        if ((short) (balanceLow ^ SIGN) < (short) (low ^ SIGN)) {
            balanceHigh--;
        }
        if (balanceHigh < 0) {
            ISOException.throwIt(Protocol.SW_INSUFFICIENT_BALANCE);
        }

        ram[Ram.TYPE] = Protocol.TYPE_DEBIT;
        Util.setShort(ram, Ram.MONTH, month);
        Util.setShort(ram, Ram.BALANCE, balanceHigh);
        Util.setShort(ram, (short) (Ram.BALANCE + 2), (short) (balanceLow - low));
        Util.setShort(ram, Ram.MONTH_SPENT, spentHigh);
        Util.setShort(ram, (short) (Ram.MONTH_SPENT + 2), spentLow);
        return move(buffer);
    }

    /**
     * CANCEL: gives the newest movement back. Preconditions as DEBIT's first seven; then: the newest receipt is a debit,
     * its MAC is the one named, and terminal, amount, categories and month are the same.
     */
    short cancel(byte[] buffer) {
        terminal.authenticate(buffer, Protocol.MOVEMENT_SIZE);
        short month = check(buffer, store.entitlements.limits(ram[Ram.ENTITLEMENT]));
        if (ram[Ram.TYPE] != Protocol.TYPE_DEBIT
                || month != Util.getShort(ram, Ram.MONTH)
                || Util.arrayCompare(buffer, AMOUNT, ram, (short) (Ram.MOVEMENT + Protocol.MOVEMENT_AMOUNT), (short) 6) != 0
                || Util.arrayCompare(buffer, TERMINAL, ram, (short) (Ram.MOVEMENT + Protocol.MOVEMENT_TERMINAL_ID),
                        (short) 4) != 0
                || Util.arrayCompare(buffer, CANCELLED_MAC, ram, Ram.PREVIOUS, (short) 8) != 0
                || !Amount.add(ram, Ram.REFUNDED, buffer, AMOUNT)
                || !Amount.add(ram, Ram.BALANCE, buffer, AMOUNT)) {
            ISOException.throwIt(Protocol.SW_NOT_CANCELLABLE);
        }
        Amount.subtract(ram, Ram.MONTH_SPENT, buffer, AMOUNT);
        return other(buffer, Protocol.TYPE_CANCEL, Protocol.INS_CANCEL);
    }

    /**
     * OVERRIDE: raises one month's limit. Preconditions as DEBIT's first seven, the MAC under OVERRIDE; then: all that
     * was added to this month stays within override_max.
     */
    short override(byte[] buffer) {
        terminal.authenticate(buffer, Protocol.MOVEMENT_SIZE,
                store.keys[Store.slot(Protocol.SLOT_OVERRIDE, Protocol.NEXT_OVERRIDE, ram[Ram.KEYS])]);
        short[] limits = store.entitlements.limits(ram[Ram.ENTITLEMENT]);
        short month = check(buffer, limits);
        if (month != Util.getShort(ram, Ram.EXTRA_MONTH)) {
            Util.arrayFillNonAtomic(ram, Ram.EXTRA, (short) 4, (byte) 0);
            Util.setShort(ram, Ram.EXTRA_MONTH, month);
        }
        if (!Amount.add(ram, Ram.EXTRA, buffer, AMOUNT)
                || exceeds(Util.getShort(ram, Ram.EXTRA), Util.getShort(ram, (short) (Ram.EXTRA + 2)),
                        limits[Entitlements.OVERRIDE_MAX], limits[(short) (Entitlements.OVERRIDE_MAX + 1)])) {
            ISOException.throwIt(Protocol.SW_OVERRIDE_MAXIMUM_EXCEEDED);
        }
        return other(buffer, Protocol.TYPE_OVERRIDE, Protocol.INS_OVERRIDE);
    }

    /** What every movement must satisfy; returns its month. */
    private short check(byte[] buffer, short[] limits) {
        if (limits[Entitlements.STATE] != Protocol.STATE_ACTIVE) {
            ISOException.throwIt(limits[Entitlements.STATE] == Protocol.STATE_ISSUED ? Protocol.SW_NOT_ACTIVATED
                    : limits[Entitlements.STATE] == Protocol.STATE_BLOCKED ? Protocol.SW_BLOCKED
                    : Protocol.SW_TERMINATED);
        }
        short high = Util.getShort(buffer, AMOUNT);
        if (high < 0 || (short) (high | Util.getShort(buffer, (short) (AMOUNT + 2))) == 0) {
            ISOException.throwIt(Protocol.SW_INVALID_AMOUNT);
        }
        short month = Util.getShort(buffer, TIMESTAMP);
        short dayHour = Util.getShort(buffer, (short) (TIMESTAMP + 2));
        Calendar.check(month, dayHour, Util.getShort(buffer, (short) (TIMESTAMP + 4)));
        if (month > limits[Entitlements.VALID_MONTH]
                || month == limits[Entitlements.VALID_MONTH] && (short) (dayHour >> 8) > limits[Entitlements.VALID_DAY]) {
            ISOException.throwIt(Protocol.SW_EXPIRED);
        }
        if (month < Util.getShort(ram, Ram.MONTH)) {
            ISOException.throwIt(Protocol.SW_TIMESTAMP_BEFORE_MONTH);
        }
        if (ram[Ram.TYPE] != Protocol.TYPE_UPDATE
                && Util.arrayCompare(buffer, TERMINAL, ram, (short) (Ram.MOVEMENT + Protocol.MOVEMENT_TERMINAL_ID),
                        (short) 8) == 0) {
            ISOException.throwIt(Protocol.SW_ALREADY_DONE);
        }
        return month;
    }

    /** Whether an amount is above a limit whose low short has its sign bit flipped, or out of range itself. */
    private static boolean exceeds(short high, short low, short limitHigh, short limitLow) {
        return high < 0 || high > limitHigh || high == limitHigh && (short) (low ^ SIGN) > limitLow;
    }

    /** Commits a movement other than a debit: only the constant blocks differ, in one byte each. */
    private short other(byte[] buffer, byte type, byte ins) {
        ram[Ram.TYPE] = type;
        ram[Ram.CONSTANTS] ^= (byte) (Protocol.TYPE_DEBIT ^ type);
        ram[(short) (Ram.ANSWER_BLOCK + 1)] ^= (byte) (Protocol.INS_DEBIT ^ ins);
        return move(buffer);
    }

    private short move(byte[] buffer) {
        Util.arrayCopyNonAtomic(buffer, BODY, ram, Ram.MOVEMENT, Protocol.MOVEMENT_SIZE);
        number(ram);
        return terminal.commit(buffer);
    }

    /** Gives the record in RAM the next receipt number. 2^31 receipts are beyond any card's life. */
    static void number(byte[] ram) {
        short low = Util.getShort(ram, (short) (Ram.SEQ + 2));
        low++;
        Util.setShort(ram, (short) (Ram.SEQ + 2), low);
        if (low == 0) {
            Util.setShort(ram, Ram.SEQ, (short) (Util.getShort(ram, Ram.SEQ) + 1));
        }
    }
}
