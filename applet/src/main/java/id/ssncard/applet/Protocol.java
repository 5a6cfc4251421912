// SPDX-License-Identifier: Apache-2.0
// Generated from protocol/ by "make generate". Do not edit.
package id.ssncard.applet;

/** Every number of the card's interface: instructions, status words, offsets in bytes, slots, states. */
final class Protocol {

    private Protocol() {
    }

    // Instructions
    static final byte INS_SELECT = (byte) 0xA4;
    static final byte INS_INITIALIZE_UPDATE = 0x50;
    static final byte INS_EXTERNAL_AUTHENTICATE = (byte) 0x82;
    static final byte INS_STORE_DATA = (byte) 0xE2;
    static final byte INS_GET_DATA = (byte) 0xCA;
    static final byte INS_DEBIT = 0x40;
    static final byte INS_CANCEL = 0x42;
    static final byte INS_OVERRIDE = 0x4A;
    static final byte INS_READ_RECEIPT = 0x44;
    static final byte INS_GET_STATUS = 0x46;
    static final byte INS_VERIFY = 0x20;
    static final byte INS_CHANGE_REFERENCE_DATA = 0x24;
    static final byte INS_UPDATE = 0x4C;

    // Status words
    static final short SW_CRYPTOGRAM_REJECTED = 0x6300;
    static final short SW_WRONG_PIN = 0x63C0;
    static final short SW_WRONG_LENGTH = 0x6700;
    static final short SW_SECURITY_STATUS_NOT_SATISFIED = 0x6982;
    static final short SW_PIN_BLOCKED = 0x6983;
    static final short SW_NO_PIN = 0x6984;
    static final short SW_CONDITIONS_NOT_SATISFIED = 0x6985;
    static final short SW_WRONG_MAC = 0x6988;
    static final short SW_WRONG_DATA = 0x6A80;
    static final short SW_FILE_NOT_FOUND = 0x6A82;
    static final short SW_WRONG_P1P2 = 0x6A86;
    static final short SW_KEY_NOT_FOUND = 0x6A88;
    static final short SW_INS_NOT_SUPPORTED = 0x6D00;
    static final short SW_CLA_NOT_SUPPORTED = 0x6E00;
    static final short SW_FAILURE = 0x6F00;
    static final short SW_INSUFFICIENT_BALANCE = (short) 0x9401;
    static final short SW_MONTHLY_LIMIT_EXCEEDED = (short) 0x9402;
    static final short SW_DEBIT_MAXIMUM_EXCEEDED = (short) 0x9403;
    static final short SW_CATEGORY_NOT_ALLOWED = (short) 0x9404;
    static final short SW_EXPIRED = (short) 0x9405;
    static final short SW_TIMESTAMP_BEFORE_MONTH = (short) 0x9406;
    static final short SW_IMPOSSIBLE_TIMESTAMP = (short) 0x9407;
    static final short SW_INVALID_AMOUNT = (short) 0x9408;
    static final short SW_NOT_ACTIVATED = (short) 0x940A;
    static final short SW_BLOCKED = (short) 0x940B;
    static final short SW_TERMINATED = (short) 0x940C;
    static final short SW_STALE_UPDATE = (short) 0x940D;
    static final short SW_CONFLICTING_UPDATE = (short) 0x940E;
    static final short SW_INVALID_UPDATE = (short) 0x940F;
    static final short SW_NOT_CANCELLABLE = (short) 0x9410;
    static final short SW_OVERRIDE_MAXIMUM_EXCEEDED = (short) 0x9411;
    static final short SW_PIN_REQUIRED = (short) 0x9412;
    static final short SW_PERSONALIZATION_INCOMPLETE = (short) 0x9413;
    static final short SW_LAST_TRY_CONTACTS = (short) 0x9414;

    // First byte of the constant last block of a MAC'd message
    static final byte TAG_COMMAND = 1;
    static final byte TAG_ANSWER = 2;
    static final byte TAG_UPDATE = 3;
    static final byte TAG_PIN = 4;
    static final byte TAG_NUMBER = 5;

