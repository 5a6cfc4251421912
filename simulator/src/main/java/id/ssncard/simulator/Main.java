// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;

/**
 * The simulator process: prints one JSON line {@code {"ready":true,"control_port":N,"token":"hex"}} on standard
 * output once it accepts requests, and lives until a {@code shutdown} request or the end of its standard input.
 */
public final class Main {
    private Main() {}

    /** Starts the process; no arguments. */
    public static void main(String[] arguments) throws IOException {
        PrintStream announcements = System.out;
        // What an applet prints must not mix with the one line that the parent reads.
        System.setOut(System.err);
        ControlServer control = new ControlServer(new CardRack(), Main::exit);
        control.start();

        JsonObject ready = new JsonObject();
        ready.addProperty("ready", true);
        ready.addProperty("control_port", control.port());
        ready.addProperty("token", control.token());
        announcements.println(ready);
        announcements.flush();

        exitWhenInputEnds(System.in);
    }

    /** Blocks until the parent closes our input, by will or by dying, then ends the process. */
    private static void exitWhenInputEnds(InputStream input) {
        byte[] ignored = new byte[256];
        try {
            while (input.read(ignored) >= 0) {
                // The parent has nothing to say here; only the end counts.
            }
        } catch (IOException brokenInput) {
            System.err.println("standard input broke: " + brokenInput.getMessage());
        }
        exit();
    }

    /** Ends at once, whatever card threads are doing: a simulator has nothing to save, but an agent (JaCoCo) may have. */
    private static void exit() {
        System.exit(0);
    }
}
