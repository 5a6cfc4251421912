// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.trial;

import id.ssncard.example.core.Basket;
import id.ssncard.example.core.CardChannel;
import id.ssncard.example.core.CardException;
import id.ssncard.example.core.Hex;
import id.ssncard.example.core.Json;
import id.ssncard.example.core.Receipt;
import id.ssncard.example.core.Struct;
import id.ssncard.example.edge.DevelopmentBank;
import id.ssncard.example.edge.DevelopmentKeys;
import id.ssncard.example.terminal.Journal;
import id.ssncard.example.terminal.Session;
import id.ssncard.example.terminal.Sessions;
import id.ssncard.example.terminal.SoftwareKeys;
import id.ssncard.example.terminal.Terminal;
import id.ssncard.example.terminal.Update;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A shop's counter in a trial: a terminal whose clock and line the trial holds. */
final class Counter implements AutoCloseable {
    static final LocalDateTime NOW = LocalDateTime.of(2026, 1, 7, 10, 15, 30);

    final Journal journal;
    final List<String> notices = new ArrayList<>();
    LocalDateTime time = NOW;
    private final Terminal terminal;
    private final SoftwareKeys keys = new SoftwareKeys(DevelopmentKeys.masters("DEBIT"));

    Counter(Path file, long id, int minimumVersion) throws IOException {
        journal = Journal.open(file, id);
        terminal = new Terminal(journal, new Sessions(id, keys, minimumVersion), Map.of("BERAS", 0), () -> time,
                notices::add);
    }

    Terminal terminal() {
        return terminal;
    }

    Receipt sell(CardChannel card, long rupiah) throws IOException, CardException {
        return terminal.sell(card, Basket.of("BERAS", 1, rupiah), null);
    }

    Receipt sell(CardChannel card, long rupiah, String pin) throws IOException, CardException {
        return terminal.sell(card, Basket.of("BERAS", 1, rupiah), pin.toCharArray());
    }

    /** The bank's next update, made of what the card says. */
    Update issued(CardChannel card, long load, Map<String, ?> changed) throws IOException, CardException {
        Session session = session(card);
        return DevelopmentBank.next(session.quote(), session.status(), load, NOW, changed);
    }

    Receipt deliver(CardChannel card, long load, Map<String, ?> changed) throws IOException, CardException {
        return terminal.deliver(card, issued(card, load, changed));
    }

    Session session(CardChannel card) throws IOException, CardException {
        return Session.select(card, keys, journal.terminalId(), Sessions.randomNonces());
    }

    Struct status(CardChannel card) throws IOException, CardException {
        return session(card).status();
    }

    List<Receipt> receipts() {
        List<Receipt> receipts = new ArrayList<>();
        for (String line : journal.receiptLines()) {
            receipts.add(new Receipt(Hex.bytes((String) Json.object(Json.parse(line)).get("receipt"))));
        }
        return receipts;
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }
}
