// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

import javacard.security.Key;
import javacard.security.Signature;

/** A signature or MAC that counts and that knows tear and reset; jCardSim's does the arithmetic. */
final class CardSignature extends Signature implements CryptoObject {
    private final Machine machine;
    private final Signature engine;
    private final CryptoState state;

    CardSignature(Machine machine, Signature engine) {
        this.machine = machine;
        this.engine = engine;
        state = new CryptoState(machine, this, engine::init);
    }

    @Override
    public void init(Key key, byte mode) {
        engine.init(key, mode);
        state.initialised(key, mode);
    }

    @Override
    public void init(Key key, byte mode, byte[] parameters, short offset, short length) {
        engine.init(key, mode, parameters, offset, length);
        state.initialised(key, mode);
    }

    @Override
    public void update(byte[] in, short offset, short length) {
        state.use(length);
        engine.update(in, offset, length);
    }

    @Override
    public short sign(byte[] in, short offset, short length, byte[] out, short outOffset) {
        state.use(length);
        machine.counters().signatures++;
        return Outputs.through(
                machine,
                Short.MAX_VALUE,
                out,
                outOffset,
                buffer -> engine.sign(in, offset, length, buffer, (short) 0));
    }

    @Override
    public boolean verify(byte[] in, short offset, short length, byte[] expected, short at, short expectedLength) {
        state.use(length);
        machine.counters().signatures++;
        return engine.verify(in, offset, length, expected, at, expectedLength);
    }

    @Override
    public short signPreComputedHash(byte[] hash, short offset, short length, byte[] out, short outOffset) {
        state.use(0);
        return engine.signPreComputedHash(hash, offset, length, out, outOffset);
    }

    @Override
    public boolean verifyPreComputedHash(
            byte[] hash, short offset, short length, byte[] expected, short at, short expectedLength) {
        state.use(0);
        return engine.verifyPreComputedHash(hash, offset, length, expected, at, expectedLength);
    }

    @Override
    public void setInitialDigest(
            byte[] digest, short offset, short length, byte[] hashed, short hashedOffset, short hashedLength) {
        engine.setInitialDigest(digest, offset, length, hashed, hashedOffset, hashedLength);
    }

    @Override
    public short getLength() {
        return engine.getLength();
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
    public byte getMessageDigestAlgorithm() {
        return engine.getMessageDigestAlgorithm();
    }

    @Override
    public byte getCipherAlgorithm() {
        return engine.getCipherAlgorithm();
    }

    @Override
    public CryptoState state() {
        return state;
    }
}
