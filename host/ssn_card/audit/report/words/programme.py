# SPDX-License-Identifier: Apache-2.0
"""Words of the programme as a whole: money, places, shops."""

from __future__ import annotations

from typing import Final

from ssn_card.protocol.errors import Text

TITLE: Final = Text("The programme in this time", "Program dalam kurun ini")
TOTALS: Final = Text(
    "{cards} cards made {sales} purchases for {spent} at {shops} shops. {cancels} purchases for {cancelled} were "
    "cancelled and do not count. Companions raised a limit {overrides} times.",
    "{cards} kartu melakukan {sales} belanja senilai {spent} di {shops} toko. {cancels} belanja senilai {cancelled} "
    "dibatalkan dan tidak dihitung. Pendamping menaikkan batas {overrides} kali.",
)
MONEY: Final = Text("Money by kecamatan, in whole rupiah", "Dana per kecamatan, dalam rupiah penuh")
POLICY: Final = Text("Policy", "Kebijakan")
BUDGET: Final = Text("Budget", "Pagu")
DISBURSED: Final = Text("Loaded", "Dimuat")
SPENT: Final = Text("Spent, net", "Belanja bersih")
HIDDEN: Final = Text("In gaps", "Di celah")
EXPIRED: Final = Text("Expired", "Hangus")
BALANCE: Final = Text("Left on cards", "Sisa di kartu")
UNUSED: Final = Text("Not loaded", "Belum dimuat")
YES: Final = Text("yes", "ya")
ALL: Final = Text("all", "semua")
SHOPS: Final = Text("Shops: what each is owed, without any cut", "Toko: yang harus dibayarkan, tanpa potongan")
SHOPS_REST: Final = Text(
    "Here are the {count} shops with the most sales; all {all} stand in shops.csv.",
    "Di sini {count} toko dengan penjualan terbesar; seluruh {all} toko ada di shops.csv.",
)
HOURS: Final = Text("Open", "Buka")
OUTSIDE: Final = Text("Out of hours", "Di luar jam")
OWED: Final = Text("Owed", "Harus dibayar")
TO_VISIT: Final = Text("Visit", "Kunjungi")
