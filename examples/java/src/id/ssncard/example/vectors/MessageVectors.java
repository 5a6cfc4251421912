// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.vectors;

import id.ssncard.example.core.Basket;
import id.ssncard.example.core.Cmac;
import id.ssncard.example.core.CommandKind;
import id.ssncard.example.core.Field;
import id.ssncard.example.core.Hex;
import id.ssncard.example.core.Json;
import id.ssncard.example.core.KeyDerivation;
import id.ssncard.example.core.Layout;
import id.ssncard.example.core.Layouts;
import id.ssncard.example.core.Messages;
import id.ssncard.example.core.PinBlock;
import id.ssncard.example.core.Quote;
import id.ssncard.example.core.Receipt;
import id.ssncard.example.core.Struct;
import id.ssncard.example.edge.DevelopmentKeys;
import id.ssncard.example.terminal.SoftwareKeys;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Plays layouts.json, derivation, select, commands, answers, pin_blocks and baskets. */
final class MessageVectors {
    private final Checks checks;

    MessageVectors(Checks checks) {
        this.checks = checks;
    }

    void layouts(Doc file) {
        Map<String, Doc> declared = new HashMap<>();
        file.docs("layouts").forEach(layout -> declared.put(layout.text("name"), layout));
        for (Layout layout : Layouts.ALL) {
            checks.at(layout.name(), () -> layout(declared.get(layout.name()), layout));
        }
    }

    private void layout(Doc declared, Layout layout) {
        checks.equal("length", declared.number("length"), (long) layout.length());
        List<Doc> fields = declared.docs("fields");
        checks.equal("fields", fields.size(), layout.fields().size());
        for (int i = 0; i < fields.size(); i++) {
            Field field = layout.fields().get(i);
            checks.equal("field " + i, fields.get(i).text("name"), field.name());
            checks.equal("offset", fields.get(i).number("offset"), (long) layout.offset(field.name()));
            checks.equal("bytes", fields.get(i).number("length"), (long) field.length());
            checks.equal("type", fields.get(i).text("type"), field.type().name().toLowerCase(java.util.Locale.ROOT));
            checks.equal("rupiah", fields.get(i).has("unit"), field.isRupiah());
            checks.equal("zero is none", fields.get(i).members.get("zero_is_none"), field.isZeroNone());
        }
    }

    void derivation(Doc file) {
        checks.members(file.members, "note", "cases");
        for (Doc one : file.docs("cases")) {
            checks.at(one.text("label") + " v" + one.number("version"), () -> {
                byte[] master = DevelopmentKeys.master(one.text("label"), (int) one.number("version"));
                byte[] key = KeyDerivation.cardKey(master, one.text("label"), one.bytes("serial"));
                checks.secret("master", one.text("master"), master);
                checks.bytes("input", one.text("input"), KeyDerivation.input(one.text("label"), one.bytes("serial")));
                checks.secret("key", one.text("key"), key);
                checks.bytes("kcv", one.text("kcv"), KeyDerivation.kcv(key));
            });
        }
    }

    void select(Doc file) {
        checks.members(file.members, "note", "cases");
        for (Doc one : file.docs("cases")) {
            checks.at(one.text("answer"), () -> {
                Quote quote = Quote.of(one.bytes("answer"));
                checks.equal("fields", one.doc("fields").members, quote.fields().values());
                checks.bytes("message", one.text("message"), Messages.numberMask());
                checks.bytes("mask", one.text("mask"), Cmac.of(one.bytes("key"), Messages.numberMask(), 4));
                checks.equal("newest_seq", one.number("newest_seq"), debitKeys().unmask(quote));
                checks.that("the key is not the card's", Arrays.equals(one.bytes("key"), KeyDerivation.cardKey(
                        DevelopmentKeys.master(one.text("key_label"), quote.debitKeyVersion()), one.text("key_label"),
                        quote.serial())));
            });
        }
    }

    static SoftwareKeys debitKeys() {
        return new SoftwareKeys(DevelopmentKeys.masters("DEBIT"));
    }

    void commands(Doc file) {
        checks.members(file.members, "note", "cases");
        for (Doc one : file.docs("cases")) {
            checks.at(one.text("command"), () -> {
                CommandKind kind = CommandKind.valueOf(one.text("command"));
                byte[] body = Struct.of(kind.body(), one.doc("fields").members).bytes();
                byte[] headed = kind.headerAndBody(body);
                byte[] message = kind == CommandKind.UPDATE
                        ? Messages.update(headed, one.bytes("serial"))
                        : Messages.command(headed, one.bytes("quote"), one.bytes("challenge"));
                byte[] mac = Cmac.of(one.bytes("key"), message, CommandKind.MAC);
                checks.equal("fields", one.doc("fields").members, new Struct(kind.body(), body).values());
                checks.bytes("header and body", one.text("header_and_body"), headed);
                checks.bytes("message", one.text("message"), message);
                checks.bytes("MAC", one.text("mac"), mac);
                checks.bytes("APDU", one.text("apdu"), kind.apdu(body, mac));
            });
        }
    }

