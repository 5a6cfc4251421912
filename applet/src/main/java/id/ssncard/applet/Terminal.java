// SPDX-License-Identifier: Apache-2.0
package id.ssncard.applet;

import javacard.framework.ISOException;
import javacard.framework.Util;
import javacard.security.AESKey;
import javacard.security.RandomData;
import javacardx.crypto.Cipher;

/**
 * The one shape of all terminal commands: {@code header | body | MAC}, answered by {@code body | MAC}. Checks the
 * command's MAC against the challenge, which is good for one command, and signs the answer.
 *
 * <p>Both ciphers are initialised at personalization, again only after a key rotation, and stay so: a Cipher that is
 * initialised with a persistent key survives reset (Java Card 2.2.2 API, Cipher), and an init costs as much as the MAC
 * itself.
 */
final class Terminal {

    /** Where a 28-byte body's MAC lies in the APDU buffer. */
    private static final short MOVEMENT_MAC = (short) (5 + Protocol.MOVEMENT_SIZE);
    /** Output of the command's CBC: behind the longest command, so that the command stays whole. */
    private static final short CHECK = 48;
    /** Output of the receipt's CBC: behind the command's MAC. */
    private static final short SEAL = 64;
    /** The answer's body, placed so that its MAC, at the end of the CBC's output, follows it. */
    private static final short ANSWER = 36;

    /** The selection whose keys are in the ciphers. */
    private byte initialised = UNKNOWN;
    private static final byte UNKNOWN = -1;

    private final byte[] ram;
    private final Store store;
    private final Mac mac;
    private final RandomData random;
    private final Cipher debit = Cipher.getInstance(Cipher.ALG_AES_BLOCK_128_CBC_NOPAD, false);
    private final Cipher receipt = Cipher.getInstance(Cipher.ALG_AES_BLOCK_128_CBC_NOPAD, false);

    Terminal(byte[] ram, Store store, Mac mac, RandomData random) {
        this.ram = ram;
        this.store = store;
        this.mac = mac;
        this.random = random;
    }

    /** Takes the DEBIT and RECEIPT keys of a selection into the ciphers. */
    void initialise(byte selection) {
        // Torn in between, the selection is unknown and the next session begins here again.
        initialised = UNKNOWN;
        debit.init(store.keys[Store.slot(Protocol.SLOT_DEBIT, Protocol.NEXT_DEBIT, selection)], Cipher.MODE_ENCRYPT);
        receipt.init(store.keys[Store.slot(Protocol.SLOT_RECEIPT, Protocol.NEXT_RECEIPT, selection)],
                Cipher.MODE_ENCRYPT);
        initialised = selection;
    }

    /** State and constants into RAM. A blank card has no live challenge, so it takes no terminal command. */
    void load() {
        store.ledger.load(ram);
        Util.arrayCopyNonAtomic(store.templates, Store.template(ram[Ram.ENTITLEMENT]), ram, Ram.CONSTANTS,
                Ram.TEMPLATE_SIZE);
        ram[(short) (Ram.SELECT_ANSWER + Protocol.SELECT_ANSWER_STATE_CLASS)] = store.stateClass;
        ram[Ram.LIVE] = store.stateClass;
        ram[Ram.KEY_VERSION] = ram[(short) (Ram.SELECT_ANSWER + Protocol.SELECT_ANSWER_RECEIPT_KEY_VERSION)];
        ram[Ram.CHANNEL] = 0;
        if (ram[Ram.KEYS] != initialised && store.stateClass != Protocol.CLASS_BLANK) {
            initialise(ram[Ram.KEYS]);
        }
    }

    /** SELECT: a fresh challenge. Writes the answer to {@code buffer} at 0 and returns its length. */
    short select(byte[] buffer) {
        load();
        random.generateData(ram, Ram.CHALLENGE, (short) 8);
        return Util.arrayCopyNonAtomic(ram, Ram.SELECT_ANSWER, buffer, (short) 0, Protocol.SELECT_ANSWER_SIZE);
    }

    /** Checks the MAC of a command whose body has 12 or 28 bytes; throws 6985 or 6988. Uses the challenge up. */
    void authenticate(byte[] buffer, short bodyLength) {
        short length = lay(buffer, bodyLength);
        debit.doFinal(ram, (short) (Ram.TEMPLATE_END - length), length, buffer, CHECK);
        compare(buffer, (short) (CHECK + length - 16), bodyLength);
    }

