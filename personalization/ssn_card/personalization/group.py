# SPDX-License-Identifier: Apache-2.0
"""``ssn perso`` and ``ssn bank import-station``, told to the command line."""

from __future__ import annotations

from ssn_card.cli.groups import Command, Group

perso = Group("ssn_card.personalization.cli.main:app", "Personalize cards.\n\nPersonalisasi kartu.")
import_station = Command(
    "ssn_card.personalization.cli.import_station:import_station",
    "Take in what a station has made: stock, cards, cards spoiled and lost. Again, in any order, from several.\n\n"
    "Masukkan yang dibuat stasiun: stok, kartu, kartu rusak dan hilang. Boleh diulang, urutan bebas, beberapa stasiun.",
)
