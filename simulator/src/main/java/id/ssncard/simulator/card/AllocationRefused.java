// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

/** The applet asked for memory after its installation; the command ends with 6F00. */
final class AllocationRefused extends Error {
    private static final long serialVersionUID = 1L;

    AllocationRefused(String what) {
        super(what, null, false, false);
    }
}