    /** As {@link #authenticate}, under another key (OVERRIDE). */
    void authenticate(byte[] buffer, short bodyLength, AESKey key) {
        short length = lay(buffer, bodyLength);
        Util.arrayFillNonAtomic(ram, Ram.COMMAND_BLOCK, (short) 16, (byte) 0);
        ram[Ram.COMMAND_BLOCK] = Protocol.TAG_COMMAND;
        // The command's message lies where the general CMAC works, so it moves into the buffer first.
        Util.arrayCopyNonAtomic(ram, (short) (Ram.TEMPLATE_END - length), buffer, CHECK, length);
        mac.sign(key, (short) 0, buffer, CHECK, length, Ram.COMMAND);
        Util.arrayCopyNonAtomic(ram, Ram.COMMAND, buffer, CHECK, (short) 8);
        compare(buffer, CHECK, bodyLength);
    }

    /** Lays header and body before the challenge; returns the length of the message with its last block. */
    private short lay(byte[] buffer, short bodyLength) {
        if (ram[Ram.LIVE] != 1) {
            ISOException.throwIt(Protocol.SW_CONDITIONS_NOT_SATISFIED);
        }
        ram[Ram.LIVE] = 0;
        short sent = (short) (bodyLength + 5);
        Util.arrayCopyNonAtomic(buffer, (short) 0, ram, (short) (Ram.CHALLENGE - sent), sent);
        return (short) (sent + Ram.TEMPLATE_END - Ram.CHALLENGE);
    }

    private static void compare(byte[] buffer, short computed, short bodyLength) {
        if (!Mac.equal(buffer, computed, buffer, (short) (bodyLength + 5))) {
            ISOException.throwIt(Protocol.SW_WRONG_MAC);
        }
    }

    /** Computes the receipt of the movement and result in RAM. */
    void seal(byte[] buffer) {
        receipt.doFinal(ram, Ram.MOVEMENT, (short) 64, buffer, SEAL);
        Util.arrayCopyNonAtomic(buffer, (short) (SEAL + 48), ram, Ram.RECEIPT_MAC, (short) 8);
    }

    /**
     * Seals and commits a movement whose command is still in {@code buffer}; leaves the answer there and returns its
     * offset (its length is {@link #MOVEMENT_ANSWER_LENGTH}). All cryptography is done before the commit: nothing can
     * fail after it.
     */
    short commit(byte[] buffer) {
        seal(buffer);
        Util.arrayCopyNonAtomic(buffer, MOVEMENT_MAC, ram, Ram.COMMAND_MAC, (short) 8);
        debit.doFinal(ram, Ram.MOVEMENT, (short) 80, buffer, (short) 0);
        Util.arrayCopyNonAtomic(ram, Ram.RESULT, buffer, ANSWER, Protocol.RECEIPT_ANSWER_SIZE);
        store.ledger.append(ram);
        return ANSWER;
    }

    static final short MOVEMENT_ANSWER_LENGTH = (short) (Protocol.RECEIPT_ANSWER_SIZE + 8);

    /** Keeps the command's MAC, at {@code offset} of the buffer, for the answer's. */
    void keep(byte[] buffer, short offset) {
        Util.arrayCopyNonAtomic(buffer, offset, ram, Ram.COMMAND_MAC, (short) 8);
    }

    /**
     * Signs the {@code length} bytes of answer in {@code buffer} at 0 and returns their length with the MAC. The MAC is
     * the challenge of the next command, so that queries can follow each other without a SELECT.
     */
    short answer(byte[] buffer, short length, byte ins) {
        short end = Util.arrayCopyNonAtomic(ram, Ram.COMMAND_MAC, buffer, length, (short) 8);
        short padding = (short) (-end & 15);
        end = Util.arrayFillNonAtomic(buffer, end, padding, (byte) 0);
        ram[(short) (Ram.ANSWER_BLOCK + 1)] ^= (byte) (Protocol.INS_DEBIT ^ ins);
        ram[(short) (Ram.ANSWER_BLOCK + 4)] ^= (byte) (Ram.RECORD_SIZE - Ram.MOVEMENT ^ length);
        end = Util.arrayCopyNonAtomic(ram, Ram.ANSWER_BLOCK, buffer, end, (short) 16);
        debit.doFinal(buffer, (short) 0, end, ram, (short) 0);
        Util.arrayCopyNonAtomic(ram, (short) (end - 16), buffer, length, (short) 8);
        load();
        Util.arrayCopyNonAtomic(buffer, length, ram, Ram.CHALLENGE, (short) 8);
        return (short) (length + 8);
    }
}
