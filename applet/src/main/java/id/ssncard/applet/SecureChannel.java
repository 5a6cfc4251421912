// SPDX-License-Identifier: Apache-2.0
package id.ssncard.applet;

import javacard.framework.ISOException;
import javacard.framework.Util;
import javacard.security.AESKey;
import javacard.security.KeyBuilder;
import javacard.security.RandomData;
import javacardx.crypto.Cipher;

/**
 * SCP03 (GPC 2.2 Amendment D v1.1.1) on the card's side, i = 60: random card challenge, R-MAC and R-ENCRYPTION, S8
 * mode, AES-128. Every failed check ends the session; nothing but a new INITIALIZE UPDATE revives it.
 */
final class SecureChannel {

    static final byte CLOSED = 0;
    private static final byte INITIATED = 1;
    private static final byte OPEN = 2;

    static final byte LEVEL_COMMANDS = 0x03;
    private static final byte LEVEL_R_MAC = 0x10;
    static final byte LEVEL_ALL = 0x33;

    // Derivation constants, table 4-1.
    private static final byte CARD_CRYPTOGRAM = 0x00;
    private static final byte HOST_CRYPTOGRAM = 0x01;
    private static final byte S_ENC = 0x04;
    private static final byte S_MAC = 0x06;
    private static final byte S_RMAC = 0x07;

    private static final short KEY_BITS = 0x0080;
    private static final short CRYPTOGRAM_BITS = 0x0040;

    // Offsets of the keys within a set.
    private static final short ENC = 0;
    private static final short MAC = 1;
    private static final short DEK = 2;

    private static final short DATA = 5;

    private final byte[] ram;
    private final Store store;
    private final Mac mac;
    private final RandomData random;
    private final AESKey sessionEnc = sessionKey();
    private final AESKey sessionMac = sessionKey();
    private final AESKey sessionRmac = sessionKey();

    SecureChannel(byte[] ram, Store store, Mac mac, RandomData random) {
        this.ram = ram;
        this.store = store;
        this.mac = mac;
        this.random = random;
    }

    private static AESKey sessionKey() {
        return (AESKey) KeyBuilder.buildKey(KeyBuilder.TYPE_AES_TRANSIENT_DESELECT, KeyBuilder.LENGTH_AES_128, false);
    }

    /** INITIALIZE UPDATE, section 7.1.1. Writes the 29-byte answer at 0 and returns its length. */
    short initializeUpdate(byte[] buffer) {
        byte slot = keySet(buffer[2]);
        ram[Ram.LIVE] = 0;
        ram[Ram.CHANNEL] = CLOSED;
        ram[Ram.BASE_SLOT] = slot;
        Util.arrayCopyNonAtomic(buffer, DATA, ram, Ram.HOST_CHALLENGE, (short) 8);
        random.generateData(ram, Ram.CARD_CHALLENGE, (short) 8);

        deriveKey(store.keys[(short) (slot + ENC)], S_ENC, sessionEnc);
        deriveKey(store.keys[(short) (slot + MAC)], S_MAC, sessionMac);
        deriveKey(store.keys[(short) (slot + MAC)], S_RMAC, sessionRmac);
        derive(sessionMac, CARD_CRYPTOGRAM, CRYPTOGRAM_BITS);

        short at = Util.arrayCopyNonAtomic(store.serial, (short) 0, buffer, (short) 0, (short) 8);
        at = Util.setShort(buffer, at, (short) 0);
        buffer[at++] = version(slot);
        buffer[at++] = Protocol.SCP_IDENTIFIER;
        buffer[at++] = Protocol.SCP03_I;
        at = Util.arrayCopyNonAtomic(ram, Ram.CARD_CHALLENGE, buffer, at, (short) 8);
        at = Util.arrayCopyNonAtomic(ram, Ram.RESULT_BLOCK, buffer, at, (short) 8);
        ram[Ram.CHANNEL] = INITIATED;
        return at;
    }

