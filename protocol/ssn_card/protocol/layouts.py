# SPDX-License-Identifier: Apache-2.0
"""Every fixed layout on the card's interface. Change one here and run ``make generate``.

The order inside a receipt is chosen for the card's speed: a command's body is copied as one run, what the card adds
follows, and of the last block all but the tail is constant for a card, so that it can be stored already XORed with the
CMAC subkey.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from .layout import Layout, balance, date, month, octets, or_zero, rupiah, timestamp, uint
from .values import MAX_NAME, ReceiptType

#: Serial first: what follows it, to the end, is what every terminal command's MAC covers as quoted.
SELECT_ANSWER = Layout(
    "select_answer",
    octets("serial", 8, "card serial, the context of every key derivation"),
    uint("protocol_version", 1, "1"),
    uint("state_class", 1, "0 blank, 1 personalized"),
    uint("debit_key_version", 1, "version of the DEBIT key in force"),
    uint("receipt_key_version", 1, "version of the RECEIPT key in force"),
    uint("update_key_version", 1, "version of the UPDATE key in force"),
    uint("override_key_version", 1, "version of the OVERRIDE key in force"),
    octets("masked_seq", 4, "number of the newest receipt, XOR the card's mask"),
    octets("challenge", 8, "Rc: random, good for one command"),
)

#: What a terminal states of a movement of money.
MOVEMENT = Layout(
    "movement",
    rupiah("amount", "1 to 2^31 - 1"),
    uint("categories", 2, "bit mask of the categories bought, at least one"),
    timestamp("timestamp", "terminal's local time"),
    uint("terminal_id", 4, "terminal"),
    uint("terminal_txn", 4, "the terminal's transaction number; never repeats"),
    octets("basket_digest", 16, "first 16 bytes of SHA-256 over the canonical basket; the card does not look at it"),
)

CANCELLATION = Layout(
    "cancellation",
    rupiah("amount", "amount of the debit that is cancelled"),
    uint("categories", 2, "categories of the debit that is cancelled"),
    timestamp("timestamp", "terminal's local time, in the month of the debit"),
    uint("terminal_id", 4, "terminal, the same as the debit's"),
    uint("terminal_txn", 4, "the cancellation's own transaction number"),
    octets("cancelled_mac", 8, "MAC of the receipt of the debit: it must be the card's newest receipt"),
    octets("padding", 8, "zero"),
)

OVERRIDING = Layout(
    "overriding",
    rupiah("amount", "how much the limit of this month is raised by"),
    uint("reason", 2, "code of the programme for why"),
    timestamp("timestamp", "local time; its month is the month raised"),
    uint("terminal_id", 4, "terminal that carries the command"),
    uint("terminal_txn", 4, "transaction number of that terminal"),
    octets("companion_id", 8, "the companion who confirms the need"),
    octets("padding", 8, "zero"),
)

#: Who asks.
_ASKED = (octets("terminal_nonce", 8, "Rt: random, makes the answer fresh"), uint("terminal_id", 4, "terminal"))

QUERY = Layout(
    "query",
    *_ASKED,
    octets("reserved", 8, "zero"),
)

RECEIPT_QUERY = Layout(
    "receipt_query",
    *_ASKED,
    uint("seq", 4, "number of the receipt asked for"),
    octets("reserved", 4, "zero"),
)

PIN_QUERY = Layout(
    "pin_query",
    octets("terminal_nonce", 8, "Rt: random, never used before: it makes the mask of the PIN"),
    uint("terminal_id", 4, "terminal"),
    octets("masked_pin_block", 8, "PIN block XOR mask", sensitive=True),
)

ENTITLEMENT = Layout(
    "entitlement",
    uint("update_seq", 4, "grows with every update of this card; 1 or more"),
    rupiah("loaded_total", "all that was ever loaded; never shrinks"),
    rupiah("expired_total", "how much of it has expired, oldest first; never shrinks, at most loaded_total"),
    rupiah("monthly_limit", "most that may be spent in a calendar month"),
    rupiah("override_max", "most that companions may raise one month's limit by, in all"),
    rupiah("debit_max", "most that one debit may take"),
    rupiah("pin_above", "most that may be spent in sum without the PIN; 2^31 - 1: no PIN is ever needed"),
    uint("allowed_categories", 2, "bit mask of the categories that may be bought"),
    date("valid_until", "last day on which the card may be debited"),
    uint(
        "key_selection", 1, "keys in force, a bit each (1 UPDATE, 2 OVERRIDE, 4 DEBIT, 8 RECEIPT): 1 the next version"
    ),
    uint("state", 1, "life state from now on: 1 issued, 2 active, 3 blocked, 4 terminated"),
    uint("policy_id", 2, "policy this entitlement follows"),
    timestamp("issued_at", "bank's local time of issue"),
    uint("pin_count", 1, "never shrinks; where it grows, the holder may choose a PIN"),
    uint("mend_count", 1, "never shrinks; where it grows, a later month of the card goes back to mended_to"),
    month("mended_to", "the month mended to, 0000 while mend_count is 0"),
    octets("reference", 8, "reference of the verification done at hand-over, or zero"),
)

#: In the place of a movement in the receipt of an update: the entitlement from its second field to the day of issue.
UPDATE_RECEIPT = Layout("update_receipt", *ENTITLEMENT.fields[1:12], date("issued_on", "day of issue"))

#: What the card adds to a movement.
RESULT = Layout(
    "result",
    rupiah("balance_after", "balance after this movement"),
    rupiah("month_spent_after", "spent in the card's month after this movement"),
    octets("previous_mac", 8, "MAC of the previous receipt of this card, zero for the first"),
    uint("update_seq", 4, "number of the update whose entitlement is in force, 0 before the first"),
    rupiah("granted_total", "all that was ever loaded less what expired unspent: net spending and balance"),
)

RECEIPT_CONSTANTS = Layout(
    "receipt_constants",
    uint("type", 1, "1 debit, 2 cancel, 3 override, 4 update"),
    uint("layout_version", 1, "1"),
    uint("key_version", 1, "version of the RECEIPT key"),
    octets("serial", 8, "card serial"),
)

_SEQ = uint("seq", 4, "receipt number of this card, 1 and up, without gaps")
_MONTH = month("month", "the card's month after this movement, 0000 before the first debit")
_PIN_STATE = uint("pin_state", 1, "0 the PIN was not given, 1 given, 2 the card has none")
_MAC = octets("mac", 8, "first 8 bytes of AES-CMAC under the RECEIPT key over all that precedes")

#: What the card alone knows of a movement, in the last block of a receipt.
RECEIPT_TAIL = Layout("receipt_tail", _MONTH, _PIN_STATE, octets("reserved", 2, "zero"))

UPDATE_TAIL = Layout(
    "update_tail",
    _MONTH,
    uint("pin_count", 1, "pin_count of the update"),
    uint("mend_count", 1, "mend_count of the update"),
    octets("reserved", 1, "zero"),
)


def _receipt(name: str, body: Layout, tail: Layout = RECEIPT_TAIL) -> Layout:
    return Layout(name, _SEQ, *body.fields, *RESULT.fields, *RECEIPT_CONSTANTS.fields, *tail.fields, _MAC)


RECEIPT = _receipt("receipt", MOVEMENT)

#: The same 88 bytes under the names that fit each type of receipt.
RECEIPT_BY_TYPE: Mapping[int, Layout] = MappingProxyType(
    {
        ReceiptType.DEBIT: RECEIPT,
        ReceiptType.CANCEL: _receipt("cancel_receipt", CANCELLATION),
        ReceiptType.OVERRIDE: _receipt("override_receipt", OVERRIDING),
        ReceiptType.UPDATE: _receipt("update_receipt_whole", UPDATE_RECEIPT, UPDATE_TAIL),
    }
)

#: What the card returns of a receipt whose movement, and so whose number, the terminal has just sent.
MOVEMENT_ANSWER = Layout("movement_answer", *RESULT.fields, _MONTH, _PIN_STATE, _MAC)

#: Instead of a receipt that the card does not have.
NO_RECEIPT_ANSWER = Layout("no_receipt_answer", uint("newest_seq", 4, "number of the newest receipt, 0 if none"))

STATUS_ANSWER = Layout(
    "status_answer",
    uint("seq", 4, "number of the newest receipt, 0 if none"),
    rupiah("balance", "what is left in all"),
    rupiah("month_spent", "spent in the card's month"),
    octets("last_mac", 8, "MAC of the newest receipt"),
    uint("update_seq", 4, "number of the update whose entitlement is in force, 0 before the first"),
    rupiah("granted_total", "all that was ever loaded less what expired unspent"),
    month("month", "the card's month, 0000 before the first debit"),
    month("extra_month", "month whose limit was raised by a companion, 0000 if none"),
    rupiah("month_extra", "how much the limit of that month was raised by"),
    balance("pin_floor", "a debit that would leave less than this needs the PIN"),
    uint("pin_choice", 1, "1 while the holder may choose a PIN"),
    uint("pin_tries", 1, "tries left for the PIN, FF where the card has none"),
    *(or_zero(field) for field in ENTITLEMENT.fields[1:-1]),
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
