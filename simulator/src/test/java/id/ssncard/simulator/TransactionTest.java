// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import id.ssncard.simulator.torture.Op;
import id.ssncard.simulator.torture.TortureApplet;
import java.util.List;
import javacard.framework.TransactionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Java Card 2.2.2 Runtime Environment Specification, sections 7.2 to 7.8. */
class TransactionTest {
    /** Every conditional update there is, one of each. */
    private static final int[] ALL = {
        Op.BYTE, 0, 0x11, Op.SHORT, 0, 0x22, 0x23, Op.FLAG, 0, 1, Op.REFERENCE, 0, 1, Op.BYTE_FIELD, 0x33,
        Op.SHORT_FIELD, 0x44, 0x45, Op.CLASS_FIELD, 0x55, Op.REFERENCE_FIELD, 2, Op.COPY, 8, 4, 0x66,
    };
    private static final int ALL_EVENTS = 9;

    private TortureCard card;

    @BeforeEach
    void newCard() throws Exception {
        card = new TortureCard();
    }

    private static int[] inTransaction(int[] script, int... end) {
        int[] whole = new int[1 + script.length + end.length];
        whole[0] = Op.BEGIN;
        System.arraycopy(script, 0, whole, 1, script.length);
        System.arraycopy(end, 0, whole, 1 + script.length, end.length);
        return whole;
    }

    /** Section 7.2: commitTransaction makes all conditional updates lasting. */
    @Test
    void aCommitKeepsEveryUpdate() throws Exception {
        card.run(ALL);
        byte[] plain = card.dump();
        newCard();
        card.run(inTransaction(ALL, Op.COMMIT));
        card.start();
        assertArrayEquals(plain, card.dump());
    }

    /** Section 7.6.1: abortTransaction restores all fields and components to what they were at the beginning. */
    @Test
    void anAbortTakesEveryUpdateBack() {
        byte[] before = card.dump();
        assertEquals("9000", card.run(inTransaction(ALL, Op.ABORT)));
        assertArrayEquals(before, card.dump());
    }

    /** Section 7.6.1: to the value before the transaction, not to the one before last. */
    @Test
    void anAbortTakesRepeatedUpdatesBackToTheFirstValue() {
        card.run(Op.BYTE, 0, 1);
        card.run(Op.BEGIN, Op.BYTE, 0, 2, Op.BYTE, 0, 3, Op.COPY, 0, 4, 4, Op.BYTE, 0, 5, Op.ABORT);
        assertEquals("01000000", card.bytes(0, 4));
    }

    /** Section 7.5: a tear anywhere in a transaction restores everything; after the commit it restores nothing. */
    @Test
    void aTearAnywhereBeforeTheCommitTakesEveryUpdateBack() throws Exception {
        byte[] before = card.dump();
        for (int write = 1; write <= ALL_EVENTS + 1; write++) {
            newCard();
            card.tear(write);
            assertNull(card.run(inTransaction(ALL, Op.COMMIT)), "tear " + write);
            card.start();
            assertArrayEquals(before, card.dump(), "tear " + write);
        }
        newCard();
        card.tear(ALL_EVENTS + 2);
        assertNull(card.run(inTransaction(ALL, Op.COMMIT, Op.BYTE, 1, 9)));
        card.start();
        assertEquals("1100", card.bytes(0, 2));
    }

    /** Section 7.5 names a reset beside the tear. */
    @Test
    void anAppletThatCatchesTheTearCannotCommit() throws Exception {
        card.tear(2);
        assertNull(card.run(Op.BEGIN, Op.CATCH_ALL, Op.BYTE, 0, 1, Op.BYTE, 1, 1));
        card.start();
        assertEquals("0000", card.bytes(0, 2));
        assertEquals("00", card.bytes(TortureApplet.SIZE - 1, 1));
    }

    /** Section 7.6.2: an uncaught exception with a transaction in progress aborts it. */
    @Test
    void anUncaughtExceptionAborts() {
        assertEquals("6F00", card.run(Op.BEGIN, Op.BYTE, 0, 1, Op.FAIL));
        assertEquals("6984", card.run(Op.BEGIN, Op.BYTE, 1, 1, Op.REFUSE));
        assertEquals("0000", card.bytes(0, 2));
    }

    /** Sections 7.3 and 7.6.2: a transaction always ends when process() returns. */
    @Test
    void returningWithATransactionInProgressAborts() throws Exception {
        assertEquals("9000", card.run(Op.BEGIN, Op.BYTE, 0, 1));
        assertEquals(List.of("transaction-left-open"), card.violations());
        assertEquals("00", card.bytes(0, 1));
        assertEquals("009000", card.run(Op.ASK).replaceAll("^(..).*(9000)$", "$1$2"));
    }

    /** Sections 7.3 and 7.6.2, for select(): its transaction does not reach process(). */
    @Test
    void selectEndsItsTransaction() throws Exception {
        card.script(TortureApplet.ON_SELECT, Op.BEGIN, Op.BYTE, 0, 1);
        assertEquals("009000", card.select(), "process() begins with a transaction in progress");
        assertEquals(List.of("transaction-left-open"), card.violations());
        assertEquals("00", card.bytes(0, 1));
        card.script(TortureApplet.ON_SELECT, Op.BEGIN, Op.BYTE, 0, 1, Op.COMMIT);
        card.select();
        assertEquals("01", card.bytes(0, 1));
    }

