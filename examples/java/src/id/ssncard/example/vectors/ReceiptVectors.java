// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.vectors;

import id.ssncard.example.core.Hex;
import id.ssncard.example.core.Quote;
import id.ssncard.example.core.Receipt;
import id.ssncard.example.core.CardException;
import id.ssncard.example.core.CommandKind;
import id.ssncard.example.edge.DevelopmentKeys;
import id.ssncard.example.receipts.Finding;
import id.ssncard.example.receipts.History;
import id.ssncard.example.receipts.ReceiptKeys;
import id.ssncard.example.receipts.ReceiptVerifier;
import id.ssncard.example.receipts.Restorer;
import id.ssncard.example.receipts.Tip;
import id.ssncard.example.terminal.Attempt;
import id.ssncard.example.terminal.Conclusion;
import id.ssncard.example.terminal.Session;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Plays receipts.json and conclusions.json. */
final class ReceiptVectors {
    private final Checks checks;

    ReceiptVectors(Checks checks) {
        this.checks = checks;
    }

    void receipts(Doc file) {
        checks.members(file.members, "note", "serial", "key_label", "key", "key_version", "chain", "invalid", "chains");
        ReceiptVerifier verifier = new ReceiptVerifier(
                keys(file.text("serial"), Map.of(String.valueOf(file.number("key_version")), file.text("key"))));
        List<Receipt> chain = new ArrayList<>();
        for (Doc one : file.docs("chain")) {
            checks.at("chain, " + one.text("type"), () -> {
                Receipt receipt = new Receipt(one.bytes("receipt"));
                checks.equal("first wrong", null, verifier.firstWrong(receipt.bytes()));
                checks.equal("fields", one.doc("fields").members, receipt.fields().values());
                chain.add(receipt);
            });
        }
        checks.at("chain", () -> checks.equal("findings", "[]", History.of(chain, true, null).findings().toString()));
        for (Doc one : file.docs("invalid")) {
            checks.at(one.text("first_wrong") + ", " + one.text("why"), () -> invalid(one, verifier, chain));
        }
        for (Doc one : file.docs("chains")) {
            checks.at(one.text("name"), () -> chain(one, file.text("serial"), verifier));
        }
    }

    private void chain(Doc one, String serial, ReceiptVerifier verifier) {
        checks.members(one.members, "name", "receipts", "findings", "tip", "whole");
        List<Receipt> receipts = new ArrayList<>();
        for (Object receipt : one.list("receipts")) {
            receipts.add(new Receipt(Hex.bytes((String) receipt)));
            checks.equal("first wrong", null, verifier.firstWrong(Hex.bytes((String) receipt)));
        }
        Tip tip = one.has("tip")
                ? new Tip(serial, one.doc("tip").number("seq"), one.doc("tip").bytes("last_mac")) : null;
        List<Object> found = new ArrayList<>();
        History.of(receipts, !one.has("whole"), tip).findings().forEach(finding -> found.add(members(finding)));
        checks.equal("findings", one.list("findings"), found);
    }

