// SPDX-License-Identifier: Apache-2.0
package id.ssncard.applet;

import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.Util;

/**
 * UPDATE: replaces the entitlement as a whole. An update is a state, not a step: it carries the total ever loaded. So
 * the newest one alone brings a card up to date, the same one twice does nothing, and an older one is refused.
 */
final class Updates {

    private static final short BODY = 5;
    private static final short MAC = (short) (BODY + Protocol.ENTITLEMENT_SIZE);
    private static final short END = (short) (MAC + 8);
    /** Length of the MAC'd message: header, body and serial, padded, and the last block. */
    private static final short MESSAGE = (short) ((short) (END + 15 & -16) + 16);

    private static final short UPDATE_SEQ = (short) (BODY + Protocol.ENTITLEMENT_UPDATE_SEQ);
    private static final short LOADED = (short) (BODY + Protocol.ENTITLEMENT_LOADED_TOTAL);
    private static final short EXPIRED = (short) (BODY + Protocol.ENTITLEMENT_EXPIRED_TOTAL);
    private static final short CATEGORIES = (short) (BODY + Protocol.ENTITLEMENT_ALLOWED_CATEGORIES);
    private static final short VALID_UNTIL = (short) (BODY + Protocol.ENTITLEMENT_VALID_UNTIL);
    private static final short ISSUED_AT = (short) (BODY + Protocol.ENTITLEMENT_ISSUED_AT);
    private static final short PIN_COUNT = (short) (BODY + Protocol.ENTITLEMENT_PIN_COUNT);
    private static final short MEND_COUNT = (short) (BODY + Protocol.ENTITLEMENT_MEND_COUNT);
    private static final short MENDED_TO = (short) (BODY + Protocol.ENTITLEMENT_MENDED_TO);
    private static final short KEYS = (short) (BODY + Protocol.ENTITLEMENT_KEY_SELECTION);
    private static final short ALL_KEYS = (short) (
            Protocol.NEXT_UPDATE | Protocol.NEXT_OVERRIDE | Protocol.NEXT_DEBIT | Protocol.NEXT_RECEIPT);
    private static final short STATE = (short) (BODY + Protocol.ENTITLEMENT_STATE);

    private final byte[] ram;
    private final Store store;
    private final Terminal terminal;
    private final Mac mac;

    Updates(byte[] ram, Store store, Terminal terminal, Mac mac) {
        this.ram = ram;
        this.store = store;
        this.terminal = terminal;
        this.mac = mac;
    }

    /** Applies the update in {@code buffer}, or finds it applied; leaves its receipt and the answer's MAC there. */
    short update(byte[] buffer, short length) {
        if (length != (short) (Protocol.ENTITLEMENT_SIZE + 8)) {
            ISOException.throwIt(Protocol.SW_WRONG_LENGTH);
        }
        if (Util.getShort(buffer, ISO7816.OFFSET_P1) != 0) {
            ISOException.throwIt(Protocol.SW_WRONG_P1P2);
        }
        if (store.blank()) {
            ISOException.throwIt(Protocol.SW_CONDITIONS_NOT_SATISFIED);
        }
        boolean formerKey = authenticate(buffer);
        byte inForce = ram[Ram.ENTITLEMENT];
        short order = Amount.compare(buffer, UPDATE_SEQ, store.entitlements.places,
                (short) (Entitlements.offset(inForce) + Protocol.ENTITLEMENT_UPDATE_SEQ));
        if (formerKey && order != 0) {
            ISOException.throwIt(Protocol.SW_WRONG_MAC);
        }
        if (order < 0) {
            ISOException.throwIt(Protocol.SW_STALE_UPDATE);
        }
        byte place = inForce;
        if (order == 0) {
            requireSame(inForce, formerKey ? Protocol.SW_WRONG_MAC : Protocol.SW_CONFLICTING_UPDATE);
        } else {
            place = (byte) (1 - inForce);
            apply(buffer, inForce, place);
        }
        short receipt = store.ledger.render(store.entitlements.places, Entitlements.record(place), buffer);
        short end = terminal.answer(buffer, receipt, Protocol.INS_UPDATE);
        // The same update gives the same answer, so its MAC is no challenge: debits bound to it could be replayed.
        ram[Ram.LIVE] = 0;
        return end;
    }