    /** The first slot of a key set: a blank card has the transport set only, a personalized one the others. */
    private byte keySet(byte version) {
        boolean blank = store.blank();
        if (blank && (version == 0 || version == Protocol.KVN_TRANSPORT)) {
            return Protocol.SLOT_TRANSPORT_ENC;
        }
        if (!blank && (version == 0 || version == Protocol.KVN_ISSUER)) {
            return Protocol.SLOT_ISSUER_ENC;
        }
        if (blank || version != Protocol.KVN_REGISTRY) {
            ISOException.throwIt(Protocol.SW_KEY_NOT_FOUND);
        }
        return Protocol.SLOT_REGISTRY_ENC;
    }

    private static byte version(byte slot) {
        return slot == Protocol.SLOT_TRANSPORT_ENC ? Protocol.KVN_TRANSPORT
                : slot == Protocol.SLOT_ISSUER_ENC ? Protocol.KVN_ISSUER : Protocol.KVN_REGISTRY;
    }

    /** EXTERNAL AUTHENTICATE, section 7.1.2. Opens the session at a level of at least C-MAC and C-DECRYPTION. */
    void externalAuthenticate(byte[] buffer) {
        if (ram[Ram.CHANNEL] != INITIATED) {
            ISOException.throwIt(Protocol.SW_CONDITIONS_NOT_SATISFIED);
        }
        ram[Ram.CHANNEL] = CLOSED;
        byte level = buffer[2];
        if (level != LEVEL_COMMANDS && level != (byte) (LEVEL_COMMANDS | LEVEL_R_MAC) && level != LEVEL_ALL) {
            ISOException.throwIt(Protocol.SW_WRONG_P1P2);
        }
        derive(sessionMac, HOST_CRYPTOGRAM, CRYPTOGRAM_BITS);
        if (!Mac.equal(ram, Ram.RESULT_BLOCK, buffer, DATA)) {
            ISOException.throwIt(Protocol.SW_CRYPTOGRAM_REJECTED);
        }
        Util.arrayFillNonAtomic(ram, Ram.CHAIN, (short) 16, (byte) 0);
        verifyMac(buffer, (short) 16);
        Util.setShort(ram, Ram.COUNTER, (short) 0);
        Util.setShort(ram, Ram.GROUPS, (short) 0);
        ram[Ram.NEXT_BLOCK] = 0;
        ram[Ram.LEVEL] = level;
        ram[Ram.CHANNEL] = OPEN;
    }

    /**
     * Takes secure messaging off a command, sections 6.2.4 and 6.2.6.
     *
     * @param length Lc: bytes of the data field, with padding and MAC
     * @return bytes of plain data, in {@code buffer} from 5
     */
    short unwrap(byte[] buffer, short length) {
        if (ram[Ram.CHANNEL] != OPEN) {
            ISOException.throwIt(Protocol.SW_SECURITY_STATUS_NOT_SATISFIED);
        }
        // Closed until the command has proved good.
        ram[Ram.CHANNEL] = CLOSED;
        if (length < 8) {
            ISOException.throwIt(Protocol.SW_WRONG_MAC);
        }
        verifyMac(buffer, length);
        short counter = (short) (Util.getShort(ram, Ram.COUNTER) + 1);
        if (counter <= 0) {
            ISOException.throwIt(Protocol.SW_CONDITIONS_NOT_SATISFIED);
        }
        Util.setShort(ram, Ram.COUNTER, counter);
        short data = (short) (length - 8);
        if (data != 0) {
            if ((data & 15) != 0) {
                ISOException.throwIt(Protocol.SW_WRONG_MAC);
            }
            vector((byte) 0);
            mac.cipher.init(sessionEnc, Cipher.MODE_DECRYPT, ram, Ram.VECTOR, (short) 16);
            mac.cipher.doFinal(buffer, DATA, data, buffer, DATA);
            data = unpadded(buffer, data);
        }
        ram[Ram.CHANNEL] = OPEN;
        return data;
    }

    private static short unpadded(byte[] buffer, short data) {
        do {
            data--;
        } while (data > 0 && buffer[(short) (DATA + data)] == 0);
        if (buffer[(short) (DATA + data)] != (byte) 0x80) {
            ISOException.throwIt(Protocol.SW_WRONG_MAC);
        }
        return data;
    }

