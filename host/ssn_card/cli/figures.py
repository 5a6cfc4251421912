# SPDX-License-Identifier: Apache-2.0
"""What a verification came to, in words: the figures of a report, and those that an attestation states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ssn_card.protocol.errors import Text, rupiah

_MONEY = frozenset({"debited", "cancelled", "spent_unseen"})
_NAMES = {
    "lines": Text("lines", "baris"),
    "genuine": Text("genuine", "asli"),
    "repeated": Text("repeated", "terulang"),
    "rejected": Text("rejected", "ditolak"),
    "unreadable": Text("unreadable", "tak terbaca"),
    "cards": Text("cards", "kartu"),
    "ends_checked": Text("ends checked", "akhir diperiksa"),
    "debited": Text("debited", "didebit"),
    "cancelled": Text("cancelled", "dibatalkan"),
    "without_basket": Text("debits without basket", "debit tanpa keranjang"),
    "missing": Text("missing", "hilang"),
    "not_handed_in": Text("not handed in", "belum diserahkan"),
    "spent_unseen": Text("spent in those not here", "belanja di yang tidak ada"),
    "backdated_count": Text("backdated", "bertanggal mundur"),
    "found": Text("findings", "temuan"),
    "receipts": Text("lines with a receipt", "baris berisi kuitansi"),
}


def figure_rows(figures: Mapping[str, int]) -> Iterator[tuple[Text, str]]:
    """Each figure with its name: those that have words in the order of the report, then what a newer program adds."""
    for name in (*(one for one in _NAMES if one in figures), *(one for one in figures if one not in _NAMES)):
        value = figures[name]
        yield _NAMES.get(name, Text(name, name)), rupiah(value) if name in _MONEY else str(value)
