// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.licel.jcardsim.base.SimulatorRuntime;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CardRuntimeTest {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final String SELECT = "00A4040006F050524F424500";

    private CardRuntime card;

    @BeforeEach
    void newCard() throws Exception {
        card = runtime("0102030405060708");
        card.powerUp();
    }

    private static CardRuntime runtime(String install) throws Exception {
        return new CardRuntime(
                new SimulatorRuntime(), ProbeApplet.class, HEX.parseHex(ProbeApplet.AID.toUpperCase()),
                HEX.parseHex(install));
    }

    private String send(String command) {
        return HEX.formatHex(card.transmit(HEX.parseHex(command)));
    }

    @Test
    void theAtrIsWellFormed() {
        byte[] atr = AnswerToReset.t1();
        int check = 0;
        for (int i = 1; i < atr.length; i++) {
            check ^= atr[i];
        }
        assertEquals(0, check);
        assertEquals("3B858131FE458073C02100", HEX.formatHex(atr, 0, atr.length - 1));
    }

    @Test
    void installDataReachesTheAppletAsApplicationData() {
        send(SELECT);
        assertEquals("01020304050607089000", send("8080000000"));
    }

    @Test
    void aRefusedInstallationNamesTheReason() {
        ControlException refusal = assertThrows(ControlException.class, () -> runtime("FF"));
        assertEquals("install-refused", refusal.code());
        assertEquals(true, refusal.getMessage().contains("6A80"), refusal.getMessage());
    }

    @Test
    void resetClearsTransientMemoryAndTheSelectionAndKeepsTheRest() {
        send(SELECT);
        assertEquals("00019000", send("8020000000"));
        assertEquals("00009000", send("8030770000"));
        assertEquals("77779000", send("8030770000"));

        card.powerUp();
        assertEquals("6986", send("8020000000"));
        send(SELECT);
        assertEquals("00009000", send("8030770000"));
        assertEquals("00029000", send("8020000000"));
    }

    @Test
    void selectingAgainClearsOnlyDeselectMemory() {
        send(SELECT);
        send("8030550000");
        send(SELECT);
        assertEquals("55009000", send("8030550000"));
    }

    @Test
    void aCommandWithoutPowerIsAnError() {
        card.powerDown();
        assertThrows(IllegalStateException.class, () -> send(SELECT));
    }

    @Test
    void anUncaughtExceptionIs6F00AndTheCardLivesOn() {
        send(SELECT);
        assertEquals("6F00", send("80400000"));
        assertEquals("00019000", send("8020000000"));
    }

    @Test
    void malformedCommandsAre6700() {
        send(SELECT);
        for (String wrong : new String[] {"8010", "8010000005AA", "80100000010203040506", "801000000001"}) {
            assertEquals("6700", send(wrong), wrong);
        }
        assertEquals("AABB9000", send("8010000002AABB00"));
    }

    @Test
    void theCardReportsT1() {
        send(SELECT);
        assertEquals("019000", send("8090000000"));
    }
}
