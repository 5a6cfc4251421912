// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import id.ssncard.simulator.torture.Op;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a command's counters say. */
class CountingTest {
    private static final int LOOP_TURN = 14;
    private static final int CONVERTED_LOOP_TURN = 12;

    private TortureCard card;

    @BeforeEach
    void newCard() throws Exception {
        card = new TortureCard();
    }

    private int bytecodes(String counter, int turns) throws Exception {
        card.send(String.format("8050%02X00", turns));
        return card.count(counter);
    }

    @Test
    void bytecodesAreCountedAsExecuted() throws Exception {
        int none = bytecodes("bytecodes", 0);
        assertEquals(none + LOOP_TURN, bytecodes("bytecodes", 1));
        assertEquals(none + 200 * LOOP_TURN, bytecodes("bytecodes", 200));
    }

    @Test
    void aConverterLeavesNarrowingOut() throws Exception {
        int none = bytecodes("converted_bytecodes", 0);
        assertEquals(none + 100 * CONVERTED_LOOP_TURN, bytecodes("converted_bytecodes", 100));
    }

    /** Calls by name; those that an applet inherits from the API too. */
    @Test
    void apiCallsAreCountedByName() throws Exception {
        card.run(Op.BEGIN, Op.COMMIT, Op.BEGIN, Op.ABORT);
        var calls = card.counters().getAsJsonObject("api_calls");
        assertEquals(2, calls.get("JCSystem.beginTransaction").getAsInt());
        assertEquals(1, calls.get("JCSystem.commitTransaction").getAsInt());
        assertEquals(1, calls.get("JCSystem.abortTransaction").getAsInt());
        assertEquals(1, calls.get("Util.arrayCopyNonAtomic").getAsInt());
        assertEquals(1, calls.get("Applet.selectingApplet").getAsInt());
        assertEquals(2, card.count("transactions"));
    }

    @Test
    void countersAreOfTheLastCommandAlone() throws Exception {
        card.run(Op.BYTE, 0, 1);
        card.dump();
        assertEquals(0, card.count("writes"));
    }

    /** Commits and inits are places where power can go, and no writes of data. */
    @Test
    void eventsAndWritesAreToldApart() throws Exception {
        card.run(Op.KEY_SET, 1);
        card.run(Op.BEGIN, Op.BYTE, 0, 1, Op.COMMIT, Op.INIT, 0);
        assertEquals(3, card.count("events"));
        assertEquals(1, card.count("writes"));
    }

    /** A torn command's counters end where it was torn. */
    @Test
    void aTornCommandIsCountedUpToItsTear() throws Exception {
        card.tear(2);
        card.run(Op.BYTE, 0, 1, Op.BYTE, 1, 1, Op.BYTE, 2, 1);
        assertEquals(2, card.count("events"));
        assertEquals(1, card.count("writes"));
    }

    @Test
    void theReachOfTheApduBufferIsCounted() throws Exception {
        card.run(Op.BYTE, 0, 1);
        assertEquals(5 + 3 + 1, card.count("apdu_buffer_bytes"));
        card.dump();
        assertEquals(94, card.count("apdu_buffer_bytes"));
    }
}
