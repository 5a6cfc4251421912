// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import id.ssncard.simulator.card.Tear;
import id.ssncard.simulator.torture.Op;
import id.ssncard.simulator.torture.TortureApplet;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Java Card 2.2.2 Runtime Environment Specification, section 7.1, and what a tear outside a transaction leaves. */
class AtomicityTest {
    private TortureCard card;

    @BeforeEach
    void newCard() throws Exception {
        card = new TortureCard();
    }

    /** Tears a script before its {@code write}-th event and powers the card up again. */
    private void torn(int write, int... script) throws Exception {
        torn(write, 0, Tear.Rest.OLD, script);
    }

    private void torn(int write, int inside, Tear.Rest rest, int... script) throws Exception {
        card.tear(write, inside, rest);
        assertNull(card.run(script), "the reader must get no answer");
        card.start();
    }

    /** Section 7.1: an update to a single field or array component is atomic, of whatever type. */
    @Test
    void everySingleUpdateIsDoneWholeOrNotAtAll() throws Exception {
        int[] script = {
            Op.BYTE, 0, 0x11, Op.SHORT, 0, 0x22, 0x23, Op.FLAG, 0, 1, Op.REFERENCE, 0, 1, Op.BYTE_FIELD, 0x33,
            Op.SHORT_FIELD, 0x44, 0x45, Op.FLAG_FIELD, 1, Op.CLASS_FIELD, 0x55, Op.REFERENCE_FIELD, 2,
        };
        int[] places = {
            0, TortureCard.SHORTS, TortureCard.FLAGS, TortureCard.REFERENCES, TortureCard.BYTE_FIELD,
            TortureCard.SHORT_FIELD, TortureCard.FLAG_FIELD, TortureCard.CLASS_FIELD, TortureCard.REFERENCE_FIELD,
        };
        int[] values = {0x11, 0x22, 1, 1, 0x33, 0x44, 1, 0x55, 2};
        for (int write = 1; write <= places.length; write++) {
            newCard();
            torn(write, script);
            byte[] dump = card.dump();
            for (int i = 0; i < places.length; i++) {
                assertEquals(i < write - 1 ? values[i] : 0, dump[places[i]], "tear " + write + ", place " + i);
            }
        }
    }

    /** An armed tear that is never reached does nothing; the count of events is what a dry run finds. */
    @Test
    void aTearBehindTheLastWriteWaitsForTheNextCommand() throws Exception {
        card.run(Op.BYTE, 0, 1, Op.BYTE, 1, 1);
        assertEquals(2, card.count("events"));
        card.tear(3);
        assertEquals("9000", card.run(Op.BYTE, 0, 2, Op.BYTE, 1, 2));
        assertNull(card.run(Op.BYTE, 0, 3));
        card.start();
        assertEquals("0202", card.bytes(0, 2));
    }

    /** Section 7.1: Util.arrayCopy either copies all bytes or restores all. */
    @Test
    void arrayCopyIsAtomicOutsideATransaction() throws Exception {
        card.run(Op.FILL, 0, 8, 0x11);
        torn(1, 5, Tear.Rest.ERASED, Op.COPY, 0, 8, 0x22);
        assertEquals("1111111111111111", card.bytes(0, 8));
    }

    /** Section 7.1: it is one update, so there is one place where power can go. */
    @Test
    void arrayCopyIsOneEventOfItsLength() throws Exception {
        card.run(Op.COPY, 3, 9, 0x22);
        assertEquals(List.of("copy"), card.events());
        assertEquals(List.of("bytes[3..11]"), card.places());
        assertEquals(9, card.count("written_bytes"));
    }

    /** API, Util.arrayCopy: as if through a temporary array where source and destination overlap. */
    @Test
    void arrayCopyWithinAnArrayMayOverlap() {
        for (int i = 0; i < 4; i++) {
            card.run(Op.BYTE, i, i + 1);
        }
        card.run(Op.SHIFT, 0, 1, 3);
        assertEquals("01010203", card.bytes(0, 4));
    }

    /** API, Util.arrayCopyNonAtomic: a power loss in the middle leaves the array partially modified. */
    @Test
    void aTornNonAtomicCopyLeavesAPrefix() throws Exception {
        for (int op : new int[] {Op.COPY_NON_ATOMIC, Op.FILL}) {
            for (int inside = 0; inside <= 4; inside++) {
                newCard();
                card.run(Op.FILL, 0, 4, 0x11);
                torn(1, inside, Tear.Rest.OLD, op, 0, 4, 0x22);
                assertEquals("22".repeat(inside) + "11".repeat(4 - inside), card.bytes(0, 4));
            }
        }
    }

