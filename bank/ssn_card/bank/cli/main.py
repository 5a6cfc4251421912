# SPDX-License-Identifier: Apache-2.0
"""``ssn bank``: its commands, a file for each subject."""

from __future__ import annotations

import typer

from . import accounts, log, outreach

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.add_typer(
    outreach.app, name="outreach", help="Tablets of companions, and visits.\n\nTablet pendamping, dan kunjungan."
)
app.add_typer(accounts.app, name="users", help="Accounts of the store.\n\nAkun simpanan data.")
app.command()(accounts.init)
app.command("checkpoint")(log.checkpoint)
app.command("log")(log.log)
app.command("verify-log")(log.verify_log)
