// SPDX-License-Identifier: Apache-2.0
package id.ssncard.applet;

import javacard.framework.ISOException;

/**
 * Checks BCD dates and times. The card has no clock: what a terminal states moves the card's month on, so an
 * impossible date must never get in.
 */
final class Calendar {

    /** Last day of each BCD month in a common year, 0 where there is no such month. */
    private static final byte[] LAST_DAY = {
        0, 0x31, 0x28, 0x31, 0x30, 0x31, 0x30, 0x31, 0x31, 0x30, 0, 0, 0, 0, 0, 0, 0x31, 0x30, 0x31
    };

    private static final short SIXES = 0x0606;
    private static final short CARRIES = 0x1010;

    private Calendar() {
    }

    /** Throws 9407 unless YYMM DDhh mmss is a possible moment of 2000 to 2079. */
    static void check(short yearMonth, short dayHour, short minuteSecond) {
        short month = (short) (yearMonth & 0xFF);
        short day = (short) (dayHour >> 8);
        // Adding 6 to a nibble above 9 carries into the next, whose lowest bit then differs from what it was. The upper
        // nibble of each byte is bounded by the comparisons, that of the year by the sign.
        if ((((short) (yearMonth + SIXES) ^ yearMonth
                        | (short) (dayHour + SIXES) ^ dayHour
                        | (short) (minuteSecond + SIXES) ^ minuteSecond) & CARRIES) != 0
                || yearMonth < 0 || month > 0x12
                || day <= 0 || day > LAST_DAY[month] && !isLeapDay(yearMonth, day) || (dayHour & 0xFF) > 0x23
                || minuteSecond < 0 || minuteSecond > 0x5959 || (minuteSecond & 0xFF) > 0x59) {
            ISOException.throwIt(Protocol.SW_IMPOSSIBLE_TIMESTAMP);
        }
    }

    /** 29 February of a year that four divides; the tens of a BCD year count two to that, its units one. */
    private static boolean isLeapDay(short yearMonth, short day) {
        return day == 0x29 && (yearMonth & 0xFF) == 0x02
                && (short) ((short) (yearMonth >> 12) * 2 + (short) (yearMonth >> 8 & 0x0F) & 3) == 0;
    }
}
