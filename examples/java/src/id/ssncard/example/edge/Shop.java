// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.edge;

import id.ssncard.example.core.Basket;
import id.ssncard.example.core.CardChannel;
import id.ssncard.example.core.CardException;
import id.ssncard.example.core.CardRefused;
import id.ssncard.example.core.Hex;
import id.ssncard.example.core.Json;
import id.ssncard.example.core.Receipt;
import id.ssncard.example.core.Struct;
import id.ssncard.example.receipts.Audit;
import id.ssncard.example.receipts.Finding;
import id.ssncard.example.receipts.History;
import id.ssncard.example.terminal.Companion;
import id.ssncard.example.terminal.EarlierMovementFound;
import id.ssncard.example.terminal.InDoubt;
import id.ssncard.example.terminal.Journal;
import id.ssncard.example.terminal.Session;
import id.ssncard.example.terminal.Sessions;
import id.ssncard.example.terminal.SoftwareKeys;
import id.ssncard.example.terminal.Terminal;
import id.ssncard.example.terminal.Update;
import java.io.IOException;
import java.io.PrintStream;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/** What a shop does with one card, told to a printer in words. With the published development keys. */
final class Shop {
    /** Category bits of the goods on sale today (page: Category bits). */
    static final Map<String, Integer> GOODS = Map.of("BERAS", 0, "TELUR", 1, "AYAM", 2, "IKAN_KALENG", 3,
            "MINYAK", 4, "GULA", 5, "SUSU", 6);
    private static final ZoneId WITA = ZoneId.of("Asia/Makassar");
    private static final byte[] COMPANION = Hex.bytes("0000000000000815");
    private static final int REASON = 7;

    private final CardChannel card;
    private final Journal journal;
    private final SoftwareKeys keys = new SoftwareKeys(DevelopmentKeys.masters("DEBIT"));
    private final Terminal terminal;
    private final PrintStream out;

    Shop(CardChannel card, Journal journal, PrintStream out) {
        this.card = card;
        this.journal = journal;
        this.out = out;
        this.terminal = new Terminal(
                journal, new Sessions(journal.terminalId(), keys, 1), GOODS, Shop::now, out::println);
    }

    private static LocalDateTime now() {
        return LocalDateTime.now(WITA).withNano(0);
    }

    private Session session() throws IOException, CardException {
        return Session.select(card, keys, journal.terminalId(), Sessions.randomNonces());
    }

    /** Issues and delivers the next update, with a load in rupiah. */
    void load(long rupiah) throws IOException, CardException {
        Session session = session();
        Update update = DevelopmentBank.next(session.quote(), session.status(), rupiah, now(), Map.of());
        told("loaded", terminal.deliver(card, update));
    }

    /** Delivers this card's updates from a file of them. */
    void deliver(List<String> lines) throws IOException, CardException {
        String serial = Hex.of(session().quote().serial());
        boolean found = false;
        for (Update update : Update.read(lines)) {
            if (update.serial().equals(serial)) {
                told("delivered", terminal.deliver(card, update));
                found = true;
            }
        }
        if (!found) {
            throw new CardException("no-update", "The file has no update for card " + serial + ".",
                    "Berkas tidak berisi pembaruan untuk kartu " + serial + ".");
        }
    }

    void status() throws IOException, CardException {
        Struct status = terminal.status(card);
        out.println(Json.write(status.values()));
    }

    /** Sells; {@code lost} cuts the line at the debit, null does not. */
    void sell(Basket basket, char[] pin, CutCard.Lost lost) throws IOException, CardException {
        told("sold", terminal.sell(lost == null ? card : new CutCard(card, lost), basket, pin));
    }

    /** Cancels the newest debit that this terminal knows of the card. */
    void cancel() throws IOException, CardException {
        Receipt newest = journal.newestReceipt(Hex.of(session().quote().serial()));
        if (newest == null || newest.type() != Receipt.DEBIT) {
            throw new CardException("nothing-to-cancel", "The newest receipt here is no debit.",
                    "Kuitansi terbaru di sini bukan pembelian.");
        }
        told("given back", terminal.cancel(card, newest));
    }

    void override(long rupiah) throws IOException, CardException {
        Companion companion = Companion.inSoftware(COMPANION, DevelopmentKeys.masters("OVERRIDE"));
        told("limit raised", terminal.override(card, companion, rupiah, REASON));
    }

    void recover() throws IOException, CardException {
        out.println(terminal.recover(card) ? "not charged: sell again" : "nothing is in doubt of this card");
    }

    /** Verifies all receipts of the journal as an auditor would; how many findings. */
    int verify() {
        Audit audit = new Audit(DevelopmentKeys.receiptKeys(), GOODS);
        audit.take("journal", journal.receiptLines());
        return report(audit, audit.histories(false, Map.of()), out);
    }

    /** Prints what an audit found; how many findings. */
    static int report(Audit audit, Map<String, History> histories, PrintStream out) {
        int wrong = audit.problems().size();
        audit.problems().forEach(out::println);
        for (Map.Entry<String, History> one : histories.entrySet()) {
            List<Finding> findings = one.getValue().findings();
            findings.forEach(out::println);
            wrong += findings.size();
            out.println("card " + one.getKey() + ": " + audit.count(one.getKey()) + " receipts verified, "
                    + findings.size() + " findings");
        }
        return wrong;
    }

    /** Everything once, and the sum of it checked; false where something was not as it should be. */
    boolean demo() throws IOException, CardException {
        load(400_000);
        sell(Basket.of("BERAS", 5, 72_500), null, null);
        override(10_000);
        boolean right = doubted(CutCard.Lost.ANSWER) & foundCharged();
        cancel();
        right &= doubted(CutCard.Lost.COMMAND);
        recover();
        right &= refused();
        return right & verify() == 0;
    }

    private boolean doubted(CutCard.Lost lost) throws IOException, CardException {
        try {
            sell(Basket.of("TELUR", 10, 18_500), null, lost);
        } catch (InDoubt doubt) {
            out.println(doubt.getMessage());
            return true;
        }
        return false;
    }

    private boolean foundCharged() throws IOException, CardException {
        try {
            recover();
        } catch (EarlierMovementFound found) {
            out.println(found.getMessage());
            return true;
        }
        return false;
    }

    private boolean refused() throws IOException, CardException {
        try {
            sell(Basket.of("BERAS", 50, 725_000), null, null);
        } catch (CardRefused refused) {
            out.println(refused.getMessage() + " Nothing was charged.");
            return true;
        }
        return false;
    }

    private void told(String what, Receipt receipt) {
        out.printf("%s: receipt %d, Rp%d, balance Rp%d%n", what, receipt.seq(),
                receipt.number(receipt.type() == Receipt.UPDATE ? "loaded_total" : "amount"),
                receipt.number("balance_after"));
    }
}
