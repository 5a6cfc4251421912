// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;

/**
 * One control connection: JSON objects, one on each line, each answered by one line.
 *
 * <p>The first request must carry {@code token}; a wrong one is answered and the connection closed. Operations
 * ({@code op}) and their fields:
 *
 * <ul>
 *   <li>{@code create}: {@code install} (hex), optional {@code announced} (the length that they are said to have), {@code
 *       class}, {@code aid} (hex), {@code name}, {@code real} (true: with the memory of a real card), {@code freedoms}
 *       (labels of {@link id.ssncard.simulator.card.Freedom} separated by commas, or {@code all}; those of the process),
 *       {@code classes} (a folder whose class files go first), {@code coverage} (false: its classes do not report which way
 *       they go); answers {@code card}, {@code port}, {@code name}
 *   <li>{@code list}: answers {@code cards}, each {@code card, port, name, holder}
 *   <li>{@code insert}: {@code card}, {@code host}, {@code port} of a vpcd slot
 *   <li>{@code eject}, {@code remove}, {@code power-cycle}: {@code card}
 *   <li>{@code restore}: {@code saved} (what {@code save} gave), optional {@code name}; answers as {@code create}
 *   <li>those of {@link Laboratory}
 *   <li>{@code shutdown}: ends the process after the answer
 * </ul>
 *
 * An answer without {@code error} is a success. Errors have {@code error} (a sentence) and {@code code}.
 */
final class ControlSession implements Runnable {
    private static final int LONGEST_LINE = 1024 * 1024;
    private static final int TOKEN_MILLISECONDS = 10_000;
    private static final int LARGEST_PORT = 0xFFFF;
    private static final int LONGEST_NAME = 64;

    private final Socket socket;
    private final CardRack rack;
    private final byte[] token;
    private final Runnable shutdown;

    ControlSession(Socket socket, CardRack rack, byte[] token, Runnable shutdown) {
        this.socket = socket;
        this.rack = rack;
        this.token = token;
        this.shutdown = shutdown;
    }

    @Override
    public void run() {
        try (socket) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TOKEN_MILLISECONDS);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            boolean known = false;
            String line;
            while ((line = readLine(in)) != null) {
                JsonObject answer;
                try {
                    Request request = Request.parse(line);
                    if (!known) {
                        requireToken(request);
                        known = true;
                        socket.setSoTimeout(0);
                    }
                    if (request.text("op").equals("shutdown")) {
                        write(out, new JsonObject());
                        shutdown.run();
                        return;
                    }
                    answer = perform(request);
                } catch (ControlException refusal) {
                    answer = error(refusal.code(), refusal.getMessage());
                } catch (IOException | RuntimeException failure) {
                    System.err.println("control request failed: " + failure);
                    answer = error("internal", String.valueOf(failure));
                }
                write(out, answer);
                if (!known) {
                    return;
                }
            }
        } catch (IOException clientGone) {
            // Nothing to tell anybody: a client that wants an answer keeps its connection.
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void requireToken(Request request) throws ControlException {
        byte[] given = request.text("token", "").getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(given, token)) {
            throw new ControlException("unauthorised", "the first request must carry this process's token");
        }
    }

    private JsonObject perform(Request request) throws ControlException, IOException, InterruptedException {
        String operation = request.text("op");
        return switch (operation) {
            case "create" -> create(request);
            case "list" -> list();
            case "insert" -> {
                Card card = card(request);
                int port = request.number("port", 1, LARGEST_PORT);
                card.insert(new InetSocketAddress(request.text("host", "127.0.0.1"), port));
                yield new JsonObject();
            }
            case "eject" -> {
                card(request).eject();
                yield new JsonObject();
            }
            case "power-cycle" -> {
                card(request).powerCycle();
                yield new JsonObject();
            }
            case "remove" -> {
                rack.remove(request.number("card", 1, Integer.MAX_VALUE));
                yield new JsonObject();
            }
            case "restore" -> describe(Laboratory.restore(rack, request, cardName(request)));
            default -> Laboratory.perform(operation, request, rack);
        };
    }

    private JsonObject create(Request request) throws ControlException, IOException, InterruptedException {
        String name = cardName(request);
        byte[] install = request.hex("install", null);
        AppletPackage applet;
        try {
            applet = new AppletPackage(
                    request.text("class", AppletPackage.DEFAULT_CLASS),
                    request.hex("aid", AppletPackage.DEFAULT_AID),
                    install,
                    request.number("announced", 0, Byte.MAX_VALUE, install.length),
                    folder(request),
                    request.flag("coverage", false));
        } catch (IllegalArgumentException wrongAid) {
            throw new ControlException("bad-request", wrongAid.getMessage());
        }
        return describe(rack.create(applet, name, chip(request)));
    }

    private static Chip chip(Request request) throws ControlException {
        if (!request.flag("real", true)) {
            return Chip.JCARDSIM;
        }
        String freedoms = request.text("freedoms", null);
        try {
            return freedoms == null ? Chip.usual() : Chip.real(freedoms);
        } catch (IllegalArgumentException unknown) {
            throw new ControlException("bad-request", "unknown freedom " + unknown.getMessage());
        }
    }

    private static Path folder(Request request) throws ControlException {
        String name = request.text("classes", "");
        try {
            return name.isEmpty() ? null : Path.of(name);
        } catch (InvalidPathException malformed) {
            throw new ControlException("bad-request", malformed.getMessage());
        }
    }

    private static String cardName(Request request) throws ControlException {
        String name = request.text("name", "");
        if (name.length() > LONGEST_NAME) {
            throw new ControlException("bad-request", "a name has at most " + LONGEST_NAME + " characters");
        }
        return name;
    }

    private JsonObject list() {
        JsonArray cards = new JsonArray();
        for (CardRack.Place place : rack.all()) {
            JsonObject card = describe(place);
            card.addProperty("holder", place.card().holderName());
            cards.add(card);
        }
        JsonObject answer = new JsonObject();
        answer.add("cards", cards);
        return answer;
    }

    private Card card(Request request) throws ControlException {
        return rack.card(request.number("card", 1, Integer.MAX_VALUE));
    }

    private static JsonObject describe(CardRack.Place place) {
        JsonObject card = new JsonObject();
        card.addProperty("card", place.card().id());
        card.addProperty("port", place.port());
        card.addProperty("name", place.name());
        return card;
    }

    private static JsonObject error(String code, String message) {
        JsonObject answer = new JsonObject();
        answer.addProperty("error", message);
        answer.addProperty("code", code);
        return answer;
    }

    private static void write(OutputStream out, JsonObject answer) throws IOException {
        out.write((answer + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** The next line without its end; null at the end of the stream or after a line too long to be a request. */
    private static String readLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next;
        while ((next = in.read()) != '\n') {
            if (next < 0 || line.size() == LONGEST_LINE) {
                return null;
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8);
    }
}
