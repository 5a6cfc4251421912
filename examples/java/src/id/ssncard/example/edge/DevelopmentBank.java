// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.edge;

import id.ssncard.example.core.Cmac;
import id.ssncard.example.core.CommandKind;
import id.ssncard.example.core.Hex;
import id.ssncard.example.core.KeyDerivation;
import id.ssncard.example.core.Layouts;
import id.ssncard.example.core.Messages;
import id.ssncard.example.core.Quote;
import id.ssncard.example.core.Struct;
import id.ssncard.example.terminal.Update;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Issues updates for simulated cards, so that a trial needs no bank. A real bank issues each from its own record and
 * never, as here, from what the card says (page: What the bank owes).
 */
public final class DevelopmentBank {
    private static final int ACTIVE = 2;

    private DevelopmentBank() {}

    /**
     * The next update of a card: active, with one load more, and some fields as the caller wants them.
     *
     * @param status the card's GET STATUS
     * @param load rupiah
     * @param changed values by the entitlement's names that differ from what this bank usually sets
     */
    public static Update next(Quote quote, Struct status, long load, LocalDateTime now, Map<String, ?> changed) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (String kept : new String[] {"key_selection", "pin_count", "mend_count"}) {
            values.put(kept, status.number(kept));
        }
        values.put("update_seq", status.number("update_seq") + 1);
        values.put("loaded_total", status.number("loaded_total") + load);
        values.put("expired_total", status.number("expired_total"));
        values.put("monthly_limit", 400_000);
        values.put("override_max", 100_000);
        values.put("debit_max", 250_000);
        values.put("pin_above", Integer.MAX_VALUE);
        values.put("allowed_categories", 0x7F);
        values.put("valid_until", now.toLocalDate().plusYears(1).toString());
        values.put("state", ACTIVE);
        values.put("policy_id", 1);
        values.put("issued_at", now.withNano(0).toString());
        values.put("mended_to", Hex.of(status.bytes("mended_to")));
        values.put("reference", "0000000000000000");
        values.putAll(changed);
        byte[] body = Struct.of(Layouts.ENTITLEMENT, values).bytes();
        byte[] master = DevelopmentKeys.master("UPDATE", (int) quote.fields().number("update_key_version"));
        byte[] key = KeyDerivation.cardKey(master, "UPDATE", quote.serial());
        byte[] message = Messages.update(CommandKind.UPDATE.headerAndBody(body), quote.serial());
        return new Update(Hex.of(quote.serial()), body, Cmac.of(key, message, CommandKind.MAC));
    }
}
