// SPDX-License-Identifier: Apache-2.0
package id.ssncard.applet;

import javacard.framework.Util;

/**
 * Two places for an entitlement: one in force, the other free to be written. Which one is in force stands in the newest
 * log record, so an update becomes valid with the same single write that commits its receipt.
 *
 * <p>Each place also holds the update's MAC and its own log record, so that the same update delivered again, however
 * late, is answered with the same receipt.
 */
final class Entitlements {

    private static final short MAC = Protocol.ENTITLEMENT_SIZE;
    private static final short RECORD = (short) (MAC + 8);
    private static final short PLACE = (short) (RECORD + Ram.RECORD_SIZE);

    // The limits as the rules read them: 32-bit amounts as two shorts, the lower one with its sign bit flipped, so that
    // a signed comparison orders it as unsigned.
    static final short STATE = 0;
    static final short REFUSED_CATEGORIES = 1;
    static final short VALID_MONTH = 2;
    static final short VALID_DAY = 3;
    static final short DEBIT_MAX = 4;
    static final short MONTHLY_LIMIT = 6;
    static final short OVERRIDE_MAX = 8;
    static final short PIN_ABOVE = 10;
    private static final short LIMITS = 12;

    static final short SIGN = (short) 0x8000;

    /** {@code [0]} and {@code [1]}: entitlement, its MAC, then the record of its receipt. */
    final byte[] places = new byte[(short) (2 * PLACE)];
    private final short[] firstLimits = new short[LIMITS];
    private final short[] secondLimits = new short[LIMITS];

    Entitlements() {
        firstLimits[STATE] = Protocol.STATE_ISSUED;
        places[Protocol.ENTITLEMENT_STATE] = Protocol.STATE_ISSUED;
    }

    /** Limits of the entitlement in force ({@code which}: 0 or 1). */
    short[] limits(byte which) {
        return which == 0 ? firstLimits : secondLimits;
    }

    /** Offset in {@link #places} of an entitlement. */
    static short offset(byte which) {
        return which == 0 ? 0 : PLACE;
    }

    /** Offset in {@link #places} of the MAC that authorised an entitlement. */
    static short mac(byte which) {
        return (short) (offset(which) + MAC);
    }

    /** Offset in {@link #places} of the record of an entitlement's receipt. */
    static short record(byte which) {
        return (short) (offset(which) + RECORD);
    }

    /**
     * Writes an entitlement, which its MAC follows, into the place that is not in force: a tear between the writes leaves
     * it unused.
     */
    void write(byte which, byte[] body, short at) {
        Util.arrayCopy(body, at, places, offset(which), RECORD);
        short[] limits = limits(which);
        limits[STATE] = body[(short) (at + Protocol.ENTITLEMENT_STATE)];
        limits[REFUSED_CATEGORIES] =
                (short) ~Util.getShort(body, (short) (at + Protocol.ENTITLEMENT_ALLOWED_CATEGORIES));
        limits[VALID_MONTH] = Util.getShort(body, (short) (at + Protocol.ENTITLEMENT_VALID_UNTIL));
        limits[VALID_DAY] = body[(short) (at + Protocol.ENTITLEMENT_VALID_UNTIL + 2)];
        amount(limits, DEBIT_MAX, body, (short) (at + Protocol.ENTITLEMENT_DEBIT_MAX));
        amount(limits, MONTHLY_LIMIT, body, (short) (at + Protocol.ENTITLEMENT_MONTHLY_LIMIT));
        amount(limits, OVERRIDE_MAX, body, (short) (at + Protocol.ENTITLEMENT_OVERRIDE_MAX));
        amount(limits, PIN_ABOVE, body, (short) (at + Protocol.ENTITLEMENT_PIN_ABOVE));
    }

    private static void amount(short[] limits, short index, byte[] body, short at) {
        limits[index] = Util.getShort(body, at);
        limits[(short) (index + 1)] = (short) (Util.getShort(body, (short) (at + 2)) ^ SIGN);
    }
}
