// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import id.ssncard.simulator.card.Freedom;
import id.ssncard.simulator.card.RealCard;
import id.ssncard.simulator.card.Tear;
import id.ssncard.simulator.torture.TortureApplet;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** A real card with the torture applet, and what tests ask of it. Bytes are hexadecimal, upper case. */
final class TortureCard {
    static final String AID = TortureApplet.AID;
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    // Offsets of a dump, see TortureApplet.dump.
    static final int SHORTS = 64;
    static final int FLAGS = 72;
    static final int REFERENCES = 76;
    static final int BYTE_FIELD = 78;
    static final int SHORT_FIELD = 79;
    static final int FLAG_FIELD = 81;
    static final int CLASS_FIELD = 82;
    static final int REFERENCE_FIELD = 83;
    static final int TRANSIENTS = 84;
    static final int TRIES = 90;
    static final int VALIDATED = 91;
    static final int KEY_SET = 92;
    static final int SESSION_KEY_SET = 93;

    final CardRuntime runtime;

    TortureCard(Freedom... taken) throws ControlException {
        Set<Freedom> freedoms = Set.of(taken);
        runtime = CardRuntime.real(applet(), freedoms);
        start();
    }

    static AppletPackage applet() {
        return new AppletPackage(TortureApplet.class.getName(), HEX.parseHex(AID.toUpperCase()), new byte[] {0});
    }

    /** Power and a selected applet. */
    void start() {
        runtime.powerUp();
        select();
    }

    String select() {
        return send("00A40400" + "05" + AID + "00");
    }

    /** One command; null when the card was torn. */
    String send(String command) {
        byte[] answer = runtime.transmit(HEX.parseHex(command));
        return answer == null ? null : HEX.formatHex(answer);
    }

    /** Runs a script; operations and arguments as numbers. */
    String run(int... script) {
        return script(TortureApplet.RUN, script);
    }

    String script(byte ins, int... script) {
        StringBuilder command = new StringBuilder(String.format("80%02X0000%02X", ins, script.length));
        for (int value : script) {
            command.append(String.format("%02X", value & 0xFF));
        }
        return send(command.append("00").toString());
    }

    byte[] dump() {
        byte[] answer = HEX.parseHex(send("8020000000"));
        byte[] dump = new byte[answer.length - 2];
        System.arraycopy(answer, 0, dump, 0, dump.length);
        return dump;
    }

    /** {@code length} of the persistent bytes, hexadecimal. */
    String bytes(int offset, int length) {
        return HEX.formatHex(dump(), offset, offset + length);
    }

    int at(int offset) {
        return dump()[offset];
    }

    void tear(int write) throws ControlException {
        tear(write, 0, Tear.Rest.OLD);
    }

    void tear(int write, int inside, Tear.Rest rest) throws ControlException {
        experiment(card -> {
            card.tear().arm(write, inside, rest);
            return null;
        });
    }

    <T> T experiment(CardRuntime.Experiment<T> work) throws ControlException {
        return runtime.experiment(work);
    }

    void capacity(int bytes) throws ControlException {
        experiment(card -> {
            card.commitCapacity(bytes);
            return null;
        });
    }

    JsonObject counters() throws ControlException {
        return experiment(card -> card.counters(true));
    }

    int count(String counter) throws ControlException {
        return counters().get(counter).getAsInt();
    }

    /** Rules broken by the last command. */
    List<String> violations() throws ControlException {
        return texts(counters().getAsJsonArray("violations"), "rule");
    }

    /** Kinds of the last command's events, in order. */
    List<String> events() throws ControlException {
        return texts(counters().getAsJsonArray("write_events"), "kind");
    }

    List<String> places() throws ControlException {
        return texts(counters().getAsJsonArray("write_events"), "place");
    }

    JsonObject save() throws ControlException {
        return experiment(RealCard::save);
    }

    private static List<String> texts(JsonArray array, String member) {
        List<String> texts = new ArrayList<>();
        for (JsonElement element : array) {
            texts.add(element.getAsJsonObject().get(member).getAsString());
        }
        return texts;
    }
}
