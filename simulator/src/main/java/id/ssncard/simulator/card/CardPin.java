// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

import java.util.zip.Checksum;
import javacard.framework.JCSystem;
import javacard.framework.OwnerPIN;
import javacard.framework.PINException;

/**
 * An owner PIN by its 2.2.2 API text: presentation changes try counter and validated flag outside any transaction;
 * {@link #update} takes part in it; the validated flag is transient and cleared on reset.
 *
 * <p>Public, as rewritten applets construct it where they wrote {@code new OwnerPIN}, and may extend it.
 */
public class CardPin extends OwnerPIN implements FrameworkObject {
    private final Machine machine;
    private final byte limit;
    private final byte[] value;
    private final boolean[] validated;
    private byte size;
    private byte tries;

    /** Throws {@code PINException.ILLEGAL_VALUE} when either is less than 1. */
    public CardPin(byte tryLimit, byte maxSize) {
        super(tryLimit, maxSize);
        machine = Machine.current();
        limit = tryLimit;
        tries = tryLimit;
        size = maxSize;
        value = new byte[maxSize];
        validated = machine.volatileMemory().transientArray(new boolean[1], JCSystem.CLEAR_ON_RESET, 1);
        machine.adopt(this);
    }

    /** Longest value. */
    final int bytes() {
        return value.length;
    }

    @Override
    protected final boolean getValidatedFlag() {
        return validated[0];
    }

    @Override
    protected final void setValidatedFlag(boolean flag) {
        // jCardSim's constructor comes here before our fields are there.
        if (validated != null) {
            validated[0] = flag;
        }
    }

    @Override
    public final byte getTriesRemaining() {
        return tries;
    }

    /**
     * The try is taken before anything is looked at, so that a tear or a wrong offset does not save it; but see
     * {@link Freedom#LATE_TRY}.
     */
    @Override
    public final boolean check(byte[] pin, short offset, byte length) {
        machine.counters().pinChecks++;
        setValidatedFlag(false);
        if (tries == 0) {
            return false;
        }
        boolean late = machine.takes(Freedom.LATE_TRY);
        if (!late) {
            present((byte) (tries - 1));
        }
        if (offset < 0 || length < 0 || length > pin.length - offset) {
            throw new ArrayIndexOutOfBoundsException();
        }
        boolean right = length == size;
        for (int i = 0; i < length && i < size; i++) {
            right &= pin[offset + i] == value[i];
        }
        if (right) {
            present(limit);
            setValidatedFlag(true);
        } else if (late) {
            present((byte) (tries - 1));
        }
        return right;
    }

    @Override
    public final boolean isValidated() {
        return getValidatedFlag();
    }

    @Override
    public final void reset() {
        if (isValidated()) {
            resetAndUnblock();
        }
    }

    @Override
    public final void update(byte[] pin, short offset, byte length) {
        if (length > value.length) {
            PINException.throwIt(PINException.ILLEGAL_VALUE);
        }
        byte[] fresh = PersistentMemory.slice(pin, offset, length);
        byte[] oldValue = value.clone();
        byte oldSize = size;
        byte oldTries = tries;
        machine.persistent().write(event(WriteKind.PIN_VALUE, length + 2), () -> {
            System.arraycopy(oldValue, 0, value, 0, value.length);
            size = oldSize;
            tries = oldTries;
        });
        boolean inSteps = machine.takes(Freedom.TORN_PIN) && !machine.transaction().open();
        if (inSteps) {
            for (int i = 0; i < length; i++) {
                value[i] = (byte) ~fresh[i];
            }
            machine.persistent().happens(event(WriteKind.PIN_VALUE, length));
        }
        System.arraycopy(fresh, 0, value, 0, length);
        if (inSteps) {
            machine.persistent().happens(event(WriteKind.PIN_VALUE, 1));
        }
        size = length;
        if (inSteps) {
            machine.persistent().happens(event(WriteKind.PIN_VALUE, 1));
        }
        tries = limit;
        setValidatedFlag(false);
    }

    @Override
    public final void resetAndUnblock() {
        present(limit);
        setValidatedFlag(false);
    }

    @Override
    public final void powerUp() {
        // The validated flag was cleared with all transient memory.
    }

    @Override
    public final Object[] capture() {
        return new Object[] {value.clone(), size, tries, validated[0]};
    }

    @Override
    public final void restore(Object[] state) {
        System.arraycopy((byte[]) state[0], 0, value, 0, value.length);
        size = (Byte) state[1];
        tries = (Byte) state[2];
        validated[0] = (Boolean) state[3];
    }

    /** Adds what outlives a reset to a checksum. */
    final void persistentState(Checksum sum) {
        sum.update(value);
        sum.update(size);
        sum.update(tries);
    }

    private void present(byte fresh) {
        machine.persistent().happens(event(WriteKind.PIN_TRIES, 1));
        tries = fresh;
    }

    private WriteEvent event(WriteKind kind, int bytes) {
        return new WriteEvent(kind, this, "", 0, bytes, WriteEvent.NOTHING, WriteEvent.NOTHING, false);
    }
}
