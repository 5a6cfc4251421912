// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

import javacard.framework.APDU;
import javacard.framework.Applet;
import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.framework.Util;

/**
 * A small applet that shows what the simulator does to an applet. The Python tests use it as well.
 *
 * <p>Its instructions: see the constants. Install data of one byte FF is refused with 6A80.
 */
public final class ProbeApplet extends Applet {
    /** AID of the probe, hexadecimal. */
    public static final String AID = "f050524f4245";

    /** Answers the command's data. */
    static final byte ECHO = 0x10;
    /** Adds 1 to a persistent counter and answers it (2 bytes). */
    static final byte COUNT = 0x20;
    /** Answers a CLEAR_ON_RESET and a CLEAR_ON_DESELECT byte, then sets both to P1. */
    static final byte SWAP_TRANSIENT = 0x30;
    /** Fails with an uncaught exception. */
    static final byte FAIL = 0x40;
    /** Answers P1 bytes 00 01 02 and so on. */
    static final byte FILL = 0x50;
    /** Takes P1 tenths of a second, then counts as COUNT does. */
    static final byte DAWDLE = 0x60;
    /** Answers the status word P1 P2. */
    static final byte STATUS = 0x70;
    /** Answers the application data of its installation. */
    static final byte INSTALLED_WITH = (byte) 0x80;
    /** Answers the transmission protocol that the runtime reports (1 byte). */
    static final byte TRANSMISSION = (byte) 0x90;
    /** GET RESPONSE: answers Le bytes as FILL does. */
    static final byte GET_RESPONSE = (byte) 0xC0;

    private final byte[] onReset = JCSystem.makeTransientByteArray((short) 1, JCSystem.CLEAR_ON_RESET);
    private final byte[] onDeselect = JCSystem.makeTransientByteArray((short) 1, JCSystem.CLEAR_ON_DESELECT);
    private final byte[] installed;
    private short counter;

    private ProbeApplet(byte[] parameters, short offset, short length) {
        installed = new byte[length];
        Util.arrayCopyNonAtomic(parameters, offset, installed, (short) 0, length);
    }

    /** Java Card entry point. */
    public static void install(byte[] parameters, short offset, byte length) {
        short aidLength = parameters[offset];
        short controlAt = (short) (offset + 1 + aidLength);
        short dataAt = (short) (controlAt + 1 + parameters[controlAt]);
        short dataLength = parameters[dataAt];
        if (dataLength == 1 && parameters[(short) (dataAt + 1)] == (byte) 0xFF) {
            ISOException.throwIt(ISO7816.SW_WRONG_DATA);
        }
        new ProbeApplet(parameters, (short) (dataAt + 1), dataLength)
                .register(parameters, (short) (offset + 1), (byte) aidLength);
    }

    @Override
    public void process(APDU apdu) {
        if (selectingApplet()) {
            return;
        }
        byte[] buffer = apdu.getBuffer();
        byte p1 = buffer[ISO7816.OFFSET_P1];
        switch (buffer[ISO7816.OFFSET_INS]) {
            case ECHO:
                short received = apdu.setIncomingAndReceive();
                for (short more; received < (buffer[ISO7816.OFFSET_LC] & 0xFF); received += more) {
                    more = apdu.receiveBytes((short) (ISO7816.OFFSET_CDATA + received));
                }
                // jCardSim sends nothing from beyond byte 258 of the buffer.
                Util.arrayCopyNonAtomic(buffer, ISO7816.OFFSET_CDATA, buffer, (short) 0, received);
                apdu.setOutgoingAndSend((short) 0, received);
                return;
            case COUNT:
                count(apdu);
                return;
            case SWAP_TRANSIENT:
                buffer[0] = onReset[0];
                buffer[1] = onDeselect[0];
                onReset[0] = p1;
                onDeselect[0] = p1;
                apdu.setOutgoingAndSend((short) 0, (short) 2);
                return;
            case FAIL:
                buffer[-1] = 0;
                return;
            case FILL:
                fill(apdu, (short) (p1 & 0xFF));
                return;
            case DAWDLE:
                dawdle((p1 & 0xFF) * 100L);
                count(apdu);
                return;
            case STATUS:
                ISOException.throwIt(Util.getShort(buffer, ISO7816.OFFSET_P1));
                return;
            case INSTALLED_WITH:
                Util.arrayCopyNonAtomic(installed, (short) 0, buffer, (short) 0, (short) installed.length);
                apdu.setOutgoingAndSend((short) 0, (short) installed.length);
                return;
            case TRANSMISSION:
                buffer[0] = APDU.getProtocol();
                apdu.setOutgoingAndSend((short) 0, (short) 1);
                return;
            case GET_RESPONSE:
                fill(apdu, (short) (buffer[ISO7816.OFFSET_LC] & 0xFF));
                return;
            default:
                ISOException.throwIt(ISO7816.SW_INS_NOT_SUPPORTED);
        }
    }

    private void count(APDU apdu) {
        counter++;
        Util.setShort(apdu.getBuffer(), (short) 0, counter);
        apdu.setOutgoingAndSend((short) 0, (short) 2);
    }

    private static void fill(APDU apdu, short length) {
        byte[] buffer = apdu.getBuffer();
        for (short i = 0; i < length; i++) {
            buffer[i] = (byte) i;
        }
        apdu.setOutgoingAndSend((short) 0, length);
    }

    private static void dawdle(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
