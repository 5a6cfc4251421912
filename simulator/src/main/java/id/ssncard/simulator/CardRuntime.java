// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

import com.licel.jcardsim.base.SimulatorRuntime;
import com.licel.jcardsim.utils.AIDUtil;
import java.nio.ByteBuffer;
import javacard.framework.AID;
import javacard.framework.APDU;
import javacard.framework.Applet;
import javacard.framework.CardRuntimeException;

/**
 * One card's Java Card runtime with one applet: the only class here that knows jCardSim.
 *
 * <p>Construct it and send it commands in the card's own thread: jCardSim keeps its current runtime in a thread-local
 * (licel/jcardsim#208). Power may be cut from any thread; it waits for the command under way. Persistent objects
 * outlive a power cycle, transient ones do not.
 */
class CardRuntime {
    private static final byte[] SW_WRONG_LENGTH = {0x67, 0x00};
    private static final byte[] SW_UNKNOWN = {0x6F, 0x00};

    private final SimulatorRuntime runtime;
    private boolean powered;

    /**
     * A powered-off card with {@code appletClass} installed as {@code aid}.
     *
     * @param install application data for the applet, at most 127 bytes; reaches {@code install()} as the last of the
     *     three length-prefixed fields that the Java Card API gives it: instance AID, control information (empty here),
     *     application data
     * @throws ControlException {@code install-refused} when the class is no applet or its {@code install()} throws
     */
    CardRuntime(SimulatorRuntime runtime, Class<? extends Applet> appletClass, byte[] aid, byte[] install)
            throws ControlException {
        this.runtime = runtime;
        runtime.resetRuntime();
        runtime.changeProtocol(APDU.PROTOCOL_T1);
        AID appletAid = AIDUtil.create(aid);
        byte[] parameters = installParameters(aid, install);
        try {
            runtime.loadApplet(appletAid, appletClass);
            runtime.installApplet(appletAid, parameters, (short) 0, (byte) parameters.length);
        } catch (CardRuntimeException refusal) {
            throw new ControlException(
                    "install-refused",
                    String.format("%s refused its installation: %s, reason %04X", appletClass.getName(),
                            refusal.getClass().getSimpleName(), refusal.getReason() & 0xFFFF));
        } catch (RuntimeException | LinkageError refusal) {
            throw new ControlException(
                    "install-refused", appletClass.getName() + " refused its installation: " + refusal);
        }
        runtime.reset();
    }

    private static byte[] installParameters(byte[] aid, byte[] install) throws ControlException {
        int length = 1 + aid.length + 1 + 1 + install.length;
        if (length > Byte.MAX_VALUE) {
            throw new ControlException(
                    "bad-request", "install data of " + install.length + " bytes is too long for install()");
        }
        return ByteBuffer.allocate(length)
                .put((byte) aid.length)
                .put(aid)
                .put((byte) 0)
                .put((byte) install.length)
                .put(install)
                .array();
    }

    /** Power-up after a cold start: no applet selected, transient memory clear. Also the reset of a running card. */
    synchronized void powerUp() {
        runtime.reset();
        powered = true;
    }

    /** Power loss: what was in transient memory is gone. The applet's {@code deselect()} is not called, as on a card. */
    synchronized void powerDown() {
        runtime.reset();
        powered = false;
    }

    /**
     * One command; answers data and status word. An uncaught exception of the applet is 6F00, a malformed APDU 6700.
     *
     * @throws IllegalStateException the card has no power
     */
    synchronized byte[] transmit(byte[] command) {
        if (!powered) {
            throw new IllegalStateException("command to a card without power");
        }
        if (!ApduLength.isConsistent(command)) {
            return SW_WRONG_LENGTH.clone();
        }
        try {
            return runtime.transmitCommand(command);
        } catch (RuntimeException outsideTheApplet) {
            System.err.println("jCardSim failed on a command: " + outsideTheApplet);
            return SW_UNKNOWN.clone();
        }
    }
}
