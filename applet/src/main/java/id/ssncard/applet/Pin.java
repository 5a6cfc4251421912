// SPDX-License-Identifier: Apache-2.0
package id.ssncard.applet;

import javacard.framework.APDU;
import javacard.framework.ISOException;
import javacard.framework.Util;

/**
 * The holder's PIN: VERIFY and CHANGE REFERENCE DATA (ISO 7816-4), inside a terminal session, blocks of ISO 9564-1
 * format 2 under a mask. Asked once pin_above has been spent without it, in sum: a floor under the balance says when.
 *
 * <p>Two things are not left to OwnerPIN, since nobody promises them. The tries are counted here, before the comparison:
 * it may count them after, and then cutting the power makes guesses free. And a new value goes into the one of two
 * objects that is not in force: torn, its update may leave neither the old PIN nor the new.
 */
final class Pin {

    /** Where the PIN block of a command stands. */
    static final short BLOCK = (short) (5 + Protocol.PIN_QUERY_MASKED_PIN_BLOCK);
    private static final byte FORMAT = 0x20;
    /** The new state of the PIN, on its way into {@link Store#pin}: behind the command. */
    private static final short NEW = 64;

    private final byte[] ram;
    private final Store store;

    Pin(byte[] ram, Store store) {
        this.ram = ram;
        this.store = store;
    }

    /** Writes the PIN's state of a movement's receipt into the record in RAM and returns it; a movement ends the choice. */
    byte state() {
        byte state = store.pin[Store.PIN_IN_FORCE] == Store.NO_PIN ? Protocol.PIN_NONE
                : ram[Ram.PIN_GIVEN] == 1 ? Protocol.PIN_GIVEN : Protocol.PIN_NOT_DUE;
        ram[Ram.PIN] = state;
        ram[Ram.MENDINGS] = 0;
        ram[Ram.CHOICE] = 0;
        return state;
    }

    /** VERIFY, of a command that is authenticated and unmasked. A block that cannot be a PIN costs no try. */
    void verify(byte[] buffer) {
        if (!has()) {
            ISOException.throwIt(Protocol.SW_NO_PIN);
        }
        if (store.pin[Store.PIN_TRIES] == 0) {
            ISOException.throwIt(Protocol.SW_PIN_BLOCKED);
        }
        if (store.pin[Store.PIN_TRIES] == 1 && !contacts()) {
            ISOException.throwIt(Protocol.SW_LAST_TRY_CONTACTS);
        }
        requirePin(buffer);
        store.pin[Store.PIN_TRIES]--;
        if (!store.pins[store.pin[Store.PIN_IN_FORCE]].check(buffer, BLOCK, (byte) Protocol.PIN_BLOCK_SIZE)) {
            ISOException.throwIt(store.pin[Store.PIN_TRIES] == 0 ? Protocol.SW_PIN_BLOCKED
                    : (short) (Protocol.SW_WRONG_PIN | store.pin[Store.PIN_TRIES]));
        }
        store.pin[Store.PIN_TRIES] = Protocol.PIN_TRIES;
        ram[Ram.PIN_GIVEN] = 1;
    }

    /** CHANGE REFERENCE DATA, of a command that is authenticated and unmasked: by who gave the PIN, or has the choice. */
    void change(byte[] buffer) {
        if (ram[Ram.PIN_GIVEN] == 0 && choice() == 0) {
            ISOException.throwIt(Protocol.SW_CONDITIONS_NOT_SATISFIED);
        }
        requirePin(buffer);
        byte free = (byte) (store.pin[Store.PIN_IN_FORCE] == 0 ? 1 : 0);
        store.pins[free].update(buffer, BLOCK, (byte) Protocol.PIN_BLOCK_SIZE);
        buffer[(short) (NEW + Store.PIN_IN_FORCE)] = free;
        buffer[(short) (NEW + Store.PIN_TRIES)] = Protocol.PIN_TRIES;
        buffer[(short) (NEW + Store.PIN_CHOSEN)] = granted();
        Util.arrayCopy(buffer, NEW, store.pin, (short) 0, Store.PIN_SIZE);
    }

    /** Sets the PIN of a blank card; false if the block at {@code offset} is none. */
    boolean set(byte[] buffer, short offset) {
        if (!wellFormed(buffer, offset)) {
            return false;
        }
        store.pins[0].update(buffer, offset, (byte) Protocol.PIN_BLOCK_SIZE);
        store.pin[Store.PIN_IN_FORCE] = 0;
        return true;
    }

    /** Whether the card has a PIN. */
    boolean has() {
        return store.pin[Store.PIN_IN_FORCE] != Store.NO_PIN;
    }

    /** 1 where an update lets the holder choose a PIN, and neither a choice nor a movement came since; else 0. */
    byte choice() {
        return store.pin[Store.PIN_CHOSEN] == granted() ? 0 : ram[Ram.CHOICE];
    }

    /** Tries left, as GET STATUS tells them. */
    byte tries() {
        return has() ? store.pin[Store.PIN_TRIES] : Protocol.WITHOUT_PIN;
    }

    /** After a cancel the floor is at least the balance less pin_above, which it is put to where it was less. */
    void raiseFloor(byte[] entitlement, short at, byte[] scratch) {
        Util.arrayCopyNonAtomic(ram, Ram.BALANCE, scratch, NEW, (short) 4);
        Amount.subtract(scratch, NEW, entitlement, (short) (at + Protocol.ENTITLEMENT_PIN_ABOVE));
        // Both lie between -2^31 and 2^31: with the sign bits flipped the order is that of unsigned numbers.
        scratch[NEW] ^= (byte) 0x80;
        ram[Ram.FLOOR] ^= (byte) 0x80;
        if (Amount.compare(scratch, NEW, ram, Ram.FLOOR) > 0) {
            Util.arrayCopyNonAtomic(scratch, NEW, ram, Ram.FLOOR, (short) 4);
        }
        ram[Ram.FLOOR] ^= (byte) 0x80;
    }

    /** The count of choices that the entitlement in force has granted. */
    private byte granted() {
        return store.entitlements.places[
                (short) (Entitlements.offset(ram[Ram.ENTITLEMENT]) + Protocol.ENTITLEMENT_PIN_COUNT)];
    }

    /** Whether the card lies in a contact reader. What is not known to be one is not: the list of media has grown. */
    private static boolean contacts() {
        byte media = (byte) (APDU.getProtocol() & APDU.PROTOCOL_MEDIA_MASK);
        return media == APDU.PROTOCOL_MEDIA_DEFAULT || media == APDU.PROTOCOL_MEDIA_USB;
    }

    private static void requirePin(byte[] buffer) {
        if (!wellFormed(buffer, BLOCK)) {
            ISOException.throwIt(Protocol.SW_WRONG_DATA);
        }
    }

    /** Format and number of digits; the digits themselves need no check, since only the whole block is compared. */
    private static boolean wellFormed(byte[] buffer, short offset) {
        byte control = buffer[offset];
        byte digits = (byte) (control & 0x0F);
        return (byte) (control & 0xF0) == FORMAT && digits >= Protocol.MIN_PIN && digits <= Protocol.MAX_PIN;
    }
}
