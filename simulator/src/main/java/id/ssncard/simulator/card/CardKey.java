// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

import com.licel.jcardsim.bouncycastle.crypto.CipherParameters;
import com.licel.jcardsim.bouncycastle.crypto.params.KeyParameter;
import com.licel.jcardsim.crypto.SymmetricKeyImpl;
import java.util.zip.Checksum;
import javacard.framework.JCSystem;
import javacard.security.CryptoException;

/**
 * A secret key whose data belongs to the card's memory.
 *
 * <p>The 2.2.2 API says of keys neither that setting one is atomic nor that it takes part in a transaction. It is a
 * change to a persistent object by the framework, so it is treated like one (2.2.2 runtime environment, sections 7.1 and
 * 7.2): atomic, and taken back with the transaction. It takes its length in the commit buffer. On a card that takes
 * {@link Freedom#TORN_KEY} it is not atomic outside of a transaction.
 */
final class CardKey extends SymmetricKeyImpl implements FrameworkObject {
    private final Machine machine;
    private final byte[] data;
    private final boolean persistent;
    private boolean set;
    /** Grows with every change, so that a cipher knows whether its key is still the same. */
    private int generation;

    /** @param event when a transient key is cleared, or {@code NOT_A_TRANSIENT_OBJECT} */
    CardKey(Machine machine, byte type, short bits, byte event) {
        super(type, bits);
        this.machine = machine;
        persistent = event == JCSystem.NOT_A_TRANSIENT_OBJECT;
        data = new byte[bits / 8];
        if (!persistent) {
            machine.volatileMemory().transientArray(data, event, data.length);
            machine.volatileMemory().whenCleared(event, this::cleared);
        }
    }

    int generation() {
        return generation;
    }

    boolean persistent() {
        return persistent;
    }

    /** When its data is cleared, or {@code NOT_A_TRANSIENT_OBJECT}. */
    byte event() {
        return machine.volatileMemory().isTransient(data);
    }

    @Override
    public void setKey(byte[] source, short offset) {
        machine.counters().setKeys++;
        change(PersistentMemory.slice(source, offset, data.length), true);
    }

    @Override
    public void setKey(byte[] source, short offset, short length) {
        if (length != data.length) {
            CryptoException.throwIt(CryptoException.ILLEGAL_VALUE);
        }
        setKey(source, offset);
    }

    @Override
    public void clearKey() {
        change(new byte[data.length], false);
    }

    @Override
    public byte getKey(byte[] target, short offset) {
        requireSet();
        Outputs.put(machine, data, target, offset);
        return (byte) data.length;
    }

    @Override
    public boolean isInitialized() {
        return set;
    }

    @Override
    public CipherParameters getParameters() {
        requireSet();
        return new KeyParameter(data);
    }

    @Override
    public com.licel.jcardsim.bouncycastle.crypto.BlockCipher getCipher() {
        requireSet();
        return Engines.blockCipher(getType(), data.length);
    }

    @Override
    public void powerUp() {
        // Transient data was cleared with all transient memory.
    }

    @Override
    public Object[] capture() {
        return new Object[] {data.clone(), set, generation};
    }

    @Override
    public void restore(Object[] state) {
        System.arraycopy((byte[]) state[0], 0, data, 0, data.length);
        set = (Boolean) state[1];
        generation = (Integer) state[2];
    }

    /** Adds what outlives a reset to a checksum. */
    void persistentState(Checksum sum) {
        if (persistent) {
            sum.update(data);
            sum.update(set ? 1 : 0);
        }
    }

    private void change(byte[] fresh, boolean nowSet) {
        if (persistent) {
            Object[] before = capture();
            machine.persistent().write(event(data.length), () -> restore(before));
            if (machine.takes(Freedom.TORN_KEY) && !machine.transaction().open()) {
                for (int i = 0; i < data.length; i++) {
                    data[i] = (byte) ~fresh[i];
                }
                set = true;
                generation++;
                machine.persistent().happens(event(data.length));
                set = false;
                machine.persistent().happens(event(1));
            }
        }
        System.arraycopy(fresh, 0, data, 0, data.length);
        set = nowSet;
        generation++;
    }

    private WriteEvent event(int bytes) {
        return new WriteEvent(WriteKind.KEY, this, "", 0, bytes, WriteEvent.NOTHING, WriteEvent.NOTHING, false);
    }

    private void cleared() {
        if (set) {
            set = false;
            generation++;
        }
    }

    private void requireSet() {
        if (!set) {
            CryptoException.throwIt(CryptoException.UNINITIALIZED_KEY);
        }
    }
}
