// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

import javacard.security.CryptoException;
import javacard.security.RandomData;

/** A random generator that counts its bytes; all of a card's draw from its {@link Randomness}. */
final class CardRandom extends RandomData implements FrameworkObject {
    private final Machine machine;
    private final byte algorithm;

    CardRandom(Machine machine, byte algorithm) {
        this.machine = machine;
        this.algorithm = algorithm;
    }

    @Override
    @SuppressWarnings("deprecation") // by later versions of the API; 2.2.2 has no other
    public void generateData(byte[] buffer, short offset, short length) {
        nextBytes(buffer, offset, length);
    }

    @Override
    public short nextBytes(byte[] buffer, short offset, short length) {
        if (length <= 0) {
            CryptoException.throwIt(CryptoException.ILLEGAL_VALUE);
        }
        machine.counters().randomBytes += length;
        Outputs.put(machine, machine.randomness().bytes(length), buffer, offset);
        return (short) (offset + length);
    }

    @Override
    public void setSeed(byte[] buffer, short offset, short length) {
        machine.randomness().mix(PersistentMemory.slice(buffer, offset, length));
    }

    @Override
    public byte getAlgorithm() {
        return algorithm;
    }

    @Override
    public void powerUp() {
        // Has no state of its own.
    }

    @Override
    public Object[] capture() {
        return new Object[0];
    }

    @Override
    public void restore(Object[] state) {
        // Has no state of its own.
    }
}
