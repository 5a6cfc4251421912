// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javacard.framework.AID;
import javacard.framework.Applet;

/**
 * An installed real card as a laboratory sees it: its counters, its state, and where it is torn.
 *
 * <p>Call it between commands only.
 */
public final class RealCard {
    private static final String FORMAT = "ssn-card-state";
    private static final int VERSION = 1;

    /** A moment to come back to. */
    private record Checkpoint(CardImage image, Object[] randomness, AID selected) {}

    private final RealRuntime runtime;
    private final Machine machine;
    private final ObjectTable table;
    private final byte[] codeDigest;
    private final List<Integer> edges;
    private final Pace pace = Pace.usual();
    private final Map<String, Checkpoint> checkpoints = new HashMap<>();

    /**
     * Takes stock of a card whose applet has just been installed.
     *
     * @param classes of the applet
     * @param codeDigest tells this applet's code from any other
     * @param edges that its classes report
     */
    public RealCard(
            RealRuntime runtime, Applet applet, Iterable<Class<?>> classes, byte[] codeDigest, List<Integer> edges) {
        this.runtime = runtime;
        machine = runtime.machine();
        table = new ObjectTable(applet, classes);
        this.codeDigest = codeDigest.clone();
        this.edges = List.copyOf(edges);
    }

    /** Where the next tear is armed. */
    public Tear tear() {
        return machine.tear();
    }

    /** Bytes of the commit buffer. */
    public void commitCapacity(int bytes) {
        machine.commitCapacity(bytes);
    }

    /** How the reader reaches it from now on. */
    public void medium(Medium medium) {
        runtime.medium(medium);
    }

    /** Hands a command's data over in pieces of so many bytes from now on. */
    public void pieces(int bytes) {
        machine.conversation().piece(bytes);
    }

    /** What an applet gets that allocates after its installation. */
    public void allocations(AllocationPolicy policy) {
        machine.allocations(policy);
    }

    /** Makes random numbers reproducible; null: unpredictable again. */
    public void seed(byte[] seed) {
        machine.seed(seed);
    }

    /** What the last command did; {@code withEvents}: each write too. */
    public JsonObject counters(boolean withEvents) {
        return new Report(machine, table).counters(withEvents);
    }

    /** How long the last command would take on the card whose pace the process keeps; 0 where it keeps none. */
    public double milliseconds(int lineBytes) {
        return pace.milliseconds(machine.counters(), lineBytes);
    }

    /** What the applet keeps: arrays, keys and PINs. */
    public JsonArray memory() {
        return MemoryMap.of(table, machine.volatileMemory());
    }

    /** A number for all that is persistent: the same where nothing has changed. See {@link PersistentDigest}. */
    public long digest() {
        return PersistentDigest.of(machine, table);
    }

    /** Numbers of edges, and of pairs of them, that the card passed for the first time since this was last asked. */
    public List<Integer> freshEdges() {
        return machine.coverage().takeFresh();
    }

    /** Of each edge of the applet: {@code number}, {@code name}, {@code branch}, {@code passed}. */
    public JsonArray coverage() {
        JsonArray all = new JsonArray();
        for (int edge : edges) {
            JsonObject one = new JsonObject();
            one.addProperty("number", edge);
            one.addProperty("name", Edges.name(edge));
            one.addProperty("branch", Edges.isBranch(edge));
            one.addProperty("passed", machine.coverage().passed(edge));
            all.add(one);
        }
        return all;
    }

    /** Remembers under a name all that the card is now, its RAM, its random numbers and its selected applet too. */
    public void checkpoint(String name) {
        checkpoints.put(name, new Checkpoint(CardImage.of(table), machine.randomness().capture(), runtime.getAID()));
    }

    /**
     * Makes the card what it was at the {@link #checkpoint} of that name, however often. A cipher that was between two updates then
     * begins anew.
     *
     * @throws CannotSave there is none
     */
    public void rewind(String name) throws CannotSave {
        Checkpoint checkpoint = checkpoints.get(name);
        if (checkpoint == null) {
            throw new CannotSave("the card has no checkpoint");
        }
        runtime.reset();
        checkpoint.image().restore(table);
        machine.randomness().restore(checkpoint.randomness());
        runtime.select(checkpoint.selected());
        machine.restored();
    }

    /** All persistent state, keys in clear. Throws {@link CannotSave} when it is not all known. */
    public JsonObject save() throws CannotSave {
        JsonObject saved = new JsonObject();
        saved.addProperty("format", FORMAT);
        saved.addProperty("version", VERSION);
        saved.addProperty("code", HexFormat.of().formatHex(codeDigest));
        saved.addProperty("freedoms", Freedom.list(machine.freedoms()));
        saved.addProperty("commit_capacity", machine.transaction().capacity());
        saved.addProperty("allocations", machine.allocations().name());
        saved.add("objects", new SavedState(machine, table).write(CardImage.of(table)));
        return saved;
    }

    /**
     * The freedoms that a saved card took: {@link #restore} wants a card that takes the same.
     *
     * @throws CannotSave it is of another format
     */
    public static Set<Freedom> freedomsOf(JsonObject saved) throws CannotSave {
        try {
            return Freedom.parse(saved.get("freedoms").getAsString());
        } catch (NullPointerException | IllegalStateException | ClassCastException | IllegalArgumentException malformed) {
            throw new CannotSave("the saved state is incomplete");
        }
    }

    /**
     * Pours a saved state into this card, newly installed with the same code and install data. It is without power then.
     *
     * @throws CannotSave it is of another format, or of other code
     */
    public void restore(JsonObject saved) throws CannotSave {
        JsonArray objects;
        try {
            if (!saved.get("format").getAsString().equals(FORMAT) || saved.get("version").getAsInt() != VERSION) {
                throw new CannotSave("the saved state is of another format");
            }
            if (!saved.get("code").getAsString().equals(HexFormat.of().formatHex(codeDigest))) {
                throw new CannotSave("the card was saved with another version of the applet");
            }
            machine.commitCapacity(saved.get("commit_capacity").getAsInt());
            machine.allocations(AllocationPolicy.valueOf(saved.get("allocations").getAsString()));
            objects = saved.get("objects").getAsJsonArray();
        } catch (NullPointerException | IllegalStateException | ClassCastException | IllegalArgumentException malformed) {
            throw new CannotSave("the saved state is incomplete");
        }
        new SavedState(machine, table).read(objects).restore(table);
        runtime.reset();
    }
}
