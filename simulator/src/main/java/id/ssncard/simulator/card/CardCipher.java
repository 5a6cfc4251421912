// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

import java.util.Arrays;
import javacard.security.Key;
import javacardx.crypto.Cipher;

/** A cipher that counts and that knows tear and reset; jCardSim's does the arithmetic. */
final class CardCipher extends Cipher implements CryptoObject {
    private static final byte[] NOTHING = {};
    private static final int BLOCK = 16;

    private final Machine machine;
    private final Cipher engine;
    private final CryptoState state;
    /** What {@link Freedom#HELD_BLOCKS} has held back. */
    private byte[] held = NOTHING;

    CardCipher(Machine machine, Cipher engine) {
        this.machine = machine;
        this.engine = engine;
        state = new CryptoState(machine, this, engine::init);
    }

    @Override
    public void init(Key key, byte mode) {
        engine.init(key, mode);
        held = NOTHING;
        state.initialised(key, mode);
    }

    @Override
    public void init(Key key, byte mode, byte[] vector, short offset, short length) {
        engine.init(key, mode, vector, offset, length);
        held = NOTHING;
        state.initialised(key, mode);
    }

    @Override
    public short update(byte[] in, short inOffset, short length, byte[] out, short outOffset) {
        machine.counters().cipherUpdates++;
        if (!machine.takes(Freedom.HELD_BLOCKS)) {
            return process(in, inOffset, length, out, outOffset, false);
        }
        byte[] all = withHeld(in, inOffset, length);
        int ready = Math.max(all.length - BLOCK, 0) / BLOCK * BLOCK;
        held = Arrays.copyOfRange(all, ready, all.length);
        return process(all, (short) 0, (short) ready, out, outOffset, false);
    }

    @Override
    public short doFinal(byte[] in, short inOffset, short length, byte[] out, short outOffset) {
        machine.counters().cipherFinals++;
        if (held.length == 0) {
            return process(in, inOffset, length, out, outOffset, true);
        }
        byte[] all = withHeld(in, inOffset, length);
        held = NOTHING;
        return process(all, (short) 0, (short) all.length, out, outOffset, true);
    }

    @Override
    public byte getAlgorithm() {
        return engine.getAlgorithm();
    }

    @Override
    public byte getPaddingAlgorithm() {
        return engine.getPaddingAlgorithm();
    }

    @Override
    public byte getCipherAlgorithm() {
        return engine.getCipherAlgorithm();
    }

    @Override
    public CryptoState state() {
        return state;
    }

    @Override
    public void restored() {
        held = NOTHING;
        CryptoObject.super.restored();
    }

    private byte[] withHeld(byte[] in, int offset, int length) {
        byte[] all = Arrays.copyOf(held, held.length + length);
        System.arraycopy(in, offset, all, held.length, length);
        return all;
    }

    private short process(byte[] in, short inOffset, short length, byte[] out, short outOffset, boolean last) {
        state.use(length);
        VolatileMemory.Region region = machine.volatileMemory().region(out);
        if (region != null) {
            short written = run(in, inOffset, length, out, outOffset, last);
            Outputs.reach(machine, region, outOffset + written);
            return written;
        }
        int room = out.length - outOffset;
        return Outputs.through(
                machine, room, out, outOffset, buffer -> run(in, inOffset, length, buffer, (short) 0, last));
    }

    private short run(byte[] in, short inOffset, short length, byte[] out, short outOffset, boolean last) {
        return last
                ? engine.doFinal(in, inOffset, length, out, outOffset)
                : engine.update(in, inOffset, length, out, outOffset);
    }
}
