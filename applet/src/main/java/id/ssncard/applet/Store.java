// SPDX-License-Identifier: Apache-2.0
package id.ssncard.applet;

import javacard.framework.OwnerPIN;
import javacard.framework.Util;
import javacard.security.AESKey;
import javacard.security.KeyBuilder;

/**
 * What the card keeps: keys, identity, the template of a session's constants, entitlements and log.
 *
 * <p>Whatever is written to persistent memory is written by atomic copies, of at most a log record: of a torn one that is
 * not, no specification says what becomes of the bytes beside it, and those may be in force.
 */
final class Store {

    /** One key object a slot; those not yet personalized are unset, so using one fails. */
    final AESKey[] keys = new AESKey[Protocol.SLOTS];
    /** Versions of the keys, by slot. */
    final byte[] keyVersions = new byte[Protocol.SLOTS];

    final byte[] serial = new byte[8];
    final byte[] beneficiaryId = new byte[8];
    final Identity identity = new Identity();

    /** What SELECT copies into RAM, see {@link Ram}: one for each of the two entitlements, which choose the keys. */
    final byte[] templates = new byte[(short) (2 * Ram.TEMPLATE_SIZE)];

    /** {@link Protocol#CLASS_BLANK} until the single write that commits a personalization. */
    byte stateClass = Protocol.CLASS_BLANK;

    /** One in force, the other free for a new value. */
    final OwnerPIN[] pins = {
        new OwnerPIN(Protocol.PIN_TRIES, (byte) Protocol.PIN_BLOCK_SIZE),
        new OwnerPIN(Protocol.PIN_TRIES, (byte) Protocol.PIN_BLOCK_SIZE)
    };
    /** State of the PIN, changed by one write: which of {@link #pins}, tries left, and for which count it was chosen. */
    final byte[] pin = {NO_PIN, Protocol.PIN_TRIES, 0};

    static final short PIN_IN_FORCE = 0;
    static final short PIN_TRIES = 1;
    static final short PIN_CHOSEN = 2;
    static final short PIN_SIZE = 3;
    static final byte NO_PIN = -1;

    final Ledger ledger = new Ledger(serial);
    final Entitlements entitlements = new Entitlements();

    private static final short INFO = (short) (Ram.SELECT_ANSWER - Ram.CONSTANTS);

    /** @param data the install data: serial and transport keys, from {@code offset} */
    Store(byte[] data, short offset) {
        for (short slot = 0; slot < Protocol.SLOTS; slot++) {
            keys[slot] = (AESKey) KeyBuilder.buildKey(KeyBuilder.TYPE_AES, KeyBuilder.LENGTH_AES_128, false);
        }
        Util.arrayCopy(data, offset, serial, (short) 0, (short) 8);
        keys[Protocol.SLOT_TRANSPORT_ENC].setKey(data, (short) (offset + Protocol.INSTALL_DATA_TRANSPORT_ENC));
        keys[Protocol.SLOT_TRANSPORT_MAC].setKey(data, (short) (offset + Protocol.INSTALL_DATA_TRANSPORT_MAC));
        keys[Protocol.SLOT_TRANSPORT_DEK].setKey(data, (short) (offset + Protocol.INSTALL_DATA_TRANSPORT_DEK));
        identify((byte) 0);
        identify((byte) 1);
    }

    /** Writes what SELECT always tells, once, at installation: a tear must not reach what makes a card findable. */
    private void identify(byte which) {
        short info = (short) (template(which) + INFO);
        templates[(short) (info + Protocol.SELECT_ANSWER_PROTOCOL_VERSION)] = Protocol.PROTOCOL_VERSION;
        Util.arrayCopy(serial, (short) 0, templates, (short) (info + Protocol.SELECT_ANSWER_SERIAL), (short) 8);
    }

    /** Whether the card is still blank. */
    boolean blank() {
        return stateClass == Protocol.CLASS_BLANK;
    }

