# SPDX-License-Identifier: Apache-2.0
"""Words of the findings: whom to visit, and the proof of each."""

from __future__ import annotations

from typing import Final

from ssn_card.protocol.errors import Text

TITLE: Final = Text("Whom to visit, and why", "Siapa yang perlu dikunjungi, dan mengapa")
VISITS: Final = Text("{whom} should be visited.", "{whom} perlu dikunjungi.")
TOOK: Final = Text(
    "The shops among them took {spent} of the {all} that families spent, {share}.",
    "Toko di antaranya menerima {spent} dari {all} yang dibelanjakan keluarga, {share}.",
)
NOBODY: Final = Text(
    "Nobody stands out enough for a visit. That is no proof that nothing happened: see what was not checked.",
    "Tidak ada yang cukup menonjol untuk dikunjungi. Itu bukan bukti bahwa tidak terjadi apa-apa: lihat bagian tentang "
    "yang tidak diperiksa.",
)
NO_VERDICT: Final = Text(
    "A finding is a reason to look, not a verdict: it says what is unusual, not who did it or why. Hear them first.",
    "Temuan adalah alasan untuk memeriksa, bukan vonis: ia menunjukkan yang tidak biasa, bukan siapa pelakunya atau "
    "alasannya. Dengarkan dahulu pihak yang bersangkutan.",
)
FOUND: Final = Text(
    "Verification found {found} things wrong in what was handed in; they are listed under what was checked. Nothing in "
    "this report rests on a receipt that is not genuine.",
    "Pemeriksaan menemukan {found} kesalahan pada yang diserahkan; lihat bagian tentang yang diperiksa. Kuitansi yang "
    "tidak asli tidak menjadi dasar apa pun dalam laporan ini.",
)
WRONG_KEYS: Final = Text(
    "Nearly no receipt could be proved genuine: these are probably the keys of other cards. Do not use this report.",
    "Hampir tidak ada kuitansi yang terbukti asli: kemungkinan ini kunci kartu lain. Jangan gunakan laporan ini.",
)
TABLE: Final = Text("Whom to visit, the gravest first", "Yang perlu dikunjungi, yang terberat lebih dulu")
LIKEWISE: Final = Text(
    "Another {count} are to be visited; all stand in suspects.csv.",
    "Masih ada {count} lagi yang perlu dikunjungi; semuanya ada di suspects.csv.",
)
WEAKER: Final = Text(
    "Weaker signs, not enough for a visit by themselves", "Tanda yang lebih lemah, belum cukup untuk kunjungan"
)
WEAKER_REST: Final = Text(
    "Another {count} with weaker signs stand in suspects.csv.",
    "Masih ada {count} lagi dengan tanda lebih lemah di suspects.csv.",
)
SCORE: Final = Text("Weight", "Bobot")

PROOF_TITLE: Final = Text("The proof, one by one", "Buktinya, satu per satu")
PROOF_NONE: Final = Text("There is nobody to be visited.", "Tidak ada yang perlu dikunjungi.")
PROOF_FIRST: Final = Text(
    "The gravest {count} are told in full; receipts of all the others stand in receipts.csv.",
    "{count} yang terberat diuraikan di sini; kuitansi yang lain ada di receipts.csv.",
)
REASON: Final = Text(
    "{rule}, {title}: {reason}",
    "{rule}, {title}: {reason}",
)
IN_ALL: Final = Text("In all {count} receipts, {rupiah}.", "Seluruhnya {count} kuitansi, {rupiah}.")
RECEIPTS: Final = Text("Receipts that show it", "Kuitansi yang menunjukkannya")
SERIAL_AND_NUMBER: Final = Text("Card, receipt no.", "Kartu, kuitansi no.")
KIND: Final = Text("Kind", "Jenis")
LEFT: Final = Text("Left on the card", "Sisa di kartu")
GOODS: Final = Text("Goods", "Barang")
ITS_CARDS: Final = Text("Cards: {cards}.", "Kartu: {cards}.")
NAME: Final = Text("Name: {name}.", "Nama: {name}.")
