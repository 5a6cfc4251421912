# SPDX-License-Identifier: Apache-2.0
"""Every verdict on a row of a registry extract, in English and Indonesian. The texts hold counts, never row data."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from ssn_card.protocol.errors import Text

from .nik import NumberFault


class Rule(NamedTuple):
    """One reason to reject a row: stable code, column (empty: the whole line), text with ``{places}``."""

    code: str
    field: str
    text: Text


class Note(NamedTuple):
    """One remark on an accepted row."""

    code: str
    text: Text


FIELDS = Rule("fields", "", Text("{got} of {expected} fields", "{got} dari {expected} kolom"))
BLANK = Rule("blank", "", Text("line is blank", "baris kosong"))
NIK_TWICE = Rule(
    "nik_twice", "nik", Text("NIK already in this file (row {row})", "NIK sudah ada dalam berkas ini (baris {row})")
)
FAMILY_TWICE = Rule(
    "family_twice",
    "no_kk",
    Text(
        "family (no_kk) already has a card in this file (row {row})",
        "keluarga (no_kk) sudah mendapat kartu dalam berkas ini (baris {row})",
    ),
)
FAMILY_IS_NIK = Rule(
    "family_is_nik",
    "no_kk",
    Text(
        "no_kk repeats the NIK, it names no family",
        "no_kk mengulang NIK, bukan nomor keluarga",
    ),
)
NAME_EMPTY = Rule("name_empty", "nama", Text("nama is empty", "nama kosong"))
NAME_FORMULA = Rule(
    "name_formula",
    "nama",
    Text("nama starts with a formula character", "nama diawali karakter rumus lembar kerja"),
)
NAME_CONTROL = Rule(
    "name_control",
    "nama",
    Text("nama contains an invisible control character", "nama berisi karakter kendali yang tidak terlihat"),
)
NAME_LOST = Rule(
    "name_lost", "nama", Text("nama has lost characters in a conversion", "ada huruf nama yang hilang saat konversi")
)
NAME_LETTERS = Rule("name_letters", "nama", Text("nama has no letter", "nama tidak berisi huruf"))
NAME_PLACEHOLDER = Rule(
    "name_placeholder",
    "nama",
    Text("nama says that there is no name", "nama hanya menyatakan bahwa nama tidak ada"),
)
NAME_DIGITS = Rule("name_digits", "nama", Text("nama contains a digit", "nama berisi angka"))
NAME_SYMBOL = Rule(
    "name_symbol",
    "nama",
    Text("nama contains a sign that no name has", "nama berisi tanda yang tidak ada dalam nama"),
)
BIRTH = Rule(
    "birth", "tanggal_lahir", Text("tanggal_lahir is not a date", "tanggal_lahir bukan tanggal yang ada di kalender")
)
BIRTH_FORMAT = Rule(
    "birth_format",
    "tanggal_lahir",
    Text("tanggal_lahir must be written YYYY-MM-DD", "tanggal_lahir harus ditulis TTTT-BB-HH"),
)
BIRTH_RANGE = Rule(
    "birth_range",
    "tanggal_lahir",
    Text(
        "tanggal_lahir is before 1900 or after the policy's last day",
        "tanggal_lahir sebelum tahun 1900 atau setelah hari terakhir kebijakan",
    ),
)
GENDER = Rule("gender", "jenis_kelamin", Text("jenis_kelamin must be L or P", "jenis_kelamin harus L atau P"))
GENDER_DISAGREES = Rule(
    "gender_disagrees",
    "jenis_kelamin",
    Text("NIK and jenis_kelamin disagree", "NIK dan jenis_kelamin tidak cocok"),
)
BIRTH_DISAGREES = Rule(
    "birth_disagrees",
    "tanggal_lahir",
    Text("NIK and tanggal_lahir disagree", "NIK dan tanggal_lahir tidak cocok"),
)
REGION_BPS = Rule(
    "region_bps",
    "kode_kecamatan",
    Text(
        "kode_kecamatan is a BPS code, the Kemendagri code is needed",
        "kode_kecamatan adalah kode BPS, yang diperlukan kode Kemendagri",
    ),
)
REGION = Rule(
    "region", "kode_kecamatan", Text("kode_kecamatan is not in {city}", "kode_kecamatan bukan wilayah {city}")
)
REGION_DISAGREES = Rule(
    "region_disagrees",
    "kecamatan",
    Text("kecamatan and kode_kecamatan disagree", "kecamatan dan kode_kecamatan tidak cocok"),
)
KELURAHAN = Rule(
    "kelurahan",
    "kelurahan",
    Text("kelurahan is not in this kecamatan", "kelurahan tidak ada di kecamatan ini"),
)
DECILE = Rule(
    "decile",
    "desil",
    Text("desil must be {allowed} for this policy", "desil harus {allowed} untuk kebijakan ini"),
)
COMPANION = Rule(
    "companion",
    "pendamping",
    Text("pendamping must be a companion's number such as PD-001", "pendamping harus berupa nomor seperti PD-001"),
)

RULES = (
    FIELDS,
    BLANK,
    NIK_TWICE,
    FAMILY_IS_NIK,
    FAMILY_TWICE,
    NAME_EMPTY,
    NAME_FORMULA,
    NAME_CONTROL,
    NAME_LOST,
    NAME_LETTERS,
    NAME_PLACEHOLDER,
    NAME_DIGITS,
    NAME_SYMBOL,
    BIRTH,
    BIRTH_FORMAT,
    BIRTH_RANGE,
    GENDER,
    GENDER_DISAGREES,
    BIRTH_DISAGREES,
    REGION_BPS,
    REGION,
    REGION_DISAGREES,
    KELURAHAN,
    DECILE,
    COMPANION,
)

TRIMMED = Note("trimmed", Text("spaces trimmed", "spasi dirapikan"))
APOSTROPHE = Note("apostrophe", Text("spreadsheet apostrophe removed", "apostrof lembar kerja dihapus"))
NON_ASCII = Note("non_ascii", Text("non-ASCII name kept", "nama dengan huruf non-ASCII dipertahankan"))
SHORTENED = Note(
    "shortened",
    Text(
        "name shortened on the card, kept whole in the register",
        "nama dipersingkat di kartu, tetap utuh di register",
    ),
)


def number_rule(column: str, fault: NumberFault) -> Rule:
    """The rule for a fault of ``"nik"`` or ``"no_kk"``."""
    shown = "NIK" if column == "nik" else column
    # Keeps {got} as a place: it is filled in per row, and shown as an ellipsis in the summary.
    return Rule(f"{column}_{fault.name.lower()}", column, fault.value.filled(field=shown, got="{got}"))


class WorkbookFault(Enum):
    """Why a workbook's cell does not hold what it shows. Texts name ``{field}``."""

    NUMBER = Text(
        "{field} stands as a number, of which a spreadsheet keeps 15 digits only",
        "{field} tersimpan sebagai bilangan, yang hanya disimpan 15 angka oleh lembar kerja",
    )
    UNCOMPUTED = Text("{field} is a formula without its value", "{field} adalah rumus tanpa nilai")
    ERROR = Text("{field} is a spreadsheet's error", "{field} adalah kesalahan lembar kerja")
    MERGED = Text(
        "{field} is part of merged cells, whose value belongs to another row",
        "{field} bagian dari sel gabungan, yang nilainya milik baris lain",
    )


def cell_rule(column: str, fault: WorkbookFault) -> Rule:
    """The rule for a faulty cell of a workbook."""
    shown = "NIK" if column == "nik" else column
    return Rule(f"{column}_{fault.name.lower()}", column, fault.value.filled(field=shown))


_BY_CODE = {rule.code: rule for rule in RULES} | {
    rule.code: rule for column in ("nik", "no_kk") for fault in NumberFault for rule in [number_rule(column, fault)]
}
_CELL_CODES = {fault.name.lower(): fault for fault in WorkbookFault}


def label(code: str) -> Text:
    """The reason of a code without the row's particulars, for counting: ``NIK must be 16 digits, got …``."""
    column, _, fault = code.rpartition("_")
    rule = _BY_CODE.get(code) or cell_rule(column, _CELL_CODES[fault])
    return rule.text.filled(got="…", expected="…", row="…", city="…", allowed="…")
