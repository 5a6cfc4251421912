// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

import javacard.security.CryptoException;
import javacard.security.Key;

/**
 * With what a cipher or signature was initialised, which survives tear and reset; an initial vector does not (2.2.2 API,
 * Cipher and Signature: it is zero again).
 */
final class CryptoState {
    private final Machine machine;
    private final Object owner;
    private Key key;
    private byte mode;
    private int generation;

    CryptoState(Machine machine, Object owner) {
        this.machine = machine;
        this.owner = owner;
    }

    Key key() {
        return key;
    }

    byte mode() {
        return mode;
    }

    /** Notes an initialisation that has succeeded. Power may go before it is remembered. */
    void initialised(Key withKey, byte inMode) {
        machine.counters().inits++;
        machine.persistent().happens(new WriteEvent(
                WriteKind.INIT, owner, "", 0, 0, WriteEvent.NOTHING, WriteEvent.NOTHING, false));
        key = withKey;
        mode = inMode;
        generation = generationOf(withKey);
    }

    /** Whether a power-up must initialise the engine again. */
    boolean usable() {
        return key != null && key.isInitialized();
    }

    /** Before every use. A cleared key makes its ciphers uninitialised; a changed one is unspecified. */
    void check() {
        if (key == null) {
            CryptoException.throwIt(CryptoException.INVALID_INIT);
        }
        if (!key.isInitialized()) {
            CryptoException.throwIt(CryptoException.UNINITIALIZED_KEY);
        }
        if (generation != generationOf(key)) {
            machine.counters().violation(Violation.KEY_CHANGED_AFTER_INIT, owner.getClass().getSimpleName());
        }
    }

    Object[] capture() {
        return new Object[] {key, mode, generation};
    }

    void restore(Object[] state) {
        key = (Key) state[0];
        mode = (Byte) state[1];
        generation = (Integer) state[2];
    }

    private static int generationOf(Key key) {
        return key instanceof CardKey tracked ? tracked.generation() : 0;
    }
}
