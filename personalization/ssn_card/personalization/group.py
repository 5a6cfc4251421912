# SPDX-License-Identifier: Apache-2.0
"""``ssn perso`` and ``ssn bank import-station``, told to the command line.

What needs the bank's store is loaded when it is asked for.
"""

from __future__ import annotations

from ssn_card.cli.groups import Command, Group

perso = Group("ssn_card.personalization.cli.main:app", "Personalize cards.\n\nPersonalisasi kartu.")
import_station = Command(
    "ssn_card.personalization.cli.import_station:import_station",
    "Take in what a station has made: stock, cards, cards spoiled and lost. Again, in any order, from several.\n\n"
    "Masukkan yang dibuat stasiun: stok, kartu, kartu rusak dan hilang. Boleh diulang, urutan bebas, beberapa stasiun.",
)
importing = Command(
    "ssn_card.personalization.cli.importing:import_command",
    "Take a registry extract into the bank's store, whole or not at all; the same file twice does nothing.\n\n"
    "Ambil data penerima ke simpanan bank, seluruhnya atau tidak sama sekali; berkas yang sama dua kali tidak "
    "berpengaruh.",
)
exceptions = Command(
    "ssn_card.personalization.cli.importing:exceptions",
    "Write rejected and held rows of an import to a workbook (XLSX), to be corrected there and imported again.\n\n"
    "Tulis baris impor yang ditolak dan ditahan ke buku kerja (XLSX), untuk diperbaiki di sana dan diimpor lagi.",
)