    // Life states, state classes, receipt types, flags
    static final byte STATE_ISSUED = 1;
    static final byte STATE_ACTIVE = 2;
    static final byte STATE_BLOCKED = 3;
    static final byte STATE_TERMINATED = 4;
    static final byte CLASS_BLANK = 0;
    static final byte CLASS_PERSONALIZED = 1;
    static final byte TYPE_DEBIT = 1;
    static final byte TYPE_CANCEL = 2;
    static final byte TYPE_OVERRIDE = 3;
    static final byte TYPE_UPDATE = 4;
    static final byte PIN_NOT_DUE = 0;
    static final byte PIN_GIVEN = 1;
    static final byte PIN_NONE = 2;
    static final byte NEXT_UPDATE = 1;
    static final byte NEXT_OVERRIDE = 2;
    static final byte NEXT_DEBIT = 4;
    static final byte NEXT_RECEIPT = 8;

    // Versions and sizes
    static final byte PROTOCOL_VERSION = 1;
    static final byte RECEIPT_VERSION = 1;
    static final byte LOG_ENTRIES = 0x1E;
    static final short MAX_NAME = 0x0028;
    static final byte PIN_TRIES = 3;
    static final byte WITHOUT_PIN = (byte) 0xFF;
    static final byte MIN_PIN = 4;
    static final byte MAX_PIN = 0x0C;
    static final short MAX_IDENTITY = 0x003E;

    // SCP03
    static final byte KVN_ISSUER = 0x30;
    static final byte KVN_REGISTRY = 0x31;
    static final byte KVN_TRANSPORT = 0x3F;
    static final byte SCP_IDENTIFIER = 3;
    static final byte SCP03_I = 0x60;

    // Personalization data groups
    static final short DGI_CARD_DATA = 0x0101;
    static final short DGI_IDENTITY = 0x0102;
    static final short DGI_PIN = 0x0103;
    static final short DGI_KEYS = (short) 0x8100;
    static final short DGI_HEADER = 3;

    // Key slots
    static final byte SLOT_TRANSPORT_ENC = 0;
    static final byte SLOT_TRANSPORT_MAC = 1;
    static final byte SLOT_TRANSPORT_DEK = 2;
    static final byte SLOT_ISSUER_ENC = 3;
    static final byte SLOT_ISSUER_MAC = 4;
    static final byte SLOT_ISSUER_DEK = 5;
    static final byte SLOT_REGISTRY_ENC = 6;
    static final byte SLOT_REGISTRY_MAC = 7;
    static final byte SLOT_REGISTRY_DEK = 8;
    static final byte SLOT_UPDATE = 9;
    static final byte SLOT_UPDATE_NEXT = 0x0A;
    static final byte SLOT_OVERRIDE = 0x0B;
    static final byte SLOT_OVERRIDE_NEXT = 0x0C;
    static final byte SLOT_DEBIT = 0x0D;
    static final byte SLOT_DEBIT_NEXT = 0x0E;
    static final byte SLOT_RECEIPT = 0x0F;
    static final byte SLOT_RECEIPT_NEXT = 0x10;
    static final byte FIRST_PERSONALIZED_SLOT = 3;
    static final byte SLOTS = 0x11;

    // install_data, 56 bytes
    static final short INSTALL_DATA_SERIAL = 0;
    static final short INSTALL_DATA_TRANSPORT_ENC = 8;
    static final short INSTALL_DATA_TRANSPORT_MAC = 0x0018;
    static final short INSTALL_DATA_TRANSPORT_DEK = 0x0028;
    static final short INSTALL_DATA_SIZE = 0x0038;

