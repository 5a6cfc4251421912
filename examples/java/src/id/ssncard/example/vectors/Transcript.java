// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.vectors;

import id.ssncard.example.core.CardException;
import id.ssncard.example.core.CardRefused;
import id.ssncard.example.core.Cmac;
import id.ssncard.example.core.CommandKind;
import id.ssncard.example.core.Hex;
import id.ssncard.example.core.KeyDerivation;
import id.ssncard.example.core.Layout;
import id.ssncard.example.core.Layouts;
import id.ssncard.example.core.Messages;
import id.ssncard.example.core.Quote;
import id.ssncard.example.core.Receipt;
import id.ssncard.example.core.StatusWord;
import id.ssncard.example.core.Struct;
import id.ssncard.example.edge.DevelopmentKeys;
import id.ssncard.example.receipts.ReceiptVerifier;
import id.ssncard.example.terminal.Answer;
import id.ssncard.example.terminal.Session;
import id.ssncard.example.terminal.SoftwareKeys;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Plays one transcript, with a card played from it, to the terminal's code: every command is made anew from its fields
 * and must be the one that was sent, but for those whose MAC the card refused, which must not.
 */
final class Transcript {
    private static final int WRONG_MAC = 0x6988;
    private static final int NO_CHALLENGE = 0x6985;
    private static final List<Integer> WRONG_FORMS = List.of(0x6700, 0x6A86, 0x6D00, 0x6E00);

    private final Checks checks;
    private final Doc transcript;
    private final List<Doc> exchanges;
    private final ReplayCard card;
    private final SoftwareKeys keys = MessageVectors.debitKeys();
    private final ReceiptVerifier verifier = new ReceiptVerifier(DevelopmentKeys.receiptKeys());
    private final Books books;
    private Session session;
    private long terminalId;
    private Doc current;
    private String pin;

    Transcript(Checks checks, Doc transcript) {
        this.checks = checks;
        this.transcript = transcript;
        this.exchanges = transcript.docs("exchanges");
        this.card = new ReplayCard(exchanges);
        this.books = new Books(checks);
    }

    void play() throws IOException, CardException {
        checks.members(transcript.members, "name", "about", "given", "medium", "card", "exchanges", "secure_channels");
        if (transcript.has("card")) {
            Doc given = transcript.doc("card");
            pin = given.has("pin") ? given.text("pin") : null;
            given.list("receipts").forEach(receipt -> add(new Receipt(Hex.bytes((String) receipt))));
            books.compare(new Doc(given.members.get("status")).members);
        }
        for (int i = 0; i < exchanges.size(); i++) {
            current = exchanges.get(i);
            int at = i;
            if (!checks.at((i + 1) + ", " + current.text("step"), () -> step(at))) {
                return; // what follows would differ too
            }
        }
        checks.equal("exchanges left", 0, card.left());
        books.close();
    }

    private void step(int at) throws IOException, CardException {
        if (current.has("event")) {
            checks.equal("event", "reset", current.text("event"));
            card.reset();
            session = null;
            return;
        }
        checks.members(current.members, "step", "command", "answer", "sw", "fields", "answer_fields", "plain_command",
                "plain_answer");
        byte[] command = current.bytes("command");
        checks.that("an unknown status word", StatusWord.of(sw()) != StatusWord.UNKNOWN || isForBank(command));
        if (Arrays.equals(command, Quote.command())) {
            select(at);
        } else if (isTerminals(command)) {
            terminalCommand(command);
        } else {
            // SCP03, and commands of a wrong form, which a terminal never makes. The challenge stays as it was.
            checks.that("a terminal's command, refused by its form", isForBank(command) || WRONG_FORMS.contains(sw())
                    || StatusWord.of(sw()) == StatusWord.FILE_NOT_FOUND);
            card.transmit(command);
        }
    }

    private static boolean isTerminals(byte[] command) {
        return Arrays.stream(CommandKind.values()).anyMatch(kind -> {
            byte[] none = kind.apdu(new byte[kind.body().length()], new byte[CommandKind.MAC]);
            return command.length == none.length && Arrays.equals(command, 0, 5, none, 0, 5);
        });
    }

    /** INITIALIZE UPDATE and what goes through a secure channel. */
    private static boolean isForBank(byte[] command) {
        return (command[0] & 0xFF) == 0x84 || command[1] == 0x50;
    }

    private int sw() {
        return Integer.parseInt(current.text("sw"), 16);
    }

    private void select(int at) throws IOException, CardException {
        terminalId = nextTerminalId(at);
        session = Session.select(card, keys, terminalId, () -> current.doc("fields").bytes("terminal_nonce"));
        checks.equal("answer's fields", current.doc("answer_fields").members, session.quote().fields().values());
        if (session.quote().isPersonalized()) {
            checks.equal("newest number", books.newestSeq(), session.newestSeq());
        }
    }

    /** The number of the terminal whose command comes next. */
    private long nextTerminalId(int from) {
        return exchanges.stream().skip(from)
                .filter(one -> one.has("fields") && one.doc("fields").has("terminal_id"))
                .map(one -> one.doc("fields").number("terminal_id"))
                .findFirst().orElse(0L);
    }

