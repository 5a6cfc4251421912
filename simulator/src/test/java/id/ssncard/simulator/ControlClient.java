// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A control connection for the tests: one line out, one line back. */
final class ControlClient implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader answers;

    ControlClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Sends {@code line} and returns the answer; null when the connection was closed instead. */
    JsonObject ask(String line) throws IOException {
        String answer;
        try {
            socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            answer = answers.readLine();
        } catch (SocketException closedBeforeItRead) {
            answer = null;
        }
        return answer == null ? null : JsonParser.parseString(answer).getAsJsonObject();
    }

    /** The error code of the answer; empty for a success. */
    String code(String line) throws IOException {
        JsonObject answer = ask(line);
        return answer.has("code") ? answer.get("code").getAsString() : "";
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
