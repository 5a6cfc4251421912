// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.trial;

import id.ssncard.example.core.CardChannel;
import id.ssncard.example.core.Hex;
import id.ssncard.example.core.Receipt;
import id.ssncard.example.core.Struct;
import id.ssncard.example.edge.CutCard;
import id.ssncard.example.edge.DevelopmentKeys;
import id.ssncard.example.edge.VpcdCard;
import id.ssncard.example.receipts.History;
import id.ssncard.example.receipts.ReceiptVerifier;
import id.ssncard.example.receipts.Restorer;
import id.ssncard.example.terminal.Attempt;
import id.ssncard.example.terminal.EarlierMovementFound;
import id.ssncard.example.terminal.Terminal;
import id.ssncard.example.terminal.Update;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * One simulated card, just personalized with a PIN, at two counters and on lying lines; in the end its receipts, one of
 * them restored, give the state that the card states. Arguments: port, PIN, an empty directory.
 */
public final class TerminalTrial {
    private static final int SELECT = 0xA4;
    private static final int DEBIT = 0x40;
    private static final int READ_RECEIPT = 0x44;
    private static final int LOG = 30;
    /** Where the serial begins in a receipt. */
    private static final int SERIAL_AT = 67;

    private final CardChannel card;
    private final Path directory;
    private final Counter here;
    private final Counter elsewhere;
    private final List<Receipt> restored = new ArrayList<>();
    private String pin;

    private TerminalTrial(CardChannel card, String pin, Path directory) throws Exception {
        this.card = card;
        this.pin = pin;
        this.directory = directory;
        here = new Counter(directory.resolve("here.jsonl"), 7, 1);
        elsewhere = new Counter(directory.resolve("elsewhere.jsonl"), 4_000_000_001L, 1);
    }

    /** Port, PIN, directory. */
    public static void main(String[] args) throws Exception {
        try (VpcdCard card = new VpcdCard(Integer.parseInt(args[0]))) {
            TerminalTrial trial = new TerminalTrial(card, args[1], Path.of(args[2]));
            trial.notActivated();
            trial.updates();
            trial.pin();
            trial.lostAnswersAndCommands();
            trial.lyingLines();
            trial.gone();
            trial.lowerNumber();
            trial.clocks();
            trial.keyVersions();
            trial.books();
            System.out.println("all trials passed");
        }
    }

    private void notActivated() throws Exception {
        Expect.refused(0x940A, () -> here.sell(card, 1000));
        Expect.equal("in doubt", 0, here.journal.inDoubt().size());
    }

    private void updates() throws Exception {
        Update update = here.issued(card, 500_000, Map.of("pin_above", 50_000, "monthly_limit", 300_000));
        Receipt receipt = here.terminal().deliver(card, update);
        Expect.that("the same update gives the same receipt", receipt.equals(here.terminal().deliver(card, update)));
        Update others = new Update("0000000000000000", update.body(), update.mac());
        Expect.code("another-card", () -> here.terminal().deliver(card, others));
        byte[] mac = update.mac();
        mac[0] ^= 1;
        Update forged = new Update(update.serial(), update.body(), mac);
        Expect.refused(0x6988, () -> here.terminal().deliver(card, forged));
    }

    private void pin() throws Exception {
        Expect.equal("PIN state", 0, here.sell(card, 40_000).number("pin_state"));
        Struct status = here.terminal().status(card);
        Expect.that("Rp10000 need no PIN", !Terminal.needsPin(status, 10_000));
        Expect.that("Rp10001 need it", Terminal.needsPin(status, 10_001));
        here.terminal().cancel(card, here.sell(card, 4_000));
        here.terminal().cancel(card, here.sell(card, 10_000));
        Expect.equal("floor", here.status(card).number("pin_floor"),
                History.of(here.receipts(), true, null).pinFloor());
        Expect.refused(0x9412, () -> here.sell(card, 10_001));
        Expect.refused(0x63C2, () -> here.sell(card, 10_001, "0000"));
        Expect.equal("PIN state", 1, here.sell(card, 10_001, pin).number("pin_state"));
        here.terminal().choosePin(card, pin.toCharArray(), "1357".toCharArray());
        pin = "1357";
        Expect.equal("PIN state", 1, here.sell(card, 60_000, pin).number("pin_state"));
        Expect.refused(0x6985, () -> here.terminal().choosePin(card, null, "2468".toCharArray()));
    }

    private void lostAnswersAndCommands() throws Exception {
        Expect.code("in-doubt", () -> here.sell(new CutCard(card, CutCard.Lost.ANSWER), 2000));
        EarlierMovementFound found =
                (EarlierMovementFound) Expect.code("earlier-movement-found", () -> here.sell(card, 2000));
        Expect.code("in-doubt",
                () -> here.terminal().cancel(new CutCard(card, CutCard.Lost.ANSWER), found.receipt()));
        Expect.equal("found", Receipt.CANCEL, ((EarlierMovementFound) Expect.code("earlier-movement-found",
                () -> here.terminal().recover(card))).receipt().type());
        Expect.code("in-doubt", () -> here.sell(new CutCard(card, CutCard.Lost.COMMAND), 2000));
        elsewhere.sell(card, 1500); // takes the number
        byte[] serial = here.session(card).quote().serial();
        byte[] another = here.receipts().get(0).bytes();
        Expect.code("in-doubt", () -> here.terminal().recover(new Rogue(card, serial, another)));
        byte[] otherCards = elsewhere.receipts().get(0).bytes();
        otherCards[SERIAL_AT] ^= 1;
        Expect.code("in-doubt", () -> here.terminal().recover(new Rogue(card, serial, otherCards)));
        Expect.that("another's is not ours", here.terminal().recover(card));
        Expect.that("settled", !here.terminal().recover(card));
    }

