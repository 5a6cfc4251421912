// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.edge;

import id.ssncard.example.core.CardChannel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.smartcardio.Card;
import javax.smartcardio.CardException;
import javax.smartcardio.CardTerminal;
import javax.smartcardio.CommandAPDU;
import javax.smartcardio.TerminalFactory;

/** A card in a PC/SC reader. The only class that knows {@code javax.smartcardio}. */
public final class PcscCard implements CardChannel, AutoCloseable {
    private final Card card;

    /**
     * Connects to the card in the reader whose name contains the text, and keeps other programs off.
     *
     * @throws IOException where there is no such reader, more than one, or no card in it
     */
    public PcscCard(String reader) throws IOException {
        try {
            CardTerminal terminal = find(reader);
            card = terminal.connect("*");
            card.beginExclusive();
        } catch (CardException failed) {
            throw new IOException("PC/SC: " + failed.getMessage() + ". Is pcscd running, and a card in the reader?"
                    + " / Apakah pcscd berjalan dan ada kartu di pembaca?", failed);
        }
    }

    private static CardTerminal find(String name) throws CardException, IOException {
        List<CardTerminal> found = new ArrayList<>();
        List<String> all = new ArrayList<>();
        for (CardTerminal terminal : TerminalFactory.getDefault().terminals().list()) {
            all.add(terminal.getName());
            if (terminal.getName().contains(name) && terminal.isCardPresent()) {
                found.add(terminal);
            }
        }
        if (found.size() != 1) {
            throw new IOException(found.size() + " readers with a card are called '" + name + "', of " + all
                    + ". Start pcscd, put a card in, or name the reader. / Pembaca berisi kartu yang cocok: "
                    + found.size() + ". Jalankan pcscd, masukkan kartu, atau sebutkan pembacanya.");
        }
        return found.get(0);
    }

    @Override
    public byte[] transmit(byte[] command) throws IOException {
        try {
            return card.getBasicChannel().transmit(new CommandAPDU(command)).getBytes();
        } catch (CardException | IllegalStateException lost) {
            throw new IOException("PC/SC: " + lost.getMessage(), lost);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            card.endExclusive();
            card.disconnect(true);
        } catch (CardException | IllegalStateException gone) {
            // The card has left the reader: there is nothing to give back.
        }
    }
}
