# SPDX-License-Identifier: Apache-2.0
"""``ssn bank``: its commands, a file for each subject."""

from __future__ import annotations

import typer

from . import accounts, batches, bundles, cards, log, outreach, runs

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.add_typer(
    batches.app,
    name="batches",
    help="Who is to get a card, approved by two.\n\nSiapa mendapat kartu, disetujui berdua.",
)
app.add_typer(cards.app, name="cards", help="Cards after they were issued.\n\nKartu sesudah terbit.")
app.add_typer(
    outreach.app, name="outreach", help="Tablets of companions, and visits.\n\nTablet pendamping, dan kunjungan."
)
app.add_typer(
    runs.app, name="runs", help="Updates for many cards, approved by two.\n\nPembaruan banyak kartu, disetujui berdua."
)
app.add_typer(accounts.app, name="users", help="Accounts of the store.\n\nAkun simpanan data.")
app.command()(accounts.init)
app.command("bundles")(bundles.bundles)
app.command("checkpoint")(log.checkpoint)
app.command("import-receipts")(bundles.import_receipts)
app.command("log")(log.log)
app.command("verify-log")(log.verify_log)
