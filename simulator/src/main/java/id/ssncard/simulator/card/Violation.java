// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

/** Things that a card lets pass, or answers in its own way, and that an applet should never do. */
enum Violation {
    /** A write that bypasses the transaction in progress, to persistent data: unpredictable after a tear (section 7.5). */
    NON_ATOMIC_IN_TRANSACTION,
    /** New objects after the installation. */
    ALLOCATION_AFTER_INSTALL,
    /** A cipher or signature used after the key that it was initialised with changed: unspecified (API, Cipher.init). */
    KEY_CHANGED_AFTER_INIT,
    /** A reference to a global array or the APDU object kept (sections 6.2.1 and 6.2.2). */
    KEPT_GLOBAL_REFERENCE,
    /** A transaction aborted after objects were created in it (section 7.6.3). */
    ABORT_AFTER_ALLOCATION,
    /** A command, or select() or deselect(), returned with a transaction in progress (section 7.6.2). */
    TRANSACTION_LEFT_OPEN
}
