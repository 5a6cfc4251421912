// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

/** What an applet gets that allocates after its installation. All three are recorded as a violation. */
public enum AllocationPolicy {
    /** The command ends with 6F00, whatever the applet catches: a mistake that no test can overlook. */
    REFUSE,
    /** {@code SystemException.NO_RESOURCE}, as a card whose heap is full (runtime environment 2.2.2, section 10.1). */
    NO_RESOURCE,
    /** The memory, as a card with heap to spare. Such a card cannot be saved afterwards. */
    ALLOW
}
