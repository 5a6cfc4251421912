// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/** The reader's side of a slot of pcscd's virtual reader, as seen by a card that wants in. */
final class VirtualSlot {
    /** How long to wait for pcscd, which looks at each slot every 400 ms, to look at this one. */
    static final int POLL_MILLISECONDS = 4_000;

    private static final int CONNECT_MILLISECONDS = 2_000;

    private VirtualSlot() {}

    /**
     * Makes pcscd see an empty slot once, by vanishing at its first question.
     *
     * <p>A card that is taken out and another put in between two looks of pcscd is never powered up: pcscd believes
     * that the first one is still there. The first may have belonged to another process that has just died, so every
     * insertion begins like this.
     */
    static void showEmpty(InetSocketAddress slot) throws ControlException {
        try (SocketChannel channel = open(slot)) {
            channel.socket().setSoTimeout(POLL_MILLISECONDS);
            channel.socket().getInputStream().read();
        } catch (SocketTimeoutException neverAsked) {
            throw taken(slot);
        } catch (IOException gone) {
            throw unreachable(slot, gone);
        }
    }

    /** A card in the slot. */
    static VpcdLink connect(InetSocketAddress slot) throws ControlException {
        try {
            return new VpcdLink(VpcdLink.Kind.PCSCD, open(slot));
        } catch (IOException failure) {
            throw unreachable(slot, failure);
        }
    }

    static ControlException taken(InetSocketAddress slot) {
        return new ControlException("slot-taken", "the slot at " + slot + " does not ask for a card");
    }

    private static ControlException unreachable(InetSocketAddress slot, IOException failure) {
        return new ControlException("no-pcscd", "no virtual reader at " + slot + ": " + failure.getMessage());
    }

    private static SocketChannel open(InetSocketAddress slot) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            // Our own port may be one that pcscd listens on later: see LoopbackPort.
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.socket().connect(slot, CONNECT_MILLISECONDS);
            return channel;
        } catch (IOException failure) {
            channel.close();
            throw failure;
        }
    }
}