    // select_answer, 26 bytes
    static final short SELECT_ANSWER_SERIAL = 0;
    static final short SELECT_ANSWER_PROTOCOL_VERSION = 8;
    static final short SELECT_ANSWER_STATE_CLASS = 9;
    static final short SELECT_ANSWER_DEBIT_KEY_VERSION = 0x000A;
    static final short SELECT_ANSWER_RECEIPT_KEY_VERSION = 0x000B;
    static final short SELECT_ANSWER_UPDATE_KEY_VERSION = 0x000C;
    static final short SELECT_ANSWER_OVERRIDE_KEY_VERSION = 0x000D;
    static final short SELECT_ANSWER_MASKED_SEQ = 0x000E;
    static final short SELECT_ANSWER_CHALLENGE = 0x0012;
    static final short SELECT_ANSWER_SIZE = 0x001A;

    // movement, 36 bytes
    static final short MOVEMENT_AMOUNT = 0;
    static final short MOVEMENT_CATEGORIES = 4;
    static final short MOVEMENT_TIMESTAMP = 6;
    static final short MOVEMENT_TERMINAL_ID = 0x000C;
    static final short MOVEMENT_TERMINAL_TXN = 0x0010;
    static final short MOVEMENT_BASKET_DIGEST = 0x0014;
    static final short MOVEMENT_SIZE = 0x0024;

    // cancellation, 36 bytes
    static final short CANCELLATION_AMOUNT = 0;
    static final short CANCELLATION_CATEGORIES = 4;
    static final short CANCELLATION_TIMESTAMP = 6;
    static final short CANCELLATION_TERMINAL_ID = 0x000C;
    static final short CANCELLATION_TERMINAL_TXN = 0x0010;
    static final short CANCELLATION_CANCELLED_MAC = 0x0014;
    static final short CANCELLATION_PADDING = 0x001C;
    static final short CANCELLATION_SIZE = 0x0024;

    // update_receipt, 36 bytes
    static final short UPDATE_RECEIPT_LOADED_TOTAL = 0;
    static final short UPDATE_RECEIPT_EXPIRED_TOTAL = 4;
    static final short UPDATE_RECEIPT_MONTHLY_LIMIT = 8;
    static final short UPDATE_RECEIPT_OVERRIDE_MAX = 0x000C;
    static final short UPDATE_RECEIPT_DEBIT_MAX = 0x0010;
    static final short UPDATE_RECEIPT_PIN_ABOVE = 0x0014;
    static final short UPDATE_RECEIPT_ALLOWED_CATEGORIES = 0x0018;
    static final short UPDATE_RECEIPT_VALID_UNTIL = 0x001A;
    static final short UPDATE_RECEIPT_KEY_SELECTION = 0x001D;
    static final short UPDATE_RECEIPT_STATE = 0x001E;
    static final short UPDATE_RECEIPT_POLICY_ID = 0x001F;
    static final short UPDATE_RECEIPT_ISSUED_ON = 0x0021;
    static final short UPDATE_RECEIPT_SIZE = 0x0024;

    // result, 24 bytes
    static final short RESULT_BALANCE_AFTER = 0;
    static final short RESULT_MONTH_SPENT_AFTER = 4;
    static final short RESULT_PREVIOUS_MAC = 8;
    static final short RESULT_UPDATE_SEQ = 0x0010;
    static final short RESULT_GRANTED_TOTAL = 0x0014;
    static final short RESULT_SIZE = 0x0018;

    // receipt_constants, 11 bytes
    static final short RECEIPT_CONSTANTS_TYPE = 0;
    static final short RECEIPT_CONSTANTS_LAYOUT_VERSION = 1;
    static final short RECEIPT_CONSTANTS_KEY_VERSION = 2;
    static final short RECEIPT_CONSTANTS_SERIAL = 3;
    static final short RECEIPT_CONSTANTS_SIZE = 0x000B;

    // receipt_tail, 5 bytes
    static final short RECEIPT_TAIL_MONTH = 0;
    static final short RECEIPT_TAIL_PIN_STATE = 2;
    static final short RECEIPT_TAIL_RESERVED = 3;
    static final short RECEIPT_TAIL_SIZE = 5;