    private void lyingLines() throws Exception {
        long balance = here.status(card).number("balance");
        int keyVersion = 11;
        Expect.refused(0x6988, () -> here.sell(new Liar(card, SELECT, keyVersion, 1), 3000));
        Expect.code("in-doubt", () -> here.sell(new Liar(card, SELECT, keyVersion, 9), 3000));
        Expect.that("not charged", here.terminal().recover(card));
        Expect.equal("balance", balance, here.status(card).number("balance"));
        int receiptMac = 27;
        Receipt receipt = here.sell(new Liar(card, DEBIT, receiptMac, 1), 3000);
        Expect.that("the receipt was read from the card", genuine(receipt));
        CardChannel twice = new Liar(new Liar(card, DEBIT, receiptMac, 1), READ_RECEIPT, 3, 1);
        Expect.code("in-doubt", () -> here.sell(twice, 3000));
        Expect.code("earlier-movement-found", () -> here.terminal().recover(card));
        Expect.equal("balance", balance - 6000, here.status(card).number("balance"));
    }

    private static boolean genuine(Receipt receipt) {
        return new ReceiptVerifier(DevelopmentKeys.receiptKeys()).firstWrong(receipt.bytes()) == null;
    }

    private void gone() throws Exception {
        Receipt before = here.sell(card, 1000);
        Expect.code("in-doubt", () -> here.sell(new CutCard(card, CutCard.Lost.ANSWER), 1234));
        Attempt attempt = here.journal.inDoubt().get(0);
        List<Receipt> others = new ArrayList<>();
        for (int i = 0; i < LOG; i++) {
            others.add(elsewhere.sell(card, 1));
        }
        here.sell(card, 1000);
        Expect.that("it is told, and the sale goes on", here.notices.get(0).contains(attempt.toString()));
        Expect.equal("in doubt", 0, here.journal.inDoubt().size());
        Receipt receipt = Restorer.restore(before, Receipt.DEBIT, attempt.body(), others.get(0),
                DevelopmentKeys.receiptKeys());
        Expect.that("restored", receipt != null && genuine(receipt));
        restored.add(receipt);
    }

    private void lowerNumber() throws Exception {
        if (here.session(card).newestSeq() % 2 == 0) {
            here.sell(card, 1000);
        }
        int maskedSeq = 17; // the number is odd: its last bit altered makes one less
        Expect.code("answer-not-genuine", () -> here.sell(new Liar(card, SELECT, maskedSeq, 9), 1000));
        Expect.equal("in doubt", 0, here.journal.inDoubt().size());
        String serial = Hex.of(here.session(card).quote().serial());
        try (Counter misled = misled(serial)) {
            misled.sell(card, 1000);
            Expect.that("the false card is reported", misled.notices.get(0).contains("1000000"));
            restored.addAll(misled.receipts());
        }
    }

    /** A counter that a false card, made with the DEBIT key, has shown a high number. */
    private Counter misled(String serial) throws Exception {
        Path file = directory.resolve("misled.jsonl");
        new Counter(file, 9, 1).close();
        Files.writeString(file, "{\"event\":\"proven\",\"serial\":\"" + serial + "\",\"seq\":1000000}\n",
                StandardOpenOption.APPEND);
        return new Counter(file, 9, 1);
    }

    private void clocks() throws Exception {
        here.time = Counter.NOW.minusSeconds(1);
        Expect.code("clock-behind", () -> here.sell(card, 1000));
        here.terminal().confirmTime();
        here.sell(card, 1000);
        here.time = Counter.NOW.plusMonths(5); // by a wrong clock
        here.sell(card, 1000);
        here.time = Counter.NOW;
        here.terminal().confirmTime();
        Expect.code("card-needs-mending", () -> here.sell(card, 1000));
        here.deliver(card, 0, Map.of("mend_count", 1, "mended_to", "2601", "pin_above", 50_000));
        here.sell(card, 1000, pin);
    }

    private void keyVersions() throws Exception {
        try (Counter strict = new Counter(directory.resolve("strict.jsonl"), 8, 2)) {
            Expect.code("key-version-refused", () -> strict.sell(card, 1000));
            Receipt moved = strict.deliver(card, 100_000, Map.of("key_selection", 15, "pin_above", 40_000));
            Expect.that("a genuine receipt for the bank", genuine(moved));
            Receipt first = strict.sell(card, 1000);
            Expect.equal("RECEIPT key version", 2, first.number("key_version"));
            restored.addAll(strict.receipts());
        }
    }

    /** All receipts of all counters: whole, no rule broken, and the state that the card states. */
    private void books() throws Exception {
        List<Receipt> all = new ArrayList<>(restored);
        all.addAll(here.receipts());
        all.addAll(elsewhere.receipts());
        List<Receipt> once = new ArrayList<>(new LinkedHashSet<>(all));
        once.forEach(receipt -> Expect.that("genuine " + receipt.seq(), genuine(receipt)));
        History history = History.of(once, true, null);
        Expect.that("findings " + history.findings(), history.findings().isEmpty());
        Struct status = here.status(card);
        Receipt newest = history.newest().get(0);
        Expect.equal("seq", status.number("seq"), newest.seq());
        Expect.equal("balance", status.number("balance"), newest.number("balance_after"));
        Expect.equal("month", status.number("month"), newest.number("month"));
        Expect.equal("month spent", status.number("month_spent"), newest.number("month_spent_after"));
        Expect.equal("floor", status.number("pin_floor"), history.pinFloor());
        here.close();
        elsewhere.close();
    }
}
