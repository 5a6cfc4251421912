// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

/**
 * One persistent write of a command.
 *
 * @param target the object written: an array, an applet's object, a {@code Class} (static field), a framework object; null
 *     for {@link WriteKind#COMMIT}
 * @param member name of the field, or empty
 * @param offset first component of an array, or 0
 * @param bytes how many bytes change on a card; a reference has 2
 * @param before the old bytes, big-endian; empty for references, keys and PINs
 * @param after the new bytes, likewise
 * @param torn whether power was lost at this event; an earlier event's successor never happens
 */
record WriteEvent(
        WriteKind kind, Object target, String member, int offset, int bytes, byte[] before, byte[] after, boolean torn) {
    static final byte[] NOTHING = {};
}
