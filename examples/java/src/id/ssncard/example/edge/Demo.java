// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.edge;

import id.ssncard.example.core.Basket;
import id.ssncard.example.core.CardException;
import id.ssncard.example.receipts.Audit;
import id.ssncard.example.receipts.History;
import id.ssncard.example.receipts.Tip;
import id.ssncard.example.terminal.Journal;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.NoSuchElementException;

/** A shop at the command line. Exit code 0: done; 1: not done, a line says why; 2: wrong command; 3: receipts wrong. */
public final class Demo {
    private static final String USAGE = String.join("\n",
            "Demo [--reader NAME | --port N] [--journal FILE] [--terminal N] [--ask-pin] COMMAND",
            "  --reader    a PC/SC reader with a card, by a part of its name (default: the only one)",
            "  --port      a simulated card's own port instead",
            "  --journal   the terminal's journal (default: terminal-java.jsonl)",
            "  --terminal  the terminal's number (default: 7)",
            "  --ask-pin   ask the holder for the PIN, at the console, before a sale",
            "commands:",
            "  demo        load, sell, lose an answer, recover, cancel, be refused, verify",
            "  status | load RUPIAH | deliver FILE | cancel | override RUPIAH | recover | verify",
            "  audit FILE [TIPS]          verify a file of receipts, whole, to the cards' own ends",
            "  receipts | gone            what this terminal hands in, as lines of those files",
            "  sell STAPLE QUANTITY RUPIAH [lose-answer | lose-command]");

    private String reader = "";
    private int port;
    private String journal = "terminal-java.jsonl";
    private long terminal = 7;
    private boolean askPin;

    private Demo() {}

    /** See {@link #USAGE}. */
    public static void main(String[] args) {
        System.exit(new Demo().run(new ArrayDeque<>(Arrays.asList(args))));
    }

    private int run(Deque<String> args) {
        try {
            while (!args.isEmpty() && args.peek().startsWith("--")) {
                option(args.remove(), args);
            }
            if (args.isEmpty()) {
                throw new IllegalArgumentException("no command");
            }
            return done(args);
        } catch (CardException failed) {
            System.err.println(failed.code() + ": " + failed.getMessage());
            return 1;
        } catch (IOException failed) {
            System.err.println(failed.getMessage());
            return 1;
        } catch (NoSuchElementException missing) {
            System.err.println("an argument is missing\n" + USAGE);
            return 2;
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage() + "\n" + USAGE);
            return 2;
        }
    }

    private void option(String name, Deque<String> args) {
        switch (name) {
            case "--reader":
                reader = args.remove();
                break;
            case "--port":
                port = Integer.parseInt(args.remove());
                break;
            case "--journal":
                journal = args.remove();
                break;
            case "--terminal":
                terminal = Long.parseLong(args.remove());
                break;
            case "--ask-pin":
                askPin = true;
                break;
            default:
                throw new IllegalArgumentException("no option " + name);
        }
    }

    private int done(Deque<String> args) throws IOException, CardException {
        if (args.peek().equals("audit")) {
            args.remove();
            return audit(Path.of(args.remove()), args.isEmpty() ? null : Path.of(args.remove()));
        }
        try (Journal open = Journal.open(Path.of(journal), terminal)) {
            switch (args.peek()) {
                case "verify":
                    return new Shop(null, open, System.out).verify() == 0 ? 0 : 3;
                case "receipts":
                    open.receiptLines().forEach(System.out::println);
                    return 0;
                case "gone":
                    open.goneLines().forEach(System.out::println);
                    return 0;
                default:
                    return withCard(open, args);
            }
        }
    }

    private int withCard(Journal open, Deque<String> args) throws IOException, CardException {
        if (port != 0) {
            try (VpcdCard card = new VpcdCard(port)) {
                return command(new Shop(card, open, System.out), args);
            }
        }
        try (PcscCard card = new PcscCard(reader)) {
            return command(new Shop(card, open, System.out), args);
        }
    }

    private static int audit(Path receipts, Path tips) throws IOException {
        Audit audit = new Audit(DevelopmentKeys.receiptKeys(), Shop.GOODS);
        audit.take(receipts.toString(), Files.readAllLines(receipts));
        Map<String, Tip> ends = tips == null ? Map.of() : Tip.read(Files.readAllLines(tips));
        Map<String, History> histories = audit.histories(true, ends);
        if (histories.isEmpty() && audit.problems().isEmpty()) {
            throw new IOException(receipts + ": no receipt / tidak ada kuitansi");
        }
        return Shop.report(audit, histories, System.out) == 0 ? 0 : 3;
    }

    private int command(Shop shop, Deque<String> args) throws IOException, CardException {
        switch (args.remove()) {
            case "demo":
                return shop.demo() ? 0 : 3;
            case "status":
                shop.status();
                return 0;
            case "load":
                shop.load(Long.parseLong(args.remove()));
                return 0;
            case "deliver":
                shop.deliver(Files.readAllLines(Path.of(args.remove())));
                return 0;
            case "sell":
                sell(shop, args);
                return 0;
            case "cancel":
                shop.cancel();
                return 0;
            case "override":
                shop.override(Long.parseLong(args.remove()));
                return 0;
            case "recover":
                shop.recover();
                return 0;
            default:
                throw new IllegalArgumentException("no such command");
        }
    }

    private void sell(Shop shop, Deque<String> args) throws IOException, CardException {
        Basket basket = Basket.of(args.remove(), Long.parseLong(args.remove()), Long.parseLong(args.remove()));
        CutCard.Lost lost = null;
        if (!args.isEmpty()) {
            lost = args.remove().equals("lose-command") ? CutCard.Lost.COMMAND : CutCard.Lost.ANSWER;
        }
        char[] pin = askPin ? pin() : null;
        try {
            shop.sell(basket, pin, lost);
        } finally {
            if (pin != null) {
                Arrays.fill(pin, '0');
            }
        }
    }

    /** From the console without echo, or a line of standard input where there is none. */
    private static char[] pin() throws IOException {
        Console console = System.console();
        if (console != null) {
            return console.readPassword("PIN: ");
        }
        char[] digits = new char[13];
        int length = 0;
        for (int one = System.in.read(); one > ' ' && length < digits.length; one = System.in.read()) {
            digits[length++] = (char) one;
        }
        char[] pin = Arrays.copyOf(digits, length);
        Arrays.fill(digits, '0');
        return pin;
    }
}
