// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.trial;

import id.ssncard.example.core.CardChannel;
import id.ssncard.example.core.Cmac;
import id.ssncard.example.core.CommandKind;
import id.ssncard.example.core.Hex;
import id.ssncard.example.core.KeyDerivation;
import id.ssncard.example.core.Messages;
import id.ssncard.example.edge.DevelopmentKeys;
import java.io.IOException;
import java.util.Arrays;

/** A line that has the DEBIT master, and answers READ RECEIPT, under a right MAC, with a receipt of its choice. */
final class Rogue implements CardChannel {
    private final CardChannel card;
    private final byte[] receipt;
    private final byte[] key;

    Rogue(CardChannel card, byte[] serial, byte[] receipt) {
        this.card = card;
        this.receipt = receipt;
        this.key = KeyDerivation.cardKey(DevelopmentKeys.master("DEBIT", 1), "DEBIT", serial);
    }

    @Override
    public byte[] transmit(byte[] command) throws IOException {
        if ((command[1] & 0xFF) != CommandKind.READ_RECEIPT.ins()) {
            return card.transmit(command);
        }
        byte[] commandMac = Arrays.copyOfRange(command, command.length - CommandKind.MAC - 1, command.length - 1);
        byte[] message = Messages.answer(CommandKind.READ_RECEIPT.ins(), receipt, commandMac);
        return Hex.concat(receipt, Cmac.of(key, message, CommandKind.MAC), new byte[] {(byte) 0x90, 0});
    }
}
