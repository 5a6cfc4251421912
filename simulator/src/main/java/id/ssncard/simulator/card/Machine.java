// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

import com.licel.jcardsim.base.SimulatorSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javacard.framework.JCSystem;
import javacard.framework.SystemException;

/**
 * One card's memory, transaction, power and counters: what rewritten classes and framework objects work on.
 *
 * <p>Used by the card's thread, and by others only between commands ({@code CardRuntime} sees to that).
 */
public final class Machine {
    /** Instructions after which a command is taken for endless: hundreds of times as many as any needs. */
    private static final long ENDLESS = 10_000_000;

    private final Set<Freedom> freedoms;
    private final Counters counters = new Counters();
    private final Coverage coverage = new Coverage();
    private final Transaction transaction = new Transaction();
    private final Power power = new Power(transaction);
    private final Tear tear = new Tear();
    private final VolatileMemory volatileMemory = new VolatileMemory();
    private final PersistentMemory persistent;
    private final Fields fields;
    private final ArrayWrites arrays;
    private final Randomness randomness = new Randomness();
    private final Conversation conversation;
    private final List<FrameworkObject> frameworkObjects = new ArrayList<>();
    private final List<String> untracked = new ArrayList<>();
    private AllocationPolicy allocations = AllocationPolicy.REFUSE;
    private boolean installed;
    private boolean refused;
    private boolean allocatedAfterInstall;
    private boolean allocatedInTransaction;
    private int installedBytes;

    Machine(Set<Freedom> freedoms) {
        this.freedoms = Set.copyOf(freedoms);
        persistent = new PersistentMemory(power, transaction, tear, counters, takes(Freedom.SPOILT_NEIGHBOURS));
        fields = new Fields(persistent);
        arrays = new ArrayWrites(this);
        conversation = new Conversation(this.freedoms);
        if (takes(Freedom.TIGHT_COMMIT)) {
            transaction.capacity(Transaction.TIGHT_CAPACITY);
        }
    }

    /** Whether this card reads the specification so. */
    boolean takes(Freedom freedom) {
        return freedoms.contains(freedom);
    }

    Set<Freedom> freedoms() {
        return freedoms;
    }

    /** The card of the runtime that is active in this thread. Throws {@link IllegalStateException} for a plain one. */
    static Machine current() {
        if (SimulatorSystem.instance() instanceof RealRuntime runtime) {
            return runtime.machine();
        }
        throw new IllegalStateException("no real card runs in this thread");
    }

    /**
     * Called by rewritten code: so many instructions of the class file, and as many after conversion. An applet that runs
     * in circles loses its power, as when its reader gives it up: no thread of this process is lost to it.
     */
    public void executed(int bytecodes, int converted) {
        counters.bytecodes += bytecodes;
        counters.converted += converted;
        if (counters.bytecodes > ENDLESS) {
            throw power.lose();
        }
        if (power.lost()) {
            throw new PowerLoss();
        }
    }

    /** Called by rewritten code before a call of the API. */
    public void called(int method) {
        counters.called(method);
    }

    /** The tear to arm. */
    public Tear tear() {
        return tear;
    }

    /** What an applet gets that allocates after its installation. */
    public void allocations(AllocationPolicy policy) {
        allocations = policy;
    }

    /** Bytes of the commit buffer, see {@link Transaction}. */
    public void commitCapacity(int bytes) {
        transaction.capacity(bytes);
    }

    /** Makes random numbers reproducible; null: unpredictable again. */
    public void seed(byte[] seed) {
        randomness.seed(seed);
    }

    Counters counters() {
        return counters;
    }

    Coverage coverage() {
        return coverage;
    }

    Transaction transaction() {
        return transaction;
    }

    Power power() {
        return power;
    }

    VolatileMemory volatileMemory() {
        return volatileMemory;
    }

    Fields fields() {
        return fields;
    }

    ArrayWrites arrays() {
        return arrays;
    }

    PersistentMemory persistent() {
        return persistent;
    }