    /** Offset in {@link #templates} of an entitlement's template. */
    static short template(byte which) {
        return which == 0 ? 0 : Ram.TEMPLATE_SIZE;
    }

    /** The slot of the key in force, given the first slot of its pair and its bit in the selection. */
    static short slot(byte first, byte bit, byte selection) {
        return (selection & bit) == 0 ? first : (short) (first + 1);
    }

    /**
     * Computes a template: the constant blocks of the MAC'd messages, each XORed with its key's CMAC subkey, the key
     * versions that SELECT tells, and the mask of its number. Works in the session's RAM, whose state is lost.
     *
     * @param which the entitlement it belongs to; not the one in force, or the card is blank
     * @param selection keys in force
     */
    void prepareTemplate(Mac mac, byte[] ram, byte which, byte selection) {
        short at = template(which);
        short receiptSlot = slot(Protocol.SLOT_RECEIPT, Protocol.NEXT_RECEIPT, selection);
        mac.subkey(keys[receiptSlot], Ram.VECTOR);
        ledger.constants(Protocol.TYPE_DEBIT, keyVersions[receiptSlot], ram, Ram.DERIVATION);
        block(mac, ram, (short) (at + Ram.CONSTANTS));

        short debitSlot = slot(Protocol.SLOT_DEBIT, Protocol.NEXT_DEBIT, selection);
        mac.subkey(keys[debitSlot], Ram.VECTOR);
        Util.arrayFillNonAtomic(ram, Ram.DERIVATION, (short) 16, (byte) 0);
        ram[Ram.DERIVATION] = Protocol.TAG_ANSWER;
        ram[(short) (Ram.DERIVATION + 1)] = Protocol.INS_DEBIT;
        ram[(short) (Ram.DERIVATION + 2)] = (byte) 0x90;
        ram[(short) (Ram.DERIVATION + 4)] = (byte) Terminal.MOVEMENT_ANSWERED;
        block(mac, ram, (short) (at + Ram.ANSWER_BLOCK));

        Util.arrayFillNonAtomic(ram, Ram.DERIVATION, (short) 16, (byte) 0);
        ram[Ram.DERIVATION] = Protocol.TAG_COMMAND;
        block(mac, ram, (short) (at + Ram.COMMAND_BLOCK));

        Util.arrayFillNonAtomic(ram, Ram.DERIVATION, (short) 16, (byte) 0);
        ram[Ram.DERIVATION] = Protocol.TAG_NUMBER;
        mac.xor(Ram.DERIVATION, ram, Ram.VECTOR, (short) 16);
        // The cipher has the DEBIT key still, of which this subkey is.
        mac.cipher.doFinal(ram, Ram.DERIVATION, (short) 16, ram, Ram.RESULT_BLOCK);
        ram[(short) (Ram.RESULT_BLOCK - 4)] = keyVersions[debitSlot];
        ram[(short) (Ram.RESULT_BLOCK - 3)] = keyVersions[receiptSlot];
        ram[(short) (Ram.RESULT_BLOCK - 2)] = keyVersions[slot(Protocol.SLOT_UPDATE, Protocol.NEXT_UPDATE, selection)];
        ram[(short) (Ram.RESULT_BLOCK - 1)] =
                keyVersions[slot(Protocol.SLOT_OVERRIDE, Protocol.NEXT_OVERRIDE, selection)];
        Util.arrayCopy(ram, (short) (Ram.RESULT_BLOCK - 4), templates,
                (short) (at + INFO + Protocol.SELECT_ANSWER_DEBIT_KEY_VERSION),
                (short) (Protocol.SELECT_ANSWER_CHALLENGE - Protocol.SELECT_ANSWER_DEBIT_KEY_VERSION));
    }

    private void block(Mac mac, byte[] ram, short place) {
        mac.xor(Ram.DERIVATION, ram, Ram.VECTOR, (short) 16);
        Util.arrayCopy(ram, Ram.DERIVATION, templates, (short) (place - Ram.CONSTANTS), (short) 16);
    }
}
