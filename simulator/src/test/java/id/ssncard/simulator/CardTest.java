// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A card between its two kinds of reader; the reader's side is played with the same framing. */
class CardTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final String SELECT = "00a4040006f050524f424500";
    private static final String COUNT = "8020000000";

    private CardRack rack;
    private CardRack.Place place;

    @BeforeEach
    void create() throws Exception {
        rack = new CardRack();
        place = rack.create(
                new AppletPackage(ProbeApplet.class.getName(), HEX.parseHex(ProbeApplet.AID), new byte[] {1}), "");
    }

    @AfterEach
    void remove() throws Exception {
        for (CardRack.Place left : rack.all()) {
            rack.remove(left.card().id());
        }
    }

    private VpcdFrames connect() throws Exception {
        return new VpcdFrames(SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), place.port())));
    }

    private static String ask(VpcdFrames reader, String message) throws Exception {
        reader.send(HEX.parseHex(message));
        return HEX.formatHex(reader.receive());
    }

    /** The peer has gone: an end, or a reset connection where it left our message unread. */
    private static void assertGone(VpcdFrames frames) {
        try {
            assertNull(frames.receive());
        } catch (java.io.IOException reset) {
            // As good as the end.
        }
    }

    @Test
    void persistentStateSurvivesReconnection() throws Exception {
        for (int connection = 1; connection <= 3; connection++) {
            try (VpcdFrames reader = connect()) {
                assertEquals("6986", ask(reader, COUNT));
                assertEquals("9000", ask(reader, SELECT));
                assertEquals("000" + connection + "9000", ask(reader, COUNT));
            }
        }
    }

    @Test
    void theAtrIsAnsweredWithAndWithoutPower() throws Exception {
        String atr = HEX.formatHex(AnswerToReset.t1());
        try (VpcdFrames reader = connect()) {
            assertEquals(atr, ask(reader, "04"));
            reader.send(new byte[] {0});
            assertEquals(atr, ask(reader, "04"));
            reader.send(new byte[] {1});
            assertEquals("9000", ask(reader, SELECT));
            reader.send(new byte[] {2});
            assertEquals("6986", ask(reader, COUNT));
        }
    }

    @Test
    void aCommandWithoutPowerOrAnUnknownControlClosesTheLinkOnly() throws Exception {
        try (VpcdFrames reader = connect()) {
            reader.send(new byte[] {0});
            reader.send(HEX.parseHex(SELECT));
            assertNull(reader.receive());
        }
        try (VpcdFrames reader = connect()) {
            reader.send(new byte[] {0x55});
            assertNull(reader.receive());
        }
        try (VpcdFrames reader = connect()) {
            assertEquals("9000", ask(reader, SELECT));
        }
    }

    @Test
    void aSecondConnectionWaitsForTheFirst() throws Exception {
        VpcdFrames first = connect();
        try (VpcdFrames second = connect()) {
            assertEquals("9000", ask(first, SELECT));
            CompletableFuture<String> late = CompletableFuture.supplyAsync(() -> {
                try {
                    return ask(second, SELECT);
                } catch (Exception broken) {
                    throw new IllegalStateException(broken);
                }
            });
            assertEquals("00019000", ask(first, COUNT));
            assertThrows(java.util.concurrent.TimeoutException.class, () -> late.get(200, TimeUnit.MILLISECONDS));
            first.close();
            assertEquals("9000", late.get(5, TimeUnit.SECONDS));
        }
    }

    @Test
    void powerCycleUnderTheReadersHands() throws Exception {
        try (VpcdFrames reader = connect()) {
            ask(reader, SELECT);
            place.card().powerCycle();
            assertEquals("6986", ask(reader, COUNT));
        }
    }

    @Test
    void theCardIsInOneReaderAtATime() throws Exception {
        try (ServerSocketChannel pcscd = ServerSocketChannel.open()) {
            pcscd.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            InetSocketAddress slot = (InetSocketAddress) pcscd.getLocalAddress();
            CompletableFuture<Void> insertion = CompletableFuture.runAsync(() -> {
                try {
                    place.card().insert(slot);
                } catch (ControlException | InterruptedException refused) {
                    throw new IllegalStateException(refused);
                }
            });
            try (VpcdFrames empty = new VpcdFrames(pcscd.accept())) {
                empty.send(new byte[] {4});
                assertGone(empty);
            }
            VpcdFrames reader = new VpcdFrames(pcscd.accept());
            assertEquals(HEX.formatHex(AnswerToReset.t1()), ask(reader, "04"));
            insertion.get(5, TimeUnit.SECONDS);
            assertEquals("pcscd", place.card().holderName());

            ControlException busy = assertThrows(ControlException.class, () -> place.card().insert(slot));
            assertEquals("card-busy", busy.code());

            place.card().eject();
            assertNull(reader.receive());
            assertEquals("none", place.card().holderName());
            try (VpcdFrames client = connect()) {
                assertEquals("9000", ask(client, SELECT));
            }
        }
    }

    @Test
    void aSlotThatNeverAsksIsTaken() throws Exception {
        try (ServerSocketChannel deaf = ServerSocketChannel.open()) {
            deaf.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            InetSocketAddress slot = (InetSocketAddress) deaf.getLocalAddress();
            ControlException taken = assertThrows(ControlException.class, () -> place.card().insert(slot));
            assertEquals("slot-taken", taken.code());
        }
        try (VpcdFrames client = connect()) {
            assertEquals("9000", ask(client, SELECT));
        }
    }

    @Test
    void aRemovedCardVanishesForItsReader() throws Exception {
        try (VpcdFrames reader = connect()) {
            ask(reader, SELECT);
            rack.remove(place.card().id());
            assertNull(reader.receive());
        }
        try (VpcdFrames late = connect()) {
            assertNull(late.receive());
        } catch (java.net.SocketException refused) {
            // The usual end; the port may also still have been open for an instant.
        }
    }

    @Test
    void cardsRunAtTheSameTimeAndShareNothing() throws Exception {
        CardRack.Place other = rack.create(
                new AppletPackage(ProbeApplet.class.getName(), HEX.parseHex(ProbeApplet.AID), new byte[] {2}), "");
        try (VpcdFrames mine = connect();
                VpcdFrames theirs = new VpcdFrames(SocketChannel.open(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), other.port())))) {
            ask(mine, SELECT);
            ask(theirs, SELECT);
            mine.send(HEX.parseHex("8060050000"));
            for (int i = 1; i <= 200; i++) {
                assertEquals(String.format("%04x9000", i), ask(theirs, COUNT));
            }
            assertEquals("00009000", ask(theirs, "8030110000"));
            assertEquals("00019000", HEX.formatHex(mine.receive()));
            assertEquals("00009000", ask(mine, "8030220000"));
            assertEquals("11119000", ask(theirs, "8030110000"));
        }
    }
}
