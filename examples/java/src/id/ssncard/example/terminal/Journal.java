// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.terminal;

import id.ssncard.example.core.Basket;
import id.ssncard.example.core.Bcd;
import id.ssncard.example.core.CommandKind;
import id.ssncard.example.core.Hex;
import id.ssncard.example.core.Json;
import id.ssncard.example.core.Receipt;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The terminal's journal: JSON Lines, appended, each line on the disk before the method returns.
 *
 * <p>A last line without its line end was never acted upon, for the command leaves after the line is on the disk: it
 * is cut off. Anything else that cannot be read makes the journal unusable. One process at a time has it open.
 */
public final class Journal implements Closeable {
    private static final String SCHEMA = "ssn-card-example/journal/1";

    private final FileChannel file;
    private final long terminalId;
    private long lastTxn;
    private LocalDateTime newestTime = LocalDateTime.MIN;
    private final Map<Long, Attempt> open = new LinkedHashMap<>();
    private final Map<Long, Attempt> attempts = new HashMap<>();
    private final Map<String, Long> proven = new HashMap<>();
    private final List<Map<String, Object>> receipts = new ArrayList<>();
    private final List<Attempt> gone = new ArrayList<>();

    private Journal(FileChannel file, long terminalId) {
        this.file = file;
        this.terminalId = terminalId;
    }