    private void terminalCommand(byte[] command) throws IOException, CardException {
        CommandKind kind = kindOf(command[1]);
        byte[] sent = Arrays.copyOfRange(command, 5, command.length - CommandKind.MAC - 1);
        byte[] mac = Arrays.copyOfRange(command, command.length - CommandKind.MAC - 1, command.length - 1);
        if (current.has("fields") && sw() != WRONG_MAC) {
            checks.bytes("body made of the fields", Hex.of(sent),
                    Struct.of(layoutOf(kind), current.doc("fields").members).bytes());
        }
        if (!session.quote().isPersonalized()) {
            card.transmit(command); // our terminal sends nothing to a blank card
            return;
        }
        if (session.challenge() == null && kind != CommandKind.UPDATE) {
            checks.equal("status word without a challenge", NO_CHALLENGE, sw());
            card.transmit(command);
            return;
        }
        checks.equal("the MAC is right", sw() != WRONG_MAC, macs(kind, sent).contains(Hex.of(mac)));
        exchanged(kind, sent, mac);
    }

    /** The command's, but where a rogue sends the body of a CANCEL as a DEBIT: the names tell. */
    private Layout layoutOf(CommandKind kind) {
        return current.doc("fields").has("cancelled_mac") ? Layouts.CANCELLATION : kind.body();
    }

    private static CommandKind kindOf(byte ins) {
        return Arrays.stream(CommandKind.values()).filter(kind -> kind.ins() == ins).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no command of a terminal"));
    }

    /** MACs under which the card may take the command: more than one of an UPDATE only. */
    private List<String> macs(CommandKind kind, byte[] body) throws CardException {
        byte[] headed = kind.headerAndBody(body);
        if (kind == CommandKind.UPDATE) {
            return books.updateMacs(session.quote(), body,
                    version -> Hex.of(mac("UPDATE", version, Messages.update(headed, session.quote().serial()))));
        }
        if (kind == CommandKind.OVERRIDE) {
            byte[] message = Messages.command(headed, session.quote().quoted(), session.challenge());
            return List.of(Hex.of(mac("OVERRIDE", session.quote().overrideKeyVersion(), message)));
        }
        return List.of(Hex.of(session.mac(kind, body)));
    }

    private byte[] mac(String label, int version, byte[] message) {
        byte[] key = KeyDerivation.cardKey(
                DevelopmentKeys.master(label, version), label, session.quote().serial());
        return Cmac.of(key, message, CommandKind.MAC);
    }

    private void exchanged(CommandKind kind, byte[] body, byte[] mac) throws IOException, CardException {
        byte[] content;
        try {
            content = answered(kind, body, mac);
        } catch (CardRefused refused) {
            checks.equal("status word", sw(), refused.sw());
            return;
        }
        checks.equal("status word", sw(), Answer.OK);
        checks.equal("answer's fields", current.doc("answer_fields").members,
                MessageVectors.answerFields(kind, content));
        believed(kind, body, content, mac);
    }

    /** Queries through the session's own methods, where they make this very command; else through its parts. */
    private byte[] answered(CommandKind kind, byte[] body, byte[] mac) throws IOException, CardException {
        boolean ours = kind.isQuery() && sw() != WRONG_MAC
                && new Struct(kind.body(), body).number("terminal_id") == terminalId;
        if (ours && kind == CommandKind.GET_STATUS) {
            return session.status().bytes();
        }
        if (ours && kind == CommandKind.READ_RECEIPT) {
            return session.readReceipt(new Struct(kind.body(), body).number("seq"));
        }
        if (ours && (kind == CommandKind.VERIFY || kind == CommandKind.CHANGE_REFERENCE_DATA)) {
            char[] digits = digits(body);
            if (digits != null) {
                holder(kind, digits);
                return new byte[0];
            }
        }
        return session.verified(kind, body, mac, session.exchange(kind, body, mac));
    }

    /** The PIN in a well-formed block of this session, or null. */
    private char[] digits(byte[] body) throws CardException {
        Struct query = new Struct(Layouts.PIN_QUERY, body);
        byte[] block = keys.maskPin(query.bytes("masked_pin_block"), query.bytes("terminal_nonce"),
                session.challenge(), session.quote());
        String text = Hex.of(block);
        int count = block[0] & 0xF;
        boolean formed = block[0] >> 4 == 2 && count >= 4 && count <= 12
                && text.substring(2, 2 + count).matches("[0-9]*");
        return formed ? text.substring(2, 2 + count).toCharArray() : null;
    }

    private void holder(CommandKind kind, char[] digits) throws IOException, CardException {
        boolean right = new String(digits).equals(pin);
        if (kind == CommandKind.VERIFY) {
            checks.that("a wrong PIN is taken, or a right one not", sw() == Answer.OK ? right
                    : StatusWord.of(sw()) != StatusWord.WRONG_PIN || !right);
            session.verify(digits);
        } else {
            session.choosePin(digits);
            pin = new String(digits);
        }
    }

    private void believed(CommandKind kind, byte[] body, byte[] content, byte[] mac) throws CardException {
        if (kind.isMovement()) {
            add(Receipt.of(session.newestSeq() + 1, kind, body, new Struct(Layouts.MOVEMENT_ANSWER, content),
                    session.quote()));
        } else if (kind == CommandKind.UPDATE) {
            books.updated(body, mac);
            add(new Receipt(content));
        } else if (kind == CommandKind.GET_STATUS) {
            books.compare(new Struct(Layouts.STATUS_ANSWER, content).values());
        } else if (kind == CommandKind.READ_RECEIPT && content.length == Receipt.SIZE) {
            books.read(new Receipt(content));
        }
    }

    private void add(Receipt receipt) {
        checks.equal("receipt " + receipt.seq() + ", first wrong", null, verifier.firstWrong(receipt.bytes()));
        books.add(receipt);
    }
}
