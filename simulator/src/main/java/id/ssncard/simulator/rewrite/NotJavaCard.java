// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.rewrite;

/** A class that uses what no Java Card has, so that its memory could not be followed. */
public final class NotJavaCard extends LinkageError {
    private static final long serialVersionUID = 1L;

    NotJavaCard(String where, String what) {
        super(where + " uses " + what + ", which is not Java Card");
    }
}
