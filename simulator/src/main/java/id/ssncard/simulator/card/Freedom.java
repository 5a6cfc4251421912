// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the Java Card 2.2.2 specifications leave open and a card may read in its own way. A simulated card takes none of
 * these freedoms unless told to; each is then read at its worst.
 *
 * <p>API: the 2.2.2 application programming interface; RE: the 2.2.2 runtime environment specification.
 */
public enum Freedom {
    /** {@code Util.arrayCompare} orders bytes as signed (API, Util: unsaid; licel/jcardsim#124). */
    SIGNED_COMPARE,
    /** {@code Cipher.update} holds its last block back until more comes (API, Cipher.update). */
    HELD_BLOCKS,
    /** No cipher or signature stays initialised over a reset (API, Cipher: "reset" is read as "to new"). */
    FORGOTTEN_CIPHERS,
    /** {@code Cipher.init} writes persistent memory in steps: torn, the cipher works with another key (API: unsaid). */
    TORN_INIT,
    /** A torn write that is not atomic spoils its whole array (API, Util.arrayCopyNonAtomic; NIII-R0438). */
    SPOILT_NEIGHBOURS,
    /** {@code OwnerPIN.update} is torn between value, length and tries (API: conditional, without a transaction unsaid). */
    TORN_PIN,
    /** A wrong PIN's try is counted after the comparison: a tear gives it back (API, OwnerPIN.check: order unsaid). */
    LATE_TRY,
    /** {@code setKey} is torn inside: another key, then none (API, Key: atomicity unsaid). */
    TORN_KEY,
    /** {@code setIncomingAndReceive} takes Le for Lc and what lies in the buffer for data (API: "erroneous behavior"). */
    DATA_FROM_NOTHING,
    /** Nothing is sent before all data were received, nor for a command without Le (API, APDU.setOutgoing). */
    STRICT_SENDING,
    /** Data are not in the buffer until received, and come in pieces of 32 bytes (API, APDU; ISO 7816-3 IFSC). */
    LATE_DATA,
    /** The APDU buffer has the 133 bytes that are promised (API, APDU: 5 bytes and 128). */
    SHORT_BUFFER,
    /** The commit buffer holds one log record of the programme's applet and no more (RE 7.7: size unsaid). */
    TIGHT_COMMIT,
    /** Install parameters lie anywhere in their array, among remnants (RE 11.2; API, Applet.install). */
    INSTALL_ANYWHERE,
    /** Contacts speak T=0: no Le with data, answers by GET RESPONSE (ISO/IEC 7816-3 sections 10 and 12.2). */
    T0;

    /** Names, separated by commas, or {@code all}: what cards take that are made without a word about it. */
    public static final String PROPERTY = "ssn.card.freedoms";

    private static final String ALL = "all";

    /** As written in requests and options: {@code signed-compare}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The freedoms of a list of labels separated by commas: none for an empty one, all of them for {@code all}.
     *
     * @throws IllegalArgumentException for an unknown label, which is the message
     */
    public static Set<Freedom> parse(String list) {
        if (list.equals(ALL)) {
            return EnumSet.allOf(Freedom.class);
        }
        Set<Freedom> freedoms = EnumSet.noneOf(Freedom.class);
        Arrays.stream(list.split(",")).filter(label -> !label.isEmpty()).map(Freedom::of).forEach(freedoms::add);
        return freedoms;
    }

    /** What {@link #parse} reads. */
    public static String list(Set<Freedom> freedoms) {
        return freedoms.stream().map(Freedom::label).collect(Collectors.joining(","));
    }

    private static Freedom of(String label) {
        return Arrays.stream(values())
                .filter(freedom -> freedom.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(label));
    }
}
