// SPDX-License-Identifier: Apache-2.0
package id.ssncard.example.core;

import static id.ssncard.example.core.Field.bytes;
import static id.ssncard.example.core.Field.date;
import static id.ssncard.example.core.Field.month;
import static id.ssncard.example.core.Field.rupiah;
import static id.ssncard.example.core.Field.signedRupiah;
import static id.ssncard.example.core.Field.timestamp;
import static id.ssncard.example.core.Field.uint;

import java.util.List;

/** The layouts that a terminal and a verifier need (page: SELECT, Commands, Receipts). */
public final class Layouts {
    private static final Field SEQ = uint("seq", 4);

    private static final Layout WHEN_AND_WHERE = Layout.of("when_and_where",
            timestamp("timestamp"), uint("terminal_id", 4), uint("terminal_txn", 4));

    private static final Layout GOODS = Layout.of("goods",
            rupiah("amount"), uint("categories", 2), WHEN_AND_WHERE);

    private static final Layout LIMITS = Layout.of("limits",
            rupiah("loaded_total"), rupiah("expired_total"), rupiah("monthly_limit"), rupiah("override_max"),
            rupiah("debit_max"), rupiah("pin_above"), uint("allowed_categories", 2));

    private static final Layout STATE = Layout.of("state", uint("key_selection", 1), uint("state", 1),
            uint("policy_id", 2));

    private static final Layout COUNTS = Layout.of("counts", uint("pin_count", 1), uint("mend_count", 1),
            month("mended_to"));

    /** Answer to SELECT. */
    public static final Layout SELECT_ANSWER = Layout.of("select_answer",
            bytes("serial", 8), uint("protocol_version", 1), uint("state_class", 1), uint("debit_key_version", 1),
            uint("receipt_key_version", 1), uint("update_key_version", 1), uint("override_key_version", 1),
            bytes("masked_seq", 4), bytes("challenge", 8));

    /** Body of DEBIT. */
    public static final Layout MOVEMENT = Layout.of("movement", GOODS, bytes("basket_digest", 16));

    /** Body of CANCEL. */
    public static final Layout CANCELLATION =
            Layout.of("cancellation", GOODS, bytes("cancelled_mac", 8), bytes("padding", 8));

    /** Body of OVERRIDE. */
    public static final Layout OVERRIDING =
            Layout.of("overriding", rupiah("amount"), uint("reason", 2), WHEN_AND_WHERE,
                    bytes("companion_id", 8), bytes("padding", 8));

    /** Body of GET STATUS. */
    public static final Layout QUERY =
            Layout.of("query", bytes("terminal_nonce", 8), uint("terminal_id", 4), bytes("reserved", 8));

    /** Body of READ RECEIPT. */
    public static final Layout RECEIPT_QUERY = Layout.of("receipt_query",
            bytes("terminal_nonce", 8), uint("terminal_id", 4), SEQ, bytes("reserved", 4));

    /** Body of VERIFY and CHANGE REFERENCE DATA. */
    public static final Layout PIN_QUERY =
            Layout.of("pin_query", bytes("terminal_nonce", 8), uint("terminal_id", 4), bytes("masked_pin_block", 8));

    /** Body of UPDATE. */
    public static final Layout ENTITLEMENT = Layout.of("entitlement",
            uint("update_seq", 4), LIMITS, date("valid_until"), STATE, timestamp("issued_at"), COUNTS,
            bytes("reference", 8));

    /** The movement's 36 bytes in the receipt of an update. */
    public static final Layout UPDATE_RECEIPT =
            Layout.of("update_receipt", LIMITS, date("valid_until"), STATE, date("issued_on"));

    /** What a movement left, in receipts and answers. */
    public static final Layout RESULT = Layout.of("result", rupiah("balance_after"), rupiah("month_spent_after"),
            bytes("previous_mac", 8), uint("update_seq", 4), rupiah("granted_total"));

    /** What is the same in all receipts of a card, type and key version apart. */
    public static final Layout RECEIPT_CONSTANTS = Layout.of("receipt_constants",
            uint("type", 1), uint("layout_version", 1), uint("key_version", 1), bytes("serial", 8));

    /** What stands before the MAC in receipts of movements. */
    public static final Layout RECEIPT_TAIL =
            Layout.of("receipt_tail", month("month"), uint("pin_state", 1), bytes("reserved", 2));

    /** What stands before the MAC in receipts of updates. */
    public static final Layout UPDATE_TAIL = Layout.of("update_tail",
            month("month"), uint("pin_count", 1), uint("mend_count", 1), bytes("reserved", 1));

    /** Receipt of a DEBIT. */
    public static final Layout RECEIPT = receipt("receipt", MOVEMENT, RECEIPT_TAIL);

    /** Receipt of a CANCEL. */
    public static final Layout CANCEL_RECEIPT = receipt("cancel_receipt", CANCELLATION, RECEIPT_TAIL);

    /** Receipt of an OVERRIDE. */
    public static final Layout OVERRIDE_RECEIPT = receipt("override_receipt", OVERRIDING, RECEIPT_TAIL);

    /** Receipt of an UPDATE. */
    public static final Layout UPDATE_RECEIPT_WHOLE = receipt("update_receipt_whole", UPDATE_RECEIPT, UPDATE_TAIL);

    /** Answer to DEBIT, CANCEL and OVERRIDE, without its MAC. */
    public static final Layout MOVEMENT_ANSWER =
            Layout.of("movement_answer", RESULT, month("month"), uint("pin_state", 1), bytes("mac", 8));

    /** Answer to READ RECEIPT where there is no such receipt, without its MAC. */
    public static final Layout NO_RECEIPT_ANSWER = Layout.of("no_receipt_answer", uint("newest_seq", 4));

    /** Answer to GET STATUS, without its MAC. */
    public static final Layout STATUS_ANSWER = Layout.of("status_answer",
            SEQ, rupiah("balance"), rupiah("month_spent"), bytes("last_mac", 8), uint("update_seq", 4),
            rupiah("granted_total"), month("month"), month("extra_month"), rupiah("month_extra"),
            signedRupiah("pin_floor"), uint("pin_choice", 1), uint("pin_tries", 1), LIMITS,
            date("valid_until").orNone(), STATE, timestamp("issued_at").orNone(), COUNTS);

    /** All of them. */
    public static final List<Layout> ALL = List.of(SELECT_ANSWER, MOVEMENT, CANCELLATION, OVERRIDING, QUERY,
            RECEIPT_QUERY, PIN_QUERY, ENTITLEMENT, UPDATE_RECEIPT, RESULT, RECEIPT_CONSTANTS, RECEIPT_TAIL,
            UPDATE_TAIL, RECEIPT, CANCEL_RECEIPT, OVERRIDE_RECEIPT, UPDATE_RECEIPT_WHOLE, MOVEMENT_ANSWER,
            NO_RECEIPT_ANSWER, STATUS_ANSWER);

    private Layouts() {}

    private static Layout receipt(String name, Layout body, Layout tail) {
        return Layout.of(name, SEQ, body, RESULT, RECEIPT_CONSTANTS, tail, bytes("mac", 8));
    }
}
