// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.trial;

import id.ssncard.example.core.CardException;
import id.ssncard.example.core.CardRefused;

/** What a trial expects; an AssertionError says where it is otherwise. */
final class Expect {
    private Expect() {}

    /** Something that a card or a terminal may refuse. */
    interface Step {
        void run() throws Exception;
    }

    static void that(String what, boolean holds) {
        if (!holds) {
            throw new AssertionError("not so: " + what);
        }
    }

    static void equal(String what, long expected, long actual) {
        that(what + " is " + actual + ", not " + expected, expected == actual);
    }

    /** The step ends with that code. */
    static CardException code(String code, Step step) throws Exception {
        try {
            step.run();
        } catch (CardException thrown) {
            that(thrown.code() + " instead of " + code + ": " + thrown.getMessage(), thrown.code().equals(code));
            return thrown;
        }
        throw new AssertionError("nothing was thrown instead of " + code);
    }

    /** The card refuses with that status word, and has proven that nothing was charged. */
    static void refused(int sw, Step step) throws Exception {
        equal("status word", sw, ((CardRefused) code("card-refused", step)).sw());
    }
}
