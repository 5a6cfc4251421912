// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

/** The kinds of events at which power can be lost. */
public enum WriteKind {
    /** An instance or class field: atomic, conditional (2.2.2 runtime environment, sections 7.1 and 7.2). */
    FIELD(true, false),
    /** An array component: atomic, conditional. */
    ELEMENT(true, false),
    /** {@code Util.arrayCopy}: atomic as a whole, conditional, within the commit capacity. */
    COPY(true, false),
    /** {@code Util.setShort}: two components, each atomic, conditional; outside a transaction one may come alone. */
    SET_SHORT(true, true),
    /** {@code Util.arrayCopyNonAtomic}: neither atomic nor conditional. */
    COPY_NON_ATOMIC(false, true),
    /** {@code Util.arrayFillNonAtomic}: neither atomic nor conditional. */
    FILL_NON_ATOMIC(false, true),
    /** Output of a cipher, a signature or a random generator into a persistent array: promised nothing. */
    OUTPUT(false, true),
    /** Key data set or cleared: treated as atomic and conditional, see {@link CardKey}. */
    KEY(true, false),
    /** {@code OwnerPIN.update}: conditional by its API text. */
    PIN_VALUE(true, false),
    /** A PIN's try counter at presentation: atomic, never conditional by its API text. */
    PIN_TRIES(false, false),
    /** {@code Cipher.init} and {@code Signature.init}, whose key and mode survive a reset; no write to the applet's data. */
    INIT(false, false),
    /** The end of {@code commitTransaction}: before it all is undone, after it nothing. */
    COMMIT(false, false);

    private final boolean conditional;
    private final boolean divisible;

    WriteKind(boolean conditional, boolean divisible) {
        this.conditional = conditional;
        this.divisible = divisible;
    }

    /** Whether a transaction in progress takes it back when it fails. */
    boolean conditional() {
        return conditional;
    }

    /** Whether a tear outside a transaction can leave a part of it. */
    boolean divisible() {
        return divisible;
    }

    /** Whether it costs a write to persistent data, as opposed to a mere point where power can go. */
    boolean writes() {
        return this != INIT && this != COMMIT;
    }
}
