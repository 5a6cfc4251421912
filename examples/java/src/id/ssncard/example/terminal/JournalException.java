// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.terminal;

import java.io.IOException;

/** The journal cannot be used; nothing is sent without it. */
public final class JournalException extends IOException {
    private static final long serialVersionUID = 1L;

    /** A sentence in each language. */
    JournalException(String english, String indonesian) {
        super(english + " / " + indonesian);
    }
}
