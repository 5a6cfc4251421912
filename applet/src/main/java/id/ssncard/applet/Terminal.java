// SPDX-License-Identifier: Apache-2.0
package id.ssncard.applet;

import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.Util;
import javacard.security.CryptoException;
import javacard.security.RandomData;
import javacardx.crypto.Cipher;

/**
 * The one shape of all terminal commands: {@code header | body | MAC}, answered by {@code body | MAC}. Checks the
 * command's MAC against the challenge, which is good for one command, and signs the answer.
 *
 * <p>Both ciphers are initialised at personalization, again only after a key rotation, and stay so: a Cipher that is
 * initialised with a persistent key survives reset (Java Card 2.2.2 API, Cipher), and an init costs as much as the MAC
 * itself. See {@link #encrypt} for a card that sees it otherwise.
 */
final class Terminal {

    // Lengths: of a command's data, and of the message that its MAC is over, the constant last block included.
    private static final short MOVEMENT_LENGTH = (short) (Protocol.MOVEMENT_SIZE + 8);
    private static final short MOVEMENT_MESSAGE = 80;
    private static final short QUERY_LENGTH = (short) (Protocol.QUERY_SIZE + 8);
    private static final short QUERY_MESSAGE = 64;

    // Places in the APDU buffer.
    private static final short BODY = 5;
    /** The MAC of a movement; a query's is moved here. */
    static final short RECEIVED = (short) (BODY + Protocol.MOVEMENT_SIZE);
    private static final short QUERY_MAC = (short) (BODY + Protocol.QUERY_SIZE);
    /** End of the command's CBC; its last block is the MAC computed. The command itself stays whole. */
    private static final short CHECK_END = 129;
    private static final short COMPUTED = (short) (CHECK_END - 16);
    /** Behind the command's MAC: an OVERRIDE's message, and the output of the receipt's CBC. */
    private static final short BEHIND = (short) (RECEIVED + 8);
    private static final short RECEIPT_MESSAGE = 80;
    private static final short ANSWER_MESSAGE = 96;
    /** A movement's answer, placed so that its MAC, at the end of the CBC's output, follows it. */
    static final short ANSWER = (short) (ANSWER_MESSAGE - 16 - Protocol.MOVEMENT_ANSWER_SIZE);
    static final short ANSWER_LENGTH = (short) (Protocol.MOVEMENT_ANSWER_SIZE + 8);
    /** The message that masks a PIN block, and the CBC of it. */
    private static final short MASK_MESSAGE = 64;
    private static final short MASK = (short) (MASK_MESSAGE + 32);

    /** Length of a movement's logical answer: what was sent, then what is sent. */
    static final short MOVEMENT_ANSWERED = (short) (Protocol.MOVEMENT_SIZE + Protocol.MOVEMENT_ANSWER_SIZE);
    private static final short NUMBER = (short) (Ram.SELECT_ANSWER + Protocol.SELECT_ANSWER_MASKED_SEQ);

    private static final byte UNKNOWN = -1;
    /** The selection whose keys are in the ciphers. */
    private byte initialised = UNKNOWN;

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

    /**
     * The CBC of whole blocks. A card that has forgotten at a reset what its ciphers were initialised with gets them
     * initialised anew; here and not at SELECT, so that no other card pays for it. With the keys of the session's
     * beginning, whatever an update has made of the selection in RAM.
     */
    private void encrypt(Cipher cipher, byte[] in, short offset, short length, byte[] out, short to) {
        try {
            cipher.doFinal(in, offset, length, out, to);
        } catch (CryptoException forgotten) {
            initialise(initialised);
            cipher.doFinal(in, offset, length, out, to);
        }
    }

