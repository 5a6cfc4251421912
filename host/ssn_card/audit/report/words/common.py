# SPDX-License-Identifier: Apache-2.0
"""Words of the title, and those that several parts need."""

from __future__ import annotations

from typing import Final

from ssn_card.protocol.errors import Text

from ...rules.outcome import Subject

TITLE: Final = Text("Audit report on the SSN Card", "Laporan pemeriksaan Kartu SSN")
PERIOD: Final = Text("Receipts of {first} to {last}", "Kuitansi {first} sampai {last}")
DATED: Final = Text("Report of {day}, made by {software}", "Laporan tanggal {day}, dibuat dengan {software}")
SERIALS_ONLY: Final = Text(
    "Cards are named by their serials; no family's name is in this report.",
    "Kartu disebut dengan nomor serinya; tidak ada nama keluarga dalam laporan ini.",
)
PERSONAL: Final = Text(
    "Names of {people} families are in this report, which were asked for because: {reason}. Keep it accordingly.",
    "Laporan ini memuat nama {people} keluarga, yang diminta karena: {reason}. Simpan sebagaimana mestinya.",
)
NO_PEOPLE: Final = Text(
    "Names were asked for because: {reason}; there were none to show.",
    "Nama diminta karena: {reason}; tidak ada yang dapat ditampilkan.",
)
CONTENTS: Final = Text("Contents", "Isi")
SKIP: Final = Text("To the findings", "Langsung ke temuan")
EVERYWHERE: Final = Text("all", "semua")
UNKNOWN_PLACE: Final = Text("not known", "tidak diketahui")

SUBJECTS: Final = {
    Subject.SHOP: Text("shop", "toko"),
    Subject.COMPANION: Text("companion", "pendamping"),
    Subject.FAMILY: Text("family", "keluarga"),
    Subject.CARD: Text("card", "kartu"),
}
FAMILY_OF: Final = Text("family of card {card}", "keluarga kartu {card}")
FAMILY_OF_CARDS: Final = Text("family of card {card} ({count} cards)", "keluarga kartu {card} ({count} kartu)")
COUNTED: Final = {
    Subject.SHOP: (
        Text("one of {shops} shops", "satu dari {shops} toko"),
        Text("{count} of {shops} shops", "{count} dari {shops} toko"),
    ),
    Subject.COMPANION: (Text("one companion", "satu pendamping"), Text("{count} companions", "{count} pendamping")),
    Subject.FAMILY: (Text("one family", "satu keluarga"), Text("{count} families", "{count} keluarga")),
    Subject.CARD: (Text("one card", "satu kartu"), Text("{count} cards", "{count} kartu")),
}
RECEIPT_TYPES: Final = {
    1: Text("purchase", "belanja"),
    2: Text("cancellation", "pembatalan"),
    3: Text("limit raised", "batas dinaikkan"),
    4: Text("update", "pembaruan"),
}

NUMBER: Final = Text("No.", "No.")
WHO: Final = Text("Who", "Siapa")
WHERE: Final = Text("Where", "Di mana")
WHY: Final = Text("Why", "Mengapa")
RULES: Final = Text("Rules", "Aturan")
RULE: Final = Text("Rule", "Aturan")
SHOP: Final = Text("Shop", "Toko")
KECAMATAN: Final = Text("Kecamatan", "Kecamatan")
FAMILIES: Final = Text("Families", "Keluarga")
SALES: Final = Text("Purchases", "Belanja")
SPENT: Final = Text("Spent", "Dibelanjakan")
AMOUNT: Final = Text("Amount", "Jumlah")
CARD: Final = Text("Card", "Kartu")
CARDS: Final = Text("Cards", "Kartu")
WHEN: Final = Text("When", "Waktu")
COUNT: Final = Text("Number", "Banyaknya")