    void answers(Doc file) {
        checks.members(file.members, "note", "cases", "not_genuine");
        Map<String, byte[]> keys = new HashMap<>();
        for (Doc one : file.docs("cases")) {
            checks.at(one.text("command"), () -> answer(one, keys));
        }
        for (Doc one : file.docs("not_genuine")) {
            checks.at(one.text("why"), () -> checks.that("is taken for genuine", !isDebitAnswer(one, keys)));
        }
    }

    private void answer(Doc one, Map<String, byte[]> keys) {
        CommandKind kind = CommandKind.valueOf(one.text("command"));
        keys.put(one.text("command_mac"), one.bytes("key"));
        byte[] logical = one.bytes("logical_answer");
        byte[] data = one.bytes("data");
        byte[] content = Arrays.copyOf(data, data.length - CommandKind.MAC);
        byte[] message = Messages.answer(kind.ins(), logical, one.bytes("command_mac"));
        byte[] mac = Cmac.of(one.bytes("key"), message, CommandKind.MAC);
        checks.equal("INS", one.text("ins"), Hex.of((byte) kind.ins()));
        checks.bytes("message", one.text("message"), message);
        checks.bytes("MAC", one.text("mac"), mac);
        checks.bytes("what travels", Hex.of(data), Hex.concat(content, mac));
        checks.that("the logical answer does not end with what travels", Hex.of(logical).endsWith(Hex.of(content)));
        checks.equal("fields", one.doc("fields").members, answerFields(kind, content));
    }

    /** The fields of a verified answer, by its length where it varies. */
    static Map<String, Object> answerFields(CommandKind kind, byte[] content) {
        if (content.length == 0) {
            return Map.of();
        }
        if (content.length == Receipt.SIZE) {
            return new Receipt(content).fields().values();
        }
        Layout layout = kind.isMovement() ? Layouts.MOVEMENT_ANSWER
                : kind == CommandKind.GET_STATUS ? Layouts.STATUS_ANSWER : Layouts.NO_RECEIPT_ANSWER;
        return new Struct(layout, content).values();
    }

    /** The file's answers that are not genuine are a debit's, to the command with that MAC. */
    private static boolean isDebitAnswer(Doc one, Map<String, byte[]> keys) {
        byte[] data = one.bytes("data");
        int length = data.length - CommandKind.MAC;
        if (!CommandKind.DEBIT.fits(length)) {
            return false;
        }
        byte[] logical = Hex.concat(one.bytes("body"), Arrays.copyOf(data, length));
        byte[] message = Messages.answer(CommandKind.DEBIT.ins(), logical, one.bytes("command_mac"));
        byte[] mac = Cmac.of(keys.get(one.text("command_mac")), message, CommandKind.MAC);
        return Arrays.equals(mac, Arrays.copyOfRange(data, length, data.length));
    }

    void pinBlocks(Doc file) {
        checks.members(file.members, "note", "cases", "no_pins");
        for (Doc one : file.docs("cases")) {
            checks.at("a PIN", () -> {
                byte[] block = PinBlock.of(one.text("pin").toCharArray());
                byte[] message = Messages.pinMask(one.bytes("terminal_nonce"), one.bytes("challenge"));
                byte[] mask = Cmac.of(one.bytes("key"), message, 8);
                byte[] masked = new byte[8];
                for (int i = 0; i < 8; i++) {
                    masked[i] = (byte) (block[i] ^ mask[i]);
                }
                checks.secret("block", one.text("pin_block"), block);
                checks.bytes("message", one.text("message"), message);
                checks.secret("mask", one.text("mask"), mask);
                checks.bytes("masked block", one.text("masked_pin_block"), masked);
            });
        }
        for (Object one : file.list("no_pins")) {
            checks.that("takes a PIN that is none", !isPin((String) one));
        }
    }

    private static boolean isPin(String text) {
        try {
            return PinBlock.of(text.toCharArray()) != null;
        } catch (IllegalArgumentException none) {
            return false;
        }
    }

    void baskets(Doc file) {
        checks.members(file.members, "note", "cases");
        for (Doc one : file.docs("cases")) {
            checks.at(one.text("name"), () -> {
                Basket basket = new Basket(one.list("basket"));
                checks.equal("canonical text", one.text("canonical"), basket.canonical());
                checks.equal("total", one.number("total"), basket.total());
                checks.bytes("digest", one.text("digest"), basket.digest());
                checks.equal("read again", one.text("canonical"),
                        new Basket(Json.array(Json.parse(one.text("canonical")))).canonical());
                for (Object other : one.list("not_canonical")) {
                    checks.that("another text of that digest: " + other,
                            !Hex.of(Basket.digest((String) other)).equals(one.text("digest")));
                    checks.that("is canonical: " + other, !isCanonical((String) other, basket));
                }
            });
        }
    }

    /** Whether a text is the canonical one of that basket. */
    private static boolean isCanonical(String text, Basket basket) {
        try {
            Basket read = new Basket(Json.array(Json.parse(text)));
            return read.canonical().equals(text) && read.canonical().equals(basket.canonical());
        } catch (IllegalArgumentException none) {
            return false;
        }
    }
}
