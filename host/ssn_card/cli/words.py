# SPDX-License-Identifier: Apache-2.0
"""Names of states, receipt types, dates and goods for people, in both languages."""

from __future__ import annotations

import datetime as dt

from ssn_card.programme import UnknownStapleError, codes
from ssn_card.protocol.errors import Text, rupiah
from ssn_card.protocol.values import NEVER, KeySelection, LifeState, PinState, ReceiptType

from .output import say

STATES = {
    LifeState.ISSUED: Text("issued, not activated yet", "terbit, belum aktif"),
    LifeState.ACTIVE: Text("active", "aktif"),
    LifeState.BLOCKED: Text("blocked", "diblokir"),
    LifeState.TERMINATED: Text("terminated", "diakhiri"),
}
TYPES = {
    ReceiptType.DEBIT: Text("purchase", "belanja"),
    ReceiptType.CANCEL: Text("cancellation", "pembatalan"),
    ReceiptType.OVERRIDE: Text("limit raised", "batas dinaikkan"),
    ReceiptType.UPDATE: Text("update", "pembaruan"),
}
PINS = {
    PinState.NOT_DUE: Text("not given", "tidak diberikan"),
    PinState.GIVEN: Text("given", "diberikan"),
    PinState.NONE: Text("the card has none", "kartu tanpa PIN"),
}
#: Fields of receipts, in the order of the card's layouts, and what a line of a file may lack.
FIELDS = {
    "type": Text("kind", "jenis"),
    "serial": Text("card", "kartu"),
    "seq": Text("receipt no.", "kuitansi no."),
    "amount": Text("amount", "jumlah"),
    "categories": Text("goods", "barang"),
    "reason": Text("reason", "alasan"),
    "timestamp": Text("when", "waktu"),
    "terminal_id": Text("terminal no.", "terminal no."),
    "terminal_txn": Text("terminal's transaction", "transaksi terminal"),
    "basket_digest": Text("digest of the basket", "sidik keranjang"),
    "cancelled_mac": Text("MAC of what was cancelled", "MAC yang dibatalkan"),
    "companion_id": Text("companion", "pendamping"),
    "padding": Text("padding", "bita pengisi"),
    "loaded_total": Text("loaded in all", "seluruh dana masuk"),
    "expired_total": Text("expired in all", "seluruh dana hangus"),
    "monthly_limit": Text("monthly limit", "batas bulanan"),
    "override_max": Text("companions may add", "kelonggaran pendamping"),
    "debit_max": Text("one purchase at most", "sekali belanja paling banyak"),
    "pin_above": Text("without PIN at most", "tanpa PIN paling banyak"),
    "allowed_categories": Text("goods allowed", "barang yang boleh"),
    "valid_until": Text("valid until", "berlaku sampai"),
    "key_selection": Text("next keys", "kunci berikutnya"),
    "state": Text("state", "status"),
    "policy_id": Text("policy", "kebijakan"),
    "issued_on": Text("issued on", "diterbitkan pada"),
    "balance_after": Text("balance after it", "sisa dana sesudahnya"),
    "month_spent_after": Text("spent in the month", "belanja bulan itu"),
    "previous_mac": Text("MAC of the receipt before", "MAC kuitansi sebelumnya"),
    "update_seq": Text("update no.", "pembaruan no."),
    "granted_total": Text("granted in all", "seluruh dana yang berlaku"),
    "month": Text("the card's month", "bulan kartu"),
    "pin_state": Text("PIN", "PIN"),
    "pin_count": Text("choices of a PIN", "pemilihan PIN"),
    "mend_count": Text("mendings of the month", "perbaikan bulan"),
    "layout_version": Text("version of the layout", "versi tata letak"),
    "key_version": Text("version of the key", "versi kunci"),
    "reserved": Text("reserved bytes", "bita cadangan"),
    "mac": Text("MAC", "MAC"),
    "raw": Text("bytes", "bita"),
    "json": Text("JSON", "JSON"),
    "schema": Text("schema", "skema"),
    "receipt": Text("receipt", "kuitansi"),
    "basket": Text("basket", "keranjang"),
    "length": Text("length of the line", "panjang baris"),
    "staple": Text("code of the goods", "kode barang"),
}
NONE = "-"


def date(day: dt.date | None) -> str:
    """``2025-12-31``, or a dash."""
    return day.isoformat() if day is not None else NONE


def goods(mask: int) -> str:
    """Codes of a category mask; the mask in hexadecimal where it has a bit that we do not know."""
    try:
        return ", ".join(codes(mask)) or NONE
    except UnknownStapleError:
        return f"{mask:#06x}"


def month(digits: str) -> str:
    """``2025-10`` of BCD digits YYMM, or a dash."""
    return NONE if digits == "0000" else f"20{digits[:2]}-{digits[2:]}"


def keys(selection: int) -> str:
    """The keys that are in their next version, or a dash."""
    return ", ".join(key.name or "" for key in KeySelection if key and key & selection) or NONE


def without_pin(amount: int) -> str:
    """``pin_above``: an amount, or that no PIN is ever needed."""
    return say(Text("no PIN needed", "tidak perlu PIN")) if amount == NEVER else rupiah(amount)


def field(name: str) -> str:
    """A receipt's field in the reader's language."""
    return say(FIELDS[name]) if name in FIELDS else name


def receipt_type(number: int) -> str:
    """A receipt's type in the reader's language."""
    return say(TYPES[ReceiptType(number)]) if number in ReceiptType._value2member_map_ else f"? {number}"
