# SPDX-License-Identifier: Apache-2.0
"""``ssn bank``: its commands, a file for each subject."""

from __future__ import annotations

import typer

from . import accounts, batches, bundles, cards, keeping, log, outreach, people, runs, status
from . import print as papers

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.add_typer(
    batches.app,
    name="batches",
    help="Who is to get a card, approved by two.\n\nSiapa mendapat kartu, disetujui berdua.",
)
app.add_typer(cards.app, name="cards", help="Cards after they were issued.\n\nKartu sesudah terbit.")
app.add_typer(
    people.doubles,
    name="doubles",
    help="Persons who may be the same, for a person to decide.\n\nOrang yang mungkin sama, untuk diputuskan petugas.",
)
app.add_typer(
    outreach.app, name="outreach", help="Tablets of companions, and visits.\n\nTablet pendamping, dan kunjungan."
)
app.add_typer(
    papers.app,
    name="print",
    help="Card faces, letters and hand-over lists.\n\nMuka kartu, surat, dan daftar penyerahan.",
)
app.add_typer(people.programmes, name="programmes", help="Lists of other programmes.\n\nDaftar penerima program lain.")
app.add_typer(
    runs.app, name="runs", help="Updates for many cards, approved by two.\n\nPembaruan banyak kartu, disetujui berdua."
)
app.add_typer(accounts.app, name="users", help="Accounts of the store.\n\nAkun simpanan data.")
app.command()(keeping.backup)
app.command("bundles")(bundles.bundles)
app.command("checkpoint")(log.checkpoint)
app.command()(people.corrections)
app.command("import-receipts")(bundles.import_receipts)
app.command()(accounts.init)
app.command("log")(log.log)
app.command()(keeping.restore)
app.command("status")(status.status)
app.command()(keeping.upgrade)
app.command("verify-log")(log.verify_log)
