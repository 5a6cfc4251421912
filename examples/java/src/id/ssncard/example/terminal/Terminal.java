// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.terminal;

import id.ssncard.example.core.Basket;
import id.ssncard.example.core.Bcd;
import id.ssncard.example.core.CardChannel;
import id.ssncard.example.core.CardException;
import id.ssncard.example.core.CardRefused;
import id.ssncard.example.core.CommandKind;
import id.ssncard.example.core.Hex;
import id.ssncard.example.core.Layouts;
import id.ssncard.example.core.Receipt;
import id.ssncard.example.core.Struct;
import java.io.IOException;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A shop's terminal: sells, cancels, raises limits, delivers updates (page: What a terminal must do). */
public final class Terminal {
    private static final int BEFORE_MONTH = 0x9406;
    /** Tries of a card that has no PIN. */
    private static final int NO_PIN = 0xFF;

    private final Journal journal;
    private final Recovery recovery;
    private final Map<String, Integer> goods;
    private final Supplier<LocalDateTime> clock;

    /**
     * A terminal.
     *
     * @param sessions how sessions are opened, with which keys
     * @param goods category bit, 0 to 15, of each staple's code
     * @param clock local time at the shops (WITA)
     * @param notices takes what the merchant, and whoever runs the terminals, must hear besides
     */
    public Terminal(Journal journal, Sessions sessions, Map<String, Integer> goods, Supplier<LocalDateTime> clock,
            Consumer<String> notices) {
        this.journal = journal;
        this.recovery = new Recovery(journal, sessions, notices);
        this.goods = goods;
        this.clock = clock;
    }

    /** What the card says of itself, verified. Settles a movement in doubt first. */
    public Struct status(CardChannel card) throws IOException, CardException {
        return ready(card).status();
    }

    /** Whether a debit of that amount (rupiah) would need the PIN, as the card's status stands. */
    public static boolean needsPin(Struct status, long amount) {
        return status.number("pin_tries") != NO_PIN
                && status.number("balance") - amount < status.number("pin_floor");
    }

    /**
     * Finds out what became of the card's movement in doubt.
     *
     * @return true where something was in doubt, and was not made or is gone
     * @throws EarlierMovementFound where it was made
     */
    public boolean recover(CardChannel card) throws IOException, CardException {
        Session session = recovery.open(card);
        boolean doubt = !journal.inDoubt(Hex.of(session.quote().serial())).isEmpty();
        recovery.settleDoubts(session);
        return doubt;
    }

    /**
     * Sells a basket.
     *
     * @param pin the holder's PIN, or null where it was not asked for; the caller overwrites it afterwards
     * @return the receipt: the goods may be handed over
     * @throws CardRefused where nothing was charged, proven by the card, or the PIN is wrong
     * @throws InDoubt where the same card must be shown again
     * @throws EarlierMovementFound where a movement in doubt had been made; nothing was sold now
     * @throws CardException {@code clock-behind}, {@code card-needs-mending}, and those of {@link Recovery}
     */
    public Receipt sell(CardChannel card, Basket basket, char[] pin) throws IOException, CardException {
        byte[] time = checkedTime();
        Session session = ready(card);
        if (pin != null) {
            session.verify(pin);
        }
        Struct body = body(CommandKind.DEBIT, Map.of("amount", basket.total(),
                "categories", basket.categories(goods), "basket_digest", Hex.of(basket.digest())), time);
        return move(card, session, CommandKind.DEBIT, body.bytes(), basket, session::mac);
    }

    /** Gives a debit back, which must be the card's newest receipt. As {@link #sell} otherwise. */
    public Receipt cancel(CardChannel card, Receipt debit) throws IOException, CardException {
        byte[] time = checkedTime();
        Session session = ready(card);
        Struct body = body(CommandKind.CANCEL, Map.of("amount", debit.number("amount"),
                "categories", debit.number("categories"), "cancelled_mac", Hex.of(debit.bytes("mac"))), time);
        return move(card, session, CommandKind.CANCEL, body.bytes(), null, session::mac);
    }

    /** Raises this month's limit by an amount (rupiah), which the companion confirms. */
    public Receipt override(CardChannel card, Companion companion, long amount, int reason)
            throws IOException, CardException {
        byte[] time = checkedTime();
        Session session = ready(card);
        Struct body = body(CommandKind.OVERRIDE, Map.of("amount", amount, "reason", reason,
                "companion_id", Hex.of(companion.id())), time);
        return move(card, session, CommandKind.OVERRIDE, body.bytes(), null,
                (kind, bytes) -> companion.confirm(bytes, session.quote(), session.challenge()));
    }

    /** Lets the holder choose a PIN: with the old one, or null where an update has opened the choice. */
    public void choosePin(CardChannel card, char[] old, char[] chosen) throws IOException, CardException {
        Session session = ready(card);
        if (old != null) {
            session.verify(old);
        }
        session.choosePin(chosen);
    }

