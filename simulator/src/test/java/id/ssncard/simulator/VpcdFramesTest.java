// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.EOFException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VpcdFramesTest {
    private Socket peer;
    private VpcdFrames frames;

    @BeforeEach
    void connect() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            peer = new Socket(InetAddress.getLoopbackAddress(), listener.socket().getLocalPort());
            peer.setTcpNoDelay(true);
            frames = new VpcdFrames(listener.accept());
        }
    }

    @AfterEach
    void disconnect() throws Exception {
        frames.close();
        peer.close();
    }

    @Test
    void messagesComeWholeHoweverTheyAreCut() throws Exception {
        byte[] stream = {0, 1, 4, 0, 5, 1, 2, 3, 4, 5, 0, 2, 9, 8};
        Thread sender = new Thread(() -> {
            try {
                for (byte one : stream) {
                    peer.getOutputStream().write(one);
                }
            } catch (java.io.IOException broken) {
                throw new java.io.UncheckedIOException(broken);
            }
        });
        sender.start();
        assertArrayEquals(new byte[] {4}, frames.receive());
        assertArrayEquals(new byte[] {1, 2, 3, 4, 5}, frames.receive());
        assertArrayEquals(new byte[] {9, 8}, frames.receive());
        sender.join();
    }

    @Test
    void twoMessagesInOneSegmentAreTwoMessages() throws Exception {
        peer.getOutputStream().write(new byte[] {0, 1, 1, 0, 1, 2});
        assertArrayEquals(new byte[] {1}, frames.receive());
        assertArrayEquals(new byte[] {2}, frames.receive());
    }

    @Test
    void theLongestMessagePassesInBothDirections() throws Exception {
        byte[] longest = new byte[0xFFFF];
        for (int i = 0; i < longest.length; i++) {
            longest[i] = (byte) (i * 31);
        }
        Thread sender = new Thread(() -> {
            try {
                peer.getOutputStream().write(new byte[] {(byte) 0xFF, (byte) 0xFF});
                peer.getOutputStream().write(longest);
            } catch (java.io.IOException broken) {
                throw new java.io.UncheckedIOException(broken);
            }
        });
        sender.start();
        byte[] received = frames.receive();
        sender.join();
        assertArrayEquals(longest, received);

        Thread answerer = new Thread(() -> {
            try {
                frames.send(received);
            } catch (java.io.IOException broken) {
                throw new java.io.UncheckedIOException(broken);
            }
        });
        answerer.start();
        assertArrayEquals(new byte[] {(byte) 0xFF, (byte) 0xFF}, peer.getInputStream().readNBytes(2));
        assertArrayEquals(longest, peer.getInputStream().readNBytes(longest.length));
        answerer.join();
    }

    @Test
    void theEndBetweenMessagesIsAnEnd() throws Exception {
        peer.getOutputStream().write(new byte[] {0, 1, 4});
        peer.shutdownOutput();
        frames.receive();
        assertNull(frames.receive());
    }

    @Test
    void theEndInsideAMessageIsAnError() throws Exception {
        peer.getOutputStream().write(new byte[] {0, 5, 1, 2});
        peer.shutdownOutput();
        assertThrows(EOFException.class, frames::receive);
    }

    @Test
    void aMessageOfNoBytesIsRefused() throws Exception {
        peer.getOutputStream().write(new byte[] {0, 0});
        assertThrows(ProtocolException.class, frames::receive);
        assertThrows(ProtocolException.class, () -> frames.send(new byte[0]));
        assertThrows(ProtocolException.class, () -> frames.send(new byte[0x10000]));
    }
}
