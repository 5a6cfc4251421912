// SPDX-License-Identifier: Apache-2.0
package id.ssncard.applet;

import javacard.framework.ISOException;
import javacard.framework.Util;
import javacard.security.AESKey;
import javacardx.crypto.Cipher;

/**
 * STORE DATA and GET DATA inside an SCP03 session. Personalization fills objects that nothing uses while the card is
 * blank, and ends with the one write that makes it personalized. Interrupted anywhere before, the card stays blank, its
 * transport keys stay valid, and a new session begins anew: the groups received are counted in the session's RAM.
 */
final class Personalization {

    private static final short DATA = 5;
    private static final byte LAST_BLOCK = (byte) 0x88;
    private static final byte MORE_BLOCKS = 0x08;

    // Bits of the groups received: one a key slot from FIRST_PERSONALIZED_SLOT on, then these two. All are needed.
    private static final short KEY_SLOTS = (short) (Protocol.SLOTS - Protocol.FIRST_PERSONALIZED_SLOT);
    private static final short CARD_DATA_BIT = (short) (1 << KEY_SLOTS);
    private static final short IDENTITY_BIT = (short) (1 << (short) (KEY_SLOTS + 1));
    private static final short COMPLETE = (short) ((1 << (short) (KEY_SLOTS + 2)) - 1);

    private static final short KCV = (short) (Protocol.WRAPPED_KEY_KCV - Protocol.WRAPPED_KEY_WRAPPED);

    private final byte[] ram;
    private final Store store;
    private final SecureChannel channel;
    private final Terminal terminal;
    private final Pin pin;
    private final Mac mac;

    Personalization(byte[] ram, Store store, SecureChannel channel, Terminal terminal, Pin pin, Mac mac) {
        this.ram = ram;
        this.store = store;
        this.channel = channel;
        this.terminal = terminal;
        this.pin = pin;
        this.mac = mac;
    }

    /**
     * STORE DATA: whole data groups in {@code buffer} from 5. The last block commits. With the transport keys all of a
     * blank card; with the issuer's a corrected identity on a personalized one, which touches no money.
     *
     * @param length bytes of plain data
     */
    void storeData(byte[] buffer, short length) {
        if (!channel.openedWith(store.blank() ? Protocol.SLOT_TRANSPORT_ENC : Protocol.SLOT_ISSUER_ENC)) {
            ISOException.throwIt(Protocol.SW_CONDITIONS_NOT_SATISFIED);
        }
        byte p1 = buffer[2];
        if (p1 != LAST_BLOCK && p1 != MORE_BLOCKS || buffer[3] != ram[Ram.NEXT_BLOCK]) {
            fail(Protocol.SW_WRONG_P1P2);
        }
        if (ram[Ram.NEXT_BLOCK] == 0 && store.blank()) {
            store.pin[Store.PIN_IN_FORCE] = Store.NO_PIN;
        }
        ram[Ram.NEXT_BLOCK]++;
        short at = DATA;
        short end = (short) (DATA + length);
        while (at < end) {
            at = group(buffer, at, end);
        }
        if (p1 == LAST_BLOCK) {
            commit();
        }
    }

    /** Takes the data group at {@code at}; returns the offset after it. */
    private short group(byte[] buffer, short at, short end) {
        short body = (short) (at + Protocol.DGI_HEADER);
        short dgi = Util.getShort(buffer, at);
        short length = (short) (buffer[(short) (at + 2)] & 0xFF);
        short next = (short) (body + length);
        // A header that is cut off ends behind the block too, whatever follows it in the buffer.
        if (next > end) {
            fail(Protocol.SW_WRONG_DATA);
        }
        short received = Util.getShort(ram, Ram.GROUPS);
        if (dgi == Protocol.DGI_CARD_DATA && store.blank()) {
            cardData(buffer, body, length);
            received |= CARD_DATA_BIT;
        } else if (dgi == Protocol.DGI_IDENTITY) {
            identity(buffer, body, length);
            received |= IDENTITY_BIT;
        } else if (!store.blank()) {
            // A personalized card takes a corrected identity, nothing else.
            fail(Protocol.SW_WRONG_DATA);
        } else if (dgi == Protocol.DGI_PIN) {
            if (length != Protocol.PIN_BLOCK_SIZE || !pin.set(buffer, body)) {
                fail(Protocol.SW_WRONG_DATA);
            }
        } else {
            short slot = (short) (dgi - Protocol.DGI_KEYS);
            if (slot < Protocol.FIRST_PERSONALIZED_SLOT || slot >= Protocol.SLOTS || length != Protocol.WRAPPED_KEY_SIZE) {
                fail(Protocol.SW_WRONG_DATA);
            }
            key(buffer, body, slot);
            received |= (short) (1 << (short) (slot - Protocol.FIRST_PERSONALIZED_SLOT));
        }
        Util.setShort(ram, Ram.GROUPS, received);
        return next;
    }

