// SPDX-License-Identifier: Apache-2.0
package id.ssncard.applet;

import javacard.framework.APDU;
import javacard.framework.ISOException;

/**
 * The holder's PIN: VERIFY and CHANGE REFERENCE DATA (ISO 7816-4), blocks of ISO 9564-1 format 2. Asked above an amount
 * that the policy sets. The tries are counted by OwnerPIN, outside of any transaction, before the comparison.
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
        return ram[Ram.PIN_GIVEN] == 1 && store.pin.isValidated();
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
        store.pin.update(buffer, NEW, (byte) Protocol.PIN_BLOCK_SIZE);
    }

    /** Sets the PIN at personalization; false if the block is none. */
    boolean set(byte[] buffer, short offset) {
        if (!wellFormed(buffer, offset)) {
            return false;
        }
        store.pin.update(buffer, offset, (byte) Protocol.PIN_BLOCK_SIZE);
        store.hasPin = true;
        return true;
    }

    private void require(byte[] buffer, short length, short expected) {
        byte media = (byte) (APDU.getProtocol() & APDU.PROTOCOL_MEDIA_MASK);
        if (media == APDU.PROTOCOL_MEDIA_CONTACTLESS_TYPE_A || media == APDU.PROTOCOL_MEDIA_CONTACTLESS_TYPE_B) {
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
        if (store.pin.getTriesRemaining() == 0) {
            ISOException.throwIt(Protocol.SW_PIN_BLOCKED);
        }
    }

    private void check(byte[] buffer) {
        if (!store.pin.check(buffer, DATA, (byte) Protocol.PIN_BLOCK_SIZE)) {
            short tries = store.pin.getTriesRemaining();
            ISOException.throwIt(tries == 0 ? Protocol.SW_PIN_BLOCKED : (short) (Protocol.SW_WRONG_PIN | tries));
        }
    }

    /** Format and number of digits; the digits themselves need no check, since only the whole block is compared. */
    private static boolean wellFormed(byte[] buffer, short offset) {
        byte control = buffer[offset];
        byte digits = (byte) (control & 0x0F);
        return (byte) (control & 0xF0) == FORMAT && digits >= Protocol.MIN_PIN && digits <= Protocol.MAX_PIN;
    }
}