    /**
     * Puts secure messaging on an answer with SW 9000, sections 6.2.5 and 6.2.7.
     *
     * @param length bytes of the plain answer, in {@code buffer} from 0
     * @return bytes of the protected answer, from 0
     */
    short wrap(byte[] buffer, short length) {
        byte level = ram[Ram.LEVEL];
        if ((level & LEVEL_R_MAC) == 0) {
            return length;
        }
        if (level == LEVEL_ALL && length != 0) {
            buffer[length] = (byte) 0x80;
            short padded = (short) ((short) (length + 16) & ~15);
            Util.arrayFillNonAtomic(buffer, (short) (length + 1), (short) (padded - length - 1), (byte) 0);
            vector((byte) 0x80);
            mac.cipher.init(sessionEnc, Cipher.MODE_ENCRYPT, ram, Ram.VECTOR, (short) 16);
            mac.cipher.doFinal(buffer, (short) 0, padded, buffer, (short) 0);
            length = padded;
        }
        Util.setShort(buffer, length, (short) 0x9000);
        mac.sign(sessionRmac, (short) 16, buffer, (short) 0, (short) (length + 2), Ram.RESULT_BLOCK);
        return Util.arrayCopyNonAtomic(ram, Ram.RESULT_BLOCK, buffer, length, (short) 8);
    }

    /** The static DEK of the session's key set. */
    AESKey dek() {
        return store.keys[(short) (ram[Ram.BASE_SLOT] + DEK)];
    }

    /** Whether the session was opened with the set that begins at {@code slot}. */
    boolean openedWith(byte slot) {
        return ram[Ram.BASE_SLOT] == slot;
    }

    byte level() {
        return ram[Ram.LEVEL];
    }

    void close() {
        ram[Ram.CHANNEL] = CLOSED;
    }

    /** Checks the C-MAC over chaining value, header and data (section 6.2.4) and moves the chain on. */
    private void verifyMac(byte[] buffer, short length) {
        short message = (short) (DATA + length - 8);
        mac.sign(sessionMac, (short) 16, buffer, (short) 0, message, Ram.RESULT_BLOCK);
        if (!Mac.equal(ram, Ram.RESULT_BLOCK, buffer, message)) {
            ISOException.throwIt(Protocol.SW_WRONG_MAC);
        }
        Util.arrayCopyNonAtomic(ram, Ram.RESULT_BLOCK, ram, Ram.CHAIN, (short) 16);
    }

    /** The initial vector of an encryption: the counter's block, its first byte {@code first}, under S-ENC. */
    private void vector(byte first) {
        Util.arrayFillNonAtomic(ram, Ram.VECTOR, (short) 16, (byte) 0);
        ram[Ram.VECTOR] = first;
        Util.arrayCopyNonAtomic(ram, Ram.COUNTER, ram, (short) (Ram.VECTOR + 14), (short) 2);
        mac.cipher.init(sessionEnc, Cipher.MODE_ENCRYPT);
        mac.cipher.doFinal(ram, Ram.VECTOR, (short) 16, ram, Ram.VECTOR);
    }

    private void deriveKey(AESKey from, byte constant, AESKey to) {
        derive(from, constant, KEY_BITS);
        to.setKey(ram, Ram.RESULT_BLOCK);
    }

    /** Data derivation, section 4.1.5, to 16 bytes at {@link Ram#RESULT_BLOCK}. The context follows the challenges. */
    private void derive(AESKey key, byte constant, short bits) {
        Util.arrayFillNonAtomic(ram, Ram.DERIVATION, (short) 16, (byte) 0);
        ram[(short) (Ram.DERIVATION + 11)] = constant;
        Util.setShort(ram, (short) (Ram.DERIVATION + 13), bits);
        ram[(short) (Ram.DERIVATION + 15)] = 1;
        Util.arrayCopyNonAtomic(ram, Ram.HOST_CHALLENGE, ram, (short) (Ram.DERIVATION + 16), (short) 16);
        mac.sign(key, (short) 0, ram, Ram.DERIVATION, (short) 32, Ram.RESULT_BLOCK);
    }
}
