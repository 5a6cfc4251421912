// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Accepts control connections on a loopback port, one thread each. */
final class ControlServer {
    private static final int TOKEN_BYTES = 16;

    private final ServerSocket listener;
    private final String token;
    private final CardRack rack;
    private final Runnable shutdown;

    /** Opens the port; {@code shutdown} is run on a {@code shutdown} request. */
    ControlServer(CardRack rack, Runnable shutdown) throws IOException {
        this.rack = rack;
        this.shutdown = shutdown;
        byte[] secret = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(secret);
        token = HexFormat.of().formatHex(secret);
        listener = LoopbackPort.listen().socket();
    }

    int port() {
        return listener.getLocalPort();
    }

    /** The secret that a client must show; any user of the machine can reach a loopback port. */
    String token() {
        return token;
    }

    void start() {
        Thread thread = new Thread(this::run, "control");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (true) {
            try {
                Socket client = listener.accept();
                byte[] expected = token.getBytes(StandardCharsets.UTF_8);
                Thread session = new Thread(new ControlSession(client, rack, expected, shutdown), "control-session");
                session.setDaemon(true);
                session.start();
            } catch (IOException failure) {
                System.err.println("accepting a control connection: " + failure.getMessage());
                try {
                    Thread.sleep(100);
                } catch (InterruptedException stopped) {
                    return;
                }
            }
        }
    }
}
