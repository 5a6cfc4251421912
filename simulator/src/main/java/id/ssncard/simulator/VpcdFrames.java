// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import jdk.net.ExtendedSocketOptions;

/**
 * Messages of the vpcd protocol on a TCP connection: 2-byte big-endian length, then 1 to 65,535 bytes.
 *
 * <p>vpcd sends length and payload in two segments with Nagle's algorithm on, so the second waits for our ACK of the
 * first. Without quick ACKs that costs 40 ms a command (20 commands a second instead of thousands). The kernel leaves
 * quick-ACK mode by itself, hence it is asked for again before every read.
 */
final class VpcdFrames implements Closeable {
    private static final int LENGTH_BYTES = 2;
    private static final int USUAL_MESSAGE = 512;

    private final SocketChannel channel;
    private final boolean quickAck;
    /** Bytes received and not yet handed out, in filling mode: they end at its position. */
    private ByteBuffer received = ByteBuffer.allocateDirect(USUAL_MESSAGE);
    private ByteBuffer outgoing = ByteBuffer.allocateDirect(USUAL_MESSAGE);

    /** Frames on {@code channel}, a connected blocking channel, which now belongs to this object. */
    VpcdFrames(SocketChannel channel) throws IOException {
        this.channel = channel;
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        quickAck = channel.supportedOptions().contains(ExtendedSocketOptions.TCP_QUICKACK);
    }

    /**
     * The next message; null when the peer has closed the connection between two messages.
     *
     * @throws EOFException the connection ended inside a message
     * @throws ProtocolException a message of no bytes
     */
    byte[] receive() throws IOException {
        while (true) {
            byte[] message = takeMessage();
            if (message != null) {
                return message;
            }
            if (quickAck) {
                channel.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
            }
            if (channel.read(received) < 0) {
                if (received.position() == 0) {
                    return null;
                }
                throw new EOFException("connection ended inside a message");
            }
        }
    }

    /** Sends one message of 1 to 65,535 bytes. */
    void send(byte[] message) throws IOException {
        if (message.length == 0 || message.length > 0xFFFF) {
            throw new ProtocolException("a vpcd message has 1 to 65535 bytes, not " + message.length);
        }
        if (outgoing.capacity() < LENGTH_BYTES + message.length) {
            outgoing = ByteBuffer.allocateDirect(LENGTH_BYTES + message.length);
        }
        outgoing.clear().putShort((short) message.length).put(message).flip();
        while (outgoing.hasRemaining()) {
            channel.write(outgoing);
        }
    }

    /** Closes the connection, also under a {@link #receive} of another thread, which then fails. */
    @Override
    public void close() throws IOException {
        channel.close();
    }

    private byte[] takeMessage() throws IOException {
        if (received.position() < LENGTH_BYTES) {
            return null;
        }
        int length = received.getShort(0) & 0xFFFF;
        if (length == 0) {
            throw new ProtocolException("a vpcd message of no bytes");
        }
        if (received.position() < LENGTH_BYTES + length) {
            makeRoom(LENGTH_BYTES + length);
            return null;
        }
        byte[] message = new byte[length];
        received.flip().position(LENGTH_BYTES);
        received.get(message).compact();
        return message;
    }

    private void makeRoom(int capacity) {
        if (received.capacity() < capacity) {
            received = ByteBuffer.allocateDirect(capacity).put(received.flip());
        }
    }
}
