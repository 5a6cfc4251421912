// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ControlTest {
    private static final String PROBE =
            "\"class\":\"id.ssncard.simulator.ProbeApplet\",\"aid\":\"" + ProbeApplet.AID + "\"";

    private final CountDownLatch shutdown = new CountDownLatch(1);
    private ControlServer server;
    private ControlClient client;

    @BeforeEach
    void start() throws Exception {
        server = new ControlServer(new CardRack(), shutdown::countDown);
        server.start();
        client = new ControlClient(server.port());
        assertEquals("", client.code("{\"op\":\"list\",\"token\":\"" + server.token() + "\"}"));
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
    }

    @Test
    void aWrongOrMissingTokenClosesTheConnection() throws Exception {
        for (String first : new String[] {
            "{\"op\":\"list\"}", "{\"op\":\"list\",\"token\":\"00\"}", "{\"op\":\"shutdown\",\"token\":5}", "nonsense"
        }) {
            try (ControlClient stranger = new ControlClient(server.port())) {
                assertTrue(stranger.ask(first).has("error"), first);
                assertNull(stranger.ask("{\"op\":\"list\",\"token\":\"" + server.token() + "\"}"), first);
            }
        }
        assertEquals(1, shutdown.getCount());
    }

    @Test
    void wrongRequestsAreAnsweredAndHurtNothing() throws Exception {
        String[][] cases = {
            {"bad-json", "{"},
            {"bad-json", "[1]"},
            {"bad-json", "[".repeat(30_000)},
            {"bad-json", ""},
            {"bad-request", "{}"},
            {"bad-request", "{\"op\":7}"},
            {"unknown-op", "{\"op\":\"fly\"}"},
            {"bad-request", "{\"op\":\"create\"}"},
            {"bad-request", "{\"op\":\"create\",\"install\":\"0\"}"},
            {"bad-request", "{\"op\":\"create\",\"install\":\"zz\"}"},
            {"bad-request", "{\"op\":\"create\",\"install\":\"" + "00".repeat(200) + "\"," + PROBE + "}"},
            {"bad-request", "{\"op\":\"create\",\"install\":\"00\",\"aid\":\"0102\"}"},
            {"no-such-applet", "{\"op\":\"create\",\"install\":\"00\",\"class\":\"none.Such\"}"},
            {"no-such-applet", "{\"op\":\"create\",\"install\":\"00\",\"class\":\"java.lang.String\"}"},
            {"install-refused", "{\"op\":\"create\",\"install\":\"FF\"," + PROBE + "}"},
            {"no-such-card", "{\"op\":\"eject\",\"card\":99}"},
            {"no-such-card", "{\"op\":\"remove\",\"card\":99}"},
            {"bad-request", "{\"op\":\"remove\",\"card\":1.5}"},
            {"bad-request", "{\"op\":\"remove\",\"card\":1e99}"},
            {"bad-request", "{\"op\":\"remove\",\"card\":\"1\"}"},
            {"bad-request", "{\"op\":\"insert\",\"card\":0}"},
        };
        for (String[] wrong : cases) {
            assertEquals(wrong[0], client.code(wrong[1]), wrong[1]);
        }
        assertEquals(0, client.ask("{\"op\":\"list\"}").getAsJsonArray("cards").size());
    }

    @Test
    void cardsAreCreatedListedAndRemoved() throws Exception {
        JsonObject first = client.ask("{\"op\":\"create\",\"install\":\"01\",\"name\":\"a\"," + PROBE + "}");
        JsonObject second = client.ask("{\"op\":\"create\",\"install\":\"02\"," + PROBE + "}");
        assertTrue(first.get("port").getAsInt() != second.get("port").getAsInt());
        assertEquals("name-taken", client.code("{\"op\":\"create\",\"install\":\"01\",\"name\":\"a\"," + PROBE + "}"));

        JsonObject listed = client.ask("{\"op\":\"list\"}").getAsJsonArray("cards").get(0).getAsJsonObject();
        assertEquals("none", listed.get("holder").getAsString());
        assertEquals(first.get("port"), listed.get("port"));

        assertEquals("", client.code("{\"op\":\"remove\",\"card\":" + first.get("card") + "}"));
        assertEquals("no-such-card", client.code("{\"op\":\"remove\",\"card\":" + first.get("card") + "}"));
        assertEquals(1, client.ask("{\"op\":\"list\"}").getAsJsonArray("cards").size());
    }

    @Test
    void insertingWhereNothingListensIsToldApart() throws Exception {
        JsonObject card = client.ask("{\"op\":\"create\",\"install\":\"01\"," + PROBE + "}");
        int deadPort;
        try (java.net.ServerSocket gone = new java.net.ServerSocket(0)) {
            deadPort = gone.getLocalPort();
        }
        assertEquals(
                "no-pcscd",
                client.code("{\"op\":\"insert\",\"card\":" + card.get("card") + ",\"port\":" + deadPort + "}"));
        assertEquals("", client.code("{\"op\":\"eject\",\"card\":" + card.get("card") + "}"));
    }

    @Test
    void shutdownIsAnsweredFirst() throws Exception {
        assertEquals("", client.code("{\"op\":\"shutdown\"}"));
        assertTrue(shutdown.await(5, TimeUnit.SECONDS));
    }
}