    Randomness randomness() {
        return randomness;
    }

    Conversation conversation() {
        return conversation;
    }

    List<FrameworkObject> frameworkObjects() {
        return frameworkObjects;
    }

    AllocationPolicy allocations() {
        return allocations;
    }

    /** Array bytes that the installation allocated in persistent memory, without headers and objects. */
    int installedBytes() {
        return installedBytes;
    }

    boolean allocatedAfterInstall() {
        return allocatedAfterInstall;
    }

    /** The applet stands: from now on writes are events and allocations are judged. */
    void installed() {
        installed = true;
        persistent.installed();
        counters.clear();
    }

    /** Takes a framework object in, which shares the card's fate at power-up. */
    <T extends FrameworkObject> T adopt(T object) {
        frameworkObjects.add(object);
        return object;
    }

    /**
     * Judges an allocation of an applet.
     *
     * @param persistentBytes array bytes that it takes in persistent memory, 0 for an object or a transient array
     */
    void allocate(String what, int persistentBytes) {
        if (!installed) {
            installedBytes += persistentBytes;
            return;
        }
        counters.allocations++;
        counters.violation(Violation.ALLOCATION_AFTER_INSTALL, what);
        switch (allocations) {
            case REFUSE -> {
                refused = true;
                throw new AllocationRefused(what);
            }
            case NO_RESOURCE -> SystemException.throwIt(SystemException.NO_RESOURCE);
            case ALLOW -> {
                allocatedAfterInstall = true;
                allocatedInTransaction |= transaction.open();
            }
        }
    }

    /** Notes an object of the framework whose state is neither torn, saved nor cleared. */
    void untracked(String what) {
        untracked.add(what);
    }

    /** What this card has of such objects. */
    List<String> untracked() {
        return untracked;
    }

    void begin() {
        power.require();
        transaction.begin();
        allocatedInTransaction = false;
        counters.transactions++;
    }

    /** Power may go right before the end: then all is undone. */
    void commit() {
        power.require();
        transaction.requireOpen();
        persistent.happens(new WriteEvent(
                WriteKind.COMMIT, null, "", 0, 0, WriteEvent.NOTHING, WriteEvent.NOTHING, false));
        transaction.commit();
    }

    /**
     * Aborts on behalf of the applet. References to objects made meanwhile would have to become null; the runtime may
     * lock the card session up instead (section 7.6.3), which this one does.
     */
    void abort() {
        power.require();
        transaction.requireOpen();
        if (allocatedInTransaction) {
            counters.violation(Violation.ABORT_AFTER_ALLOCATION, "the card session is locked up");
            throw power.lose();
        }
        transaction.rollBack();
    }

    /** Section 7.6.2: control is back at the runtime with a transaction in progress. */
    void abortLeftOpen(String where) {
        if (transaction.open()) {
            counters.violation(Violation.TRANSACTION_LEFT_OPEN, where);
            transaction.rollBack();
        }
    }

    void commandBegins() {
        counters.clear();
        coverage.commandBegins();
        transaction.forgetPeak();
        refused = false;
    }

    /** Whether the answer must be 6F00, whatever the applet made of it. */
    boolean refused() {
        return refused;
    }

    /** After a state was put back: framework objects make good what depends on others. */
    void restored() {
        frameworkObjects.forEach(FrameworkObject::restored);
    }

    /** After the runtime has cleared transient memory: framework objects fall back to what survives a reset. */
    void powerUp() {
        power.restore();
        transaction.rollBack();
        frameworkObjects.forEach(FrameworkObject::powerUp);
    }

    /** Transient bytes allocated for an event, {@code CLEAR_ON_RESET} or {@code CLEAR_ON_DESELECT}. */
    int transientBytes(byte event) {
        return volatileMemory.allocated(event);
    }

    /** All of both kinds. */
    int transientBytes() {
        return transientBytes(JCSystem.CLEAR_ON_RESET) + transientBytes(JCSystem.CLEAR_ON_DESELECT);
    }
}
