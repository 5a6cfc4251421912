// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import id.ssncard.simulator.card.Tear;
import id.ssncard.simulator.torture.Op;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys, ciphers, PINs and random numbers: the Java Card 2.2.2 API on transactions, tear and reset. */
class FrameworkObjectsTest {
    private TortureCard card;

    @BeforeEach
    void newCard() throws Exception {
        card = new TortureCard();
    }

    /** AES of a block of 16 equal bytes, under a key of 16 equal bytes: what CBC gives with a zero vector. */
    private static String aes(int key, int block) throws Exception {
        Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(sixteen(key), "AES"));
        return HexFormat.of().withUpperCase().formatHex(cipher.doFinal(sixteen(block))) + "9000";
    }

    private static byte[] sixteen(int value) {
        byte[] bytes = new byte[16];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    // ---------------------------------------------------------------- keys

    /** The API promises nothing of keys; as persistent objects they are treated by sections 7.1 and 7.2. */
    @Test
    void settingAKeyIsOneAtomicConditionalWrite() throws Exception {
        card.run(Op.KEY_SET, 1);
        assertEquals(List.of("key"), card.events());
        assertEquals(1, card.count("set_keys"));

        card.run(Op.BEGIN, Op.KEY_SET, 2, Op.ABORT);
        assertEquals(aes(1, 9), card.run(Op.INIT, 0, Op.FINAL, 9));

        card.tear(1);
        assertNull(card.run(Op.KEY_SET, 2));
        card.start();
        assertEquals(aes(1, 9), card.run(Op.INIT, 0, Op.FINAL, 9));

        card.run(Op.BEGIN, Op.KEY_SET, 2, Op.COMMIT);
        assertEquals(aes(2, 9), card.run(Op.INIT, 0, Op.FINAL, 9));
    }

    @Test
    void clearingAKeyIsTakenBackWithTheTransaction() throws Exception {
        card.run(Op.KEY_SET, 1);
        card.run(Op.BEGIN, Op.KEY_CLEAR, Op.ABORT);
        assertEquals(1, card.at(TortureCard.KEY_SET));
        assertEquals(aes(1, 9), card.run(Op.INIT, 0, Op.FINAL, 9));
        card.run(Op.KEY_CLEAR);
        assertEquals(0, card.at(TortureCard.KEY_SET));
    }

    /** What was never committed is not initialised either. */
    @Test
    void aTornFirstKeyLeavesItUninitialised() throws Exception {
        card.tear(2);
        assertNull(card.run(Op.BEGIN, Op.KEY_SET, 1, Op.COMMIT));
        card.start();
        assertEquals(0, card.at(TortureCard.KEY_SET));
    }

    // ---------------------------------------------------------------- ciphers

    /** Cipher: a tear or reset brings it back to the state after init; its initial vector is zero. */
    @Test
    void aCipherStaysInitialisedOverAReset() throws Exception {
        card.run(Op.KEY_SET, 1);
        card.run(Op.INIT, 0, Op.UPDATE, 5);
        card.start();
        assertEquals(aes(1, 9), card.run(Op.FINAL, 9));
    }

    /** Cipher: doFinal resets it to the state after init. */
    @Test
    void aCipherBeginsAnewAfterDoFinal() throws Exception {
        card.run(Op.KEY_SET, 1);
        card.run(Op.INIT, 0, Op.FINAL, 5);
        assertEquals(aes(1, 9), card.run(Op.FINAL, 9));
    }

    /** Cipher: it becomes uninitialised when the transient key that it was initialised with is cleared. */
    @Test
    void aCipherLosesAClearedKey() throws Exception {
        card.run(Op.SESSION_KEY_SET, 1);
        assertEquals(aes(1, 9), card.run(Op.INIT, 1, Op.FINAL, 9));
        card.select();
        assertEquals("6F00", card.run(Op.FINAL, 9));
        card.run(Op.SESSION_KEY_SET, 2);
        card.start();
        assertEquals("6F00", card.run(Op.FINAL, 9));
    }

    /** Cipher.init: the behaviour after a change of the key without init is unspecified. */
    @Test
    void usingACipherWhoseKeyChangedIsReported() throws Exception {
        card.run(Op.KEY_SET, 1);
        card.run(Op.INIT, 0, Op.KEY_SET, 2, Op.FINAL, 9);
        assertEquals(List.of("key-changed-after-init"), card.violations());
        card.run(Op.INIT, 0, Op.FINAL, 9);
        assertEquals(List.of(), card.violations());
    }

    /** Power may go before an init is remembered; the init before it then holds. */
    @Test
    void aTornInitLeavesTheOneBefore() throws Exception {
        card.run(Op.KEY_SET, 1);
        card.run(Op.INIT, 0);
        card.tear(1);
        assertNull(card.run(Op.INIT, 0));
        card.start();
        assertEquals(aes(1, 9), card.run(Op.FINAL, 9));
    }

    /** An uninitialised cipher or key is no use. */
    @Test
    void anUninitialisedCipherRefuses() {
        assertEquals("6F00", card.run(Op.FINAL, 9));
        assertEquals("6F00", card.run(Op.INIT, 0));
    }

    /** No API text makes a cipher's output into a persistent array atomic. */
    @Test
    void outputIntoPersistentMemoryCanBeTornAndBypassesTheTransaction() throws Exception {
        card.run(Op.KEY_SET, 1);
        card.run(Op.INIT, 0);
        card.tear(1, 5, Tear.Rest.OLD);
        assertNull(card.run(Op.FINAL_PERSISTENT, 9));
        card.start();
        assertEquals(aes(1, 9).substring(0, 10) + "00".repeat(11), card.bytes(0, 16));

        card.run(Op.BEGIN, Op.FINAL_PERSISTENT, 9, Op.ABORT);
        assertEquals(List.of("non-atomic-in-transaction"), card.violations());
        assertEquals(aes(1, 9).substring(0, 32), card.bytes(0, 16));
        card.run(Op.RANDOM_PERSISTENT);
        assertEquals(List.of("output"), card.events());
    }

    @Test
    void cryptographyIsCounted() throws Exception {
        card.run(Op.KEY_SET, 1, Op.INIT, 0, Op.UPDATE, 1, Op.UPDATE, 1, Op.FINAL, 9, Op.RANDOM);
        assertEquals(1, card.count("set_keys"));
        assertEquals(1, card.count("inits"));
        assertEquals(2, card.count("cipher_updates"));
        assertEquals(1, card.count("cipher_finals"));
        assertEquals(3, card.count("aes_blocks"));
        assertEquals(8, card.count("random_bytes"));
    }

    // ---------------------------------------------------------------- PIN

    /** OwnerPIN.check: the try counter does not take part in a transaction. */
    @Test
    void aTryIsNotGivenBackByAnAbort() {
        card.run(Op.BEGIN, Op.PIN_CHECK, 9, Op.ABORT);
        assertEquals(2, card.at(TortureCard.TRIES));
        card.run(Op.BEGIN, Op.PIN_CHECK, 9, Op.FAIL);
        assertEquals(1, card.at(TortureCard.TRIES));
    }

    /** The same for a tear: a try that was begun is used up, so that cutting the power gains nothing. */
    @Test
    void aTryIsNotGivenBackByATear() throws Exception {
        card.tear(2);
        assertNull(card.run(Op.BEGIN, Op.PIN_CHECK, 9, Op.BYTE, 0, 1, Op.COMMIT));
        card.start();
        assertEquals(2, card.at(TortureCard.TRIES));
        card.tear(2);
        assertNull(card.run(Op.PIN_CHECK, 0));
        card.start();
        assertEquals(1, card.at(TortureCard.TRIES));
    }

    /** OwnerPIN.check: with an exception, too, the counter is decremented and the flag is false. */
    @Test
    void aPresentationFromOutsideTheArrayCostsATry() {
        card.run(Op.PIN_CHECK, 0);
        assertEquals("6F00", card.run(Op.PIN_CHECK_OUTSIDE));
        assertEquals(2, card.at(TortureCard.TRIES));
        assertEquals(0, card.at(TortureCard.VALIDATED));
    }

    /** OwnerPIN: blocked at zero, even for the right PIN; right before that gives all tries back. */
    @Test
    void thePinBlocksAndUnblocks() {
        assertEquals("009000", card.run(Op.PIN_CHECK, 9));
        assertEquals("019000", card.run(Op.PIN_CHECK, 0));
        assertEquals(3, card.at(TortureCard.TRIES));
        card.run(Op.PIN_CHECK, 9, Op.PIN_CHECK, 9, Op.PIN_CHECK, 9);
        assertEquals("009000", card.run(Op.PIN_CHECK, 0));
        card.run(Op.PIN_UNBLOCK);
        assertEquals("019000", card.run(Op.PIN_CHECK, 0));
    }

    /** OwnerPIN: the validated flag is cleared on reset and survives a selection. */
    @Test
    void theValidatedFlagIsClearedOnReset() {
        card.run(Op.PIN_CHECK, 0);
        card.select();
        assertEquals(1, card.at(TortureCard.VALIDATED));
        card.start();
        assertEquals(0, card.at(TortureCard.VALIDATED));
    }

    /** OwnerPIN.update: the new PIN and its tries must be conditional. */
    @Test
    void aNewPinIsTakenBackWithTheTransaction() throws Exception {
        card.run(Op.PIN_CHECK, 9);
        card.run(Op.BEGIN, Op.PIN_UPDATE, 7, Op.ABORT);
        assertEquals(2, card.at(TortureCard.TRIES));
        assertEquals("019000", card.run(Op.PIN_CHECK, 0));
        card.tear(2);
        assertNull(card.run(Op.BEGIN, Op.PIN_UPDATE, 7, Op.COMMIT));
        card.start();
        assertEquals("019000", card.run(Op.PIN_CHECK, 0));
        card.run(Op.BEGIN, Op.PIN_UPDATE, 7, Op.COMMIT);
        assertEquals("009000", card.run(Op.PIN_CHECK, 0));
        assertEquals("019000", card.run(Op.PIN_CHECK, 7));
    }

    // ---------------------------------------------------------------- random numbers

    @Test
    void randomNumbersDifferUnlessSeeded() throws Exception {
        assertNotEquals(card.run(Op.RANDOM), card.run(Op.RANDOM));
        card.experiment(real -> {
            real.seed(new byte[] {1});
            return null;
        });
        String first = card.run(Op.RANDOM);
        assertNotEquals(first, card.run(Op.RANDOM));
        card.experiment(real -> {
            real.seed(new byte[] {1});
            return null;
        });
        assertEquals(first, card.run(Op.RANDOM));
    }
}
