# SPDX-License-Identifier: Apache-2.0
"""The demo's figures, for a person and for a program."""

from __future__ import annotations

from collections import Counter

from rich.console import Group, RenderableType

from ssn_card.cli.output import say
from ssn_card.cli.tables import facts, table
from ssn_card.cli.words import field
from ssn_card.protocol.errors import Text, rupiah
from ssn_card.protocol.status import STATUS_WORDS
from ssn_card.receipts import Report

from .audit import Found
from .journey import JourneyOutcome

_DEEDS = {
    "alter": Text("altered", "mengubah"),
    "basket": Text("made the basket dearer", "menaikkan harga keranjang"),
    "delete": Text("deleted", "menghapus"),
    "duplicate": Text("doubled", "menggandakan"),
    "strip": Text("left the basket out", "membuang keranjang"),
}
_TOTALS = {
    "cards": Text("cards personalized", "kartu dipersonalisasi"),
    "debits": Text("debits", "transaksi debit"),
    "recovered": Text("recovered after a lost answer", "dipulihkan setelah jawaban hilang"),
    "refused": Text("refused", "ditolak"),
    "receipts": Text("receipts handed in", "kuitansi diserahkan"),
    "verified": Text("receipts verified", "kuitansi terverifikasi"),
    "tampered": Text("tamperings", "pemalsuan"),
    "tampered_found": Text("tamperings found", "pemalsuan ditemukan"),
    "seconds": Text("seconds", "detik"),
}


def summary(outcome: JourneyOutcome, clean: Report, found: list[Found], seconds: float) -> dict[str, object]:
    """The figures of ``summary.json``. Amounts in rupiah over all cards, net of cancellations."""
    cards = outcome.statuses.values()
    loaded = sum(card.loaded_total for card in cards)
    spent = sum(card.spent_total for card in cards)
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


def _receipts_agree(outcome: JourneyOutcome) -> bool:
    """Whether the shops' receipts, added up without asking the card, come to each card's own totals."""
    spent: Counter[bytes] = Counter()
    for receipt, _ in outcome.receipts:
        spent[receipt.serial] += receipt.moved
    return all(spent[serial] == card.spent_total for serial, card in outcome.statuses.items())


def tables(figures: dict[str, object], outcome: JourneyOutcome, found: list[Found]) -> RenderableType:
    """The same for a person."""
    return Group(_money(figures), _refusals(outcome), _tamperings(found), _totals(figures))


def _money(figures: dict[str, object]) -> RenderableType:
    columns = (
        (Text("loaded", "diisi"), "right"),
        (Text("spent", "dibelanjakan"), "right"),
        (Text("left", "sisa"), "right"),
    )
    amounts = [rupiah(int(str(figures[name]))) for name in ("rupiah_loaded", "rupiah_spent", "rupiah_balance")]
    agrees = say(Text("yes", "ya") if figures["conserved"] else Text("NO", "TIDAK"))
    title = Text("Money on 25 cards", "Uang di 25 kartu")
    return table(title, (*columns, (Text("conserved", "cocok"), "left")), [(*amounts, agrees)])


def _refusals(outcome: JourneyOutcome) -> RenderableType:
    meanings = {cls.code: cls.meaning for cls in STATUS_WORDS.values()}
    rows = ((say(meanings[code]), str(times)) for code, times in outcome.refusals.most_common())
    title = Text("What the cards refused", "Yang ditolak kartu")
    return table(title, ((Text("reason", "alasan"), "left"), (Text("times", "kali"), "right")), rows)


def _tamperings(found: list[Found]) -> RenderableType:
    columns = (
        (Text("done", "ulah"), "left"),
        (Text("card", "kartu"), "whole"),
        (Text("receipt", "kuitansi"), "right"),
        (Text("found as", "ditemukan sebagai"), "left"),
    )
    return table(
        Text("What a thief did to the receipts", "Ulah pencuri pada kuitansi"), columns, map(_tampering, found)
    )


def _tampering(one: Found) -> tuple[str, ...]:
    finding = one.finding
    shown = say(Text("NOT FOUND", "TIDAK DITEMUKAN"))
    if finding is not None:
        shown = say(finding.problem.value) + (f" ({field(finding.field)})" if finding.field else "")
    what = say(_DEEDS[one.tampering.how])
    if one.tampering.field:
        what += f" ({field(one.tampering.field)})"
    return what, one.tampering.serial, str(one.tampering.seq), shown


def _totals(figures: dict[str, object]) -> RenderableType:
    return facts(Text("In all", "Seluruhnya"), ((text, str(figures[name])) for name, text in _TOTALS.items()))
