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
    private final Entitlements entitlements;
    private final Terminal terminal;
    private final Pin pin;

    Purse(byte[] ram, Store store, Terminal terminal, Pin pin) {
        this.ram = ram;
        entitlements = store.entitlements;
        this.terminal = terminal;
        this.pin = pin;
    }

    /**
     * DEBIT. Preconditions, in this order: form, challenge and MAC; card active; amount; timestamp possible; not
     * expired; not before the card's month; amount within debit_max; categories allowed; month's limit; balance; PIN given
     * where what was spent without it leaves no room.
     *
     * <p>The record in RAM changes on the way: a refusal has used the challenge up, so SELECT brings it back.
     */
    void debit(byte[] buffer, short length) {
        terminal.authenticate(buffer, length);
        short[] limits = entitlements.limits(ram[Ram.ENTITLEMENT]);
        short high = Util.getShort(buffer, AMOUNT);
        short low = Util.getShort(buffer, (short) (AMOUNT + 2));
        if (check(buffer, limits, high, low) != 0) {
            Util.arrayCopyNonAtomic(buffer, TIMESTAMP, ram, Ram.MONTH, (short) 2);
            Util.arrayFillNonAtomic(ram, Ram.MONTH_SPENT, (short) 4, (byte) 0);
        }
        // The high shorts alone settle most comparisons.
        if (high >= limits[Entitlements.DEBIT_MAX] && exceeds(high, low, limits, Entitlements.DEBIT_MAX)) {
            ISOException.throwIt(Protocol.SW_DEBIT_MAXIMUM_EXCEEDED);
        }
        short categories = Util.getShort(buffer, CATEGORIES);
        if (categories == 0 || (categories & limits[Entitlements.REFUSED_CATEGORIES]) != 0) {
            ISOException.throwIt(Protocol.SW_CATEGORY_NOT_ALLOWED);
        }

        short spentLow = (short) (Util.getShort(ram, (short) (Ram.MONTH_SPENT + 2)) + low);
        short spentHigh = (short) (Util.getShort(ram, Ram.MONTH_SPENT) + high);
        if ((short) (spentLow ^ SIGN) < (short) (low ^ SIGN)) {
            spentHigh++;
        }
        if (spentHigh < 0
                || spentHigh >= limits[Entitlements.MONTHLY_LIMIT]
                        && exceeds(spentHigh, spentLow, limits, Entitlements.MONTHLY_LIMIT)) {
            requireRaised(buffer, limits, spentHigh, spentLow);
        }

        short balanceLow = Util.getShort(ram, (short) (Ram.BALANCE + 2));
        short balanceHigh = (short) (Util.getShort(ram, Ram.BALANCE) - high);
        if ((short) (balanceLow ^ SIGN) < (short) (low ^ SIGN)) {
            balanceHigh--;
        }
        if (balanceHigh < 0) {
            ISOException.throwIt(Protocol.SW_INSUFFICIENT_BALANCE);
        }
        balanceLow -= low;

        byte pinState = pin.state();
        if (pinState == Protocol.PIN_GIVEN) {
            floor(balanceHigh, balanceLow, limits);
        } else if (pinState == Protocol.PIN_NOT_DUE) {
            // Read here and not by Util.getShort: every sale of a card with a PIN comes by.
            short floorHigh = (short) (ram[Ram.FLOOR] << 8 | ram[(short) (Ram.FLOOR + 1)] & 0xFF);
            if (balanceHigh <= floorHigh && (balanceHigh < floorHigh
                    || (short) (balanceLow ^ SIGN) < (short) (Util.getShort(ram, (short) (Ram.FLOOR + 2)) ^ SIGN))) {
                ISOException.throwIt(Protocol.SW_PIN_REQUIRED);
            }
        }

        ram[Ram.TYPE] = Protocol.TYPE_DEBIT;
        Util.setShort(ram, Ram.BALANCE, balanceHigh);
        Util.setShort(ram, (short) (Ram.BALANCE + 2), balanceLow);
        Util.setShort(ram, Ram.MONTH_SPENT, spentHigh);
        Util.setShort(ram, (short) (Ram.MONTH_SPENT + 2), spentLow);
        terminal.commit(buffer);
    }

    /**
     * CANCEL: gives the newest movement back. Preconditions as DEBIT's first six; then: the newest receipt is a debit,
     * its MAC is the one named, and terminal, amount, categories and month are the same.
     */
    void cancel(byte[] buffer, short length) {
        terminal.authenticate(buffer, length);
        boolean later = check(buffer, entitlements.limits(ram[Ram.ENTITLEMENT]),
                Util.getShort(buffer, AMOUNT), Util.getShort(buffer, (short) (AMOUNT + 2))) != 0;
        if (later
                || ram[Ram.TYPE] != Protocol.TYPE_DEBIT
                || Util.arrayCompare(buffer, AMOUNT, ram, (short) (Ram.MOVEMENT + Protocol.MOVEMENT_AMOUNT), (short) 6) != 0
                || Util.arrayCompare(buffer, TERMINAL, ram, (short) (Ram.MOVEMENT + Protocol.MOVEMENT_TERMINAL_ID),
                        (short) 4) != 0
                || Util.arrayCompare(buffer, CANCELLED_MAC, ram, Ram.PREVIOUS, (short) 8) != 0) {
            ISOException.throwIt(Protocol.SW_NOT_CANCELLABLE);
        }
        // The balance was that much higher before the debit.
        Amount.add(ram, Ram.BALANCE, buffer, AMOUNT);
        Amount.subtract(ram, Ram.MONTH_SPENT, buffer, AMOUNT);
        pin.raiseFloor(entitlements.places, Entitlements.offset(ram[Ram.ENTITLEMENT]), buffer);
        commit(buffer, Protocol.TYPE_CANCEL, Protocol.INS_CANCEL);
    }

    /**
     * OVERRIDE: raises one month's limit. Preconditions as DEBIT's first six, the MAC under OVERRIDE; then: all that
     * was added to this month stays within override_max.
     */
    void override(byte[] buffer, short length) {
        terminal.authenticateOverride(buffer, length);
        short[] limits = entitlements.limits(ram[Ram.ENTITLEMENT]);
        check(buffer, limits, Util.getShort(buffer, AMOUNT), Util.getShort(buffer, (short) (AMOUNT + 2)));
        if (!raised(buffer)) {
            Util.arrayFillNonAtomic(ram, Ram.EXTRA, (short) 4, (byte) 0);
            Util.arrayCopyNonAtomic(buffer, TIMESTAMP, ram, Ram.EXTRA_MONTH, (short) 2);
        }
        if (!Amount.add(ram, Ram.EXTRA, buffer, AMOUNT)
                || exceeds(Util.getShort(ram, Ram.EXTRA), Util.getShort(ram, (short) (Ram.EXTRA + 2)), limits,
                        Entitlements.OVERRIDE_MAX)) {
            ISOException.throwIt(Protocol.SW_OVERRIDE_MAXIMUM_EXCEEDED);
        }
        commit(buffer, Protocol.TYPE_OVERRIDE, Protocol.INS_OVERRIDE);
    }

    /** From this balance on, pin_above may be spent without the PIN. */
    private void floor(short balanceHigh, short balanceLow, short[] limits) {
        short aboveLow = limits[(short) (Entitlements.PIN_ABOVE + 1)];
        short high = (short) (balanceHigh - limits[Entitlements.PIN_ABOVE]);
        if ((short) (balanceLow ^ SIGN) < aboveLow) {
            high--;
        }
        Util.setShort(ram, Ram.FLOOR, high);
        Util.setShort(ram, (short) (Ram.FLOOR + 2), (short) (balanceLow - (short) (aboveLow ^ SIGN)));
    }

    /** What every movement must satisfy. Returns 0 if it is in the card's month, more if it is in a later one. */
    private short check(byte[] buffer, short[] limits, short high, short low) {
        if (limits[Entitlements.STATE] != Protocol.STATE_ACTIVE) {
            ISOException.throwIt(limits[Entitlements.STATE] == Protocol.STATE_ISSUED ? Protocol.SW_NOT_ACTIVATED
                    : limits[Entitlements.STATE] == Protocol.STATE_BLOCKED ? Protocol.SW_BLOCKED
                    : Protocol.SW_TERMINATED);
        }
        if (high < 0 || (short) (high | low) == 0) {
            ISOException.throwIt(Protocol.SW_INVALID_AMOUNT);
        }
        short month = Util.getShort(buffer, TIMESTAMP);
        short dayHour = Util.getShort(buffer, (short) (TIMESTAMP + 2));
        Calendar.check(month, dayHour, Util.getShort(buffer, (short) (TIMESTAMP + 4)));
        if (month >= limits[Entitlements.VALID_MONTH]
                && (month > limits[Entitlements.VALID_MONTH]
                        || (short) (dayHour >> 8) > limits[Entitlements.VALID_DAY])) {
            ISOException.throwIt(Protocol.SW_EXPIRED);
        }
        short later = (short) (month - Util.getShort(ram, Ram.MONTH));
        if (later < 0) {
            ISOException.throwIt(Protocol.SW_TIMESTAMP_BEFORE_MONTH);
        }
        return later;
    }

    /** Refuses what is above the month's limit even with what companions added to it. */
    private void requireRaised(byte[] buffer, short[] limits, short high, short low) {
        short limitLow = limits[(short) (Entitlements.MONTHLY_LIMIT + 1)];
        short limitHigh = limits[Entitlements.MONTHLY_LIMIT];
        if (raised(buffer)) {
            short extra = Util.getShort(ram, (short) (Ram.EXTRA + 2));
            limitLow += extra;
            limitHigh += Util.getShort(ram, Ram.EXTRA);
            if (limitLow < (short) (extra ^ SIGN)) {
                limitHigh++;
            }
        }
        // What was added under an earlier entitlement may take a higher limit beyond 2^31: no month spends that.
        if (high < 0 || limitHigh >= 0 && (high > limitHigh || high == limitHigh && (short) (low ^ SIGN) > limitLow)) {
            ISOException.throwIt(Protocol.SW_MONTHLY_LIMIT_EXCEEDED);
        }
    }

    /** Whether companions raised the limit of the movement's month. */
    private boolean raised(byte[] buffer) {
        return Util.getShort(buffer, TIMESTAMP) == Util.getShort(ram, Ram.EXTRA_MONTH);
    }

    /** Whether an amount is above the limit at {@code index}. */
    private static boolean exceeds(short high, short low, short[] limits, short index) {
        return high > limits[index] || high == limits[index] && (short) (low ^ SIGN) > limits[(short) (index + 1)];
    }

    /** Commits a movement other than a debit: only the constant blocks differ, in one byte each. */
    private void commit(byte[] buffer, byte type, byte ins) {
        ram[Ram.TYPE] = type;
        pin.state();
        ram[Ram.CONSTANTS] ^= (byte) (Protocol.TYPE_DEBIT ^ type);
        ram[(short) (Ram.ANSWER_BLOCK + 1)] ^= (byte) (Protocol.INS_DEBIT ^ ins);
        terminal.commit(buffer);
    }
}
