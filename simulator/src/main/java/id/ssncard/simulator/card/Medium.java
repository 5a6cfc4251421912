// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

import javacard.framework.APDU;

/** How the reader reaches the card: what {@code APDU.getProtocol()} says of it (Java Card 2.2.2 API, APDU). */
public enum Medium {
    /** Contacts, T=1. */
    CONTACT(APDU.PROTOCOL_MEDIA_DEFAULT),
    /** ISO 14443 type A. */
    TYPE_A(APDU.PROTOCOL_MEDIA_CONTACTLESS_TYPE_A),
    /** ISO 14443 type B. */
    TYPE_B(APDU.PROTOCOL_MEDIA_CONTACTLESS_TYPE_B),
    /** USB, of contacts too. */
    USB(APDU.PROTOCOL_MEDIA_USB),
    /** FeliCa, contactless: later than 2.2.2. */
    TYPE_F((byte) 0xB0),
    /** A phone's secure element behind its contactless front end: later than 2.2.2. */
    HCI((byte) 0xC0),
    /** What no version names yet. */
    UNKNOWN((byte) 0xF0);

    private final byte media;

    Medium(byte media) {
        this.media = media;
    }

    /** @param contactProtocol what is spoken over contacts; contactless cards report T=1 */
    byte protocol(byte contactProtocol) {
        return (byte) (media | (this == CONTACT ? contactProtocol : APDU.PROTOCOL_T1));
    }
}