    /**
     * Checks the MAC; leaves the state in RAM, the update's MAC at {@link Ram#COMMAND_MAC}, and ends the session.
     *
     * @return whether the MAC is under the UPDATE key before the one in force: good only to be told again that the very
     *     update which moved the key on is on the card
     */
    private boolean authenticate(byte[] buffer) {
        terminal.load();
        ram[Ram.LIVE] = 0;
        // The state lies where an SCP03 session had its own.
        ram[Ram.CHANNEL] = SecureChannel.CLOSED;
        terminal.keep(buffer, MAC);
        Util.arrayFillNonAtomic(buffer, END, (short) (MESSAGE - END), (byte) 0);
        Util.arrayCopyNonAtomic(store.serial, (short) 0, buffer, MAC, (short) 8);
        buffer[(short) (MESSAGE - 16)] = Protocol.TAG_UPDATE;
        boolean moved = (ram[Ram.KEYS] & Protocol.NEXT_UPDATE) != 0;
        boolean former = false;
        if (!signed(buffer, moved ? Protocol.SLOT_UPDATE_NEXT : Protocol.SLOT_UPDATE)) {
            // The update that moves the key on may be lost: the next one moves it on too, under the next key already.
            // And one that has moved it on, under the key before, did so itself.
            former = moved;
            if ((buffer[KEYS] & Protocol.NEXT_UPDATE) == 0
                    || !signed(buffer, moved ? Protocol.SLOT_UPDATE : Protocol.SLOT_UPDATE_NEXT)) {
                ISOException.throwIt(Protocol.SW_WRONG_MAC);
            }
        }
        Util.arrayCopyNonAtomic(ram, Ram.COMMAND_MAC, buffer, MAC, (short) 8);
        return former;
    }

    private boolean signed(byte[] buffer, short slot) {
        mac.sign(store.keys[slot], (short) 0, buffer, (short) 0, MESSAGE, Ram.COMMAND);
        return Mac.equal(ram, Ram.COMMAND, ram, Ram.COMMAND_MAC);
    }

    /** The update that is in force again, or another one with its number? Of a former key only the first is taken. */
    private void requireSame(byte inForce, short refusal) {
        if (Util.arrayCompare(ram, Ram.COMMAND_MAC, store.entitlements.places, Entitlements.mac(inForce), (short) 8) != 0) {
            ISOException.throwIt(refusal);
        }
    }

    /**
     * Preconditions: amounts below 2^31, also the limit with all that companions may add; no total and no count shrinks,
     * and no more expires than was loaded; a terminated card stays so; dates possible. Then: the new entitlement into its
     * place, the receipt beside it, and the record into the log, which commits both.
     */
    private void apply(byte[] buffer, byte inForce, byte place) {
        short current = Entitlements.offset(inForce);
        byte state = buffer[STATE];
        // The month's limit with the companions' part, in RAM that the answer overwrites.
        Util.arrayCopyNonAtomic(buffer, (short) (BODY + Protocol.ENTITLEMENT_MONTHLY_LIMIT), ram, Ram.COMMAND, (short) 4);
        if (beyond(buffer)
                || !Amount.add(ram, Ram.COMMAND, buffer, (short) (BODY + Protocol.ENTITLEMENT_OVERRIDE_MAX))
                || state < Protocol.STATE_ISSUED || state > Protocol.STATE_TERMINATED
                || store.entitlements.places[(short) (current + Protocol.ENTITLEMENT_STATE)] == Protocol.STATE_TERMINATED
                        && state != Protocol.STATE_TERMINATED
                || (buffer[KEYS] & ~ALL_KEYS) != 0
                || (ram[Ram.KEYS] & ~buffer[KEYS]) != 0
                || Amount.compare(buffer, LOADED, store.entitlements.places,
                        (short) (current + Protocol.ENTITLEMENT_LOADED_TOTAL)) < 0
                || Amount.compare(buffer, EXPIRED, store.entitlements.places,
                        (short) (current + Protocol.ENTITLEMENT_EXPIRED_TOTAL)) < 0
                || Amount.compare(buffer, EXPIRED, buffer, LOADED) > 0
                || grown(buffer, current, Protocol.ENTITLEMENT_PIN_COUNT) < 0
                || grown(buffer, current, Protocol.ENTITLEMENT_MEND_COUNT) < 0) {
            ISOException.throwIt(Protocol.SW_INVALID_UPDATE);
        }
        Calendar.check(Util.getShort(buffer, ISSUED_AT), Util.getShort(buffer, (short) (ISSUED_AT + 2)),
                Util.getShort(buffer, (short) (ISSUED_AT + 4)));
        Calendar.check(Util.getShort(buffer, VALID_UNTIL),
                (short) (buffer[(short) (VALID_UNTIL + 2)] << 8), (short) 0);
        if (buffer[MEND_COUNT] != 0) {
            Calendar.check(Util.getShort(buffer, MENDED_TO), (short) 0x0100, (short) 0);
        }

        // The template's making takes the session's RAM, so the state comes back after it.
        store.prepareTemplate(mac, ram, place, buffer[KEYS]);
        terminal.load();

        money(buffer, current);
        if (grown(buffer, current, Protocol.ENTITLEMENT_PIN_COUNT) > 0) {
            ram[Ram.CHOICE] = 1;
        }
        if (grown(buffer, current, Protocol.ENTITLEMENT_MEND_COUNT) > 0
                && Util.getShort(ram, Ram.MONTH) > Util.getShort(buffer, MENDED_TO)) {
            Util.arrayCopyNonAtomic(buffer, MENDED_TO, ram, Ram.MONTH, (short) 2);
        }
        receipt(buffer);
        ram[Ram.ENTITLEMENT] = place;
        ram[Ram.KEYS] = buffer[KEYS];
        store.entitlements.write(place, buffer, BODY);
        terminal.seal(buffer);
        Util.arrayCopy(ram, (short) 0, store.entitlements.places, Entitlements.record(place), Ram.RECORD_SIZE);
        // Template and receipt were made over the MAC, which the answer needs; it lies beside the entitlement now.
        Util.arrayCopyNonAtomic(store.entitlements.places, Entitlements.mac(place), ram, Ram.COMMAND_MAC, (short) 8);
        store.ledger.append(ram);
    }

