// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

import javacard.framework.Applet;

/** What is put on a blank card: an applet class, its AID and its install data. */
record AppletPackage(String className, byte[] aid, byte[] install) {
    /** The programme's own applet, loaded by name so that this module builds without it. */
    static final String DEFAULT_CLASS = "id.ssncard.applet.SsnCardApplet";
    /** {@code F0 "SSNCARD" 01}: AID of that applet. */
    static final String DEFAULT_AID = "f053534e4341524401";

    private static final int AID_MIN = 5;
    private static final int AID_MAX = 16;

    AppletPackage {
        if (aid.length < AID_MIN || aid.length > AID_MAX) {
            throw new IllegalArgumentException("an AID has 5 to 16 bytes, not " + aid.length);
        }
    }

    /** The applet class, from the class path. */
    Class<? extends Applet> load() throws ControlException {
        try {
            return Class.forName(className).asSubclass(Applet.class);
        } catch (ClassNotFoundException missing) {
            throw new ControlException("no-such-applet", "no applet class " + className + " in the simulator");
        } catch (ClassCastException other) {
            throw new ControlException("no-such-applet", className + " is not an applet");
        }
    }
}
