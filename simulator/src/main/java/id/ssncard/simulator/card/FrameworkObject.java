// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

/** A key, cipher, PIN or the like, whose state is part of the card's. */
interface FrameworkObject {
    /** Back to what the API says survives a tear or reset. */
    void powerUp();

    /** Its state: boxed primitives, byte arrays of its own, references to other objects of the card, null. */
    Object[] capture();

    /** Takes a captured state back. What depends on other objects is made good by the {@link #restored} that follows. */
    void restore(Object[] state);

    /** All objects of the card have their captured state back. */
    default void restored() {}
}
