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
    TYPE_B(APDU.PROTOCOL_MEDIA_CONTACTLESS_TYPE_B);

    private final byte media;

    Medium(byte media) {
        this.media = media;
    }

    byte protocol() {
        return (byte) (media | APDU.PROTOCOL_T1);
    }
}
