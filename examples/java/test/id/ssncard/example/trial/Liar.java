// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.trial;

import id.ssncard.example.core.CardChannel;
import java.io.IOException;

/** A line that flips the last bit of one byte of the answers to an instruction, a number of times. */
final class Liar implements CardChannel {
    private final CardChannel card;
    private final int ins;
    private final int at;
    private int times;

    Liar(CardChannel card, int ins, int at, int times) {
        this.card = card;
        this.ins = ins;
        this.at = at;
        this.times = times;
    }

    @Override
    public byte[] transmit(byte[] command) throws IOException {
        byte[] answer = card.transmit(command);
        if ((command[1] & 0xFF) == ins && times-- > 0) {
            answer[at] ^= 1;
        }
        return answer;
    }
}
