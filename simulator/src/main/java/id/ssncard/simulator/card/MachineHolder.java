// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

/** The class loader of one card's applet: how its classes find their card. */
public interface MachineHolder {
    /** The card that the classes of this loader run on. */
    Machine machine();
}
