// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.vectors;

import id.ssncard.example.core.CardChannel;
import id.ssncard.example.core.Hex;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Plays a card from exchanges: answers each command that equals the next one's, and complains about any other. */
final class ReplayCard implements CardChannel {
    private final Deque<Doc> exchanges;

    ReplayCard(List<Doc> exchanges) {
        this.exchanges = new ArrayDeque<>(exchanges);
    }

    @Override
    public byte[] transmit(byte[] command) throws IOException {
        Doc next = exchanges.peek();
        String sent = Hex.of(command);
        if (next == null || !next.has("command") || !next.text("command").equals(sent)) {
            throw new IOException("the terminal sent " + sent + ", not "
                    + (next == null ? "nothing" : next.members.get("command")));
        }
        exchanges.remove();
        return Hex.bytes(next.text("answer") + next.text("sw"));
    }

    /** The card is reset: no command. */
    void reset() {
        exchanges.remove();
    }

    int left() {
        return exchanges.size();
    }
}
