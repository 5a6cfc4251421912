# SPDX-License-Identifier: Apache-2.0
"""Names of states, receipt types, dates and goods for people, in both languages."""

from __future__ import annotations

import datetime as dt

from ssn_card.programme import UnknownStapleError, codes
from ssn_card.protocol.errors import Text
from ssn_card.protocol.values import LifeState, ReceiptType

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
#: Fields of receipts, in the order of the card's layouts, and what a line of a file may lack.
FIELDS = {
    "type": Text("kind", "jenis"),
    "serial": Text("card", "kartu"),
    "seq": Text("receipt no.", "kuitansi no."),
    "amount": Text("amount", "jumlah"),
    "categories": Text("goods", "barang"),
    "timestamp": Text("when", "waktu"),
    "terminal_id": Text("terminal no.", "terminal no."),
    "terminal_txn": Text("terminal's transaction", "transaksi terminal"),
    "basket_digest": Text("digest of the basket", "sidik keranjang"),
    "cancelled_mac": Text("MAC of what was cancelled", "MAC yang dibatalkan"),
    "companion_id": Text("companion", "pendamping"),
    "loaded_total": Text("loaded in all", "seluruh dana masuk"),
    "allowed_categories": Text("goods allowed", "barang yang boleh"),
    "issued_at": Text("issued at", "diterbitkan pada"),
    "update_seq": Text("update no.", "pembaruan no."),
    "state": Text("state", "status"),
    "flags": Text("flags", "tanda"),
    "policy_id": Text("policy", "kebijakan"),
    "update_mac": Text("MAC of the update", "MAC pembaruan"),
    "balance_after": Text("balance after it", "sisa dana sesudahnya"),
    "month_spent_after": Text("spent in the month", "belanja bulan itu"),
    "previous_mac": Text("MAC of the receipt before", "MAC kuitansi sebelumnya"),
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


def field(name: str) -> str:
    """A receipt's field in the reader's language."""
    return say(FIELDS[name]) if name in FIELDS else name


def receipt_type(number: int) -> str:
    """A receipt's type in the reader's language."""
    return say(TYPES[ReceiptType(number)]) if number in ReceiptType._value2member_map_ else f"? {number}"
