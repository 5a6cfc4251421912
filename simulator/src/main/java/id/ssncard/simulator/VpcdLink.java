// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

import java.io.Closeable;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One reader's hold on a card: the card side of the vpcd protocol.
 *
 * <p>A message of one byte is control: 0 power off, 1 power on, 2 reset (none of these is answered), 4 get the ATR
 * (answered, with or without power). A longer one is a command APDU, answered by data and status word. A new link is a
 * card put into a reader: it starts with a cold start, so a plain client may send APDUs at once.
 */
final class VpcdLink implements Closeable {
    /** Who holds the card: a client of its own port, or a slot of pcscd's virtual reader. */
    enum Kind {
        SOCKET,
        PCSCD
    }

    private static final int POWER_OFF = 0;
    private static final int POWER_ON = 1;
    private static final int RESET = 2;
    private static final int GET_ATR = 4;

    private final Kind kind;
    private final VpcdFrames frames;
    private final CountDownLatch heard = new CountDownLatch(1);

    VpcdLink(Kind kind, SocketChannel channel) throws IOException {
        this.kind = kind;
        this.frames = new VpcdFrames(channel);
    }

    Kind kind() {
        return kind;
    }

    /** Serves the reader until it closes the connection or the card is torn; the card is without power afterwards. */
    void serve(CardRuntime card) throws IOException, InterruptedException {
        card.powerUp();
        try {
            byte[] message;
            while ((message = frames.receive()) != null) {
                heard.countDown();
                if (message.length > 1) {
                    byte[] answer = card.transmitAtPace(message);
                    if (answer == null) {
                        // Torn out of the reader: to it, a card that is gone in the middle of a command.
                        return;
                    }
                    frames.send(answer);
                } else {
                    control(card, message[0] & 0xFF);
                }
            }
        } finally {
            card.powerDown();
        }
    }

    /** Whether the reader has sent anything yet, waiting at most {@code milliseconds} for it. */
    boolean isHeardWithin(long milliseconds) throws InterruptedException {
        return heard.await(milliseconds, TimeUnit.MILLISECONDS);
    }

    /** Takes the card out of the reader, at once. */
    @Override
    public void close() {
        try {
            frames.close();
        } catch (IOException alreadyBroken) {
            System.err.println("closing a link: " + alreadyBroken.getMessage());
        }
    }

    private void control(CardRuntime card, int code) throws IOException {
        switch (code) {
            case POWER_OFF -> card.powerDown();
            case POWER_ON, RESET -> card.powerUp();
            case GET_ATR -> frames.send(card.answerToReset());
            default -> throw new ProtocolException("unknown vpcd control code " + code);
        }
    }
}