    /**
     * Opens the journal of that terminal, or begins it.
     *
     * @throws JournalException where another process has it open, or it is another terminal's, or damaged
     */
    public static Journal open(Path path, long terminalId) throws IOException {
        FileChannel file = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            lock(file);
            Journal journal = new Journal(file, terminalId);
            journal.read(path);
            return journal;
        } catch (IOException | RuntimeException unusable) {
            file.close();
            throw unusable;
        }
    }

    private static void lock(FileChannel file) throws IOException {
        boolean free;
        try {
            free = file.tryLock() != null;
        } catch (OverlappingFileLockException ours) {
            free = false;
        }
        if (!free) {
            throw new JournalException("Another program has the journal open.", "Jurnal sedang dibuka program lain.");
        }
    }

    private void read(Path path) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(file.size()));
        while (content.hasRemaining() && file.read(content) >= 0) {
            continue;
        }
        String text = new String(content.array(), StandardCharsets.UTF_8);
        int whole = text.lastIndexOf('\n') + 1;
        String[] lines = whole == 0 ? new String[0] : text.substring(0, whole).split("\n");
        for (int i = 0; i < lines.length; i++) {
            try {
                take(Json.object(Json.parse(lines[i])), i == 0);
            } catch (IllegalArgumentException | NullPointerException | ClassCastException damaged) {
                throw new JournalException(path + ", line " + (i + 1) + ": not a line of this journal. Put back nothing"
                        + " older; ask the bank.", path + ", baris " + (i + 1) + ": bukan baris jurnal ini.");
            }
        }
        file.truncate(text.substring(0, whole).getBytes(StandardCharsets.UTF_8).length);
        file.position(file.size());
        if (lines.length == 0) {
            append(Map.of("schema", SCHEMA, "terminal_id", terminalId));
        }
    }

    /** One line's meaning, the same when it is written and when it is read again. */
    private void take(Map<String, Object> line, boolean first) throws JournalException {
        if (first) {
            if (!SCHEMA.equals(line.get("schema"))) {
                throw new IllegalArgumentException("no journal");
            }
            if (!line.get("terminal_id").equals(terminalId)) {
                throw new JournalException("The journal is terminal " + line.get("terminal_id") + "'s, not "
                        + terminalId + "'s.", "Jurnal ini milik terminal " + line.get("terminal_id") + ".");
            }
            return;
        }
        switch ((String) line.get("event")) {
            case "intent":
                takeIntent(line);
                break;
            case "outcome":
                takeOutcome(line);
                break;
            case "update":
                receipts.add(line);
                break;
            case "proven":
            case "lower":
                proven.put((String) line.get("serial"), (Long) line.get("seq"));
                break;
            case "clock":
                newestTime = LocalDateTime.parse((String) line.get("time"));
                break;
            default:
                throw new IllegalArgumentException("unknown event");
        }
    }

    private void takeIntent(Map<String, Object> line) {
        Object basket = line.get("basket");
        Attempt attempt = new Attempt((String) line.get("serial"), Attempt.kindOf((Long) line.get("type")),
                (Long) line.get("seq"), Hex.bytes((String) line.get("body")),
                basket == null ? null : new Basket(Json.array(basket)));
        open.put(attempt.txn(), attempt);
        attempts.put(attempt.txn(), attempt);
        lastTxn = Math.max(lastTxn, attempt.txn());
        LocalDateTime time = Bcd.time(attempt.timestamp());
        newestTime = time.isAfter(newestTime) ? time : newestTime;
    }

    private void takeOutcome(Map<String, Object> line) {
        Attempt attempt = open.remove((Long) line.get("txn"));
        Conclusion conclusion = Conclusion.of((String) line.get("conclusion"));
        if (conclusion == Conclusion.CHARGED) {
            receipts.add(line);
        } else if (conclusion == Conclusion.GONE) {
            gone.add(attempt);
        }
    }

    private void write(Map<String, Object> line) throws IOException {
        append(line);
        take(line, false);
    }

    private void append(Map<String, Object> line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((Json.write(line) + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
        file.force(true);
    }

    /** This terminal's number. */
    public long terminalId() {
        return terminalId;
    }

    /** A transaction number that was never used. */
    public long nextTxn() {
        return lastTxn + 1;
    }

    /** The newest time that was journalled; a time that the merchant confirmed replaces later ones. */
    public LocalDateTime newestTime() {
        return newestTime;
    }

    /** Movements of a card (serial, hexadecimal) of which it is not known what became of them. */
    public List<Attempt> inDoubt(String serial) {
        List<Attempt> found = new ArrayList<>();
        open.values().stream().filter(attempt -> attempt.serial().equals(serial)).forEach(found::add);
        return found;
    }

    /** All movements in doubt, of every card. */
    public List<Attempt> inDoubt() {
        return new ArrayList<>(open.values());
    }

    /** The highest number that a card has proven, or 0. */
    public long proven(String serial) {
        return proven.getOrDefault(serial, 0L);
    }

    /** The newest receipt of a debit that was made here for that card and not cancelled since, or null. */
    public Receipt newestReceipt(String serial) {
        Receipt newest = null;
        for (Map<String, Object> line : receipts) {
            Receipt receipt = new Receipt(Hex.bytes((String) line.get("receipt")));
            if (receipt.serial().equals(serial) && (newest == null || receipt.seq() > newest.seq())) {
                newest = receipt;
            }
        }
        return newest;
    }

    /** Journals an intent; only then may the command leave. */
    void intend(Attempt attempt) throws IOException {
        Map<String, Object> line = event("intent", attempt.serial());
        line.put("type", (long) attempt.kind().receiptType());
        line.put("seq", attempt.seq());
        line.put("body", Hex.of(attempt.body()));
        line.put("basket", attempt.basket() == null ? null : attempt.basket().lines());
        write(line);
    }

    /** What became of an attempt; the receipt where it was charged, else null. */
    void conclude(Attempt attempt, Conclusion conclusion, Receipt receipt) throws IOException {
        Map<String, Object> line = event("outcome", attempt.serial());
        line.put("txn", attempt.txn());
        line.put("conclusion", conclusion.words());
        line.put("receipt", receipt == null ? null : Hex.of(receipt.bytes()));
        write(line);
    }

    /** An update's receipt, for the bank. Not {@code believed} where this terminal could not verify the answer. */
    void updated(Receipt receipt, boolean believed) throws IOException {
        Map<String, Object> line = event("update", receipt.serial());
        line.put("receipt", Hex.of(receipt.bytes()));
        line.put("believed", believed);
        write(line);
    }

    /** A number that the card has proven; lower ones than before are kept out unless {@code lower}. */
    void proved(String serial, long seq, boolean lower) throws IOException {
        if (lower || seq > proven(serial)) {
            Map<String, Object> line = event(lower ? "lower" : "proven", serial);
            line.put("seq", seq);
            write(line);
        }
    }

    /** The merchant says that it is that late and no later. */
    void confirmed(LocalDateTime time) throws IOException {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", "clock");
        line.put("time", time.toString());
        write(line);
    }

    private static Map<String, Object> event(String event, String serial) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", event);
        line.put("serial", serial);
        return line;
    }

    /** The receipts to hand in, in the journal's order, as lines of a file (page: Files, Receipts). */
    public List<String> receiptLines() {
        List<String> lines = new ArrayList<>();
        for (Map<String, Object> line : receipts) {
            Map<String, Object> out = new LinkedHashMap<>();
            out.put("schema", "ssn-card/receipt/1");
            out.put("receipt", line.get("receipt"));
            Attempt attempt = attempts.get((Long) line.get("txn"));
            boolean sold = attempt != null && attempt.kind() == CommandKind.DEBIT && attempt.basket() != null;
            out.put("basket", sold ? attempt.basket().lines() : null);
            lines.add(Json.write(out));
        }
        return lines;
    }

    /** The movements that are gone, for the bank to settle (page: Files, What cards have forgotten). */
    public List<String> goneLines() {
        List<String> lines = new ArrayList<>();
        for (Attempt attempt : gone) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("schema", "ssn-card/terminal-gone/1");
            line.put("terminal_id", terminalId);
            line.put("terminal_txn", attempt.txn());
            line.put("serial", attempt.serial());
            line.put("seq", attempt.seq());
            line.put("type", attempt.kind().receiptType());
            line.put("body", Hex.of(attempt.body()));
            lines.add(Json.write(line));
        }
        return lines;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
