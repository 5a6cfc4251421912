// SPDX-License-Identifier: Apache-2.0
package id.ssncard.applet;

import javacard.framework.Util;
import javacard.security.AESKey;
import javacard.security.KeyBuilder;

/** What the card keeps: keys, identity, the template of a session's constants, entitlements and log. */
final class Store {

    /** One key object a slot; those not yet personalized are unset, so using one fails. */
    final AESKey[] keys = new AESKey[Protocol.SLOTS];
    /** Versions of the keys, by slot. */
    final byte[] keyVersions = new byte[Protocol.SLOTS];

    final byte[] serial = new byte[8];
    final byte[] beneficiaryId = new byte[8];
    /** The identity data group: fixed part, then the name. */
    final byte[] identity = new byte[Protocol.MAX_IDENTITY];

    /** What SELECT copies into RAM, see {@link Ram}. Its state class byte decides whether the card is blank. */
    final byte[] template = new byte[Ram.TEMPLATE_SIZE];

    final Ledger ledger = new Ledger(serial);
    final Entitlements entitlements = new Entitlements();

    private static final short INFO = (short) (Ram.SELECT_ANSWER - Ram.CONSTANTS);

    /** @param data the install data: serial and transport keys, from {@code offset} */
    Store(byte[] data, short offset) {
        for (short slot = 0; slot < Protocol.SLOTS; slot++) {
            keys[slot] = (AESKey) KeyBuilder.buildKey(KeyBuilder.TYPE_AES, KeyBuilder.LENGTH_AES_128, false);
        }
        Util.arrayCopyNonAtomic(data, offset, serial, (short) 0, (short) 8);
        keys[Protocol.SLOT_TRANSPORT_ENC].setKey(data, (short) (offset + Protocol.INSTALL_DATA_TRANSPORT_ENC));
        keys[Protocol.SLOT_TRANSPORT_MAC].setKey(data, (short) (offset + Protocol.INSTALL_DATA_TRANSPORT_MAC));
        keys[Protocol.SLOT_TRANSPORT_DEK].setKey(data, (short) (offset + Protocol.INSTALL_DATA_TRANSPORT_DEK));
        template[(short) (INFO + Protocol.SELECT_ANSWER_PROTOCOL_VERSION)] = Protocol.PROTOCOL_VERSION;
        Util.arrayCopyNonAtomic(serial, (short) 0, template, (short) (INFO + Protocol.SELECT_ANSWER_SERIAL), (short) 8);
    }

    /** Whether the card is still blank. */
    boolean blank() {
        return template[(short) (INFO + Protocol.SELECT_ANSWER_STATE_CLASS)] == Protocol.CLASS_BLANK;
    }

    /** Ends the blank state: the single write that commits a personalization. */
    void personalized() {
        template[(short) (INFO + Protocol.SELECT_ANSWER_STATE_CLASS)] = Protocol.CLASS_PERSONALIZED;
    }

    /**
     * Computes the constant blocks of the MAC'd messages, each XORed with its key's CMAC subkey, and the key versions
     * that SELECT tells.
     */
    void prepareTemplate(Mac mac, byte[] ram) {
        mac.subkey(keys[Protocol.SLOT_RECEIPT], Ram.VECTOR);
        ledger.constants(Protocol.TYPE_DEBIT, keyVersions[Protocol.SLOT_RECEIPT], ram, Ram.DERIVATION);
        block(mac, ram, Ram.CONSTANTS);

        mac.subkey(keys[Protocol.SLOT_DEBIT], Ram.VECTOR);
        Util.arrayFillNonAtomic(ram, Ram.DERIVATION, (short) 16, (byte) 0);
        ram[Ram.DERIVATION] = Protocol.TAG_ANSWER;
        ram[(short) (Ram.DERIVATION + 1)] = Protocol.INS_DEBIT;
        ram[(short) (Ram.DERIVATION + 2)] = (byte) 0x90;
        ram[(short) (Ram.DERIVATION + 4)] = (byte) (Ram.RECORD_SIZE - Ram.MOVEMENT);
        block(mac, ram, Ram.ANSWER_BLOCK);

        Util.arrayFillNonAtomic(ram, Ram.DERIVATION, (short) 16, (byte) 0);
        ram[Ram.DERIVATION] = Protocol.TAG_COMMAND;
        block(mac, ram, Ram.COMMAND_BLOCK);

        template[(short) (INFO + Protocol.SELECT_ANSWER_DEBIT_KEY_VERSION)] = keyVersions[Protocol.SLOT_DEBIT];
        template[(short) (INFO + Protocol.SELECT_ANSWER_RECEIPT_KEY_VERSION)] = keyVersions[Protocol.SLOT_RECEIPT];
        template[(short) (INFO + Protocol.SELECT_ANSWER_UPDATE_KEY_VERSION)] = keyVersions[Protocol.SLOT_UPDATE];
        template[(short) (INFO + Protocol.SELECT_ANSWER_OVERRIDE_KEY_VERSION)] = keyVersions[Protocol.SLOT_OVERRIDE];
    }

    private void block(Mac mac, byte[] ram, short place) {
        mac.xor(Ram.DERIVATION, Ram.VECTOR);
        Util.arrayCopyNonAtomic(ram, Ram.DERIVATION, template, (short) (place - Ram.CONSTANTS), (short) 16);
    }
}
