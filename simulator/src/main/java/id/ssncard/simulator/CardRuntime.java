// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

import com.licel.jcardsim.base.SimulatorRuntime;
import com.licel.jcardsim.utils.AIDUtil;
import id.ssncard.simulator.card.CannotSave;
import id.ssncard.simulator.card.Freedom;
import id.ssncard.simulator.card.PowerLoss;
import id.ssncard.simulator.card.RealCard;
import id.ssncard.simulator.card.RealRuntime;
import id.ssncard.simulator.rewrite.CardClassLoader;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javacard.framework.AID;
import javacard.framework.APDU;
import javacard.framework.Applet;
import javacard.framework.CardRuntimeException;

/**
 * One card's Java Card runtime with one applet: the only class of this package that knows jCardSim.
 *
 * <p>Any thread may use it; it waits for the command under way. jCardSim keeps its current runtime in a thread-local
 * (licel/jcardsim#208), which an installation and every command set anew. Persistent objects
 * outlive a power cycle, transient ones do not.
 */
class CardRuntime {
    private static final byte[] SW_WRONG_LENGTH = {0x67, 0x00};
    private static final byte[] SW_UNKNOWN = {0x6F, 0x00};
    private static final double NANOSECONDS = 1_000_000;

    /** Work on a real card between two commands. */
    @FunctionalInterface
    interface Experiment<T> {
        T on(RealCard card) throws CannotSave;
    }

    private final SimulatorRuntime runtime;
    private T0Line line;
    private RealCard realCard;
    private boolean powered;
    private double lastMilliseconds;
    private final Map<String, Boolean> poweredAtCheckpoint = new HashMap<>();

    /**
     * A powered-off card with {@code appletClass} installed as {@code aid}.
     *
     * @param install application data for the applet, at most 127 bytes; reaches {@code install()} as the last of the
     *     three length-prefixed fields that the Java Card API gives it: instance AID, control information (privileges),
     *     application data
     * @throws ControlException {@code install-refused} when the class is no applet or its {@code install()} throws
     */
    CardRuntime(SimulatorRuntime runtime, Class<? extends Applet> appletClass, byte[] aid, byte[] install)
            throws ControlException {
        this(runtime, appletClass, aid, InstallParameters.plain(aid, install, install.length));
        runtime.changeProtocol(APDU.PROTOCOL_T1);
    }

    private CardRuntime(
            SimulatorRuntime runtime, Class<? extends Applet> appletClass, byte[] aid, InstallParameters parameters)
            throws ControlException {
        this.runtime = runtime;
        runtime.resetRuntime();
        AID appletAid = AIDUtil.create(aid);
        try {
            runtime.loadApplet(appletAid, appletClass);
            runtime.installApplet(appletAid, parameters.array(), parameters.offset(), parameters.length());
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

    /**
     * As the constructor, with the memory of a real card that takes these freedoms.
     *
     * @throws ControlException also {@code no-such-applet}
     */
    static CardRuntime real(AppletPackage applet, Set<Freedom> freedoms) throws ControlException {
        RealRuntime runtime = new RealRuntime(freedoms);
        CardClassLoader loader =
                new CardClassLoader(runtime.machine(), applet.className(), applet.folder(), applet.coverage());
        InstallParameters parameters = freedoms.contains(Freedom.INSTALL_ANYWHERE)
                ? InstallParameters.anywhere(applet.aid(), applet.install(), applet.announced())
                : InstallParameters.plain(applet.aid(), applet.install(), applet.announced());
        CardRuntime card = new CardRuntime(runtime, applet.load(loader), applet.aid(), parameters);
        card.line = freedoms.contains(Freedom.T0) ? new T0Line() : null;
        card.realCard =
                new RealCard(runtime, runtime.applet(), loader.classes(), loader.codeDigest(), loader.edges());
        return card;
    }

    /** Power-up after a cold start: no applet selected, transient memory clear. Also the reset of a running card. */
    synchronized void powerUp() {
        reset();
        powered = true;
    }

    /** Power loss: what was in transient memory is gone. The applet's {@code deselect()} is not called, as on a card. */
    synchronized void powerDown() {
        reset();
        powered = false;
    }

    private void reset() {
        runtime.reset();
        if (line != null) {
            line.reset();
        }
    }

    /** The ATR of what it speaks. */
    byte[] answerToReset() {
        return line == null ? AnswerToReset.t1() : AnswerToReset.t0();
    }

    synchronized boolean powered() {
        return powered;
    }

    /** Works on the real card, when no command is under way. Throws {@link ControlException} {@code not-a-real-card}. */
    synchronized <T> T experiment(Experiment<T> work) throws ControlException {
        if (realCard == null) {
            throw new ControlException("not-a-real-card", "the card was made without the memory of a real card");
        }
        try {
            return work.on(realCard);
        } catch (CannotSave refusal) {
            throw new ControlException("cannot-save", refusal.getMessage());
        }
    }

    /** Remembers under a name all that the card is now; see {@link RealCard#checkpoint}. */
    synchronized void checkpoint(String name) throws ControlException {
        experiment(card -> {
            card.checkpoint(name);
            return null;
        });
        poweredAtCheckpoint.put(name, powered);
    }

    /** Makes the card what it was at the checkpoint of that name; see {@link RealCard#rewind}. */
    synchronized void rewind(String name) throws ControlException {
        experiment(card -> {
            card.rewind(name);
            return null;
        });
        powered = poweredAtCheckpoint.get(name);
    }

    /** As {@link #transmit}, in the time that the card whose pace the process keeps would take. */
    byte[] transmitAtPace(byte[] command) throws InterruptedException {
        long began = System.nanoTime();
        byte[] answer = transmit(command);
        if (answer != null && realCard != null) {
            lastMilliseconds = realCard.milliseconds(command.length + answer.length);
            TimeUnit.NANOSECONDS.sleep(began + (long) (lastMilliseconds * NANOSECONDS) - System.nanoTime());
        }
        return answer;
    }

    /** What the last command of a reader took, if the process keeps a pace. */
    double lastMilliseconds() {
        return lastMilliseconds;
    }

    /**
     * One command; answers data and status word. An uncaught exception of the applet is 6F00, a malformed APDU 6700.
     * Null: the card lost its power before the answer, and has none now.
     *
     * @throws IllegalStateException the card has no power
     */
    synchronized byte[] transmit(byte[] command) {
        if (!powered) {
            throw new IllegalStateException("command to a card without power");
        }
        if (!ApduLength.isConsistent(command)) {
            if (runtime instanceof RealRuntime real) {
                real.refuseCommand();
            }
            return SW_WRONG_LENGTH.clone();
        }
        try {
            return line == null ? runtime.transmitCommand(command) : line.transmit(command, runtime::transmitCommand);
        } catch (PowerLoss torn) {
            powerDown();
            return null;
        } catch (RuntimeException outsideTheApplet) {
            System.err.println("jCardSim failed on a command: " + outsideTheApplet);
            return SW_UNKNOWN.clone();
        }
    }
}
