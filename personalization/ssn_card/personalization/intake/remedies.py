# SPDX-License-Identifier: Apache-2.0
"""What the person who corrects a rejected row does about it, by the code of its reason."""

from __future__ import annotations

from typing import Final

from ssn_card.bank.people.verdicts import STORE_VERDICTS
from ssn_card.protocol.errors import Text

_NUMBER: Final = Text("Type all 16 digits from the document.", "Ketik lengkap 16 angka dari dokumennya.")
_SPREADSHEET: Final = Text(
    "The spreadsheet lost digits: type the number anew from the document, do not copy it.",
    "Lembar kerja menghilangkan angka: ketik ulang dari dokumennya, jangan disalin.",
)
_NAME: Final = Text("Type the name as on the identity card.", "Ketik nama seperti di KTP.")
_DATE: Final = Text("Type the date of birth as YYYY-MM-DD.", "Ketik tanggal lahir sebagai TTTT-BB-HH.")
_AGREE: Final = Text(
    "Look at the identity card: NIK, gender and date of birth must agree.",
    "Lihat KTP: NIK, jenis kelamin, dan tanggal lahir harus cocok.",
)
_REGION: Final = Text(
    "Give kecamatan, its Kemendagri code (64.72.01) and kelurahan as in the list of regions.",
    "Isi kecamatan, kode Kemendagri (64.72.01), dan kelurahan sesuai daftar wilayah.",
)
_ASK: Final = Text("Ask the registry.", "Tanyakan ke instansi asal.")

_BY_CODE: Final = {
    "fields": Text("Fill in the cells that are missing.", "Lengkapi sel yang kosong."),
    "blank": Text("Leave it, or fill it in.", "Biarkan, atau lengkapi."),
    "nik_twice": Text(
        "Leave it if it is the same person; else correct the NIK.",
        "Biarkan bila orang yang sama; bila bukan, perbaiki NIK."
    ),
    "family_twice": Text(
        "Leave it if it is the same family; else correct no_kk.",
        "Biarkan bila keluarga yang sama; bila bukan, perbaiki no_kk."
    ),
    "family_is_nik": Text("Type the number of the family card.", "Ketik nomor kartu keluarga."),
    "birth": _DATE,
    "birth_format": _DATE,
    "birth_range": _DATE,
    "gender": Text("Type L or P.", "Ketik L atau P."),
    "gender_disagrees": _AGREE,
    "birth_disagrees": _AGREE,
    "kelurahan": _REGION,
    "decile": Text(
        "Leave it if the family's decile is right: it is not entitled.",
        "Biarkan bila desil keluarga memang itu: tidak berhak.",
    ),
    "companion": Text("Type the companion's number, such as PD-001.", "Ketik nomor pendamping, seperti PD-001."),
}  # fmt: skip
_BY_BEGINNING: Final = (("name_", _NAME), ("region", _REGION), ("nik_", _NUMBER), ("no_kk_", _NUMBER))
_DAMAGED: Final = ("_scientific", "_decimal", "_number", "_uncomputed", "_error", "_merged")


def remedy_of(code: str) -> Text:
    """In both languages."""
    if code in STORE_VERDICTS:
        return STORE_VERDICTS[code].remedy
    if code in _BY_CODE:
        return _BY_CODE[code]
    if code.startswith(("nik_", "no_kk_")) and code.endswith(_DAMAGED):
        return _SPREADSHEET
    return next((remedy for beginning, remedy in _BY_BEGINNING if code.startswith(beginning)), _ASK)
