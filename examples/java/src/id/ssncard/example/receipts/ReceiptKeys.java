// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.receipts;

/** RECEIPT keys of single cards, which the bank derives and an auditor is given. */
public interface ReceiptKeys {
    /** Whether the verifier has any key of that card (serial, hexadecimal). */
    boolean knows(String serial);

    /** The card's key, 16 bytes, of that version, or null. */
    byte[] key(String serial, int version);
}
