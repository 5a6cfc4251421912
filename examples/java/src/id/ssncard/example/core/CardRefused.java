// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.core;

/** The card said no. Of a movement it is thrown only where the card has proven that nothing was charged. */
public final class CardRefused extends CardException {
    private static final long serialVersionUID = 1L;

    private final int sw;

    /** The status word, and the command that it answered. */
    public CardRefused(int sw) {
        super("card-refused", text(sw) + StatusWord.of(sw).english(), StatusWord.of(sw).indonesian());
        this.sw = sw;
    }

    private static String text(int sw) {
        String tries = StatusWord.of(sw) == StatusWord.WRONG_PIN ? ", tries left: " + StatusWord.tries(sw) : "";
        return String.format("The card refused (%04X%s): ", sw, tries);
    }

    /** The status word, 16 bits. */
    public int sw() {
        return sw;
    }
}