    private void cardData(byte[] buffer, short body, short length) {
        if (length != Protocol.CARD_DATA_SIZE
                || Util.arrayCompare(buffer, (short) (body + Protocol.CARD_DATA_SERIAL), store.serial, (short) 0,
                        (short) 8) != 0) {
            fail(Protocol.SW_WRONG_DATA);
        }
        Util.arrayCopy(buffer, (short) (body + Protocol.CARD_DATA_BENEFICIARY_ID), store.beneficiaryId, (short) 0,
                (short) 8);
    }

    private void identity(byte[] buffer, short body, short length) {
        short name = (short) (length - Protocol.IDENTITY_FIXED_SIZE);
        if (name < 1 || name > Protocol.MAX_NAME
                || buffer[(short) (body + Protocol.IDENTITY_FIXED_NAME_LENGTH)] != (byte) name) {
            fail(Protocol.SW_WRONG_DATA);
        }
        store.identity.write(buffer, body, length);
    }

    /** Unwraps a key under the DEK (SCP03 section 6.2.8), sets it, and checks it by its KCV. */
    private void key(byte[] buffer, short body, short slot) {
        AESKey key = store.keys[slot];
        short wrapped = (short) (body + Protocol.WRAPPED_KEY_WRAPPED);
        mac.cipher.init(channel.dek(), Cipher.MODE_DECRYPT);
        mac.cipher.doFinal(buffer, wrapped, (short) 16, ram, Ram.RESULT_BLOCK);
        key.setKey(ram, Ram.RESULT_BLOCK);
        Util.arrayFillNonAtomic(ram, Ram.RESULT_BLOCK, (short) 16, (byte) 1);
        mac.cipher.init(key, Cipher.MODE_ENCRYPT);
        mac.cipher.doFinal(ram, Ram.RESULT_BLOCK, (short) 16, ram, Ram.RESULT_BLOCK);
        if (Util.arrayCompare(ram, Ram.RESULT_BLOCK, buffer, (short) (wrapped + KCV), (short) 3) != 0) {
            fail(Protocol.SW_WRONG_DATA);
        }
        store.keyVersions[slot] = buffer[(short) (body + Protocol.WRAPPED_KEY_KEY_VERSION)];
    }

    private void commit() {
        short received = Util.getShort(ram, Ram.GROUPS);
        // What is committed once must not be committed again: a further last block would bring the old identity back.
        Util.setShort(ram, Ram.GROUPS, (short) 0);
        if (!store.blank()) {
            if (received != IDENTITY_BIT) {
                fail(Protocol.SW_PERSONALIZATION_INCOMPLETE);
            }
            store.identity.commit();
            return;
        }
        if (received != COMPLETE) {
            fail(Protocol.SW_PERSONALIZATION_INCOMPLETE);
        }
        store.identity.commit();
        terminal.initialise((byte) 0);
        store.prepareTemplate(mac, ram, (byte) 0, (byte) 0);
        // The single write that ends the blank state; whatever came before may be repeated.
        store.stateClass = Protocol.CLASS_PERSONALIZED;
    }

    /** A mistake in the data ends the session: what was half received must not be completed by something else. */
    private void fail(short statusWord) {
        channel.close();
        ISOException.throwIt(statusWord);
    }

    /** GET DATA: beneficiary id and identity, to {@code buffer} at 0, only where the answer will be encrypted. */
    short getData(byte[] buffer) {
        if (channel.level() != SecureChannel.LEVEL_ALL) {
            ISOException.throwIt(Protocol.SW_SECURITY_STATUS_NOT_SATISFIED);
        }
        if (store.blank()) {
            ISOException.throwIt(Protocol.SW_CONDITIONS_NOT_SATISFIED);
        }
        short length = Util.arrayCopyNonAtomic(store.beneficiaryId, (short) 0, buffer, (short) 0, (short) 8);
        return store.identity.read(buffer, length);
    }
}
