// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

import javacard.security.CryptoException;
import javacard.security.Key;

/**
 * With what a cipher or signature was initialised, which survives tear and reset; an initial vector does not (2.2.2 API,
 * Cipher and Signature: it is zero again). See also {@link Freedom#FORGOTTEN_CIPHERS} and {@link Freedom#TORN_INIT}.
 */
final class CryptoState {
    private final Machine machine;
    private final Object owner;
    private final Engine engine;
    private Key key;
    private byte mode;
    private int generation;
    /** Whether an initialisation was torn inside: the engine then works with a key that nobody knows. */
    private boolean half;

    /** What does the arithmetic, and loses its state where the card does not. */
    interface Engine {
        void init(Key key, byte mode);
    }

    CryptoState(Machine machine, Object owner, Engine engine) {
        this.machine = machine;
        this.owner = owner;
        this.engine = engine;
    }

    /** Notes an initialisation that has succeeded. Power may go before it is remembered. */
    void initialised(Key withKey, byte inMode) {
        machine.counters().inits++;
        machine.persistent().happens(step());
        half = machine.takes(Freedom.TORN_INIT);
        key = withKey;
        mode = inMode;
        generation = generationOf(withKey);
        if (half) {
            machine.persistent().happens(step());
            half = false;
        }
    }

    private WriteEvent step() {
        return new WriteEvent(WriteKind.INIT, owner, "", 0, 0, WriteEvent.NOTHING, WriteEvent.NOTHING, false);
    }

    void powerUp() {
        if (machine.takes(Freedom.FORGOTTEN_CIPHERS)) {
            key = null;
        }
    }

    /** Initialises the engine anew: with a key of nobody's where the initialisation was torn inside. */
    void restart() {
        if (key != null && key.isInitialized()) {
            engine.init(half && Engines.aes(key) ? Engines.randomKey(key) : key, mode);
        }
    }

    /**
     * Before every use, on that many bytes. A cleared key makes its ciphers uninitialised; a changed one is unspecified.
     */
    void use(int length) {
        if (key == null) {
            CryptoException.throwIt(CryptoException.INVALID_INIT);
        }
        if (!key.isInitialized()) {
            CryptoException.throwIt(CryptoException.UNINITIALIZED_KEY);
        }
        if (generation != generationOf(key)) {
            machine.counters().violation(Violation.KEY_CHANGED_AFTER_INIT, owner.getClass().getSimpleName());
        }
        machine.counters().aesBlocks += Engines.aesBlocks(key, length);
    }

    Object[] capture() {
        return new Object[] {key, mode, generation, half};
    }

    void restore(Object[] state) {
        key = (Key) state[0];
        mode = (Byte) state[1];
        generation = (Integer) state[2];
        half = (Boolean) state[3];
    }

    private static int generationOf(Key key) {
        return key instanceof CardKey tracked ? tracked.generation() : 0;
    }
}