    /** Whether the number or an amount, the first fields of four bytes each, is not below 2^31. */
    private static boolean beyond(byte[] buffer) {
        byte signs = 0;
        for (short at = UPDATE_SEQ; at < CATEGORIES; at += 4) {
            signs |= buffer[at];
        }
        return signs < 0;
    }

    /**
     * The new totals: {@code balance = min(balance + step of loaded, loaded - expired)}, for what was loaded first was
     * spent first; what was granted changes as the balance does, and so does the floor, less the change of pin_above.
     */
    private void money(byte[] buffer, short current) {
        byte[] before = store.entitlements.places;
        Amount.subtract(ram, Ram.GRANTED, ram, Ram.BALANCE);
        Amount.subtract(ram, Ram.FLOOR, ram, Ram.BALANCE);
        // Never above what was loaded, so this stays in range.
        Amount.add(ram, Ram.BALANCE, buffer, LOADED);
        Amount.subtract(ram, Ram.BALANCE, before, (short) (current + Protocol.ENTITLEMENT_LOADED_TOTAL));
        Util.arrayCopyNonAtomic(buffer, LOADED, ram, Ram.COMMAND, (short) 4);
        Amount.subtract(ram, Ram.COMMAND, buffer, EXPIRED);
        if (Amount.compare(ram, Ram.BALANCE, ram, Ram.COMMAND) > 0) {
            Util.arrayCopyNonAtomic(ram, Ram.COMMAND, ram, Ram.BALANCE, (short) 4);
        }
        Amount.add(ram, Ram.GRANTED, ram, Ram.BALANCE);
        Amount.add(ram, Ram.FLOOR, ram, Ram.BALANCE);
        Amount.add(ram, Ram.FLOOR, before, (short) (current + Protocol.ENTITLEMENT_PIN_ABOVE));
        Amount.subtract(ram, Ram.FLOOR, buffer, (short) (BODY + Protocol.ENTITLEMENT_PIN_ABOVE));
    }

    /** By how much the count at {@code field} is above that of the entitlement at {@code current}. */
    private short grown(byte[] buffer, short current, short field) {
        return (short) ((buffer[(short) (BODY + field)] & 0xFF)
                - (store.entitlements.places[(short) (current + field)] & 0xFF));
    }

    /** Fills what the receipt says of the update in RAM: layout UPDATE_RECEIPT, and the tail. */
    private void receipt(byte[] buffer) {
        Util.arrayCopyNonAtomic(buffer, LOADED, ram, Ram.MOVEMENT, Protocol.UPDATE_RECEIPT_SIZE);
        Util.arrayCopyNonAtomic(buffer, UPDATE_SEQ, ram, Ram.UPDATE_SEQ, (short) 4);
        ram[Ram.PIN] = buffer[PIN_COUNT];
        ram[Ram.MENDINGS] = buffer[MEND_COUNT];
        ram[Ram.TYPE] = Protocol.TYPE_UPDATE;
        ram[Ram.CONSTANTS] ^= (byte) (Protocol.TYPE_DEBIT ^ Protocol.TYPE_UPDATE);
        // The rest of the tail goes there with the seal; of a movement this is zero.
        ram[(short) (Ram.TAIL + 3)] ^= buffer[MEND_COUNT];
        Ledger.number(ram);
    }
}
