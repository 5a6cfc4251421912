# SPDX-License-Identifier: Apache-2.0
"""Why a sound row is not simply taken: what the store knows of its person, its family, and others like it.

Each has a remedy, for the exceptions workbook. The texts hold no data of anybody.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from ssn_card.protocol.errors import Text


class StoreVerdict(NamedTuple):
    """A reason, the column that it is about, and what to do."""

    code: str
    field: str
    text: Text
    remedy: Text


_NOTHING: Final = Text("Nothing is to be done.", "Tidak perlu tindakan.")

FAMILY_IN_STORE: Final = StoreVerdict(
    "family_in_store",
    "no_kk",
    Text("the family is in the store under another NIK", "keluarga sudah ada di simpanan dengan NIK lain"),
    Text(
        "One card a family: leave the row, or correct no_kk.",
        "Satu kartu satu keluarga: biarkan baris ini, atau perbaiki no_kk.",
    ),
)
FAMILY_DEACTIVATED: Final = StoreVerdict(
    "family_deactivated",
    "no_kk",
    Text("the family's person in the store is deactivated", "penerima keluarga ini di simpanan sedang dinonaktifkan"),
    Text(
        "Reactivate that person, or have it decided who gets the card; then take the row again.",
        "Aktifkan kembali orang itu, atau putuskan siapa penerima kartu; lalu ambil lagi baris ini.",
    ),
)
OTHER_PROGRAMME: Final = StoreVerdict(
    "other_programme",
    "nik",
    Text("receives aid from {programmes} already", "sudah menerima bantuan {programmes}"),
    Text("Leave the row, unless that list is wrong.", "Biarkan baris ini, kecuali daftar itu keliru."),
)
NEAR_DOUBLE: Final = StoreVerdict(
    "near_double",
    "nama",
    Text(
        "somebody of the same name and birth date has another NIK",
        "ada orang bernama dan bertanggal lahir sama dengan NIK lain",
    ),
    Text("Decide it: ssn bank doubles list.", "Putuskan: ssn bank doubles list."),
)
NIK_OF_ANOTHER: Final = StoreVerdict(
    "nik_of_another",
    "nik",
    Text(
        "this NIK is in the store with another name and another family",
        "NIK ini ada di simpanan dengan nama dan keluarga lain",
    ),
    Text(
        "Check the NIK. If both have changed, import one change after the other.",
        "Periksa NIK. Jika keduanya memang berubah, impor perubahannya satu per satu.",
    ),
)
FAMILY_OF_ANOTHER: Final = StoreVerdict(
    "family_of_another",
    "no_kk",
    Text(
        "the new family number belongs to another person in the store",
        "nomor keluarga yang baru milik orang lain di simpanan",
    ),
    Text(
        "Check no_kk. If they are one family now, decide which card stays, then take the row again.",
        "Periksa no_kk. Jika kini satu keluarga, putuskan kartu mana yang tetap, lalu ambil lagi baris ini.",
    ),
)
PERSON_HELD: Final = StoreVerdict(
    "person_held",
    "",
    Text("known, and waits for a decision", "sudah dikenal, menunggu keputusan"),
    NEAR_DOUBLE.remedy,
)
PERSON_REFUSED: Final = StoreVerdict(
    "person_refused",
    "",
    Text("known, and decided to be another person's double", "sudah dikenal, diputuskan ganda dengan orang lain"),
    _NOTHING,
)
PERSON_DEACTIVATED: Final = StoreVerdict(
    "person_deactivated",
    "",
    Text("known, and stays deactivated", "sudah dikenal, tetap nonaktif"),
    Text("Reactivate the person where that is due.", "Aktifkan kembali orang itu bila memang berhak."),
)

STORE_VERDICTS: Final = {
    verdict.code: verdict
    for verdict in (
        FAMILY_IN_STORE,
        FAMILY_DEACTIVATED,
        OTHER_PROGRAMME,
        NEAR_DOUBLE,
        NIK_OF_ANOTHER,
        FAMILY_OF_ANOTHER,
        PERSON_HELD,
        PERSON_REFUSED,
        PERSON_DEACTIVATED,
    )
}
