# SPDX-License-Identifier: Apache-2.0
"""The demo's figures, for a person and for a program."""

from __future__ import annotations

from collections import Counter

from rich.console import Group, RenderableType
from rich.table import Table

from ssn_card.protocol.errors import Text, default_language, rupiah
from ssn_card.protocol.status import STATUS_WORDS
from ssn_card.protocol.values import ReceiptType
from ssn_card.receipts import Report

from .audit import Found
from .journey import Outcome

_DEEDS = {
    "alter": ("altered", "mengubah"),
    "basket": ("made the basket dearer", "menaikkan harga keranjang"),
    "delete": ("deleted", "menghapus"),
    "duplicate": ("doubled", "menggandakan"),
    "strip": ("left the basket out", "membuang keranjang"),
}


def summary(outcome: Outcome, clean: Report, found: list[Found], seconds: float) -> dict[str, object]:
    """The figures of ``summary.json``. Amounts in rupiah over all cards, net of cancellations."""
    cards = outcome.statuses.values()
    loaded = sum(card.loaded_total for card in cards)
    spent = sum(card.spent_total - card.refunded_total for card in cards)
    balance = sum(card.balance for card in cards)
    return {
        "cards": len(outcome.statuses),
        "debits": outcome.debits,
        "recovered": outcome.recovered,
        "refused": outcome.refusals.total(),
        "refusals": dict(sorted(outcome.refusals.items())),
        "receipts": len(outcome.receipts),
        "verified": clean.genuine if clean.clean else 0,
        "tampered": len(found),
        "tampered_found": sum(one.finding is not None for one in found),
        "rupiah_loaded": loaded,
        "rupiah_spent": spent,
        "rupiah_balance": balance,
        "conserved": loaded == spent + balance and clean.clean and _receipts_agree(outcome),
        "seconds": round(seconds, 2),
    }


def _receipts_agree(outcome: Outcome) -> bool:
    """Whether the shops' receipts, added up without asking the card, come to each card's own totals."""
    spent: Counter[bytes] = Counter()
    refunded: Counter[bytes] = Counter()
    for receipt, _ in outcome.receipts:
        if receipt.type == ReceiptType.DEBIT:
            spent[receipt.serial] += receipt.amount
        elif receipt.type == ReceiptType.CANCEL:
            refunded[receipt.serial] += receipt.amount
    return all(
        spent[serial] == card.spent_total and refunded[serial] == card.refunded_total
        for serial, card in outcome.statuses.items()
    )


def tables(figures: dict[str, object], outcome: Outcome, found: list[Found]) -> RenderableType:
    """The same for a person."""
    return Group(_money(figures), _refusals(outcome), _tamperings(found), _totals(figures))


def _say(en: str, id_: str) -> str:
    return Text(en, id_).in_language(default_language())


def _money(figures: dict[str, object]) -> Table:
    table = Table(title=_say("Money on 25 cards", "Uang di 25 kartu"), title_justify="left")
    for heading in (("loaded", "diisi"), ("spent", "dibelanjakan"), ("left", "sisa"), ("conserved", "cocok")):
        table.add_column(_say(*heading), justify="right")
    amounts = [rupiah(int(str(figures[name]))) for name in ("rupiah_loaded", "rupiah_spent", "rupiah_balance")]
    table.add_row(*amounts, _say("yes", "ya") if figures["conserved"] else _say("NO", "TIDAK"))
    return table


def _refusals(outcome: Outcome) -> Table:
    table = Table(title=_say("What the cards refused", "Yang ditolak kartu"), title_justify="left")
    table.add_column(_say("reason", "alasan"))
    table.add_column(_say("times", "kali"), justify="right")
    meanings = {cls.code: cls.meaning for cls in STATUS_WORDS.values()}
    for code, times in outcome.refusals.most_common():
        table.add_row(meanings[code].in_language(default_language()), str(times))
    return table


def _tamperings(found: list[Found]) -> Table:
    table = Table(title=_say("What a thief did to the receipts", "Ulah pencuri pada kuitansi"), title_justify="left")
    for heading in (("done", "ulah"), ("card", "kartu"), ("receipt", "kuitansi"), ("found as", "ditemukan sebagai")):
        table.add_column(_say(*heading))
    for one in found:
        finding = one.finding
        shown = _say("NOT FOUND", "TIDAK DITEMUKAN")
        if finding is not None:
            shown = finding.problem.value.in_language(default_language())
            shown += f" ({finding.field})" if finding.field else ""
        what = _say(*_DEEDS[one.tampering.how]) + (f" {one.tampering.field}" if one.tampering.field else "")
        table.add_row(what, one.tampering.serial, str(one.tampering.seq), shown)
    return table


def _totals(figures: dict[str, object]) -> Table:
    table = Table(title=_say("In all", "Seluruhnya"), title_justify="left", show_header=False)
    names = {
        "cards": ("cards personalized", "kartu dipersonalisasi"),
        "debits": ("debits", "transaksi debit"),
        "recovered": ("recovered after a lost answer", "dipulihkan setelah jawaban hilang"),
        "refused": ("refused", "ditolak"),
        "receipts": ("receipts handed in", "kuitansi diserahkan"),
        "verified": ("receipts verified", "kuitansi terverifikasi"),
        "tampered": ("tamperings", "pemalsuan"),
        "tampered_found": ("tamperings found", "pemalsuan ditemukan"),
        "seconds": ("seconds", "detik"),
    }
    for name, heading in names.items():
        table.add_row(_say(*heading), str(figures[name]))
    return table
