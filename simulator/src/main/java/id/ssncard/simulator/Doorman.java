// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** One thread that accepts connections for all cards' ports and hands each to its card. */
final class Doorman {
    private static final long PAUSE_MILLISECONDS = 100;

    private final Selector selector;

    Doorman() throws IOException {
        selector = Selector.open();
        Thread thread = new Thread(this::run, "doorman");
        thread.setDaemon(true);
        thread.start();
    }

    /** Opens a loopback port, chosen by the system, for {@code card}. */
    ServerSocketChannel open(Card card) throws IOException {
        ServerSocketChannel door = LoopbackPort.listen();
        door.configureBlocking(false);
        door.register(selector, SelectionKey.OP_ACCEPT, card);
        selector.wakeup();
        return door;
    }

    /** Closes a port. The selector lets go of it a moment later; a client admitted until then is turned away. */
    void close(ServerSocketChannel door) throws IOException {
        door.close();
        selector.wakeup();
    }

    private void run() {
        while (true) {
            try {
                selector.select(this::admit);
            } catch (IOException | RuntimeException failure) {
                System.err.println("accepting connections: " + failure);
                pause();
            }
        }
    }

    private void admit(SelectionKey key) {
        SocketChannel client = null;
        try {
            client = ((ServerSocketChannel) key.channel()).accept();
            if (client != null) {
                ((Card) key.attachment()).connected(client);
            }
        } catch (ClosedChannelException cardRemoved) {
            key.cancel();
        } catch (IOException failure) {
            // Most likely out of file descriptors: do not spin on the connection that still waits.
            System.err.println("accepting a connection: " + failure.getMessage());
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLISECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
