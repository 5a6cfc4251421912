// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import id.ssncard.simulator.torture.Op;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Java Card 2.2.2 Runtime Environment Specification, chapter 5, and section 7.7. */
class TransientMemoryTest {
    private TortureCard card;

    @BeforeEach
    void newCard() throws Exception {
        card = new TortureCard();
    }

    private byte[] transients() {
        return Arrays.copyOfRange(card.dump(), TortureCard.TRANSIENTS, TortureCard.TRIES);
    }

    /** Section 5.1: CLEAR_ON_RESET is cleared when the card is reset or powered on, CLEAR_ON_DESELECT too. */
    @Test
    void aResetClearsAllTransientArraysOfEveryType() {
        card.run(Op.TRANSIENT, 7);
        assertArrayEquals(new byte[] {7, 7, 0, 7, 1, 1}, transients());
        card.start();
        assertArrayEquals(new byte[6], transients());
    }

    /** Section 5.1: CLEAR_ON_DESELECT is cleared when the applet is deselected, even by selecting it again. */
    @Test
    void aSelectionClearsOnlyWhatIsClearedOnDeselect() {
        card.run(Op.TRANSIENT, 7);
        card.select();
        assertArrayEquals(new byte[] {7, 0, 0, 7, 1, 0}, transients());
    }

    /** Section 5.1, for keys: a key with transient data is uninitialised after the event. */
    @Test
    void aTransientKeyIsClearedWithItsEvent() {
        card.run(Op.SESSION_KEY_SET, 1);
        assertEquals(1, card.at(TortureCard.SESSION_KEY_SET));
        card.select();
        assertEquals(0, card.at(TortureCard.SESSION_KEY_SET));
    }

    /** Section 7.7: only updates to persistent objects take part in a transaction. */
    @Test
    void anAbortRestoresNoTransientArray() {
        card.run(Op.TRANSIENT, 7, Op.BEGIN, Op.TRANSIENT, 9, Op.ABORT);
        assertArrayEquals(new byte[] {9, 9, 0, 9, 1, 1}, transients());
    }

    /** Chapter 5: writing transient memory is no persistent write, so power cannot tear it and no buffer holds it. */
    @Test
    void transientWritesAreNoEventsAndTakeNoCommitBuffer() throws Exception {
        card.run(Op.BEGIN, Op.TRANSIENT, 7, Op.COMMIT);
        assertEquals(0, card.count("writes"));
        assertEquals(0, card.count("commit_bytes"));
    }

    @Test
    void transientMemoryIsCountedByItsEvent() throws Exception {
        // On reset: 4 and 64 bytes, 2 shorts, 2 booleans, the PIN's flag; on deselect: 4 bytes, 2 references, a key.
        assertEquals(4 + 64 + 4 + 2 + 1, card.count("ram_reset_bytes"));
        assertEquals(4 + 4 + 16, card.count("ram_deselect_bytes"));
    }

    /** Of an array, what lies up to the highest component ever written. */
    @Test
    void theHighWaterMarkGrowsWithTheHighestComponentWritten() throws Exception {
        // The script of 4 bytes and the 20 at offset 32 of the 64-byte array.
        card.run(Op.COPY, 0, 20, 5);
        int reached = card.count("ram_reached_bytes");
        card.run(Op.COPY, 0, 32, 5);
        assertEquals(12, card.count("ram_reached_bytes") - reached);
        card.run(Op.COPY, 0, 20, 5);
        assertEquals(12, card.count("ram_reached_bytes") - reached);
    }
}