    /** State and constants into RAM. A blank card has no live challenge, so it takes no terminal command. */
    void load() {
        store.ledger.load(ram);
        Util.arrayCopyNonAtomic(store.templates, (short) (ram[Ram.ENTITLEMENT] * Ram.TEMPLATE_SIZE), ram, Ram.CONSTANTS,
                Ram.TEMPLATE_SIZE);
        ram[(short) (Ram.SELECT_ANSWER + Protocol.SELECT_ANSWER_STATE_CLASS)] = store.stateClass;
        ram[Ram.LIVE] = store.stateClass;
        ram[Ram.KEY_VERSION] = ram[(short) (Ram.SELECT_ANSWER + Protocol.SELECT_ANSWER_RECEIPT_KEY_VERSION)];
        // The template holds the mask of the number.
        ram[NUMBER] ^= ram[Ram.SEQ];
        ram[(short) (NUMBER + 1)] ^= ram[(short) (Ram.SEQ + 1)];
        ram[(short) (NUMBER + 2)] ^= ram[(short) (Ram.SEQ + 2)];
        ram[(short) (NUMBER + 3)] ^= ram[(short) (Ram.SEQ + 3)];
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

    /** Checks form, challenge and MAC of a movement; throws 6700, 6A86, 6985 or 6988. */
    void authenticate(byte[] buffer, short length) {
        lay(buffer, length, MOVEMENT_LENGTH, RECEIVED);
        encrypt(debit, ram, (short) (Ram.TEMPLATE_END - MOVEMENT_MESSAGE), MOVEMENT_MESSAGE, buffer,
                (short) (CHECK_END - MOVEMENT_MESSAGE));
        compare(buffer);
    }

    /** As {@link #authenticate}, under the OVERRIDE key in force. */
    void authenticateOverride(byte[] buffer, short length) {
        lay(buffer, length, MOVEMENT_LENGTH, RECEIVED);
        Util.arrayFillNonAtomic(ram, Ram.COMMAND_BLOCK, (short) 16, (byte) 0);
        ram[Ram.COMMAND_BLOCK] = Protocol.TAG_COMMAND;
        // The command's message lies where the general CMAC works, so it moves into the buffer first.
        Util.arrayCopyNonAtomic(ram, (short) (Ram.TEMPLATE_END - MOVEMENT_MESSAGE), buffer, BEHIND, MOVEMENT_MESSAGE);
        short slot = Store.slot(Protocol.SLOT_OVERRIDE, Protocol.NEXT_OVERRIDE, ram[Ram.KEYS]);
        mac.sign(store.keys[slot], (short) 0, buffer, BEHIND, MOVEMENT_MESSAGE, Ram.COMMAND);
        Util.arrayCopyNonAtomic(ram, Ram.COMMAND, buffer, COMPUTED, (short) 8);
        compare(buffer);
    }

    /** As {@link #authenticate}, for a query, with a body of 20 bytes. Keeps its MAC for the answer's. */
    void authenticateQuery(byte[] buffer, short length) {
        lay(buffer, length, QUERY_LENGTH, QUERY_MAC);
        Util.arrayCopyNonAtomic(buffer, QUERY_MAC, buffer, RECEIVED, (short) 8);
        encrypt(debit, ram, (short) (Ram.TEMPLATE_END - QUERY_MESSAGE), QUERY_MESSAGE, buffer,
                (short) (CHECK_END - QUERY_MESSAGE));
        compare(buffer);
        keep(buffer, RECEIVED);
    }

    /**
     * Checks form and challenge, which is used up whatever becomes of the command; lays header and body, which end in
     * {@code buffer} at {@code end}, before what was quoted.
     */
    private void lay(byte[] buffer, short length, short expected, short end) {
        if (length != expected) {
            ISOException.throwIt(Protocol.SW_WRONG_LENGTH);
        }
        if ((short) (buffer[ISO7816.OFFSET_P1] | buffer[ISO7816.OFFSET_P2]) != 0) {
            ISOException.throwIt(Protocol.SW_WRONG_P1P2);
        }
        if (ram[Ram.LIVE] == 0) {
            ISOException.throwIt(Protocol.SW_CONDITIONS_NOT_SATISFIED);
        }
        ram[Ram.LIVE] = 0;
        Util.arrayCopyNonAtomic(buffer, (short) 0, ram, (short) (Ram.QUOTE - end), end);
    }

    /** Takes the mask off the PIN block of a query that is authenticated, where it stands. */
    void unmask(byte[] buffer) {
        Util.arrayCopyNonAtomic(buffer, BODY, buffer, MASK_MESSAGE, (short) 8);
        Util.arrayCopyNonAtomic(ram, Ram.CHALLENGE, buffer, (short) (MASK_MESSAGE + 8), (short) 8);
        Util.arrayCopyNonAtomic(ram, Ram.COMMAND_BLOCK, buffer, (short) (MASK_MESSAGE + 16), (short) 16);
        buffer[(short) (MASK_MESSAGE + 16)] ^= (byte) (Protocol.TAG_COMMAND ^ Protocol.TAG_PIN);
        encrypt(debit, buffer, MASK_MESSAGE, (short) 32, buffer, MASK);
        for (short i = 0; i < Protocol.PIN_BLOCK_SIZE; i++) {
            buffer[(short) (Pin.BLOCK + i)] ^= buffer[(short) (MASK + 16 + i)];
        }
    }

    /** Whether the MAC received is the one computed, as {@link Mac#equal}, unrolled: every sale comes here. */
    private static void compare(byte[] buffer) {
        if ((short) (buffer[COMPUTED] ^ buffer[RECEIVED]
                | buffer[(short) (COMPUTED + 1)] ^ buffer[(short) (RECEIVED + 1)]
                | buffer[(short) (COMPUTED + 2)] ^ buffer[(short) (RECEIVED + 2)]
                | buffer[(short) (COMPUTED + 3)] ^ buffer[(short) (RECEIVED + 3)]
                | buffer[(short) (COMPUTED + 4)] ^ buffer[(short) (RECEIVED + 4)]
                | buffer[(short) (COMPUTED + 5)] ^ buffer[(short) (RECEIVED + 5)]
                | buffer[(short) (COMPUTED + 6)] ^ buffer[(short) (RECEIVED + 6)]
                | buffer[(short) (COMPUTED + 7)] ^ buffer[(short) (RECEIVED + 7)]) != 0) {
            ISOException.throwIt(Protocol.SW_WRONG_MAC);
        }
    }

    /** Computes the receipt of the movement and result in RAM, whose tail goes into the constant block first. */
    void seal(byte[] buffer) {
        ram[Ram.TAIL] ^= ram[Ram.MONTH];
        ram[(short) (Ram.TAIL + 1)] ^= ram[(short) (Ram.MONTH + 1)];
        ram[(short) (Ram.TAIL + 2)] ^= ram[Ram.PIN];
        encrypt(receipt, ram, Ram.SEQ, RECEIPT_MESSAGE, buffer, BEHIND);
        // Three bytes one by one: a call of the API costs more.
        ram[Ram.STATED] = ram[Ram.MONTH];
        ram[(short) (Ram.STATED + 1)] = ram[(short) (Ram.MONTH + 1)];
        ram[(short) (Ram.STATED + 2)] = ram[Ram.PIN];
        Util.arrayCopyNonAtomic(buffer, (short) (BEHIND + RECEIPT_MESSAGE - 16), ram, Ram.RECEIPT_MAC, (short) 8);
    }

    /**
     * Numbers, seals and commits the movement whose command is still in {@code buffer}; leaves the answer there, at
     * {@link #ANSWER}. All cryptography is done before the commit: nothing can fail after it.
     */
    void commit(byte[] buffer) {
        Util.arrayCopyNonAtomic(buffer, BODY, ram, Ram.MOVEMENT, Protocol.MOVEMENT_SIZE);
        Ledger.number(ram);
        seal(buffer);
        Util.arrayCopyNonAtomic(buffer, RECEIVED, ram, Ram.COMMAND_MAC, (short) 8);
        encrypt(debit, ram, Ram.MOVEMENT, ANSWER_MESSAGE, buffer, (short) 0);
        Util.arrayCopyNonAtomic(ram, Ram.RESULT, buffer, ANSWER, Protocol.MOVEMENT_ANSWER_SIZE);
        store.ledger.append(ram);
    }

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
        ram[(short) (Ram.ANSWER_BLOCK + 4)] ^= (byte) (MOVEMENT_ANSWERED ^ length);
        end = Util.arrayCopyNonAtomic(ram, Ram.ANSWER_BLOCK, buffer, end, (short) 16);
        encrypt(debit, buffer, (short) 0, end, ram, (short) 0);
        Util.arrayCopyNonAtomic(ram, (short) (end - 16), buffer, length, (short) 8);
        load();
        Util.arrayCopyNonAtomic(buffer, length, ram, Ram.CHALLENGE, (short) 8);
        return (short) (length + 8);
    }
}