    /** The same; nothing says that the byte being written is either its old or its new value. */
    @Test
    void aTornNonAtomicCopyMayLeaveGarbageInOneByte() throws Exception {
        card.run(Op.FILL, 0, 4, 0x11);
        torn(1, 2, Tear.Rest.GARBAGE, Op.COPY_NON_ATOMIC, 0, 4, 0x22);
        assertEquals("2222", card.bytes(0, 2));
        assertNotEquals("11", card.bytes(2, 1));
        assertNotEquals("22", card.bytes(2, 1));
        assertEquals("11", card.bytes(3, 1));
    }

    /** The same, on a card that erases what it is about to write. */
    @Test
    void aTornNonAtomicCopyMaySpoilAllThatIsNotYetWritten() throws Exception {
        card.run(Op.FILL, 0, 5, 0x11);
        torn(1, 1, Tear.Rest.ERASED, Op.COPY_NON_ATOMIC, 0, 4, 0x22);
        assertEquals("22", card.bytes(0, 1));
        for (int i = 1; i < 4; i++) {
            assertNotEquals("11", card.bytes(i, 1));
            assertNotEquals("22", card.bytes(i, 1));
        }
        assertEquals("11", card.bytes(4, 1));
    }

    /** API, Util.setShort: two successive bytes; section 7.1 makes each of them atomic, not the pair. */
    @Test
    void setShortCanBeTornBetweenItsBytes() throws Exception {
        torn(1, 1, Tear.Rest.OLD, Op.SET_SHORT, 0, 0x12, 0x34);
        assertEquals("1200", card.bytes(0, 2));
    }

    /** Nothing of an applet runs after power is lost, whatever it catches. */
    @Test
    void anAppletThatCatchesEverythingDoesNotOutliveThePower() throws Exception {
        torn(1, Op.CATCH_ALL, Op.BYTE, 0, 1);
        assertEquals("00", card.bytes(0, 1));
        assertEquals("00", card.bytes(TortureApplet.SIZE - 1, 1));
    }

    /** The same without a write that could end it. */
    @Test
    void anAppletThatRunsInCirclesDoesNotOutliveThePower() throws Exception {
        card.tear(1);
        assertTimeoutPreemptively(
                Duration.ofSeconds(10), () -> assertNull(card.run(Op.CATCH_AND_SPIN, Op.BYTE, 0, 1)));
        card.start();
        assertEquals("00", card.bytes(0, 1));
    }

    /** Without a tear too: what never ends is torn in the end, and the card works on. */
    @Test
    void anEndlessCommandIsTorn() throws Exception {
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> assertNull(card.run(Op.CATCH_AND_SPIN, Op.FAIL)));
        card.start();
        assertEquals("9000", card.run(Op.BYTE, 0, 1));
    }

    /** Section 3.6: after power loss the card is reset: nothing selected, transient memory clear. */
    @Test
    void afterATearTheCardIsResetAndLivesOn() throws Exception {
        card.run(Op.TRANSIENT, 7);
        card.tear(1);
        assertNull(card.run(Op.BYTE, 0, 1));
        card.runtime.powerUp();
        assertEquals("6986", card.send("8020000000"));
        card.select();
        assertEquals(0, card.at(TortureCard.TRANSIENTS));
        assertEquals("9000", card.run(Op.BYTE, 0, 1));
        assertEquals("01", card.bytes(0, 1));
    }

    /** A tear after everything is done: the terminal cannot tell it from one before. */
    @Test
    void aLostAnswerLeavesTheWholeEffect() throws Exception {
        card.experiment(real -> {
            real.tear().armBeforeAnswer();
            return null;
        });
        assertNull(card.run(Op.BYTE, 0, 1, Op.BYTE, 1, 2));
        card.start();
        assertEquals("0102", card.bytes(0, 2));
    }

    /** API: a range outside the array changes nothing, not even its part inside. */
    @Test
    void copiesOutsideTheArrayChangeNothing() {
        for (int op : new int[] {Op.COPY, Op.COPY_NON_ATOMIC, Op.FILL}) {
            assertEquals("6F00", card.run(op, 60, 8, 0x22));
        }
        assertEquals("00000000", card.bytes(60, 4));
    }

    @Test
    void eventsNameThePlaceAndTheBytes() throws Exception {
        card.run(Op.BYTE, 2, 0x7F, Op.BYTE_FIELD, 5, Op.CLASS_FIELD, 6, Op.SHORT, 1, 1, 2);
        assertEquals(
                List.of("bytes[2]", "TortureApplet.byteField", "TortureApplet.classByte", "shorts[1]"), card.places());
        var event = card.counters().getAsJsonArray("write_events").get(3).getAsJsonObject();
        assertEquals("0000", event.get("before").getAsString());
        assertEquals("0102", event.get("after").getAsString());
        assertEquals(2, event.get("bytes").getAsInt());
        assertEquals(5, card.count("written_bytes"));
    }
}