    // receipt, 88 bytes
    static final short RECEIPT_SEQ = 0;
    static final short RECEIPT_AMOUNT = 4;
    static final short RECEIPT_CATEGORIES = 8;
    static final short RECEIPT_TIMESTAMP = 0x000A;
    static final short RECEIPT_TERMINAL_ID = 0x0010;
    static final short RECEIPT_TERMINAL_TXN = 0x0014;
    static final short RECEIPT_BASKET_DIGEST = 0x0018;
    static final short RECEIPT_BALANCE_AFTER = 0x0028;
    static final short RECEIPT_MONTH_SPENT_AFTER = 0x002C;
    static final short RECEIPT_PREVIOUS_MAC = 0x0030;
    static final short RECEIPT_UPDATE_SEQ = 0x0038;
    static final short RECEIPT_GRANTED_TOTAL = 0x003C;
    static final short RECEIPT_TYPE = 0x0040;
    static final short RECEIPT_LAYOUT_VERSION = 0x0041;
    static final short RECEIPT_KEY_VERSION = 0x0042;
    static final short RECEIPT_SERIAL = 0x0043;
    static final short RECEIPT_MONTH = 0x004B;
    static final short RECEIPT_PIN_STATE = 0x004D;
    static final short RECEIPT_RESERVED = 0x004E;
    static final short RECEIPT_MAC = 0x0050;
    static final short RECEIPT_SIZE = 0x0058;

    // movement_answer, 35 bytes
    static final short MOVEMENT_ANSWER_BALANCE_AFTER = 0;
    static final short MOVEMENT_ANSWER_MONTH_SPENT_AFTER = 4;
    static final short MOVEMENT_ANSWER_PREVIOUS_MAC = 8;
    static final short MOVEMENT_ANSWER_UPDATE_SEQ = 0x0010;
    static final short MOVEMENT_ANSWER_GRANTED_TOTAL = 0x0014;
    static final short MOVEMENT_ANSWER_MONTH = 0x0018;
    static final short MOVEMENT_ANSWER_PIN_STATE = 0x001A;
    static final short MOVEMENT_ANSWER_MAC = 0x001B;
    static final short MOVEMENT_ANSWER_SIZE = 0x0023;

    // query, 20 bytes
    static final short QUERY_TERMINAL_NONCE = 0;
    static final short QUERY_TERMINAL_ID = 8;
    static final short QUERY_RESERVED = 0x000C;
    static final short QUERY_SIZE = 0x0014;

    // receipt_query, 20 bytes
    static final short RECEIPT_QUERY_TERMINAL_NONCE = 0;
    static final short RECEIPT_QUERY_TERMINAL_ID = 8;
    static final short RECEIPT_QUERY_SEQ = 0x000C;
    static final short RECEIPT_QUERY_RESERVED = 0x0010;
    static final short RECEIPT_QUERY_SIZE = 0x0014;

    // pin_query, 20 bytes
    static final short PIN_QUERY_TERMINAL_NONCE = 0;
    static final short PIN_QUERY_TERMINAL_ID = 8;
    static final short PIN_QUERY_MASKED_PIN_BLOCK = 0x000C;
    static final short PIN_QUERY_SIZE = 0x0014;

    // no_receipt_answer, 4 bytes
    static final short NO_RECEIPT_ANSWER_NEWEST_SEQ = 0;
    static final short NO_RECEIPT_ANSWER_SIZE = 4;

    // entitlement, 55 bytes
    static final short ENTITLEMENT_UPDATE_SEQ = 0;
    static final short ENTITLEMENT_LOADED_TOTAL = 4;
    static final short ENTITLEMENT_EXPIRED_TOTAL = 8;
    static final short ENTITLEMENT_MONTHLY_LIMIT = 0x000C;
    static final short ENTITLEMENT_OVERRIDE_MAX = 0x0010;
    static final short ENTITLEMENT_DEBIT_MAX = 0x0014;
    static final short ENTITLEMENT_PIN_ABOVE = 0x0018;
    static final short ENTITLEMENT_ALLOWED_CATEGORIES = 0x001C;
    static final short ENTITLEMENT_VALID_UNTIL = 0x001E;
    static final short ENTITLEMENT_KEY_SELECTION = 0x0021;
    static final short ENTITLEMENT_STATE = 0x0022;
    static final short ENTITLEMENT_POLICY_ID = 0x0023;
    static final short ENTITLEMENT_ISSUED_AT = 0x0025;
    static final short ENTITLEMENT_PIN_COUNT = 0x002B;
    static final short ENTITLEMENT_MEND_COUNT = 0x002C;
    static final short ENTITLEMENT_MENDED_TO = 0x002D;
    static final short ENTITLEMENT_REFERENCE = 0x002F;
    static final short ENTITLEMENT_SIZE = 0x0037;

