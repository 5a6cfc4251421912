// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.edge;

import id.ssncard.example.core.CardChannel;
import java.io.IOException;

/** A line that breaks at a movement: before the card hears the command, or before the terminal hears the answer. */
public final class CutCard implements CardChannel {
    /** What is lost. */
    public enum Lost {
        /** The command: the card does nothing. */ COMMAND,
        /** The answer: the card has done it. */ ANSWER
    }

    private final CardChannel card;
    private final Lost lost;
    private boolean cut;

    /** The card behind the line. */
    public CutCard(CardChannel card, Lost lost) {
        this.card = card;
        this.lost = lost;
    }

    @Override
    public byte[] transmit(byte[] command) throws IOException {
        int ins = command[1];
        boolean movement = ins == 0x40 || ins == 0x42 || ins == 0x4A;
        if (movement && lost == Lost.ANSWER && !cut) {
            card.transmit(command);
        }
        cut |= movement;
        if (cut) {
            throw new IOException("the line was cut");
        }
        return card.transmit(command);
    }
}
