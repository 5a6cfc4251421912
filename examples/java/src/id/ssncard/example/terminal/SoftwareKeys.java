// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.terminal;

import id.ssncard.example.core.CardException;
import id.ssncard.example.core.Cmac;
import id.ssncard.example.core.CommandKind;
import id.ssncard.example.core.KeyDerivation;
import id.ssncard.example.core.Messages;
import id.ssncard.example.core.Quote;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;

/** DEBIT masters in memory, for trials. A real terminal has them in a SAM. */
public final class SoftwareKeys implements TerminalKeys {
    private final Map<Integer, byte[]> masters = new HashMap<>();

    /** Masters, 16 bytes each, by version. */
    public SoftwareKeys(Map<Integer, byte[]> masters) {
        masters.forEach((version, master) -> this.masters.put(version, master.clone()));
    }

    @Override
    public boolean has(int version) {
        return masters.containsKey(version);
    }

    @Override
    public long unmask(Quote quote) throws CardException {
        byte[] mask = Cmac.of(cardKey(quote), Messages.numberMask(), 4);
        byte[] masked = quote.maskedSeq();
        long seq = 0;
        for (int i = 0; i < mask.length; i++) {
            seq = seq << 8 | (mask[i] ^ masked[i]) & 0xFF;
        }
        return seq;
    }

    @Override
    public byte[] commandMac(CommandKind kind, byte[] body, Quote quote, byte[] challenge) throws CardException {
        return Cmac.of(cardKey(quote), Messages.command(kind.headerAndBody(body), quote.quoted(), challenge),
                CommandKind.MAC);
    }

    @Override
    public boolean isGenuine(
            CommandKind kind, byte[] logicalAnswer, byte[] commandMac, byte[] answerMac, Quote quote)
            throws CardException {
        byte[] message = Messages.answer(kind.ins(), logicalAnswer, commandMac);
        // Constant time.
        return MessageDigest.isEqual(Cmac.of(cardKey(quote), message, CommandKind.MAC), answerMac);
    }

    @Override
    public byte[] maskPin(byte[] pinBlock, byte[] nonce, byte[] challenge, Quote quote) throws CardException {
        byte[] masked = Cmac.of(cardKey(quote), Messages.pinMask(nonce, challenge), 8);
        for (int i = 0; i < masked.length; i++) {
            masked[i] ^= pinBlock[i];
        }
        return masked;
    }

    private byte[] cardKey(Quote quote) throws CardException {
        byte[] master = masters.get(quote.debitKeyVersion());
        if (master == null) {
            throw new CardException("no-such-key",
                    "This terminal has no DEBIT key of version " + quote.debitKeyVersion() + ".",
                    "Terminal ini tidak punya kunci DEBIT versi " + quote.debitKeyVersion() + ".");
        }
        return KeyDerivation.cardKey(master, "DEBIT", quote.serial());
    }
}