    // status_answer, 85 bytes
    static final short STATUS_ANSWER_SEQ = 0;
    static final short STATUS_ANSWER_BALANCE = 4;
    static final short STATUS_ANSWER_MONTH_SPENT = 8;
    static final short STATUS_ANSWER_LAST_MAC = 0x000C;
    static final short STATUS_ANSWER_UPDATE_SEQ = 0x0014;
    static final short STATUS_ANSWER_GRANTED_TOTAL = 0x0018;
    static final short STATUS_ANSWER_MONTH = 0x001C;
    static final short STATUS_ANSWER_EXTRA_MONTH = 0x001E;
    static final short STATUS_ANSWER_MONTH_EXTRA = 0x0020;
    static final short STATUS_ANSWER_PIN_FLOOR = 0x0024;
    static final short STATUS_ANSWER_PIN_CHOICE = 0x0028;
    static final short STATUS_ANSWER_PIN_TRIES = 0x0029;
    static final short STATUS_ANSWER_LOADED_TOTAL = 0x002A;
    static final short STATUS_ANSWER_EXPIRED_TOTAL = 0x002E;
    static final short STATUS_ANSWER_MONTHLY_LIMIT = 0x0032;
    static final short STATUS_ANSWER_OVERRIDE_MAX = 0x0036;
    static final short STATUS_ANSWER_DEBIT_MAX = 0x003A;
    static final short STATUS_ANSWER_PIN_ABOVE = 0x003E;
    static final short STATUS_ANSWER_ALLOWED_CATEGORIES = 0x0042;
    static final short STATUS_ANSWER_VALID_UNTIL = 0x0044;
    static final short STATUS_ANSWER_KEY_SELECTION = 0x0047;
    static final short STATUS_ANSWER_STATE = 0x0048;
    static final short STATUS_ANSWER_POLICY_ID = 0x0049;
    static final short STATUS_ANSWER_ISSUED_AT = 0x004B;
    static final short STATUS_ANSWER_PIN_COUNT = 0x0051;
    static final short STATUS_ANSWER_MEND_COUNT = 0x0052;
    static final short STATUS_ANSWER_MENDED_TO = 0x0053;
    static final short STATUS_ANSWER_SIZE = 0x0055;

    // card_data, 16 bytes
    static final short CARD_DATA_SERIAL = 0;
    static final short CARD_DATA_BENEFICIARY_ID = 8;
    static final short CARD_DATA_SIZE = 0x0010;

    // identity_fixed, 22 bytes
    static final short IDENTITY_FIXED_NIK = 0;
    static final short IDENTITY_FIXED_NO_KK = 8;
    static final short IDENTITY_FIXED_KECAMATAN = 0x0010;
    static final short IDENTITY_FIXED_KELURAHAN = 0x0013;
    static final short IDENTITY_FIXED_NAME_LENGTH = 0x0015;
    static final short IDENTITY_FIXED_SIZE = 0x0016;

    // pin_block, 8 bytes
    static final short PIN_BLOCK_PIN_BLOCK = 0;
    static final short PIN_BLOCK_SIZE = 8;

    // wrapped_key, 20 bytes
    static final short WRAPPED_KEY_KEY_VERSION = 0;
    static final short WRAPPED_KEY_WRAPPED = 1;
    static final short WRAPPED_KEY_KCV = 0x0011;
    static final short WRAPPED_KEY_SIZE = 0x0014;
}
