# SPDX-License-Identifier: Apache-2.0
"""``ssn bank``: its commands, a file for each subject."""

from __future__ import annotations

import typer

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
