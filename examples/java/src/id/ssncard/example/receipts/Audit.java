// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.receipts;

import id.ssncard.example.core.Basket;
import id.ssncard.example.core.Hex;
import id.ssncard.example.core.Json;
import id.ssncard.example.core.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Verifies files of receipts (page: Files; Receipts): each by itself, with its basket, then each card's history. */
public final class Audit {
    private static final String SCHEMA = "ssn-card/receipt/1";

    private final ReceiptVerifier verifier;
    private final Map<String, Integer> goods;
    private final Map<String, List<Receipt>> genuine = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();

    /** With the keys of the cards known, and the category bit of each staple's code. */
    public Audit(ReceiptKeys keys, Map<String, Integer> goods) {
        this.verifier = new ReceiptVerifier(keys);
        this.goods = goods;
    }

    /** Takes a file's lines; blank ones are skipped, and what is wrong is told with the line's number. */
    public void take(String file, List<String> lines) {
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                String wrong = wrong(lines.get(i));
                if (wrong != null) {
                    problems.add(file + ", line " + (i + 1) + ": " + wrong);
                }
            }
        }
    }

    private String wrong(String line) {
        Map<String, Object> members;
        byte[] bytes;
        try {
            members = Json.object(Json.parse(line));
            bytes = Hex.bytes((String) members.get("receipt"));
        } catch (IllegalArgumentException | NullPointerException | ClassCastException unreadable) {
            return "unreadable";
        }
        if (!SCHEMA.equals(members.get("schema"))) {
            return "unreadable: schema";
        }
        String field = verifier.firstWrong(bytes);
        if (field != null) {
            return "not genuine: " + field;
        }
        Receipt receipt = new Receipt(bytes);
        genuine.computeIfAbsent(receipt.serial(), serial -> new ArrayList<>()).add(receipt);
        return basket(receipt, members.get("basket"));
    }

    private String basket(Receipt receipt, Object lines) {
        if (lines == null) {
            return null;
        }
        try {
            String field = receipt.type() == Receipt.DEBIT
                    ? ReceiptVerifier.basketWrong(receipt, new Basket(Json.array(lines)), goods) : "type";
            return field == null ? null : "the basket is another: " + field;
        } catch (IllegalArgumentException noBasket) {
            return "the basket is none: " + noBasket.getMessage();
        }
    }

    /**
     * The history of each card, by serial.
     *
     * @param whole whether all receipts should be there
     * @param tips what cards said of their ends
     */
    public Map<String, History> histories(boolean whole, Map<String, Tip> tips) {
        Map<String, History> histories = new TreeMap<>();
        tips.forEach((serial, tip) -> genuine.computeIfAbsent(serial, none -> new ArrayList<>()));
        genuine.forEach((serial, receipts) -> histories.put(serial, History.of(receipts, whole, tips.get(serial))));
        return histories;
    }

    /** What is wrong with lines by themselves. */
    public List<String> problems() {
        return new ArrayList<>(problems);
    }

    /** How many genuine receipts a card has. */
    public int count(String serial) {
        return genuine.get(serial).size();
    }
}
