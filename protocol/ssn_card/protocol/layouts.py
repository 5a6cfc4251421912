# SPDX-License-Identifier: Apache-2.0
"""Every fixed layout on the card's interface. Change one here and run ``make generate``.

The order inside a receipt is chosen for the card's speed: a command's body is copied as one run, what the card adds
follows, and the last block is constant for a card, so that it can be stored already XORed with the CMAC subkey.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from .layout import Layout, date, month, octets, or_zero, rupiah, timestamp, uint
from .values import MAX_NAME, ReceiptType

SELECT_ANSWER = Layout(
    "select_answer",
    uint("protocol_version", 1, "1"),
    uint("state_class", 1, "0 blank, 1 personalized"),
    octets("serial", 8, "card serial, the context of every key derivation"),
    uint("debit_key_version", 1, "version of the DEBIT key in force"),
    uint("receipt_key_version", 1, "version of the RECEIPT key in force"),
    uint("update_key_version", 1, "version of the UPDATE key in force"),
    uint("override_key_version", 1, "version of the OVERRIDE key in force"),
    octets("challenge", 8, "Rc: random, good for one command"),
)

#: What a terminal states of a movement of money; also the first 28 bytes of the receipt.
MOVEMENT = Layout(
    "movement",
    rupiah("amount", "1 to 2^31 - 1"),
    uint("categories", 2, "bit mask of the categories bought, at least one"),
    timestamp("timestamp", "terminal's local time"),
    uint("terminal_id", 4, "terminal"),
    uint("terminal_txn", 4, "the terminal's transaction number; never repeats"),
    octets("basket_digest", 8, "first 8 bytes of SHA-256 over the canonical basket; free for the shop's own record"),
)

CANCELLATION = Layout(
    "cancellation",
    rupiah("amount", "amount of the debit that is cancelled"),
    uint("categories", 2, "categories of the debit that is cancelled"),
    timestamp("timestamp", "terminal's local time, in the month of the debit"),
    uint("terminal_id", 4, "terminal, the same as the debit's"),
    uint("terminal_txn", 4, "the cancellation's own transaction number"),
    octets("cancelled_mac", 8, "MAC of the receipt of the debit: it must be the card's newest receipt"),
)

OVERRIDING = Layout(
    "overriding",
    rupiah("amount", "how much the limit of this month is raised by"),
    uint("categories", 2, "reason code of the companion"),
    timestamp("timestamp", "local time; its month is the month raised"),
    uint("terminal_id", 4, "terminal that carries the command"),
    uint("terminal_txn", 4, "transaction number of that terminal"),
    octets("companion_id", 8, "the companion who confirms the need"),
)

QUERY = Layout(
    "query",
    octets("terminal_nonce", 8, "Rt: random, makes the answer fresh"),
    uint("terminal_id", 4, "terminal"),
)

RECOVERY = Layout(
    "recovery",
    octets("terminal_nonce", 8, "Rt: random, makes the answer fresh"),
    uint("terminal_id", 4, "terminal of the debit in doubt"),
    uint("terminal_txn", 4, "transaction number of the debit in doubt"),
    octets("reserved", 12, "zero"),
)

ENTITLEMENT = Layout(
    "entitlement",
    uint("update_seq", 4, "grows with every update of this card; 1 or more"),
    rupiah("loaded_total", "all that was ever loaded; never shrinks"),
    rupiah("monthly_limit", "most that may be spent in a calendar month"),
    rupiah("override_max", "most that companions may raise one month's limit by, in all"),
    rupiah("debit_max", "most that one debit may take"),
    rupiah("pin_above", "a debit above this amount needs the PIN; 2^31 - 1: never"),
    uint("allowed_categories", 2, "bit mask of the categories that may be bought"),
    date("valid_until", "last day on which the card may be debited"),
    uint(
        "key_selection", 1, "keys in force, a bit each (1 UPDATE, 2 OVERRIDE, 4 DEBIT, 8 RECEIPT): 1 the next version"
    ),
    uint("state", 1, "life state from now on: 1 issued, 2 active, 3 blocked, 4 terminated"),
    uint("flags", 1, "bit 0: what is left is forfeited (withdrawn); bit 1: the PIN's tries start anew"),
    uint("policy_id", 2, "policy this entitlement follows"),
    timestamp("issued_at", "bank's local time of issue"),
    octets("reference", 8, "reference of the verification done at hand-over, or zero"),
)

#: First 28 bytes of the receipt of an update.
UPDATE_RECEIPT = Layout(
    "update_receipt",
    rupiah("loaded_total", "all that was ever loaded, after the update"),
    uint("allowed_categories", 2, "categories after the update"),
    timestamp("issued_at", "bank's time of issue"),
    uint("update_seq", 4, "number of the update"),
    uint("state", 1, "life state after the update"),
    uint("flags", 1, "flags of the update"),
    uint("policy_id", 2, "policy of the update"),
    octets("update_mac", 8, "MAC that authorised the update"),
)

#: What the card adds to the 28 bytes of a movement.
RESULT = Layout(
    "result",
    uint("seq", 4, "receipt number of this card, 1 and up, without gaps"),
    rupiah("balance_after", "balance after this movement"),
    rupiah("month_spent_after", "spent in the card's month after this movement"),
    octets("previous_mac", 8, "MAC of the previous receipt of this card, zero for the first"),
)

RECEIPT_CONSTANTS = Layout(
    "receipt_constants",
    uint("type", 1, "1 debit, 2 cancel, 3 override, 4 update"),
    uint("layout_version", 1, "1"),
    uint("key_version", 1, "version of the RECEIPT key"),
    octets("serial", 8, "card serial"),
    octets("reserved", 5, "zero"),
)

_MAC = octets("mac", 8, "first 8 bytes of AES-CMAC under the RECEIPT key over all that precedes")

RECEIPT = Layout("receipt", *MOVEMENT.fields, *RESULT.fields, *RECEIPT_CONSTANTS.fields, _MAC)

_TAIL = (*RESULT.fields, *RECEIPT_CONSTANTS.fields, _MAC)

#: The same 72 bytes under the names that fit each type of receipt.
RECEIPT_BY_TYPE: Mapping[int, Layout] = MappingProxyType(
    {
        ReceiptType.DEBIT: RECEIPT,
        ReceiptType.CANCEL: Layout("cancel_receipt", *CANCELLATION.fields, *_TAIL),
        ReceiptType.OVERRIDE: Layout("override_receipt", *OVERRIDING.fields, *_TAIL),
        ReceiptType.UPDATE: Layout("update_receipt_whole", *UPDATE_RECEIPT.fields, *_TAIL),
    }
)

#: What the card returns of a receipt whose movement the terminal has just sent.
RECEIPT_ANSWER = Layout("receipt_answer", *RESULT.fields, _MAC)

STATUS_ANSWER = Layout(
    "status_answer",
    uint("seq", 4, "number of the newest receipt, 0 if none"),
    rupiah("balance", "what is left in all"),
    rupiah("month_spent", "spent in the card's month"),
    octets("last_mac", 8, "MAC of the newest receipt"),
    month("month", "the card's month, 0000 before the first debit"),
    month("extra_month", "month whose limit was raised by a companion, 0000 if none"),
    rupiah("month_extra", "how much the limit of that month was raised by"),
    rupiah("refunded_total", "all that was ever cancelled"),
    rupiah("withdrawn_total", "all that was ever forfeited"),
    *(or_zero(field) for field in ENTITLEMENT.fields[:-1]),
)

NO_RECEIPT_ANSWER = Layout(
    "no_receipt_answer",
    uint("oldest_seq", 4, "oldest receipt searched, 0 if the card has none"),
    uint("newest_seq", 4, "newest receipt searched, 0 if the card has none"),
    timestamp("oldest_timestamp", "timestamp of the oldest movement searched, zero if there is none", optional=True),
    octets("reserved", 2, "zero"),
)

CARD_DATA = Layout(
    "card_data",
    octets("serial", 8, "must equal the serial given at installation"),
    octets("beneficiary_id", 8, "the programme's own number of the holder, not the NIK"),
)

IDENTITY_FIXED = Layout(
    "identity_fixed",
    octets("nik", 8, "national identity number, 16 BCD digits", sensitive=True),
    octets("no_kk", 8, "family card number, 16 BCD digits", sensitive=True),
    octets("kecamatan", 3, "Kemendagri code, 6 BCD digits", sensitive=True),
    octets("kelurahan", 2, "position in the kecamatan's list, 4 BCD digits", sensitive=True),
    uint("name_length", 1, f"bytes of UTF-8 that follow, at most {MAX_NAME}"),
)
MAX_IDENTITY = IDENTITY_FIXED.size + MAX_NAME

#: ISO 9564-1 format 2: control and length nibbles, digits, filler F.
PIN_BLOCK = Layout("pin_block", octets("pin_block", 8, "2, number of digits, digits, F to the end", sensitive=True))

PIN_CHANGE = Layout(
    "pin_change",
    octets("old_pin_block", 8, "the PIN so far", sensitive=True),
    octets("new_pin_block", 8, "the PIN from now on", sensitive=True),
)

WRAPPED_KEY = Layout(
    "wrapped_key",
    uint("key_version", 1, "version of the key"),
    octets("wrapped", 16, "key under the DEK, AES-CBC with zero IV (SCP03 section 6.2.8)", sensitive=True),
    octets("kcv", 3, "first 3 bytes of AES of sixteen bytes 01 under the key"),
)

INSTALL_DATA = Layout(
    "install_data",
    octets("serial", 8, "card serial"),
    octets("transport_enc", 16, "transport key set, Key-ENC", sensitive=True),
    octets("transport_mac", 16, "transport key set, Key-MAC", sensitive=True),
    octets("transport_dek", 16, "transport key set, Key-DEK", sensitive=True),
)
