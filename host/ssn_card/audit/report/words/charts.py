# SPDX-License-Identifier: Apache-2.0
"""Words of the charts: titles say the finding."""

from __future__ import annotations

from typing import Final

from ssn_card.protocol.errors import Text

MONTHS: Final = Text("Families spent most in {month}: {spent}", "Keluarga berbelanja terbanyak pada {month}: {spent}")
MONTHS_AXIS: Final = Text("spent in a month, million rupiah", "belanja per bulan, juta rupiah")
MONTHS_TOLD: Final = Text("A bar for each month: {values}.", "Satu batang tiap bulan: {values}.")
KECAMATAN: Final = Text(
    "Per family, {most} spent most ({most_rp} in all) and {least} least ({least_rp})",
    "Per keluarga, {most} berbelanja terbanyak (seluruhnya {most_rp}) dan {least} tersedikit ({least_rp})",
)
KECAMATAN_ONE: Final = Text("Per family, {most} spent {most_rp} in all", "Per keluarga, {most} berbelanja {most_rp}")
KECAMATAN_AXIS: Final = Text(
    "thousand rupiah a family and month; the line is the city's mean",
    "ribu rupiah per keluarga dan bulan; garisnya rata-rata kota",
)
SHOPS: Final = Text(
    "{visits} of {shops} shops stand out enough for a visit; each mark is a shop",
    "{visits} dari {shops} toko cukup menonjol untuk dikunjungi; tiap tanda satu toko",
)
SHOPS_NONE: Final = Text(
    "No shop stands out enough for a visit; each mark is a shop",
    "Tidak ada toko yang cukup menonjol untuk dikunjungi; tiap tanda satu toko",
)
SHOPS_AXIS: Final = Text("spent there, million rupiah", "belanja di sana, juta rupiah")
SHOPS_WEIGHT: Final = Text("weight of the signs", "bobot tanda")
ENOUGH: Final = Text("enough for a visit", "cukup untuk kunjungan")
TO_VISIT: Final = Text("to be visited", "perlu dikunjungi")
OTHERS: Final = Text("other shops", "toko lain")
HOURS: Final = Text(
    "{shop} sells out of its hours most: {share} of its purchases",
    "{shop} paling banyak berjualan di luar jam buka: {share} belanjanya",
)
HOURS_NONE: Final = Text(
    "No shop of these sells out of its hours", "Tidak satu pun toko ini berjualan di luar jam bukanya"
)
HOURS_AXIS: Final = Text(
    "share of purchases by hour of the day; the line is all shops, hatched is out of the shop's hours",
    "bagian belanja per jam; garisnya semua toko, yang diarsir di luar jam buka toko",
)
UNPLACED: Final = Text(
    "Between {least} and {most} cannot be placed, most of it in {kecamatan}",
    "Antara {least} dan {most} belum jelas tempatnya, terbanyak di {kecamatan}",
)
UNPLACED_AXIS: Final = Text(
    "million rupiah, from the least to the most that it can be", "juta rupiah, dari paling sedikit sampai paling banyak"
)
SUBJECT: Final = Text("{who} against its peers", "{who} dibandingkan dengan yang sebanding")
SUBJECT_PEERS: Final = Text(
    "least, quarter, half, three quarters, most of the peers; the mark is {who}",
    "terendah, seperempat, separuh, tiga perempat, tertinggi; tandanya {who}",
)
SUBJECT_TOLD: Final = Text(
    "{rule} {title}: {measure}, the peers' five marks at {peers}",
    "{rule} {title}: {measure}, lima tanda yang sebanding pada {peers}",
)
SUBJECT_MONTHS: Final = Text("million rupiah a month", "juta rupiah per bulan")
SUBJECT_MONTHS_SMALL: Final = Text("thousand rupiah a month", "ribu rupiah per bulan")
SUBJECT_HOURS: Final = Text("share by hour; line: all shops", "bagian per jam; garis: semua toko")
