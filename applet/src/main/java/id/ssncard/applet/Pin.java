// SPDX-License-Identifier: Apache-2.0
package id.ssncard.applet;

import javacard.framework.APDU;
import javacard.framework.ISOException;

/**
 * The holder's PIN: VERIFY and CHANGE REFERENCE DATA (ISO 7816-4), blocks of ISO 9564-1 format 2. Asked above an amount
 * that the policy sets.
 *
 * <p>Two things are not left to OwnerPIN, since nobody promises them. The tries are counted here, before the comparison:
 * it may count them after, and then cutting the power makes guesses free. And a new value goes into the one of two
 * objects that is not in force: torn, its update may leave neither the old PIN nor the new.
 */
final class Pin {

    private static final short DATA = 5;
    private static final short NEW = (short) (DATA + Protocol.PIN_CHANGE_NEW_PIN_BLOCK);
    private static final byte FORMAT = 0x20;

    private final byte[] ram;
    private final Store store;

    Pin(byte[] ram, Store store) {
        this.ram = ram;
        this.store = store;
    }

    /** Whether the PIN was right in this selection; OwnerPIN alone would remember it until the card is reset. */
    boolean given() {
        return ram[Ram.PIN_GIVEN] == 1 && store.pins[store.pinInForce].isValidated();
    }

    /** VERIFY. */
    void verify(byte[] buffer, short length) {
        require(buffer, length, Protocol.PIN_BLOCK_SIZE);
        check(buffer);
        ram[Ram.PIN_GIVEN] = 1;
    }

    /** CHANGE REFERENCE DATA: the old PIN must be right, the new one well-formed. */
    void change(byte[] buffer, short length) {
        require(buffer, length, Protocol.PIN_CHANGE_SIZE);
        if (!wellFormed(buffer, NEW)) {
            ISOException.throwIt(Protocol.SW_WRONG_DATA);
        }
        check(buffer);
        byte free = (byte) (1 - store.pinInForce);
        store.pins[free].update(buffer, NEW, (byte) Protocol.PIN_BLOCK_SIZE);
        store.pinInForce = free;
    }

    /** Sets the PIN of a blank card, where it is good for nothing before {@code hasPin}; false if the block is none. */
    boolean set(byte[] buffer, short offset) {
        if (!wellFormed(buffer, offset)) {
            return false;
        }
        store.pins[0].update(buffer, offset, (byte) Protocol.PIN_BLOCK_SIZE);
        store.hasPin = true;
        return true;
    }

    private void require(byte[] buffer, short length, short expected) {
        byte media = (byte) (APDU.getProtocol() & APDU.PROTOCOL_MEDIA_MASK);
        // What is not known to be contacts is not: the list of media has grown since 2.2.2.
        if (media != APDU.PROTOCOL_MEDIA_DEFAULT && media != APDU.PROTOCOL_MEDIA_USB) {
            ISOException.throwIt(Protocol.SW_SECURITY_STATUS_NOT_SATISFIED);
        }
        if (buffer[2] != 0 || buffer[3] != (byte) 0x80) {
            ISOException.throwIt(Protocol.SW_WRONG_P1P2);
        }
        if (length != expected) {
            ISOException.throwIt(Protocol.SW_WRONG_LENGTH);
        }
        if (store.blank()) {
            ISOException.throwIt(Protocol.SW_CONDITIONS_NOT_SATISFIED);
        }
        if (!store.hasPin) {
            ISOException.throwIt(Protocol.SW_NO_PIN);
        }
        if (store.pinTries == 0) {
            ISOException.throwIt(Protocol.SW_PIN_BLOCKED);
        }
    }

    /** A block that cannot be a PIN costs no try: it may be what lay in the buffer of a command without data. */
    private void check(byte[] buffer) {
        if (!wellFormed(buffer, DATA)) {
            ISOException.throwIt(Protocol.SW_WRONG_DATA);
        }
        store.pinTries--;
        if (!store.pins[store.pinInForce].check(buffer, DATA, (byte) Protocol.PIN_BLOCK_SIZE)) {
            ISOException.throwIt(store.pinTries == 0 ? Protocol.SW_PIN_BLOCKED
                    : (short) (Protocol.SW_WRONG_PIN | store.pinTries));
        }
        store.pinTries = Protocol.PIN_TRIES;
    }

    /** Gives all tries back. OwnerPIN first, so that it never refuses a try that is counted as left. */
    void unblock() {
        store.pins[store.pinInForce].resetAndUnblock();
        store.pinTries = Protocol.PIN_TRIES;
    }

    /** Format and number of digits; the digits themselves need no check, since only the whole block is compared. */
    private static boolean wellFormed(byte[] buffer, short offset) {
        byte control = buffer[offset];
        byte digits = (byte) (control & 0x0F);
        return (byte) (control & 0xF0) == FORMAT && digits >= Protocol.MIN_PIN && digits <= Protocol.MAX_PIN;
    }
}
