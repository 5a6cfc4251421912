// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import id.ssncard.simulator.card.Freedom;
import id.ssncard.simulator.card.Tear;
import id.ssncard.simulator.torture.Op;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What a simulated card does that takes a freedom of the specification; {@code test_freedoms.py} has the applet's side. */
class FreedomTest {
    private static TortureCard taking(Freedom... freedoms) throws Exception {
        TortureCard card = new TortureCard(freedoms);
        card.run(Op.KEY_SET, 1);
        return card;
    }

    /** What {@code FINAL} gives of a card that takes no freedom. */
    private static String encrypted(int block) throws Exception {
        return taking().run(Op.INIT, 0, Op.FINAL, block);
    }

    @Test
    void heldBlocksComeWithTheLast() throws Exception {
        TortureCard card = taking(Freedom.HELD_BLOCKS);
        assertEquals(encrypted(5), card.run(Op.INIT, 0, Op.UPDATE, 5, Op.FINAL, 9));
        assertEquals(encrypted(9), card.run(Op.FINAL, 9), "and nothing is held after it");
        card.run(Op.UPDATE, 5);
        card.start();
        assertEquals(encrypted(9), card.run(Op.FINAL, 9), "nor after a reset");
    }

    @Test
    void forgottenCiphersRefuse() throws Exception {
        TortureCard card = taking(Freedom.FORGOTTEN_CIPHERS);
        assertEquals(encrypted(9), card.run(Op.INIT, 0, Op.FINAL, 9));
        card.start();
        assertEquals("6F00", card.run(Op.FINAL, 9));
        assertEquals(encrypted(9), card.run(Op.INIT, 0, Op.FINAL, 9));
    }

    @Test
    void aTornInitWorksWithAnotherKey() throws Exception {
        TortureCard card = taking(Freedom.TORN_INIT);
        card.run(Op.INIT, 0);
        card.tear(2);
        assertNull(card.run(Op.INIT, 0));
        card.start();
        String garbage = card.run(Op.FINAL, 9);
        assertEquals(2 * 18, garbage.length());
        assertNotEquals(encrypted(9), garbage);
    }

    @Test
    void aTornKeyIsAnotherOneThenNone() throws Exception {
        TortureCard card = taking(Freedom.TORN_KEY);
        card.tear(2);
        assertNull(card.run(Op.KEY_SET, 1));
        card.start();
        assertEquals(1, card.at(TortureCard.KEY_SET));
        assertNotEquals(encrypted(9), card.run(Op.INIT, 0, Op.FINAL, 9));
        card.tear(3);
        assertNull(card.run(Op.KEY_SET, 1));
        card.start();
        assertEquals(0, card.at(TortureCard.KEY_SET));
    }

    @Test
    void aTornPinIsNeitherTheOldNorTheNew() throws Exception {
        TortureCard card = taking(Freedom.TORN_PIN);
        card.run(Op.PIN_UPDATE, 4);
        card.tear(2);
        assertNull(card.run(Op.PIN_UPDATE, 5));
        card.start();
        assertEquals("009000", card.run(Op.PIN_CHECK, 4));
        assertEquals("009000", card.run(Op.PIN_CHECK, 5));
    }

    @Test
    void aLateTryIsSavedByATear() throws Exception {
        TortureCard card = taking(Freedom.LATE_TRY);
        card.run(Op.PIN_UPDATE, 4);
        int tries = card.at(TortureCard.TRIES);
        card.tear(1);
        assertNull(card.run(Op.PIN_CHECK, 5));
        card.start();
        assertEquals(tries, card.at(TortureCard.TRIES));
        card.run(Op.PIN_CHECK, 5);
        assertEquals(tries - 1, card.at(TortureCard.TRIES));
    }

    @Test
    void whatLiesBesideATornCopyIsSpoilt() throws Exception {
        TortureCard card = taking(Freedom.SPOILT_NEIGHBOURS);
        String before = card.bytes(0, 8);
        card.tear(1, 4, Tear.Rest.OLD);
        assertNull(card.run(Op.COPY_NON_ATOMIC, 8, 4, 1));
        card.start();
        assertNotEquals(before, card.bytes(0, 8));
        card.tear(1);
        String beside = card.bytes(0, 8);
        assertNull(card.run(Op.COPY, 8, 4, 1));
        card.start();
        assertEquals(beside, card.bytes(0, 8), "an atomic one spoils nothing");
    }

    @Test
    void aTightCommitBufferHoldsALogRecord() throws Exception {
        TortureCard card = taking(Freedom.TIGHT_COMMIT);
        assertEquals("00" + "0064" + "0064" + "9000", card.run(Op.ASK));
    }

    @Test
    void labelsAreRead() {
        assertEquals(EnumSet.allOf(Freedom.class), Freedom.parse("all"));
        assertEquals(Set.of(), Freedom.parse(""));
        Set<Freedom> two = EnumSet.of(Freedom.LATE_TRY, Freedom.T0);
        assertEquals(two, Freedom.parse(Freedom.list(two)));
        assertThrows(IllegalArgumentException.class, () -> Freedom.parse("late-try,nonsense"));
    }

    // ---------------------------------------------------------------- T=0

    private static String over(T0Line line, String command, UnaryOperator<byte[]> card) {
        return HexFormat.of().formatHex(line.transmit(HexFormat.of().parseHex(command), card));
    }

    /** Answers the command it got and 9000. */
    private static byte[] echo(byte[] command) {
        return HexFormat.of().parseHex(HexFormat.of().formatHex(command) + "9000");
    }

    @Test
    void dataOfACommandWithDataAreFetched() {
        T0Line line = new T0Line();
        assertEquals("6107", over(line, "80100000" + "02aabb" + "00", FreedomTest::echo));
        assertEquals("6c07", over(line, "00c0000000", FreedomTest::echo));
        assertEquals("80100000" + "02aabb" + "9000", over(line, "00c0000007", FreedomTest::echo), "it went without Le");
        assertEquals("6c05", over(line, "00c0000007", FreedomTest::echo), "once: now it is a command like any other");
    }

    @Test
    void anotherCommandLetsGoOfThem() {
        T0Line line = new T0Line();
        assertEquals("6106", over(line, "80100000" + "01aa", FreedomTest::echo));
        assertEquals("6a82", over(line, "80200000", command -> HexFormat.of().parseHex("6a82")));
        assertEquals("6d00", over(line, "00c0000006", command -> HexFormat.of().parseHex("6d00")));
    }

    @Test
    void aResetLetsGoOfThem() {
        T0Line line = new T0Line();
        over(line, "80100000" + "01aa", FreedomTest::echo);
        line.reset();
        assertEquals("6d00", over(line, "00c0000006", command -> HexFormat.of().parseHex("6d00")));
    }

    @Test
    void aWrongLeIsNamed() {
        T0Line line = new T0Line();
        assertEquals("6c05", over(line, "8010000002", FreedomTest::echo));
        assertEquals("80100000029000", over(line, "8010000005", command -> new byte[0]));
    }
}
