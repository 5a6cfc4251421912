// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

import id.ssncard.simulator.rewrite.CardClassLoader;
import id.ssncard.simulator.rewrite.NotJavaCard;
import java.nio.file.Path;
import javacard.framework.Applet;

/**
 * What is put on a blank card: an applet class, its AID and its install data.
 *
 * @param announced the length that the install data are said to have
 * @param folder with class files of the applet that go before those of the class path, or null
 * @param coverage whether a real card's classes report which way they go
 */
record AppletPackage(String className, byte[] aid, byte[] install, int announced, Path folder, boolean coverage) {
    /** The programme's own applet, loaded by name so that this module builds without it. */
    static final String DEFAULT_CLASS = "id.ssncard.applet.SsnCardApplet";
    /** {@code F0 "SSNCARD" 01}: AID of that applet. */
    static final String DEFAULT_AID = "f053534e4341524401";

    private static final int AID_MIN = 5;
    private static final int AID_MAX = 16;

    AppletPackage(String className, byte[] aid, byte[] install) {
        this(className, aid, install, install.length, null, false);
    }

    AppletPackage {
        if (aid.length < AID_MIN || aid.length > AID_MAX) {
            throw new IllegalArgumentException("an AID has 5 to 16 bytes, not " + aid.length);
        }
    }

    /** The applet class, from the class path. */
    Class<? extends Applet> load() throws ControlException {
        return load(() -> Class.forName(className).asSubclass(Applet.class));
    }

    /** The applet class, rewritten for a real card. */
    Class<? extends Applet> load(CardClassLoader loader) throws ControlException {
        return load(() -> loader.loadApplet(className));
    }

    /** A way to find the class. */
    @FunctionalInterface
    private interface Source {
        Class<? extends Applet> load() throws ClassNotFoundException;
    }

    private Class<? extends Applet> load(Source source) throws ControlException {
        try {
            return source.load();
        } catch (ClassNotFoundException missing) {
            throw new ControlException("no-such-applet", "no applet class " + className + " in the simulator");
        } catch (ClassCastException other) {
            throw new ControlException("no-such-applet", className + " is not an applet");
        } catch (NotJavaCard refusal) {
            throw new ControlException("not-java-card", refusal.getMessage());
        }
    }
}