    /** A finding as the file has them. */
    private static Map<String, Object> members(Finding finding) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("problem", finding.kind().name().toLowerCase(Locale.ROOT));
        members.put("seq", finding.seq());
        members.put("field", finding.field());
        members.put("receipts", finding.receipts() == 0 ? null : finding.receipts());
        members.put("spent", finding.spent());
        members.values().removeIf(Objects::isNull);
        return members;
    }

    /**
     * Alone where no previous receipt is given. Else behind the file's chain up to that one: what was loaded before an
     * update stands in an earlier receipt.
     */
    private void invalid(Doc one, ReceiptVerifier verifier, List<Receipt> chain) {
        byte[] bytes = one.bytes("receipt");
        if (one.text("previous").isEmpty()) {
            checks.equal("first wrong", one.text("first_wrong"), verifier.firstWrong(bytes));
            return;
        }
        // Under whatever version it states: the file's key is of one only.
        checks.equal("alone, first wrong", null,
                new ReceiptVerifier(DevelopmentKeys.receiptKeys()).firstWrong(bytes));
        int previous = chain.indexOf(new Receipt(one.bytes("previous")));
        checks.that("the previous receipt is not the chain's", previous >= 0);
        List<Receipt> history = new ArrayList<>(chain.subList(0, previous + 1));
        history.add(new Receipt(bytes));
        List<Finding> findings = History.of(history, false, null).findings();
        checks.equal("first wrong", one.text("first_wrong"), findings.isEmpty() ? null : findings.get(0).field());
    }

    /** Keys by version, of one card. */
    private static ReceiptKeys keys(String card, Map<String, ?> versions) {
        return new ReceiptKeys() {
            @Override
            public boolean knows(String serial) {
                return serial.equals(card);
            }

            @Override
            public byte[] key(String serial, int version) {
                Object key = versions.get(String.valueOf(version));
                return key == null ? null : Hex.bytes((String) key);
            }
        };
    }

    void conclusions(Doc file) {
        checks.members(file.members, "note", "serial", "debit_key", "receipt_keys", "terminal", "bank");
        for (Doc one : file.docs("terminal")) {
            checks.at(one.text("why"), () -> checks.equal("conclusion", one.text("conclusion"), atTerminal(one)));
        }
        ReceiptKeys keys = keys(file.text("serial"), file.doc("receipt_keys").members);
        for (Doc one : file.docs("bank")) {
            checks.at(one.text("why"), () -> atBank(one, keys));
        }
    }

    /** Through a session whose card answers SELECT, and the query of the file with the file's answer. */
    private static String atTerminal(Doc one) throws IOException, CardException {
        Attempt attempt = attempt(one);
        byte[] command = one.bytes("read_receipt");
        byte[] body = Arrays.copyOfRange(command, 5, command.length - CommandKind.MAC - 1);
        byte[] mac = Arrays.copyOfRange(command, command.length - CommandKind.MAC - 1, command.length - 1);
        // Quote and challenge do not matter: the command's MAC, which covers them, is given.
        String selected = attempt.serial() + "010101010101" + "00000000" + "0000000000000000" + "9000";
        Session session = Session.select(
                sent -> Hex.bytes(Arrays.equals(sent, Quote.command()) ? selected : one.text("answer") + "9000"),
                MessageVectors.debitKeys(), 0, () -> new byte[8]);
        try {
            byte[] answer = session.verified(CommandKind.READ_RECEIPT, body, mac,
                    session.exchange(CommandKind.READ_RECEIPT, body, mac));
            return Conclusion.from(attempt, answer).words();
        } catch (CardException notGenuine) {
            return notGenuine.code().equals("answer-not-genuine") ? "not genuine" : notGenuine.code();
        }
    }

    private static Attempt attempt(Doc one) {
        Doc attempt = one.doc("attempt");
        return new Attempt(attempt.text("serial"), Attempt.kindOf(attempt.number("type")), attempt.number("seq"),
                attempt.bytes("body"), null);
    }

    private void atBank(Doc one, ReceiptKeys keys) {
        Attempt attempt = attempt(one);
        boolean first = attempt.seq() == 1;
        if (one.text("before").isEmpty() && !first || one.text("after").isEmpty()) {
            checks.equal("conclusion", "open", one.text("conclusion"));
            return;
        }
        Receipt before = first ? null : new Receipt(one.bytes("before"));
        Receipt after = new Receipt(one.bytes("after"));
        ReceiptVerifier verifier = new ReceiptVerifier(keys);
        checks.equal("n, first wrong", null, first ? null : verifier.firstWrong(before.bytes()));
        checks.equal("n + 2, first wrong", null, verifier.firstWrong(after.bytes()));
        Receipt restored = Restorer.restore(before, attempt.kind().receiptType(), attempt.body(), after, keys);
        checks.equal("conclusion", one.text("conclusion"), restored == null ? "not charged" : "charged");
        checks.equal("receipt", one.text("receipt"), restored == null ? "" : Hex.of(restored.bytes()));
        if (restored != null) {
            checks.that("the restored receipt is not the attempt's", Conclusion.isOurs(attempt, restored));
        }
    }
}
