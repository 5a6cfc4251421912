// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

import com.licel.jcardsim.base.TransientMemory;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import javacard.framework.JCSystem;
import javacard.framework.SystemException;

/**
 * The arrays that are not persistent: an applet's transient ones and the runtime's global ones (2.2.2 runtime
 * environment, chapter 5 and section 6.2.2). Every other array is persistent.
 *
 * <p>jCardSim itself makes transient arrays as scratch, at each use of a key; those are neither kept nor counted.
 */
final class VolatileMemory extends TransientMemory {
    /** Event of a global array (APDU buffer, install parameters): none clears it for the applet. */
    static final byte GLOBAL = 3;

    /** One such array. */
    static final class Region {
        final Object array;
        final byte event;
        /** Bytes on a card: 1 a byte or boolean, 2 a short or reference. */
        final int bytes;
        /** Components from the first up to the last that was ever written. */
        int reached;

        Region(Object array, byte event, int bytes) {
            this.array = array;
            this.event = event;
            this.bytes = bytes;
        }
    }

    private final Map<Object, Region> regions = new IdentityHashMap<>();
    private final List<Region> transients = new ArrayList<>();
    private final List<Runnable> onDeselect = new ArrayList<>();
    private final List<Runnable> onReset = new ArrayList<>();
    // The two arrays asked for last: nearly all stores go to the session's RAM and the APDU buffer.
    private Object lastArray;
    private Region lastRegion;
    private Object olderArray;
    private Region olderRegion;

    /** The region of an array, or null: it is persistent. */
    Region region(Object array) {
        if (array == lastArray) {
            return lastRegion;
        }
        Region found = array == olderArray ? olderRegion : regions.get(array);
        olderArray = lastArray;
        olderRegion = lastRegion;
        lastArray = array;
        lastRegion = found;
        return found;
    }

    /** Makes an array known as global. */
    void global(Object array) {
        add(array, GLOBAL, 0);
    }

    /** Makes a new array known as transient. Throws {@code ILLEGAL_VALUE} for an unknown event. */
    <T> T transientArray(T array, byte event, int bytes) {
        if (event != JCSystem.CLEAR_ON_RESET && event != JCSystem.CLEAR_ON_DESELECT) {
            SystemException.throwIt(SystemException.ILLEGAL_VALUE);
        }
        add(array, event, bytes);
        return array;
    }

    /** What else is to be done when arrays of {@code event} are cleared. */
    void whenCleared(byte event, Runnable action) {
        (event == JCSystem.CLEAR_ON_DESELECT ? onDeselect : onReset).add(action);
    }

    /** Transient bytes of an event that the applet has allocated. */
    int allocated(byte event) {
        return transients.stream().filter(region -> region.event == event).mapToInt(region -> region.bytes).sum();
    }

    /** Transient bytes, of both events, that were ever written. */
    int reached() {
        int sum = 0;
        for (Region region : transients) {
            int length = Array.getLength(region.array);
            if (length != 0) {
                sum += region.bytes / length * region.reached;
            }
        }
        return sum;
    }

    @Override
    public byte isTransient(Object object) {
        Region region = object == null ? null : region(object);
        return region == null || region.event == GLOBAL ? JCSystem.NOT_A_TRANSIENT_OBJECT : region.event;
    }

    @Override
    public boolean[] makeBooleanArray(short length, byte event) {
        return new boolean[length];
    }

    @Override
    public byte[] makeByteArray(int length, byte event) {
        return new byte[length];
    }

    @Override
    public short[] makeShortArray(short length, byte event) {
        return new short[length];
    }

    @Override
    public Object[] makeObjectArray(short length, byte event) {
        return new Object[length];
    }

    @Override
    protected void clearOnDeselect() {
        clear(JCSystem.CLEAR_ON_DESELECT);
        onDeselect.forEach(Runnable::run);
    }

    @Override
    protected void clearOnReset() {
        clearOnDeselect();
        clear(JCSystem.CLEAR_ON_RESET);
        onReset.forEach(Runnable::run);
    }

    @Override
    protected void forgetBuffers() {
        clearOnReset();
    }

    private void add(Object array, byte event, int bytes) {
        Region region = new Region(array, event, bytes);
        regions.put(array, region);
        if (event != GLOBAL) {
            transients.add(region);
        }
        lastArray = null;
        lastRegion = null;
        olderArray = null;
        olderRegion = null;
    }

    private void clear(byte event) {
        for (Region region : transients) {
            if (region.event == event) {
                wipe(region.array);
            }
        }
    }

    private static void wipe(Object array) {
        if (array instanceof byte[] bytes) {
            Arrays.fill(bytes, (byte) 0);
        } else if (array instanceof short[] shorts) {
            Arrays.fill(shorts, (short) 0);
        } else if (array instanceof boolean[] booleans) {
            Arrays.fill(booleans, false);
        } else {
            Arrays.fill((Object[]) array, null);
        }
    }
}
