// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import id.ssncard.simulator.card.AllocationPolicy;
import id.ssncard.simulator.torture.Op;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Saving a card, restoring it into another, and coming back to a checkpoint. */
class SavedCardTest {
    private static final int[] MUCH = {
        Op.BYTE, 5, 0x11, Op.SHORT, 2, 0x82, 0x23, Op.FLAG, 1, 1, Op.REFERENCE, 1, 2, Op.BYTE_FIELD, 0x33, Op.SHORT_FIELD,
        0xF4, 0x45, Op.FLAG_FIELD, 1, Op.CLASS_FIELD, 0x55, Op.REFERENCE_FIELD, 1,
    };

    private TortureCard card;

    @BeforeEach
    void newCard() throws Exception {
        card = new TortureCard();
        card.run(MUCH);
        card.run(Op.KEY_SET, 7, Op.INIT, 0, Op.PIN_UPDATE, 4, Op.PIN_CHECK, 9, Op.TRANSIENT, 3);
    }

    /** By way of text, as through a file. */
    private static TortureCard restored(JsonObject saved) throws Exception {
        TortureCard other = new TortureCard();
        JsonObject read = JsonParser.parseString(saved.toString()).getAsJsonObject();
        other.experiment(real -> {
            real.restore(read);
            return null;
        });
        return other;
    }

    @Test
    void aRestoredCardIsTheSavedOneAfterAReset() throws Exception {
        TortureCard other = restored(card.save());
        other.start();
        card.start();
        assertArrayEquals(card.dump(), other.dump());
        assertEquals(0x11, other.at(5));
        assertEquals(2, other.at(TortureCard.REFERENCES + 1));
        assertEquals(1, other.at(TortureCard.REFERENCE_FIELD));
        assertEquals(card.run(Op.FINAL, 1), other.run(Op.FINAL, 1));
        assertEquals("019000", other.run(Op.PIN_CHECK, 4));
    }

    @Test
    void cardsDoNotShareStaticFields() throws Exception {
        assertEquals(0x55, card.at(TortureCard.CLASS_FIELD));
        assertEquals(0, new TortureCard().at(TortureCard.CLASS_FIELD));
    }

    @Test
    void aRestoredCardIsWithoutPower() throws Exception {
        TortureCard other = restored(card.save());
        other.runtime.powerDown();
        assertThrows(IllegalStateException.class, other::dump);
    }

    @Test
    void savingTwiceGivesTheSame() throws Exception {
        assertEquals(card.save(), card.save());
        assertEquals(card.save(), restored(card.save()).save());
    }

    @Test
    void aStateOfOtherCodeOrShapeIsRefused() throws Exception {
        for (String member : new String[] {"format", "version", "code", "objects"}) {
            JsonObject saved = card.save();
            saved.remove(member);
            assertEquals("cannot-save", assertThrows(ControlException.class, () -> restored(saved)).code());
        }
        JsonObject other = card.save();
        other.addProperty("code", "00");
        assertThrows(ControlException.class, () -> restored(other));
        JsonObject cut = card.save();
        cut.getAsJsonArray("objects").remove(0);
        assertThrows(ControlException.class, () -> restored(cut));
    }

    @Test
    void aCardThatAllocatedCannotBeSavedIfItKeptIt() throws Exception {
        card.experiment(real -> {
            real.allocations(AllocationPolicy.ALLOW);
            return null;
        });
        card.run(Op.ALLOCATE, 1);
        assertThrows(ControlException.class, card::save);
    }

    @Test
    void aCheckpointBringsRamAndSelectionBackAsOftenAsWanted() throws Exception {
        card.run(Op.UPDATE, 1);
        byte[] before = card.dump();
        card.runtime.checkpoint("");
        for (int i = 0; i < 2; i++) {
            card.run(Op.BYTE, 5, 1, Op.TRANSIENT, 9, Op.KEY_SET, 1, Op.PIN_CHECK, 4, Op.BYTE_FIELD, 0);
            assertNotEquals(before[5], card.at(5));
            card.tear(1);
            assertNull(card.run(Op.BYTE, 0, 9));
            card.runtime.rewind("");
            assertArrayEquals(before, card.dump());
        }
    }

    /** So that a command which draws random numbers does the same at every tear. */
    @Test
    void aCheckpointBringsSeededRandomNumbersBack() throws Exception {
        card.experiment(real -> {
            real.seed(new byte[] {1, 2});
            return null;
        });
        card.run(Op.RANDOM);
        card.runtime.checkpoint("");
        String first = card.run(Op.RANDOM);
        card.runtime.rewind("");
        assertEquals(first, card.run(Op.RANDOM));
    }

    @Test
    void aRewindNeedsACheckpoint() {
        assertThrows(ControlException.class, () -> card.runtime.rewind(""));
    }
}
