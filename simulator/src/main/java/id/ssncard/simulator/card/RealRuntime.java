// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

import com.licel.jcardsim.base.ApduCase;
import com.licel.jcardsim.base.SimulatorRuntime;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Set;
import javacard.framework.AID;
import javacard.framework.APDU;
import javacard.framework.Applet;

/**
 * jCardSim's runtime with the memory of a real card.
 *
 * <p>Install an applet whose classes {@code CardClassLoader} has loaded for {@link #machine}.
 */
public final class RealRuntime extends SimulatorRuntime {
    private static final byte[] REFUSED = {0x6F, 0x00};

    private static final int LONGEST_SHORT_COMMAND = 4 + 1 + 255 + 1;

    private final Machine machine;
    private Applet applet;

    /** A card without applet, which reads the specification in these ways of its own. */
    public RealRuntime(Set<Freedom> freedoms) {
        this(new Machine(freedoms));
    }

    private RealRuntime(Machine machine) {
        super(machine.volatileMemory());
        this.machine = machine;
        bufferOf(machine.takes(Freedom.SHORT_BUFFER) ? Conversation.SHORT_BUFFER : LONGEST_SHORT_COMMAND);
        medium(Medium.CONTACT);
        machine.volatileMemory().global(shortAPDU.getBuffer());
        machine.volatileMemory().global(extendedAPDU.getBuffer());
    }

    /** jCardSim's buffer has 260 bytes: one too few for the longest short command (255 bytes of data and Le). */
    private void bufferOf(int bytes) {
        try {
            Field buffer = APDU.class.getDeclaredField("buffer");
            buffer.setAccessible(true);
            buffer.set(shortAPDU, new byte[bytes]);
        } catch (ReflectiveOperationException otherJCardSim) {
            throw new IllegalStateException(otherJCardSim);
        }
    }

    /** The card under this runtime. */
    public Machine machine() {
        return machine;
    }

    /** The installed applet. */
    public Applet applet() {
        return applet;
    }

    /** How the reader reaches the card from now on. */
    void medium(Medium medium) {
        changeProtocol(medium.protocol(machine.takes(Freedom.T0) ? APDU.PROTOCOL_T0 : APDU.PROTOCOL_T1));
    }

    /** Makes an installed applet the selected one without asking it, or none for null. */
    void select(AID instance) {
        currentAID = instance;
    }

    @Override
    public void installApplet(
            AID loadFile, AID module, AID instance, byte[] parameters, short offset, byte length) {
        machine.volatileMemory().global(parameters);
        super.installApplet(loadFile, module, instance, parameters, offset, length);
        machine.abortLeftOpen("install");
        applet = getApplet(instance);
        machine.installed();
    }

    /** A command that the card's transport refuses: none of the runtime's or the applet's, and it did nothing. */
    public void refuseCommand() {
        machine.commandBegins();
    }

    /**
     * As in jCardSim, on a card that may lose its power.
     *
     * @throws PowerLoss power went before the answer: there is none
     */
    @Override
    public byte[] transmitCommand(byte[] command) {
        machine.commandBegins();
        byte[] answer = null;
        try {
            answer = super.transmitCommand(command);
        } catch (PowerLoss inDeselect) {
            // Noted in the machine; everywhere else jCardSim makes it a 6F00.
        } finally {
            machine.abortLeftOpen("process");
        }
        if (machine.tear().atAnswer() || machine.power().lost()) {
            throw machine.power().lose();
        }
        return machine.refused() ? REFUSED.clone() : answer;
    }

    @Override
    public void reset() {
        super.reset();
        // jCardSim's constructor does not come here; its subclass's callers do only once we are whole.
        machine.powerUp();
    }

    /** jCardSim comes here after {@code select()} and before {@code process()}, which must not share a transaction. */
    @Override
    protected void resetAPDU(APDU apdu, ApduCase apduCase, byte[] command) {
        if (command != null && selecting) {
            machine.abortLeftOpen("select");
        }
        byte[] buffer = apdu.getBuffer();
        if (command == null || command.length <= buffer.length) {
            super.resetAPDU(apdu, apduCase, command);
        } else {
            // jCardSim cannot give a command out in pieces: it gets the beginning, the conversation knows the rest.
            super.resetAPDU(apdu, ApduCase.Case3, Arrays.copyOf(command, buffer.length));
        }
        if (command != null) {
            machine.counters().apduReceived = Math.min(command.length, buffer.length);
            machine.conversation().begin(apduCase, command, buffer);
        }
    }

    @Override
    protected void deselect(ApplicationInstance instance) {
        try {
            super.deselect(instance);
        } finally {
            machine.abortLeftOpen("deselect");
        }
    }

    @Override
    public void beginTransaction() {
        machine.begin();
    }

    @Override
    public void commitTransaction() {
        machine.commit();
    }

    @Override
    public void abortTransaction() {
        machine.abort();
    }

    @Override
    public byte getTransactionDepth() {
        return (byte) (machine.transaction().open() ? 1 : 0);
    }

    @Override
    public short getUnusedCommitCapacity() {
        return (short) Math.min(machine.transaction().unused(), Short.MAX_VALUE);
    }

    @Override
    public short getMaxCommitCapacity() {
        return (short) Math.min(machine.transaction().capacity(), Short.MAX_VALUE);
    }
}
