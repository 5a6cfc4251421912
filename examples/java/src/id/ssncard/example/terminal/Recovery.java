// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.terminal;

import id.ssncard.example.core.CardChannel;
import id.ssncard.example.core.CardException;
import id.ssncard.example.core.Hex;
import id.ssncard.example.core.Quote;
import id.ssncard.example.core.Receipt;
import java.io.IOException;
import java.util.function.Consumer;

/** Opens sessions that may be trusted, and settles by number what is in doubt (page: After a lost answer). */
final class Recovery {
    private final Journal journal;
    private final Sessions sessions;
    private final Consumer<String> notices;

    Recovery(Journal journal, Sessions sessions, Consumer<String> notices) {
        this.journal = journal;
        this.sessions = sessions;
        this.notices = notices;
    }

    /** SELECT without a further check, to deliver an update. */
    Session select(CardChannel card) throws IOException, CardException {
        return sessions.select(card);
    }

    boolean canBelieve(Quote quote) {
        return sessions.canBelieve(quote);
    }

    /**
     * SELECT; refuses blank cards and key versions below the minimum. Where the number quoted is below one that the
     * card has proven, the card is asked: either the line lies, or a false card told the higher one.
     */
    Session open(CardChannel card) throws IOException, CardException {
        Session session = sessions.select(card);
        sessions.check(session.quote());
        String serial = Hex.of(session.quote().serial());
        long quoted = session.newestSeq();
        if (quoted < journal.proven(serial)) {
            long stated = stated(session);
            if (stated != quoted) {
                throw CardException.notGenuine("the card quotes number " + quoted + ", below one that it has proven");
            }
            notices.accept("Card " + serial + " had stated a higher number, " + journal.proven(serial) + ", than "
                    + stated + ": that was a false card, made with the DEBIT key. Report it. / Kartu " + serial
                    + " pernah menyebut nomor lebih tinggi: itu kartu palsu. Laporkan.");
            journal.proved(serial, stated, true);
        }
        return session;
    }

    /** The number that the card proves, -1 where it does not. */
    private static long stated(Session session) throws IOException {
        try {
            return session.status().number("seq");
        } catch (CardException unproven) {
            return -1;
        }
    }

    /** A session with the card of an attempt. */
    Session openFor(CardChannel card, Attempt attempt) throws IOException, CardException {
        try {
            Session session = open(card);
            if (!Hex.of(session.quote().serial()).equals(attempt.serial())) {
                throw CardException.notGenuine("another card says nothing about it");
            }
            return session;
        } catch (CardException untrusted) {
            throw new InDoubt(attempt, untrusted);
        }
    }

    /**
     * Settles all that is in doubt of the session's card. What is gone is told, and in nobody's way.
     *
     * @throws EarlierMovementFound where one was made
     */
    void settleDoubts(Session session) throws IOException, CardException {
        for (Attempt attempt : journal.inDoubt(Hex.of(session.quote().serial()))) {
            Outcome outcome = settle(session, attempt);
            if (outcome.conclusion == Conclusion.CHARGED) {
                throw new EarlierMovementFound(attempt, outcome.receipt);
            }
            if (outcome.conclusion == Conclusion.GONE) {
                notices.accept(gone(attempt).getMessage());
            }
        }
    }

    /** What became of an attempt; told to the journal. */
    Outcome settle(Session session, Attempt attempt) throws IOException, CardException {
        byte[] answer;
        try {
            answer = session.readReceipt(attempt.seq());
        } catch (CardException nothingKnown) {
            throw new InDoubt(attempt, nothingKnown);
        }
        Conclusion conclusion = Conclusion.from(attempt, answer);
        Receipt receipt = conclusion == Conclusion.CHARGED ? new Receipt(answer) : null;
        journal.conclude(attempt, conclusion, receipt);
        journal.proved(attempt.serial(), Conclusion.proves(answer), false);
        return new Outcome(conclusion, receipt);
    }

    static CardException gone(Attempt attempt) {
        return new CardException("gone",
                "No longer in the card's log: " + attempt + ". Hand the journal to the bank; sales go on.",
                "Tidak ada lagi di catatan kartu: " + attempt + ". Serahkan jurnal ke bank; penjualan jalan terus.");
    }

    /** A conclusion, and the receipt where it is "charged". */
    static final class Outcome {
        final Conclusion conclusion;
        final Receipt receipt;

        private Outcome(Conclusion conclusion, Receipt receipt) {
            this.conclusion = conclusion;
            this.receipt = receipt;
        }
    }
}
