// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

/**
 * The ATR of the simulated card (ISO/IEC 7816-3 section 8): direct convention, T=1 only, 254-byte blocks; or T=0 only.
 *
 * <p>T=1 alone, so that every reader driver hands a whole case 4 answer over. The historical bytes state ISO
 * capabilities and nothing else: no name of a programme, so that a card read by a stranger tells nothing of its holder.
 */
final class AnswerToReset {
    private static final byte[] INTERFACE = {
        (byte) 0x85, // T0: TD1 follows; 5 historical bytes
        (byte) 0x81, // TD1: TD2 follows; T=1 is the first protocol offered
        (byte) 0x31, // TD2: TA3 and TB3 follow, for T=1
        (byte) 0xFE, // TA3: IFSC of 254 bytes
        (byte) 0x45, // TB3: BWI 4, CWI 5
    };

    private static final byte[] HISTORICAL = {
        (byte) 0x80, // category: COMPACT-TLV objects follow (ISO/IEC 7816-4 section 12.1.1)
        (byte) 0x73, // card capabilities, 3 bytes
        (byte) 0xC0, // selection by full and by partial DF name
        (byte) 0x21, // data coding: proprietary write behaviour, unit of 2 quartets
        (byte) 0x00, // no command chaining, no extended length, one logical channel
    };

    private AnswerToReset() {}

    /** Of a card that speaks T=0 alone: no interface bytes, and no check byte. */
    static byte[] t0() {
        byte[] atr = new byte[2 + HISTORICAL.length];
        atr[0] = 0x3B;
        atr[1] = (byte) HISTORICAL.length;
        System.arraycopy(HISTORICAL, 0, atr, 2, HISTORICAL.length);
        return atr;
    }

    /** Of a card that speaks T=1 alone, with its check byte TCK. */
    static byte[] t1() {
        byte[] atr = new byte[1 + INTERFACE.length + HISTORICAL.length + 1];
        atr[0] = 0x3B;
        System.arraycopy(INTERFACE, 0, atr, 1, INTERFACE.length);
        System.arraycopy(HISTORICAL, 0, atr, 1 + INTERFACE.length, HISTORICAL.length);
        for (int i = 1; i < atr.length - 1; i++) {
            atr[atr.length - 1] ^= atr[i];
        }
        return atr;
    }
}
