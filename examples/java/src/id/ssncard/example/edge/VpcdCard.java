// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.edge;

import id.ssncard.example.core.CardChannel;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/** A simulated card at its own port of 127.0.0.1, without PC/SC (page: A simulated card). */
public final class VpcdCard implements CardChannel, AutoCloseable {
    private static final int TIMEOUT_MS = 30_000;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    /** Puts the card of that port into a reader of its own. */
    public VpcdCard(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MS);
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
    }

    @Override
    public byte[] transmit(byte[] command) throws IOException {
        byte[] message = new byte[2 + command.length];
        message[0] = (byte) (command.length >> 8);
        message[1] = (byte) command.length;
        System.arraycopy(command, 0, message, 2, command.length);
        out.write(message);
        out.flush();
        byte[] answer = new byte[in.readUnsignedShort()];
        in.readFully(answer);
        if (answer.length < 2) {
            throw new IOException("the card gave no status word");
        }
        return answer;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
