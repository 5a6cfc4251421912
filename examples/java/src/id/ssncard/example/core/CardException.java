// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.core;

/**
 * What a card, or somebody on the line, did that ends the business at hand.
 *
 * <p>{@link #code} is for programs: words joined by hyphens. The message is for people, in English and Indonesian.
 */
public class CardException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;

    /** A code, and a sentence in each language. */
    public CardException(String code, String english, String indonesian) {
        super(english + " / " + indonesian);
        this.code = code;
    }

    /** Words joined by hyphens. */
    public String code() {
        return code;
    }

    /** An answer that does not verify, or says what a genuine card would not. */
    public static CardException notGenuine(String what) {
        return new CardException("answer-not-genuine",
                "Not believed: " + what + ". Is this our card, and nobody on the line?",
                "Tidak dipercaya: " + what + ". Apakah ini kartu kita, tanpa pihak lain di jalur?");
    }

    /** Another kind of card, or another version of ours. */
    public static CardException notOurCard(String what) {
        return new CardException("not-our-card", "Not an SSN card of this version: " + what + ".",
                "Bukan kartu SSN versi ini: " + what + ".");
    }
}
