// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.edge;

import id.ssncard.example.core.KeyDerivation;
import id.ssncard.example.core.Hex;
import id.ssncard.example.receipts.ReceiptKeys;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Map;

/** The published masters of simulated cards (page: A simulated card). Never for a card that holds money. */
public final class DevelopmentKeys {
    private static final String TEXT = "SSN Card DEVELOPMENT keys, published, never for a real card: %s v%d";

    private DevelopmentKeys() {}

    /** The master, 16 bytes, of a label and version. */
    public static byte[] master(String label, int version) {
        try {
            byte[] text = String.format(TEXT, label, version).getBytes(StandardCharsets.US_ASCII);
            return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(text), 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("this Java has no SHA-256", impossible);
        }
    }

    /** Versions 1 and 2, which simulated cards have. */
    public static Map<Integer, byte[]> masters(String label) {
        return Map.of(1, master(label, 1), 2, master(label, 2));
    }

    /** RECEIPT keys of every simulated card. */
    public static ReceiptKeys receiptKeys() {
        return new ReceiptKeys() {
            @Override
            public boolean knows(String serial) {
                return true;
            }

            @Override
            public byte[] key(String serial, int version) {
                byte[] master = masters("RECEIPT").get(version);
                return master == null ? null : KeyDerivation.cardKey(master, "RECEIPT", Hex.bytes(serial));
            }
        };
    }
}
