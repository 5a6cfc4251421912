// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.core;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;

/**
 * Times in BCD, local time of the programme (WITA) without a zone, years 2000 to 2079 (page: Formats).
 *
 * <p>BCD of equal length orders as its bytes do, so months and days are compared as integers ({@link #month}).
 */
public final class Bcd {
    private static final int LAST_YEAR = 79;

    private Bcd() {}

    /** YYMMDDhhmmss, 6 bytes. */
    public static byte[] timestamp(LocalDateTime time) {
        return digits(time.getYear() - 2000, time.getMonthValue(), time.getDayOfMonth(),
                time.getHour(), time.getMinute(), time.getSecond());
    }

    /** YYMMDD, 3 bytes. */
    public static byte[] date(LocalDate day) {
        return digits(day.getYear() - 2000, day.getMonthValue(), day.getDayOfMonth());
    }

    /**
     * The moment of 6 bytes YYMMDDhhmmss.
     *
     * @throws DateTimeException where it is none: no BCD, a year beyond 2079, 30 February, hour 24
     */
    public static LocalDateTime time(byte[] bcd) {
        return date(bcd, 0).atTime(number(bcd[3]), number(bcd[4]), number(bcd[5]));
    }

    /**
     * The day of 3 bytes YYMMDD at an offset.
     *
     * @throws DateTimeException where it is none
     */
    public static LocalDate date(byte[] bcd, int offset) {
        int year = number(bcd[offset]);
        if (year > LAST_YEAR) {
            throw new DateTimeException("years are 2000 to 2079");
        }
        return LocalDate.of(2000 + year, number(bcd[offset + 1]), number(bcd[offset + 2]));
    }

    /** Whether the bytes (6 or 3) are a possible moment or day. */
    public static boolean possible(byte[] bcd) {
        try {
            return (bcd.length == 3 ? date(bcd, 0).atStartOfDay() : time(bcd)) != null;
        } catch (DateTimeException none) {
            return false;
        }
    }

    /** Whether the 2 bytes YYMM are a month; 0000 is none. */
    public static boolean isMonth(byte[] bcd) {
        return possible(new byte[] {bcd[0], bcd[1], 1});
    }

    /** The month of a time or day, as an integer to compare with others: 0x2601 is January 2026. */
    public static int month(byte[] bcd) {
        return (bcd[0] & 0xFF) << 8 | bcd[1] & 0xFF;
    }

    /** The day of a time or day, as an integer to compare with others: 0x260107. */
    public static int day(byte[] bcd) {
        return month(bcd) << 8 | bcd[2] & 0xFF;
    }

    private static int number(byte bcd) {
        int tens = (bcd >> 4) & 0xF;
        int ones = bcd & 0xF;
        if (tens > 9 || ones > 9) {
            throw new DateTimeException("not BCD");
        }
        return 10 * tens + ones;
    }

    private static byte[] digits(int... numbers) {
        byte[] bcd = new byte[numbers.length];
        for (int i = 0; i < bcd.length; i++) {
            if (numbers[i] < 0 || numbers[i] > (i == 0 ? LAST_YEAR : 99)) {
                throw new DateTimeException("years are 2000 to 2079");
            }
            bcd[i] = (byte) (numbers[i] / 10 << 4 | numbers[i] % 10);
        }
        return bcd;
    }
}
