// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

import com.licel.jcardsim.base.ApduCase;
import java.util.Arrays;
import java.util.Set;
import javacard.framework.APDU;
import javacard.framework.APDUException;
import javacard.framework.ISO7816;

/**
 * How a command's data reach the applet, and when it may answer (Java Card 2.2.2 API, APDU).
 *
 * <p>Data come at once, or in pieces, as from a card whose T=1 blocks are shorter than the command:
 * {@code setIncomingAndReceive} then gives the first piece, {@code receiveBytes} each other. What else a card may do is
 * in {@link Freedom}: {@code DATA_FROM_NOTHING}, {@code STRICT_SENDING}, {@code LATE_DATA}, {@code SHORT_BUFFER}.
 * Commands of extended length are left to jCardSim.
 */
final class Conversation {
    /** The APDU buffer that is promised. */
    static final int SHORT_BUFFER = ISO7816.OFFSET_CDATA + 128;
    /** The information field that a T=1 card must be able to take at first (ISO/IEC 7816-3 section 11.4.2). */
    private static final int SHORT_BLOCK = 32;

    private static final byte[] NOTHING = {};

    private final Set<Freedom> freedoms;
    private int piece = Integer.MAX_VALUE;
    private byte[] rest = NOTHING;
    private ApduCase apduCase = ApduCase.Case1;
    private boolean received;

    Conversation(Set<Freedom> freedoms) {
        this.freedoms = freedoms;
        if (freedoms.contains(Freedom.LATE_DATA)) {
            piece = SHORT_BLOCK;
        }
    }

    /** Bytes of the longest piece from now on. */
    void piece(int bytes) {
        piece = bytes;
    }

    /** A command has come, whose first bytes jCardSim has put into the buffer. */
    void begin(ApduCase ofCommand, byte[] command, byte[] buffer) {
        apduCase = ofCommand;
        received = false;
        rest = hasData()
                ? Arrays.copyOfRange(
                        command, ISO7816.OFFSET_CDATA, ISO7816.OFFSET_CDATA + (command[ISO7816.OFFSET_LC] & 0xFF))
                : NOTHING;
        int present = Math.min(command.length, buffer.length);
        if (freedoms.contains(Freedom.LATE_DATA)) {
            present = Math.min(present, ISO7816.OFFSET_CDATA);
        }
        Remnants.fill(buffer, present, buffer.length);
    }

    /** {@code APDU.setIncomingAndReceive}. */
    short receive(APDU apdu) {
        short all = apdu.setIncomingAndReceive();
        if (apduCase.isExtended()) {
            return all;
        }
        received = true;
        byte[] buffer = apdu.getBuffer();
        if (apduCase == ApduCase.Case2 && freedoms.contains(Freedom.DATA_FROM_NOTHING)) {
            return (short) Math.min(buffer[ISO7816.OFFSET_LC] & 0xFF, buffer.length - ISO7816.OFFSET_CDATA);
        }
        // What is still to come is not there yet.
        int end = Math.min(ISO7816.OFFSET_CDATA + rest.length, buffer.length);
        Remnants.fill(buffer, ISO7816.OFFSET_CDATA, end);
        return take(buffer, ISO7816.OFFSET_CDATA);
    }

    /** {@code APDU.receiveBytes}. */
    short receiveMore(APDU apdu, short offset) {
        return rest.length == 0 ? apdu.receiveBytes(offset) : take(apdu.getBuffer(), offset);
    }

    /** Before the applet sends. Throws {@code APDUException.ILLEGAL_USE} where a strict card would. */
    void send() {
        if (!freedoms.contains(Freedom.STRICT_SENDING) || apduCase.isExtended()) {
            return;
        }
        boolean unread = hasData() && (!received || rest.length != 0);
        // Over T=0 nobody knows whether an answer is awaited.
        if (unread || !expectsAnswer() && !freedoms.contains(Freedom.T0)) {
            APDUException.throwIt(APDUException.ILLEGAL_USE);
        }
    }

    private short take(byte[] buffer, int offset) {
        int size = Math.min(Math.min(rest.length, piece), buffer.length - offset);
        System.arraycopy(rest, 0, buffer, offset, size);
        rest = Arrays.copyOfRange(rest, size, rest.length);
        return (short) size;
    }

    private boolean hasData() {
        return apduCase == ApduCase.Case3 || apduCase == ApduCase.Case4;
    }

    private boolean expectsAnswer() {
        return apduCase == ApduCase.Case2 || apduCase == ApduCase.Case4;
    }

}