    /** Sections 7.3 and 7.6.2, for deselect(). */
    @Test
    void deselectEndsItsTransaction() {
        card.script(TortureApplet.ON_DESELECT, Op.BEGIN, Op.BYTE, 0, 1);
        card.select();
        assertEquals("00", card.bytes(0, 1));
        card.script(TortureApplet.ON_DESELECT, Op.BYTE, 0, 1);
        card.select();
        assertEquals("01", card.bytes(0, 1));
    }

    /** Section 7.5: power may go in deselect() too. */
    @Test
    void aTearInDeselectIsATear() throws Exception {
        card.script(TortureApplet.ON_DESELECT, Op.BYTE, 0, 1, Op.BYTE, 1, 1);
        card.tear(2);
        assertNull(card.select());
        card.start();
        assertEquals("0100", card.bytes(0, 2));
    }

    /** Section 7.4: only one transaction at a time; the one in progress goes on. */
    @Test
    void aNestedBeginIsRefused() {
        String answer = card.run(Op.GUARD, Op.BEGIN, Op.GUARD, Op.BEGIN, Op.BYTE, 0, 1, Op.GUARD, Op.COMMIT);
        assertEquals(String.format("00%02X009000", TransactionException.IN_PROGRESS), answer);
        assertEquals("01", card.bytes(0, 1));
    }

    /** API, JCSystem: without a transaction there is nothing to commit or abort. */
    @Test
    void commitAndAbortNeedATransaction() {
        String answer = card.run(Op.GUARD, Op.COMMIT, Op.GUARD, Op.ABORT);
        assertEquals(String.format("%02X%1$02X9000", TransactionException.NOT_IN_PROGRESS), answer);
    }

    /** Section 7.8 and API: the capacity is what the card model has, and what entries take of it is seen. */
    @Test
    void theCommitCapacityIsToldAndUsed() throws Exception {
        card.capacity(100);
        assertEquals("00" + "0064" + "0064" + "9000", card.run(Op.ASK));
        // An entry: data and 6 bytes.
        assertEquals("01" + "0055" + "0064" + "9000", card.run(Op.BEGIN, Op.COPY, 0, 9, 1, Op.ASK));
        assertEquals(15, card.count("commit_bytes"));
        card.run(Op.BEGIN, Op.BYTE, 0, 1, Op.SHORT, 0, 1, 2, Op.COMMIT, Op.BEGIN, Op.BYTE, 0, 1, Op.COMMIT);
        assertEquals(7 + 8, card.count("commit_bytes"));
        card.capacity(40_000);
        assertEquals("00" + "7FFF" + "7FFF" + "9000", card.run(Op.ASK));
    }

    /** Section 7.8: exceeding it throws BUFFER_FULL, and the transaction can still be aborted or committed. */
    @Test
    void exceedingTheCommitCapacityThrowsBufferFull() throws Exception {
        card.capacity(19);
        String full = String.format("%02X", TransactionException.BUFFER_FULL);
        assertEquals(
                "00" + full + "9000",
                card.run(Op.BEGIN, Op.GUARD, Op.COPY, 0, 13, 1, Op.GUARD, Op.BYTE, 20, 1, Op.COMMIT));
        assertEquals("01".repeat(13), card.bytes(0, 13));
        assertEquals("00", card.bytes(20, 1));
        assertEquals("6F00", card.run(Op.BEGIN, Op.COPY, 0, 13, 2, Op.BYTE, 20, 1, Op.COMMIT));
        assertEquals("01".repeat(13), card.bytes(0, 13));
    }

    /** API, Util.arrayCopy: it needs the capacity outside a transaction as well; then no copy is performed. */
    @Test
    void arrayCopyAloneIsLimitedByTheCommitCapacity() throws Exception {
        card.capacity(18);
        String full = String.format("%02X", TransactionException.BUFFER_FULL);
        assertEquals("00" + full + "9000", card.run(Op.GUARD, Op.COPY, 0, 12, 1, Op.GUARD, Op.COPY, 20, 13, 1));
        assertEquals(18, card.count("commit_bytes"));
        assertEquals("00".repeat(13), card.bytes(20, 13));
    }

    /** Sections 7.1 and 7.6: arrayCopyNonAtomic and arrayFillNonAtomic do not use the commit buffer. */
    @Test
    void nonAtomicWritesBypassTheTransactionAndAreReported() throws Exception {
        for (int op : new int[] {Op.COPY_NON_ATOMIC, Op.FILL}) {
            newCard();
            card.run(Op.BEGIN, Op.BYTE, 9, 1, op, 0, 4, 0x22, Op.ABORT);
            assertEquals(List.of("non-atomic-in-transaction"), card.violations());
            assertEquals(7, card.count("commit_bytes"));
            assertEquals("22222222", card.bytes(0, 4));
            assertEquals("00", card.bytes(9, 1));
        }
    }

    /** The same to transient memory is daily life. */
    @Test
    void nonAtomicWritesToTransientMemoryAreNoViolation() throws Exception {
        card.run(Op.BEGIN, Op.COPY, 0, 4, 1, Op.COMMIT);
        assertEquals(List.of(), card.violations());
    }

    /** API, Util.setShort: it throws TransactionException, so it takes part. */
    @Test
    void setShortTakesPartInTheTransaction() throws Exception {
        card.run(Op.BEGIN, Op.SET_SHORT, 0, 0x12, 0x34, Op.ABORT);
        assertEquals("0000", card.bytes(0, 2));
        card.tear(2);
        card.run(Op.BEGIN, Op.SET_SHORT, 0, 0x12, 0x34, Op.COMMIT);
        card.start();
        assertEquals("0000", card.bytes(0, 2));
    }
}
