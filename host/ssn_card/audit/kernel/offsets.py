# SPDX-License-Identifier: Apache-2.0
"""Where fields lie and what values mean, as plain numbers that the compiler can put into the code."""

from __future__ import annotations

from ssn_card.protocol.layouts import RECEIPT, RECEIPT_BY_TYPE
from ssn_card.protocol.values import (
    MAX_AMOUNT,
    RECEIPT_LAYOUT_VERSION,
    KeySelection,
    LifeState,
    PinState,
    ReceiptType,
)
from ssn_card.receipts import account

_CANCELLATION = RECEIPT_BY_TYPE[ReceiptType.CANCEL]
_UPDATE = RECEIPT_BY_TYPE[ReceiptType.UPDATE]

SEQ, AMOUNT, CATEGORIES = RECEIPT.offset("seq"), RECEIPT.offset("amount"), RECEIPT.offset("categories")
TIMESTAMP, TERMINAL = RECEIPT.offset("timestamp"), RECEIPT.offset("terminal_id")
BALANCE, MONTH_SPENT = RECEIPT.offset("balance_after"), RECEIPT.offset("month_spent_after")
PREVIOUS, UPDATE_SEQ = RECEIPT.offset("previous_mac"), RECEIPT.offset("update_seq")
GRANTED, TYPE, VERSION = RECEIPT.offset("granted_total"), RECEIPT.offset("type"), RECEIPT.offset("layout_version")
KEY_VERSION, SERIAL, MONTH = RECEIPT.offset("key_version"), RECEIPT.offset("serial"), RECEIPT.offset("month")
PIN, RESERVED, MAC = RECEIPT.offset("pin_state"), RECEIPT.offset("reserved"), RECEIPT.offset("mac")
CANCELLED, PADDING = _CANCELLATION.offset("cancelled_mac"), _CANCELLATION.offset("padding")
LOADED, EXPIRED = _UPDATE.offset("loaded_total"), _UPDATE.offset("expired_total")
LIMIT, OVERRIDE_MAX = _UPDATE.offset("monthly_limit"), _UPDATE.offset("override_max")
DEBIT_MAX, PIN_ABOVE = _UPDATE.offset("debit_max"), _UPDATE.offset("pin_above")
ALLOWED, UNTIL = _UPDATE.offset("allowed_categories"), _UPDATE.offset("valid_until")
SELECTION, STATE, ISSUED = _UPDATE.offset("key_selection"), _UPDATE.offset("state"), _UPDATE.offset("issued_on")
PIN_COUNT, MEND_COUNT = _UPDATE.offset("pin_count"), _UPDATE.offset("mend_count")
UPDATE_RESERVED = _UPDATE.offset("reserved")
SIZE = RECEIPT.size

DEBIT, CANCEL, OVERRIDE, UPDATED = (
    int(kind) for kind in (ReceiptType.DEBIT, ReceiptType.CANCEL, ReceiptType.OVERRIDE, ReceiptType.UPDATE)
)
NOT_DUE, GIVEN, NO_PIN = int(PinState.NOT_DUE), int(PinState.GIVEN), int(PinState.NONE)
ISSUED_STATE, ACTIVE, TERMINATED = int(LifeState.ISSUED), int(LifeState.ACTIVE), int(LifeState.TERMINATED)
RECEIPT_MOVED, SELECTIONS = int(KeySelection.RECEIPT), int(sum(KeySelection))
ANY, MOST, LAYOUT = int(account.ANY), int(MAX_AMOUNT), int(RECEIPT_LAYOUT_VERSION)
UNKNOWN = -1  #: for the judge's ``None``
