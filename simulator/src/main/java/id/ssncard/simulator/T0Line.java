// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * What T=0 makes of commands and answers between reader and card (ISO/IEC 7816-3 sections 10 and 12.2): a command with
 * data goes without Le, and its answer is announced by 61xx and fetched with GET RESPONSE; a wrong Le is answered by
 * 6Cxx. The card's runtime sees to both, the applet knows of neither. Any other command lets go of what was announced.
 */
final class T0Line {
    private static final int HEADER = 4;
    private static final int GET_RESPONSE = 0xC0;
    private static final int STATUS = 2;
    private static final int MORE_DATA = 0x61;
    private static final int WRONG_LE = 0x6C;
    private static final byte[] NOTHING = {};

    /** Data announced and not yet fetched, and the header of the command that may fetch them. */
    private byte[] waiting = NOTHING;
    private byte[] fetchedBy = NOTHING;

    /** Power is gone, and what was announced with it. */
    void reset() {
        waiting = NOTHING;
    }

    /** One command of a reader; {@code card} gives the applet's answer, or null when it was torn. */
    byte[] transmit(byte[] command, UnaryOperator<byte[]> card) {
        if (waiting.length != 0 && command.length == HEADER + 1 && fetches(command)) {
            return fetch(command[HEADER] & 0xFF);
        }
        waiting = NOTHING;
        boolean withData = command.length > HEADER + 1;
        byte[] answer = card.apply(withData ? Arrays.copyOf(command, HEADER + 1 + (command[HEADER] & 0xFF)) : command);
        if (answer == null || answer.length == STATUS) {
            return answer;
        }
        waiting = Arrays.copyOf(answer, answer.length - STATUS);
        fetchedBy = withData
                ? new byte[] {(byte) (command[0] & 0x03), (byte) GET_RESPONSE, 0, 0}
                : Arrays.copyOf(command, HEADER);
        return withData ? announce(MORE_DATA) : fetch(command.length > HEADER ? command[HEADER] & 0xFF : 0);
    }

    private boolean fetches(byte[] command) {
        return Arrays.equals(command, 0, HEADER, fetchedBy, 0, HEADER);
    }

    private byte[] fetch(int le) {
        if ((le == 0 ? 256 : le) != waiting.length) {
            return announce(WRONG_LE);
        }
        byte[] answer = Arrays.copyOf(waiting, waiting.length + STATUS);
        answer[waiting.length] = (byte) 0x90;
        waiting = NOTHING;
        return answer;
    }

    private byte[] announce(int sw1) {
        return new byte[] {(byte) sw1, (byte) waiting.length};
    }
}
