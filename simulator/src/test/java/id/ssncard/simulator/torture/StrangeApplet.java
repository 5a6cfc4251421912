// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.torture;

import javacard.framework.APDU;
import javacard.framework.Applet;

/** An applet that no card could hold: it has a field of type long. */
public final class StrangeApplet extends Applet {
    private long balance;

    /** Java Card entry point. */
    public static void install(byte[] parameters, short offset, byte length) {
        new StrangeApplet().register();
    }

    @Override
    public void process(APDU apdu) {
        balance++;
    }
}