    /**
     * Delivers an update. It may be repeated until this returns.
     *
     * @return the receipt for the bank; not believed by this terminal where it cannot verify the card's answer
     * @throws CardRefused a hint only
     * @throws CardException {@code another-card}
     */
    public Receipt deliver(CardChannel card, Update update) throws IOException, CardException {
        Session session = recovery.select(card);
        if (!Hex.of(session.quote().serial()).equals(update.serial())) {
            throw new CardException("another-card", "The update is card " + update.serial() + "'s.",
                    "Pembaruan itu untuk kartu " + update.serial() + ".");
        }
        Answer answer = session.exchange(CommandKind.UPDATE, update.body(), update.mac());
        if (!recovery.canBelieve(session.quote())) {
            return passedOn(answer);
        }
        Receipt receipt =
                new Receipt(session.verified(CommandKind.UPDATE, update.body(), update.mac(), answer));
        if (receipt.type() != Receipt.UPDATE || !receipt.serial().equals(update.serial())
                || receipt.number("update_seq") != update.seq()) {
            throw CardException.notGenuine("a receipt of something else confirms the update; report it");
        }
        journal.updated(receipt, true);
        journal.proved(update.serial(), receipt.seq(), false);
        return receipt;
    }

    /** Below the minimum key version, or without the key: the bank checks the receipt, nobody here. */
    private Receipt passedOn(Answer answer) throws IOException, CardException {
        byte[] data = answer.data();
        if (answer.sw() != Answer.OK || data.length != Receipt.SIZE + CommandKind.MAC) {
            throw new CardRefused(answer.sw());
        }
        Receipt receipt = new Receipt(Arrays.copyOf(data, Receipt.SIZE));
        journal.updated(receipt, false);
        return receipt;
    }

    /** The merchant confirms that the terminal's time is right though the journal holds a later one. */
    public void confirmTime() throws IOException {
        journal.confirmed(clock.get());
    }

    private Session ready(CardChannel card) throws IOException, CardException {
        Session session = recovery.open(card);
        recovery.settleDoubts(session);
        return session;
    }

    private byte[] checkedTime() throws CardException {
        LocalDateTime now = clock.get().withNano(0);
        if (now.isBefore(journal.newestTime())) {
            throw new CardException("clock-behind",
                    "The clock says " + now + ", the journal " + journal.newestTime() + ": set it, or confirm.",
                    "Jam menunjukkan " + now + ", jurnal " + journal.newestTime() + ": setel, atau konfirmasi.");
        }
        return Bcd.timestamp(now);
    }

    private Struct body(CommandKind kind, Map<String, Object> own, byte[] time) {
        Map<String, Object> values = new HashMap<>(own);
        values.put("timestamp", Bcd.time(time).toString());
        values.put("terminal_id", journal.terminalId());
        values.put("terminal_txn", journal.nextTxn());
        if (kind.body().has("padding")) {
            values.put("padding", "0000000000000000");
        }
        return Struct.of(kind.body(), values);
    }

    /** Makes a movement's MAC for the session as it stands. */
    private interface Signer {
        byte[] mac(CommandKind kind, byte[] body) throws CardException;
    }

    private Receipt move(
            CardChannel card, Session session, CommandKind kind, byte[] body, Basket basket, Signer signer)
            throws IOException, CardException {
        long seq = session.newestSeq() + 1;
        byte[] mac = signer.mac(kind, body);
        Attempt attempt = new Attempt(Hex.of(session.quote().serial()), kind, seq, body, basket);
        journal.intend(attempt);
        Answer answer;
        Receipt receipt;
        try {
            answer = session.exchange(kind, body, mac);
        } catch (IOException lost) {
            throw new InDoubt(attempt, lost);
        }
        try {
            byte[] content = session.verified(kind, body, mac, answer);
            receipt = Receipt.of(seq, kind, body, new Struct(Layouts.MOVEMENT_ANSWER, content), session.quote());
        } catch (CardException refusedOrFalse) {
            return settled(card, attempt, refusedOrFalse);
        }
        journal.conclude(attempt, Conclusion.CHARGED, receipt);
        journal.proved(attempt.serial(), seq, false);
        return receipt;
    }

    /** A refusal, or an answer that does not verify, proves nothing: ask by number before saying "not charged". */
    private Receipt settled(CardChannel card, Attempt attempt, CardException reason) throws IOException, CardException {
        Session session;
        Recovery.Outcome outcome;
        try {
            session = recovery.openFor(card, attempt);
            outcome = recovery.settle(session, attempt);
        } catch (IOException lost) {
            throw new InDoubt(attempt, lost);
        }
        if (outcome.conclusion == Conclusion.CHARGED) {
            return outcome.receipt;
        }
        if (outcome.conclusion == Conclusion.GONE) {
            throw Recovery.gone(attempt);
        }
        if (!(reason instanceof CardRefused)) {
            throw new CardException(
                    "not-charged", "Nothing was charged. " + reason.getMessage(), "Tidak ada yang didebit.");
        }
        if (((CardRefused) reason).sw() == BEFORE_MONTH) {
            refuseMonth(session, attempt);
        }
        throw reason;
    }

    /** Where the card's month really lies ahead, only the bank can help; the money is safe. */
    private static void refuseMonth(Session session, Attempt attempt) throws IOException, CardException {
        long month = session.status().number("month");
        if (month > Bcd.month(attempt.timestamp())) {
            String shown = String.format("%04X", month);
            throw new CardException("card-needs-mending",
                    "The card's month, " + shown + ", lies ahead. The card needs mending, the money is safe.",
                    "Bulan pada kartu, " + shown + ", terlalu maju. Kartu perlu diperbaiki bank, uang aman.");
        }
    }
}
