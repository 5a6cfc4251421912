# SPDX-License-Identifier: Apache-2.0
"""Backups of stores of every version, made by that version's program and never changed.

``python -m tests.bank.store.keep_backup`` keeps one of today's; ``make test`` misses it where there is a new revision.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.bank.conftest import Clock, make_filled
from tests.bank.store.rows import fill

from ssn_card.bank.secret import development_secret
from ssn_card.bank.store import migrations
from ssn_card.bank.store.bank import Bank

FOLDER = Path(__file__).with_name("backups")


def kept_of(version: str) -> Path:
    return FOLDER / f"{version}.backup"


def main() -> int:
    FOLDER.mkdir(exist_ok=True)
    kept = kept_of(migrations.NEWEST)
    kept.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        where = f"{folder}/bank.db"
        make_filled(where)
        with Bank.open(where, development_secret(), Clock()) as bank:
            with bank._engine.begin() as connection:
                fill(connection, 5)
            bank.backup(kept)
    sys.stdout.write(f"{kept}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
