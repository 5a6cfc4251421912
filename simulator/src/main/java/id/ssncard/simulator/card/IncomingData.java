// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

import java.util.Arrays;
import javacard.framework.APDU;
import javacard.framework.ISO7816;

/**
 * How a command's data reach the applet: at once, or in pieces, as from a card whose T=1 blocks are shorter than the
 * command. {@code setIncomingAndReceive} then gives the first piece, {@code receiveBytes} each other (Java Card 2.2.2 API,
 * APDU).
 */
final class IncomingData {
    private static final byte[] NOTHING = {};

    private int piece = Integer.MAX_VALUE;
    private byte[] rest = NOTHING;

    /** Bytes of the longest piece from now on. */
    void piece(int bytes) {
        piece = bytes;
    }

    /** {@code APDU.setIncomingAndReceive}. */
    short first(APDU apdu) {
        short received = apdu.setIncomingAndReceive();
        int end = ISO7816.OFFSET_CDATA + received;
        int arrived = ISO7816.OFFSET_CDATA + Math.min(received, piece);
        rest = Arrays.copyOfRange(apdu.getBuffer(), arrived, end);
        Remnants.fill(apdu.getBuffer(), arrived, end);
        return (short) (arrived - ISO7816.OFFSET_CDATA);
    }

    /** {@code APDU.receiveBytes}. */
    short next(APDU apdu, short offset) {
        if (rest.length == 0) {
            return apdu.receiveBytes(offset);
        }
        int size = Math.min(rest.length, piece);
        System.arraycopy(rest, 0, apdu.getBuffer(), offset, size);
        rest = Arrays.copyOfRange(rest, size, rest.length);
        return (short) size;
    }
}
