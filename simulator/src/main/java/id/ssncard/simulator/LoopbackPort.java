// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Listening ports on the loopback address, chosen by the system. */
final class LoopbackPort {
    /** Where pcscd's virtual reader listens: one of these would keep a pcscd that starts later from its readers. */
    private static final int VPCD_FIRST = 35_963;

    private static final int VPCD_LAST = VPCD_FIRST + 15;
    private static final int BACKLOG = 16;

    private LoopbackPort() {}

    /** A listener on a free port outside pcscd's. */
    static ServerSocketChannel listen() throws IOException {
        List<ServerSocketChannel> unwanted = new ArrayList<>();
        try {
            while (true) {
                ServerSocketChannel listener = ServerSocketChannel.open();
                listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
                int port = listener.socket().getLocalPort();
                if (port < VPCD_FIRST || port > VPCD_LAST) {
                    return listener;
                }
                // Kept open meanwhile, so that the system does not offer it again.
                unwanted.add(listener);
            }
        } finally {
            for (ServerSocketChannel listener : unwanted) {
                listener.close();
            }
        }
    }
}
