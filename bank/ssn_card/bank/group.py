# SPDX-License-Identifier: Apache-2.0
"""``ssn bank`` and ``ssn field``, told to the command line."""

from __future__ import annotations

from ssn_card.cli.groups import Group

bank = Group(
    "ssn_card.bank.cli.main:app",
    "The bank's store: accounts, batches, approvals, cards, paper.\n\n"
    "Simpanan data bank: akun, kelompok, persetujuan, kartu, cetakan.",
)
field = Group(
    "ssn_card.bank.cli.field:app",
    "A companion's tablet: visits, hand-over, activation; needs no network.\n\n"
    "Tablet pendamping: kunjungan, penyerahan, aktivasi; tanpa jaringan.",
)
