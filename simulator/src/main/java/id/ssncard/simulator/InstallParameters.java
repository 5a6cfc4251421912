// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What {@code Applet.install} gets: instance AID, control information and application data, each after its length, in an
 * array that is the installer's (Java Card 2.2.2 API, Applet.install).
 */
record InstallParameters(byte[] array, short offset, byte length) {
    /** The control information that an applet gets on a GlobalPlatform card: its privileges. */
    private static final byte[] NO_PRIVILEGES = {0x00};
    private static final int SURROUNDINGS = 7;

    private static final byte REMNANT = (byte) 0xA5;

    /** From the beginning of an array that ends with them. Throws {@link ControlException} where they are too long. */
    static InstallParameters plain(byte[] aid, byte[] install, int announced) throws ControlException {
        byte[] fields = fields(aid, NO_PRIVILEGES, install, announced);
        return new InstallParameters(fields, (short) 0, (byte) fields.length);
    }

    /** Somewhere among remnants, with more control information. */
    static InstallParameters anywhere(byte[] aid, byte[] install, int announced) throws ControlException {
        byte[] control = new byte[SURROUNDINGS];
        byte[] fields = fields(aid, control, install, announced);
        byte[] array = new byte[SURROUNDINGS + fields.length + Byte.MAX_VALUE];
        Arrays.fill(array, REMNANT);
        System.arraycopy(fields, 0, array, SURROUNDINGS, fields.length);
        return new InstallParameters(array, (short) SURROUNDINGS, (byte) fields.length);
    }

    private static byte[] fields(byte[] aid, byte[] control, byte[] install, int announced) throws ControlException {
        int length = 1 + aid.length + 1 + control.length + 1 + install.length;
        if (length > Byte.MAX_VALUE) {
            throw new ControlException(
                    "bad-request", "install data of " + install.length + " bytes is too long for install()");
        }
        return ByteBuffer.allocate(length)
                .put((byte) aid.length)
                .put(aid)
                .put((byte) control.length)
                .put(control)
                .put((byte) announced)
                .put(install)
                .array();
    }
}
